"""Each kind of source goes through the same commands: it is checked, harvested, and known again the next time."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.cli.conftest import ENVIRONMENT, account, aivision, call

from ckanext.aivision.harvesters.sources.kinds import KINDS

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
PACKAGE = {"id": "river-1", "title": "Weekly river levels", "resources": [], "owner_org": "lakes"}
# Blank nodes, which a parser names again each time, and properties of several values, which have no order.
TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://lakes.example.uk/1> a dcat:Dataset ; dct:title "Weekly river levels" ; dcat:keyword "rivers", "levels" ;
  dct:publisher [ a foaf:Agent ; foaf:name "Lakes Council" ] ;
  dcat:distribution [ dcat:accessURL <https://lakes.example.uk/a> ], [ dcat:accessURL <https://lakes.example.uk/b> ] .
"""
UK = """- identifier: river-1
  type: dcat:Dataset
  title: Weekly river levels
  licence: OGL
  distribution: [river-1-csv]
- identifier: river-1-csv
  type: dcat:Distribution
  title: As CSV
  mediaType: text/csv
"""


class Saved(NamedTuple):
    """A saved source: its file's name and content, what it is found out to be, and how many records it has."""

    name: str
    content: str
    kind: str
    profile: str
    records: int = 1


SAVED = {
    saved.name: saved
    for saved in (
        Saved("data.json", json.dumps({"dataset": [RECORD]}), "dcat-us", "dcat-us-1.1"),
        Saved("data-3.json", json.dumps(DCAT_US_3), "dcat-us", "dcat-us-1.1", records=3),
        Saved("search.json", json.dumps({"results": [{"dcat": RECORD}]}), "datagov-search", "dcat-us-1.1"),
        Saved("packages.ndjson", json.dumps(PACKAGE) + "\n", "ckan", "ckan"),
        Saved("catalogue.ttl", TURTLE, "dcat-rdf", "dcat-ap"),
        Saved("model.yaml", UK, "uk-metadata-exchange", "uk-metadata-exchange"),
    )
}


def checked(*words: object) -> dict[str, Any]:
    done = call("sources", "check", *words, "--format", "json", "--allow-host", "127.0.0.1")
    assert done.status == 0, done
    report: dict[str, Any] = json.loads(done.out)
    return report


def test_there_is_a_case_for_each_kind() -> None:
    assert {saved.kind for saved in SAVED.values()} == set(KINDS)


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_source_of_each_kind_is_checked(tmp_path: Path, name: str) -> None:
    path, saved = tmp_path / name, SAVED[name]
    path.write_text(saved.content)
    report = checked(path)
    assert (report["kind"], report["profile"], report["datasets"]) == (saved.kind, saved.profile, saved.records)
    assert (report["refused"], report["robots"], report["scored"]) == (0, None, saved.records)


@pytest.mark.parametrize("name", ["data.json", "data-3.json", "catalogue.ttl", "model.yaml"])
@pytest.mark.parametrize("stated", [True, False])
def test_a_document_of_each_kind_is_checked_and_said_to_be_read_again_only_if_it_changes(
    serve: Serve, name: str, stated: bool
) -> None:
    saved = SAVED[name]
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers["Accept"])
        same = request.headers.get("If-None-Match") == '"1"'
        body = b"" if same else saved.content.encode()
        request.send_response(404 if request.path == "/robots.txt" else 304 if same else 200)
        for header, value in {"ETag": '"1"', "Content-Length": str(len(body))}.items():
            request.send_header(header, value)
        request.end_headers()
        request.wfile.write(body)

    report = checked(f"{serve(answer)}/{name}", *(["--kind", saved.kind] if stated else []))
    assert (report["kind"], report["datasets"], report["requests"]) == (saved.kind, saved.records, 1)
    assert report["conditional"] == {"etag": True, "last_modified": False, "honoured": True}
    # The document that is asked about again is the one that was read.
    assert len(set(asked[:3])) == 1
    assert asked[0].startswith("text/turtle") == (stated and saved.kind == "dcat-rdf")


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
@pytest.mark.parametrize("name", [*SAVED, "all of them"])
def test_a_record_is_known_again_in_another_process(tmp_path: Path, name: str) -> None:
    chosen = [SAVED[name]] if name in SAVED else list(SAVED.values())
    folder = tmp_path / "saved"
    folder.mkdir()
    for number, saved in enumerate(chosen):
        # Each file of a directory has identifiers of its own.
        content = saved.content.replace("river", f"river-{number}")
        (folder / f"{saved.name}.gz").write_bytes(gzip.compress(content.encode()))
    source, count = (folder / f"{name}.gz" if name in SAVED else folder), sum(saved.records for saved in chosen)
    for seed, state in (("1", "new"), ("2", "unchanged")):
        words = ("harvest", source, "--into", tmp_path / "out")
        done = aivision(*words, env={**ENVIRONMENT, "PYTHONHASHSEED": seed})
        assert (done.status, done.err) == (0, "")
        counts = account(tmp_path / "out")["counts"]
        assert (counts["fetched"], counts[state], counts["refused"]) == (count, count, 0)
