"""docs/developers.md is so: each job is done by the clients that it names, and gives what it says.

The commands run against a site that is really served; what comes out is compared with that site.
"""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
import requests
from tests.docs.commands import SITE, put_in_place, run_step, sections
from tests.records import record

PAGE = sections("developers.md")
COPIES = 130  # more than one page of DCAT
ROWS = "station,day,level\nA1,2026-01-31,1.5\nA2,2026-02-01,2.25\n"
COLUMNS = "station | string | the gauge\nday | date | of the reading\nlevel | number | metres"
# Sections whose files another one uses.
NEEDS = {
    "Load into pandas or DuckDB": ["Take all metadata", "Get scores in bulk"],
    "Lint in a pipeline": ["Take all metadata"],
}
# What runs elsewhere: tests/docs/test_other_ckan.py.
ELSEWHERE = "Harvest this catalogue into another CKAN"


class Reader:
    """Who follows the page in a folder. outputs: what each step of a section printed."""

    def __init__(self, folder: Path, marks: dict[str, str]) -> None:
        self.folder, self.site, self.name = folder, marks[SITE], marks["NAME"]
        self._marks, self._outputs = marks, dict[str, list[str]]()

    def follow(self, title: str) -> list[str]:
        """What the steps of a section print; each section is run once."""
        for needed in NEEDS.get(title, []):
            self.follow(needed)
        if title not in self._outputs:
            # Records that are not valid are what the command is there to tell.
            self._outputs[title] = [
                run_step(
                    block,
                    put_in_place(step, self._marks),
                    self.folder,
                    statuses=(0, 1) if step.startswith("aivision validate") else (0,),
                )
                for block in PAGE[title]
                for step in block.steps
            ]
        return self._outputs[title]

    def ask(self, action: str, **params: Any) -> Any:
        answer = requests.get(f"{self.site}/api/3/action/{action}", params, timeout=60)
        assert answer.ok, answer.text
        return answer.json()["result"]

    def public(self, country: str = "") -> set[str]:
        """The names of all public datasets."""
        query = {"fq": f"aivision_country:{country}"} if country else {}
        found = self.ask("package_search", rows=1000, **query)
        assert found["count"] == len(found["results"])
        return {package["name"] for package in found["results"]}

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a table."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "levels.csv").write_text(ROWS)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/levels.csv"
        server.shutdown()


@pytest.fixture(scope="module")
def reader(
    live_site: str, stack: Any, ckan_application: Any, table: str, tmp_path_factory: pytest.TempPathFactory
) -> Reader:
    """A reader with a catalogue of both countries, in which one dataset has a table."""
    from ckan.plugins import toolkit

    folder = tmp_path_factory.mktemp("reader")
    records = [record(number) for number in range(COPIES)]
    (folder / "harbours.json").write_text(json.dumps({"dataset": records}))
    for source in ("sample-us", "sample-uk", str(folder / "harbours.json")):
        stack.ckan("aivision", "harvest", source)
    resource = {
        "url": table,
        "format": "CSV",
        "columns": COLUMNS,
        "hash": hashlib.sha256(ROWS.encode()).hexdigest(),
        "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
    }
    with ckan_application.test_request_context():
        admin = {"ignore_auth": True, "user": toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
        office = toolkit.get_action("organization_create")(dict(admin), {"name": "rivers", "title": "River office"})
        package = {
            "name": "river-levels",
            "title": "River levels",
            "notes": "Levels of the rivers of the north, each day.",
            "country": "GB",
            "license_id": "OGL-UK-3.0",
            "owner_org": office["id"],
            "resources": [resource],
        }
        toolkit.get_action("package_create")(dict(admin), package)
    stack.ckan("aivision", "snapshot")
    return Reader(folder, {SITE: live_site, "NAME": "river-levels"})


def all_metadata(reader: Reader, printed: list[str]) -> None:
    names = reader.public()
    data = json.loads((reader.folder / "data.json").read_text("utf-8"))
    assert data["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert len(data["dataset"]) == len(names) > COPIES
    assert "River levels" in {dataset["title"] for dataset in data["dataset"]}
    uk = (reader.folder / "uk.json").read_text("utf-8")
    assert uk.count('"identifier"') >= len(reader.public("UK")) > 1
    assert {package["name"] for package in reader.lines("datasets.jsonl")} == names
    assert printed[-1].split() == [str(len(names)), "datasets"]


def one_dataset(reader: Reader, printed: list[str]) -> None:
    in_json, turtle, package, score, licence = printed
    assert json.loads(in_json)["dataset"][0]["title"] == "River levels"
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    assert "River levels" in {str(title) for title in graph.objects(predicate=rdflib.DCTERMS.title)}
    assert json.loads(package)["name"] == reader.name
    assert json.loads(score)["score"] == reader.ask("aivision_score_show", id=reader.name)["score"]
    assert "open-government-licence/version/3" in licence


def changes(reader: Reader, printed: list[str]) -> None:
    names = reader.public()
    first, second, program, other = printed
    assert first.startswith(f"{len(names)} written, 0 deleted; {len(names)} datasets")
    assert second.startswith(f"0 written, 0 deleted; {len(names)} datasets")
    assert {package["name"] for package in reader.lines("copy/packages.ndjson")} == names
    assert program.startswith(f"{len(names)} datasets; next time since ")
    assert "read as dcat-us" in other
    assert len(reader.lines("other/datasets.ndjson")) == len(names)


def scores(reader: Reader, printed: list[str]) -> None:
    names = reader.public()
    evaluations = json.loads((reader.folder / "evaluations.json").read_text("utf-8"))["result"]["evaluations"]
    assert {row["name"] for row in evaluations} == names
    some = json.loads(printed[1])["evaluations"]
    assert {row["title"]: row["score"] for row in some} == {
        row["title"]: row["score"] for row in evaluations if (row["country"], row["grade"]) == ("GB", "D")
    }
    rows = reader.lines("evaluations.ndjson")
    assert {row["id"]: row["score"] for row in rows} == {row["id"]: row["score"] for row in evaluations}


def tables(reader: Reader, printed: list[str]) -> None:
    by_licence, described = printed
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in by_licence.splitlines() if "│" in line]
    assert rows[0] == ["country", "license_title", "datasets", "score"]
    assert sum(int(row[2]) for row in rows if row[2].isdigit()) == len(reader.public())
    us, uk = len(reader.public("US")), len(reader.public("UK"))
    assert f"{us}.0" in described
    assert f"{uk}.0" in described
    assert "machine-readable" in described


def croissant(reader: Reader, printed: list[str]) -> None:
    (text,) = printed
    assert text.startswith("River levels ")
    assert "open-government-licence/version/3" in text
    assert [line for line in text.splitlines() if "b'A1'" in line and "1.5" in line]


def questions(reader: Reader, printed: list[str]) -> None:
    found, criterion = _two(printed[0])
    assert reader.name in {row["id"] for row in found["datasets"]}
    assert criterion["id"] == "licence-open"
    assert set(criterion["countries"]) == {"US", "GB"}


def _two(text: str) -> tuple[Any, Any]:
    """Two JSON texts, one after the other."""
    decoder = json.JSONDecoder()
    first, end = decoder.raw_decode(text)
    second, _ = decoder.raw_decode(text[end:].lstrip())
    return first, second


def pipeline(reader: Reader, printed: list[str]) -> None:
    table, _, validated = printed
    names = reader.public()
    assert f"{len(names)}" in table
    report = json.loads((reader.folder / "aivision.sarif").read_text("utf-8"))
    assert report["version"] == "2.1.0"
    assert report["runs"][0]["results"]
    assert f"of {len(names)} records are valid by DCAT-US Schema 1.1" in validated


CHECKS: dict[str, Callable[[Reader, list[str]], None]] = {
    "Take all metadata": all_metadata,
    "Take one dataset": one_dataset,
    "Follow changes": changes,
    "Get scores in bulk": scores,
    "Load into pandas or DuckDB": tables,
    "Feed a model": croissant,
    "Ask from a language model": questions,
    "Lint in a pipeline": pipeline,
}


def test_every_section_with_commands_is_run() -> None:
    assert {*CHECKS, ELSEWHERE} == set(PAGE)


@pytest.mark.parametrize("title", CHECKS)
def test_a_job_is_done_as_the_page_says(title: str, reader: Reader) -> None:
    CHECKS[title](reader, reader.follow(title))
