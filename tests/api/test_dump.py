"""`open_catalogue` of a dump: in a directory, whole or in part, and at an address, where files are checked."""

from __future__ import annotations

import hashlib
import http.server
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.serialise.conftest import EVERYTHING

from ckanext.aivision import SourceError, UsageError, open_catalogue
from ckanext.aivision.serialise.tables.parquet import write_tables
from ckanext.aivision.serialise.tables.record_columns import row

Serve = Callable[[Callable[[http.server.BaseHTTPRequestHandler], None]], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tables of records of a dump of one dataset."""
    write_tables([row("1", "levels", EVERYTHING)], tmp_path, tmp_path)
    return tmp_path


def test_a_directory_with_some_of_the_files_gives_what_they_hold(folder: Path) -> None:
    catalogue = open_catalogue(folder)
    (found,) = catalogue.read()
    assert (found.where, found.identifier, found.dataset) == ("levels", EVERYTHING.identifier, EVERYTHING)
    assert catalogue.records()["id"].to_pylist() == ["1"]
    with pytest.raises(UsageError, match=r"there is no evaluations\.parquet; download it"):
        catalogue.evaluations()


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no table"])
def test_a_broken_file_is_refused_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "records.parquet").write_bytes(content)
    for read in (lambda: list(open_catalogue(tmp_path).read()), lambda: open_catalogue(tmp_path).records()):
        with pytest.raises(UsageError, match="cannot be read as records of a dump"):
            read()


def published(folder: Path, digest: str) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    """A site that gives out the files of a folder as its newest dump."""
    manifest = {"files": [{"name": "records.parquet", "sha256": digest}]}

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        name = request.path.rpartition("/")[2]
        found = folder / name
        body = json.dumps(manifest).encode() if name == "manifest.json" else b""
        body = body or (found.read_bytes() if name and found.is_file() else b"")
        request.send_response(200 if body else 404)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def test_an_address_gives_the_same_records(folder: Path, serve: Serve) -> None:
    digest = hashlib.sha256((folder / "records.parquet").read_bytes()).hexdigest()
    site = serve(published(folder, digest))
    catalogue = open_catalogue(f"{site}/dumps/latest/", allow_hosts=[site.partition("//")[2]])
    assert [found.dataset for found in catalogue.read()] == [EVERYTHING]
    with pytest.raises(SourceError, match=r"this dump has no evaluations\.parquet"):
        catalogue.evaluations()


def test_a_file_with_another_checksum_is_refused(folder: Path, serve: Serve) -> None:
    site = serve(published(folder, "0" * 64))
    with pytest.raises(SourceError, match="the checksum is another"):
        open_catalogue(f"{site}/dumps/2026-11-30", allow_hosts=[site.partition("//")[2]]).records()
