"""A document that did not come whole removes nothing and overwrites nothing, wherever it was cut and in any syntax."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from tests.cli.conftest import Done, account, call, stored
from tests.conftest import Handler

pytestmark = pytest.mark.long

XML = """<?xml version="1.0" encoding="UTF-8"?>
<!-- the catalogue of a town -->
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
  xmlns:dct="http://purl.org/dc/terms/"><dcat:Catalog rdf:about="https://town.gov.uk/catalogue">
<dct:title>Catalogue{odd}</dct:title>
{datasets}
</dcat:Catalog></rdf:RDF>"""
DATASET = """<dcat:dataset><dcat:Dataset rdf:about="https://town.gov.uk/{0}"><dct:title>River levels {0}</dct:title>
<dct:description>Levels of the river at station {0}, each hour since 2019.</dct:description>
<dcat:distribution><dcat:Distribution rdf:about="https://town.gov.uk/{0}.csv"><dct:title>Levels {0}</dct:title>
<dcat:downloadURL rdf:resource="https://town.gov.uk/files/{0}.csv"/></dcat:Distribution></dcat:distribution>
</dcat:Dataset></dcat:dataset>"""


def rdf_xml(odd: str = "") -> bytes:
    return XML.format(odd=odd, datasets="\n".join(map(DATASET.format, range(6)))).encode()


def in_syntax(form: pyoxigraph.RdfFormat) -> bytes:
    """The catalogue in another syntax of RDF."""
    quads = list(pyoxigraph.parse(rdf_xml(), pyoxigraph.RdfFormat.RDF_XML))
    text = pyoxigraph.serialize((quad.triple for quad in quads), format=form)
    assert text is not None
    return text


def dcat_us() -> bytes:
    records = [
        {"identifier": f"town-{n}", "title": f"River levels {n}", "description": f"Levels at {n}", "keyword": ["river"]}
        for n in range(6)
    ]
    return json.dumps({"dataset": records}, indent=1).encode()


def packages() -> list[dict[str, Any]]:
    resources = [{"url": "https://town.gov.uk/a.csv", "format": "CSV"}]
    return [{"id": f"p{n}", "name": f"p{n}", "title": f"Levels {n}", "resources": resources} for n in range(6)]


def ckan_answer() -> bytes:
    return json.dumps({"success": True, "result": {"count": 6, "results": packages()}}).encode()


def ckan_lines() -> bytes:
    return "".join(json.dumps(package) + "\n" for package in packages()).encode()


def uk_yaml() -> bytes:
    return "".join(
        f"---\ntype: Dataset\nidentifier: town-{n}\ntitle: River levels {n}\nupdateFrequency: hourly\n"
        f"description: Levels of the river at station {n}\nkeyword: [river, level]\nlicence: OGL\n"
        for n in range(6)
    ).encode()


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "catalogue.rdf": rdf_xml,
    "odd.rdf": lambda: rdf_xml("\x0b&#x0B;"),
    "utf-16.rdf": lambda: rdf_xml().decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "comment.rdf": lambda: rdf_xml() + b"\n<!-- made by hand --><?end of it?>\n",
    "one.rdf": lambda: rdf_xml().replace(b"<rdf:RDF", b"<rdf:RDF  "),
    "catalogue.jsonld": lambda: in_syntax(pyoxigraph.RdfFormat.JSON_LD),
    "catalogue.ttl": lambda: in_syntax(pyoxigraph.RdfFormat.TURTLE),
    "catalogue.nt": lambda: in_syntax(pyoxigraph.RdfFormat.N_TRIPLES),
    "catalogue.nq": lambda: in_syntax(pyoxigraph.RdfFormat.N_TRIPLES),
    "catalogue.trig": lambda: in_syntax(pyoxigraph.RdfFormat.TURTLE),
    "data.json": dcat_us,
    "answer.json": ckan_answer,
    "packages.ndjson": ckan_lines,
    "uk.yaml": uk_yaml,
}
# `make nightly` cuts at a thousand places.
CUTS = int(os.environ.get("AIVISION_CUTS", "30"))
OPEN_ENDED = ("catalogue.ttl", "catalogue.nt", "catalogue.nq", "catalogue.trig", "packages.ndjson", "uk.yaml")
# The last bytes without which a document is still whole: comments and white space after what it says.
SPARE = {"comment.rdf": 42, "utf-16.rdf": 1, **dict.fromkeys(OPEN_ENDED, 1)}


def cuts(content: bytes, name: str, count: int) -> list[int]:
    """Lengths to cut a document to: some anywhere, and some after a line, where it looks most like a whole one."""
    rng = random.Random(1)
    whole = len(content) - SPARE.get(name, 0)
    lines = [at + add for at, byte in enumerate(content[: whole - 1]) if byte == 10 for add in (0, 1) if at + add]
    anywhere = rng.sample(range(1, whole), min(whole - 1, count // 2))
    return sorted({*anywhere, *rng.sample(lines, min(len(lines), count // 2)), whole - 1})


def records_by_identifier(folder: Path) -> dict[str, Any]:
    return {row["identifier"]: row for row in stored(folder)}


def check_untouched(before: dict[str, Any], folder: Path, done: Done, place: str) -> None:
    """Nothing that the directory held is gone or changed, and the run says so wherever a record lacks something."""
    after = records_by_identifier(folder)
    assert {name: after.get(name) for name in before} == before, place
    run = account(folder)
    assert run["counts"]["gone"] == run["counts"]["changed"] == 0, (place, run)
    if run["counts"]["unchanged"] < len(before) or not place.startswith(OPEN_ENDED):
        assert run["state"] in ("incomplete", "needs-confirmation"), (place, run)
        assert (done.status == 2) == (run["state"] == "incomplete"), place


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_that_was_cut_changes_nothing(name: str, tmp_path: Path) -> None:
    content, source, folder = DOCUMENTS[name](), tmp_path / name, tmp_path / "out"
    source.write_bytes(content)
    assert call("harvest", source, "--into", folder).status == 0
    before = records_by_identifier(folder)
    assert len(before) == 6
    for length in cuts(content, name, CUTS):
        source.write_bytes(content[:length])
        check_untouched(before, folder, call("harvest", source, "--into", folder), f"{name} cut to {length}")
    source.write_bytes(content)
    assert call("harvest", source, "--into", folder).status == 0
    assert account(folder)["counts"]["unchanged"] == 6


class Server:
    """Serves one document over a transport: whole, or cut where the transport shows it or does not."""

    def __init__(self, serve: Callable[[Handler], str], name: str) -> None:
        self.content, self.length, self.transport = b"", 0, "length"
        self.address = f"{serve(self._answer)}/{name}"

    def send(self, content: bytes, length: int | None = None, transport: str = "length") -> None:
        """What is served from now on. length: so many bytes are sent of it; all where None."""
        self.content, self.transport = content, transport
        self.length = len(content) if length is None else length

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        content, cut = self.content, self.content[: self.length]
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.close_connection = True
        if self.transport == "gzip":
            handler.send_header("Content-Encoding", "gzip")
            cut = gzip.compress(content)[: -1 - (len(content) - self.length) // 20]
        elif self.transport == "length":
            handler.send_header("Content-Length", str(len(content)))
        elif self.transport == "chunked":
            handler.send_header("Transfer-Encoding", "chunked")
            end = b"0\r\n\r\n" if self.length == len(content) else b""
            cut = b"%x\r\n%s\r\n%s" % (len(cut), cut, end)
        handler.end_headers()
        handler.wfile.write(cut)


@pytest.mark.parametrize("transport", ["length", "chunked", "gzip", "close"])
@pytest.mark.parametrize("name", ["catalogue.rdf", "catalogue.nt", "data.json", "packages.ndjson", "uk.yaml"])
def test_an_answer_that_was_cut_changes_nothing(
    name: str, transport: str, serve: Callable[[Handler], str], tmp_path: Path
) -> None:
    content, folder, server = DOCUMENTS[name](), tmp_path / "out", Server(serve, name)
    words = ("harvest", server.address, "--allow-host", "127.0.0.1", "--into", folder)
    server.send(content)
    assert call(*words).status == 0
    before = records_by_identifier(folder)
    assert len(before) == 6
    for length in cuts(content, name, 12 if transport == "close" else 2):
        server.send(content, length, transport)
        check_untouched(before, folder, call(*words), f"{name} cut to {length}")
        assert transport == "close" or account(folder)["state"] == "incomplete"


@pytest.mark.parametrize("transport", ["length", "chunked"])
def test_what_came_whole_by_its_transport_removes_what_is_gone(
    transport: str, serve: Callable[[Handler], str], tmp_path: Path
) -> None:
    folder, server = tmp_path / "out", Server(serve, "packages.ndjson")
    words = ("harvest", server.address, "--allow-host", "127.0.0.1", "--into", folder)
    lines = ckan_lines().splitlines(keepends=True)
    server.send(b"".join(lines), transport=transport)
    assert call(*words).status == 0
    server.send(b"".join(lines[1:]), transport=transport)
    assert call(*words).status == 0
    assert account(folder)["counts"]["gone"] == 1


def test_what_is_gone_from_a_file_without_an_end_of_its_own_is_removed_when_confirmed(tmp_path: Path) -> None:
    source, folder = tmp_path / "packages.ndjson", tmp_path / "out"
    lines = ckan_lines().splitlines(keepends=True)
    source.write_bytes(b"".join(lines))
    call("harvest", source, "--into", folder)
    source.write_bytes(b"".join(lines[1:]))
    assert "--confirm-removal" in call("harvest", source, "--into", folder).out
    assert len(records_by_identifier(folder)) == 6
    call("harvest", source, "--into", folder, "--confirm-removal")
    assert len(records_by_identifier(folder)) == 5


def test_a_record_that_says_something_else_is_changed_in_a_file_without_an_end_of_its_own(tmp_path: Path) -> None:
    source, folder = tmp_path / "uk.yaml", tmp_path / "out"
    source.write_bytes(uk_yaml())
    call("harvest", source, "--into", folder)
    source.write_bytes(uk_yaml().replace(b"Levels of the river at station 5", b"Levels at 5"))
    assert call("harvest", source, "--into", folder).status == 0
    assert account(folder)["counts"]["changed"] == 1


def test_a_gzipped_file_that_was_cut_changes_nothing(tmp_path: Path) -> None:
    source, folder = tmp_path / "packages.ndjson.gz", tmp_path / "out"
    packed = gzip.compress(ckan_lines())
    source.write_bytes(packed)
    call("harvest", source, "--into", folder)
    before = records_by_identifier(folder)
    for length in (*range(1, len(packed), 9), len(packed) - 1):
        source.write_bytes(packed[:length])
        assert call("harvest", source, "--into", folder).status == 2
        assert records_by_identifier(folder) == before
        assert account(folder)["state"] == "incomplete"


@pytest.mark.parametrize("command", [("sources", "check"), ("score",), ("validate",)])
@pytest.mark.parametrize("cut", [200, 1500, -30])
def test_every_command_tells_rdf_xml_that_was_cut(command: tuple[str, ...], cut: int, tmp_path: Path) -> None:
    source = tmp_path / "catalogue.rdf"
    source.write_bytes(rdf_xml()[:cut])
    done = call(*command, source)
    assert done.status == 2
    assert "ends in the middle" in done.err
    assert "ready" not in done.out


def test_a_new_dataset_is_refused_no_more_than_others_where_the_end_does_not_show(tmp_path: Path) -> None:
    source, folder = tmp_path / "packages.ndjson", tmp_path / "out"
    source.write_bytes(ckan_lines())
    call("harvest", source, "--into", folder)
    source.write_bytes(ckan_lines() + json.dumps({**packages()[0], "id": "p9", "name": "p9"}).encode())
    assert call("harvest", source, "--into", folder).status == 0
    assert len(records_by_identifier(folder)) == 7
