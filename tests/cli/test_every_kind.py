"""Each kind of source goes through the same commands: it is checked, harvested, and known again the next time.

The samples of the protocols are the cases, so a new protocol is one without a line here.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.cli.conftest import ENVIRONMENT, account, aivision, call
from tests.harvesters.protocols.samples import FOLDERS, expected_of, sample_of

from ckanext.aivision.harvesters.sources.kind_registry import KINDS

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]

RECORD = {"identifier": "river-1", "title": "Weekly river levels", "keyword": ["rivers", "levels"]}
DCAT_US_3 = {
    "conformsTo": {"@type": "Standard", "title": "DCAT-US 3.0"},
    "dataset": [{"@type": "Dataset", **RECORD}],
    "datasetSeries": [
        {
            "@type": "DatasetSeries",
            "title": "Rivers",
            "identifier": "rivers",
            "seriesMember": [{"@type": "Dataset", "identifier": "river-2", "title": "Monthly river levels"}],
        }
    ],
}
PACKAGE = {"id": "package-1", "title": "Weekly river levels", "resources": [], "owner_org": "lakes"}
# Blank nodes, which a parser names again each time, and properties of several values, which have no order.
TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://lakes.example.uk/1> a dcat:Dataset ; dct:title "Weekly river levels" ; dcat:keyword "rivers", "levels" ;
  dct:publisher [ a foaf:Agent ; foaf:name "Lakes Council" ] ;
  dcat:distribution [ dcat:accessURL <https://lakes.example.uk/a> ], [ dcat:accessURL <https://lakes.example.uk/b> ] .
"""


class Saved(NamedTuple):
    """A saved source: its content, its kind, and how many of its records are taken and refused."""

    content: bytes
    kind: str
    taken: int = 1
    refused: int = 0


def _saved_sample(kind: str, folder: Path) -> tuple[str, Saved]:
    sample = sample_of(folder)
    assert sample is not None, f"{kind}: no sample"
    records = [record for record in expected_of(folder) if "remark" not in record]
    taken = sum("dataset" in record for record in records)
    return f"{folder.name}{sample.suffix}", Saved(sample.read_bytes(), kind, taken, len(records) - taken)


# By the name of the file.
SAVED = {
    **dict(_saved_sample(kind, folder) for kind, folder in FOLDERS.items()),
    "data-3.json": Saved(json.dumps(DCAT_US_3).encode(), "dcat-us", taken=3),
    "packages.ndjson": Saved(json.dumps(PACKAGE).encode() + b"\n", "ckan"),
    "catalogue.ttl": Saved(TURTLE.encode(), "dcat-rdf"),
}
DOCUMENTS = [name for name, saved in SAVED.items() if not KINDS[saved.kind].is_api]


def checked(*words: object) -> dict[str, Any]:
    done = call("sources", "check", *words, "--format", "json", "--allow-host", "127.0.0.1")
    report: dict[str, Any] = json.loads(done.out)
    assert done.status == bool(report["problems"]), done
    return report


def counts_of(report: dict[str, Any]) -> tuple[int, int]:
    """Taken and refused."""
    return report["datasets"] - report["refused"], report["refused"]


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_source_of_each_kind_is_checked(tmp_path: Path, name: str) -> None:
    path, saved = tmp_path / name, SAVED[name]
    path.write_bytes(saved.content)
    report = checked(path)
    assert (report["kind"], report["profile"]) == (saved.kind, KINDS[saved.kind].profile)
    assert counts_of(report) == (saved.taken, saved.refused)
    assert (report["robots"], report["scored"]) == (None, saved.taken)


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("stated", [True, False])
def test_a_document_of_each_kind_is_checked_and_said_to_be_read_again_only_if_it_changes(
    serve: Serve, name: str, stated: bool
) -> None:
    saved = SAVED[name]
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers["Accept"])
        same = request.headers.get("If-None-Match") == '"1"'
        body = b"" if same else saved.content
        request.send_response(404 if request.path == "/robots.txt" else 304 if same else 200)
        for header, value in {"ETag": '"1"', "Content-Length": str(len(body))}.items():
            request.send_header(header, value)
        request.end_headers()
        request.wfile.write(body)

    report = checked(f"{serve(answer)}/{name}", *(["--kind", saved.kind] if stated else []))
    assert (report["kind"], report["requests"]) == (saved.kind, 1)
    assert counts_of(report) == (saved.taken, saved.refused)
    assert report["conditional"] == {"etag": True, "last_modified": False, "honoured": True}
    # The document that is asked about again is the one that was read.
    assert len(set(asked[:3])) == 1
    if stated and KINDS[saved.kind].accept:
        assert asked[0] == KINDS[saved.kind].accept


def test_a_catalogue_in_pages_is_not_taken_for_one_document(serve: Serve) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        body = TURTLE + "<?page=1> <http://www.w3.org/ns/hydra/core#next> <?page=2> ."
        text = body if "page=2" not in request.path else TURTLE.replace("lakes.example.uk/1", "lakes.example.uk/2")
        request.send_response(404 if request.path == "/robots.txt" else 200)
        request.send_header("Content-Length", str(len(text.encode())))
        request.end_headers()
        request.wfile.write(text.encode())

    report = checked(f"{serve(answer)}/catalogue.ttl?page=1")
    assert (report["datasets"], report["requests"], report["conditional"]) == (2, None, None)


@pytest.mark.long
@pytest.mark.parametrize("name", ["all of them", *(pytest.param(name, marks=pytest.mark.nightly) for name in SAVED)])
def test_a_record_is_known_again_in_another_process(tmp_path: Path, name: str) -> None:
    chosen = {name: SAVED[name]} if name in SAVED else SAVED
    folder = tmp_path / "saved"
    folder.mkdir()
    for file_name, saved in chosen.items():
        (folder / f"{file_name}.gz").write_bytes(gzip.compress(saved.content))
    source = folder / f"{name}.gz" if name in SAVED else folder
    taken, refused = sum(saved.taken for saved in chosen.values()), sum(saved.refused for saved in chosen.values())
    for seed, state in (("1", "new"), ("2", "unchanged")):
        words = ("harvest", source, "--into", tmp_path / "out")
        done = aivision(*words, env={**ENVIRONMENT, "PYTHONHASHSEED": seed})
        assert done.status == 0, done.err
        counts = account(tmp_path / "out")["counts"]
        assert (counts["fetched"], counts[state], counts["refused"]) == (taken + refused, taken, refused)
