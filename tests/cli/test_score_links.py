"""`aivision score --depth links`: without a catalogue, with results that are kept from run to run."""

from __future__ import annotations

import datetime
import json
import sqlite3
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.cli.conftest import call
from tests.links.conftest import CSV, PAGE, Serve, reply, without_robots
from tests.links.conftest import server as server

from ckanext.aivision.errors import UsageError
from ckanext.aivision.links.results_file import LinkResults
from ckanext.aivision.scoring.observations.observations import Link

DAY = datetime.timedelta(days=1)


def host(request: BaseHTTPRequestHandler) -> None:
    if request.path.startswith("/gone"):
        reply(request, b"", 404)
    else:
        reply(request, PAGE if request.path.startswith("/page") else CSV, Content_Type="text/csv")


@pytest.fixture
def catalogue(server: Serve, tmp_path: Path) -> Path:
    """Two datasets that share an address."""
    base = server(without_robots(host))
    files = [["levels.csv", "gone.csv"], ["levels.csv", "page.csv"]]
    datasets = [
        {
            "identifier": f"d{number}",
            "title": "River levels at gauging stations",
            "distribution": [{"downloadURL": f"{base}/{name}", "mediaType": "text/csv"} for name in names],
        }
        for number, names in enumerate(files)
    ]
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"dataset": datasets}))
    return path


@pytest.fixture
def scored(catalogue: Path, tmp_path: Path) -> Any:
    """Scores the catalogue to the depth of the links; gives each dataset's values of the links' criteria."""

    def score(*options: str) -> list[dict[str, float | None]]:
        words = ("--depth", "links", "--link-results", str(tmp_path / "links.sqlite"), "--link-pause", "0", *options)
        done = call("score", str(catalogue), "--format", "ndjson", "--allow-host", "127.0.0.1", *words)
        assert done.status == 0, done.err
        rows = [json.loads(line) for line in done.out.splitlines()]
        assert all(row["beyond"] == ["links"] for row in rows)
        return [{result["criterion"]: result["value"] for result in row["results"]} for row in rows]

    return score


def aged(path: Path, by: datetime.timedelta) -> None:
    """Makes the results of the file older, as if time had gone by since."""
    with sqlite3.connect(path) as file:
        for (text,) in file.execute("SELECT link FROM link").fetchall():
            link = msgspec.json.decode(text, type=Link)
            moments = {name: getattr(link, name) for name in ("checked_at", "failing_since", "due")}
            older = {name: moment - by for name, moment in moments.items() if moment is not None}
            text = msgspec.json.encode(msgspec.structs.replace(link, **older)).decode()
            file.execute("UPDATE link SET link = ? WHERE url = ?", (text, link.url))


def test_a_link_is_broken_after_two_runs_a_day_apart_and_not_before(scored: Any, tmp_path: Path) -> None:
    first = scored()
    assert [row["links-reachable"] for row in first] == [1, 1]
    assert [row["links-give-data"] for row in first] == [1, 1]
    assert scored() == first
    aged(tmp_path / "links.sqlite", DAY)
    assert [(row["links-reachable"], row["links-give-data"]) for row in scored()] == [(0.5, 1), (1, 0.5)]


def test_a_lens_sees_what_the_links_answered(scored: Any, catalogue: Path, tmp_path: Path) -> None:
    scored()
    words = ("--depth", "links", "--link-results", str(tmp_path / "links.sqlite"), "--lens")
    done = call("score", str(catalogue), "--format", "ndjson", "--allow-host", "127.0.0.1", *words, "mqa")
    groups = [json.loads(line)["lens"]["groups"][1] for line in done.out.splitlines()]
    assert [[row["value"] for row in group["rows"]] for group in groups] == [[0, 1, 1]] * 2
    table = call("score", str(catalogue), "--allow-host", "127.0.0.1", *words, "uk-dsit").out
    assert "Working links" not in table
    assert "Working links" in call("score", str(catalogue), "--lens", "uk-dsit").out


def test_each_address_is_asked_for_once_and_not_again_before_it_is_due(
    catalogue: Path, server: Serve, tmp_path: Path
) -> None:
    asked: list[str] = []

    def counting(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        host(request)

    base = server(without_robots(counting))
    known = json.loads(catalogue.read_text())
    for dataset in known["dataset"]:
        dataset["distribution"] = [{"downloadURL": f"{base}/levels.csv"}]
    catalogue.write_text(json.dumps(known))
    words = ("--depth", "links", "--link-results", str(tmp_path / "r"), "--allow-host", "127.0.0.1")
    for _ in range(2):
        assert call("score", str(catalogue), *words).status == 0
    assert asked == ["/levels.csv", "/levels.csv"]  # HEAD and GET


def test_at_the_depth_of_the_metadata_nothing_is_asked_for_and_nothing_changes(catalogue: Path, tmp_path: Path) -> None:
    done = call("score", str(catalogue), "--format", "ndjson", "--link-results", str(tmp_path / "r"))
    assert "beyond" not in done.out
    assert "links-" not in done.out
    assert not (tmp_path / "r").exists()


def test_the_table_counts_what_the_links_answer(scored: Any, catalogue: Path, tmp_path: Path) -> None:
    scored()
    aged(tmp_path / "links.sqlite", 2 * DAY)
    words = ("--depth", "links", "--link-results", str(tmp_path / "links.sqlite"), "--allow-host", "127.0.0.1")
    done = call("score", str(catalogue), *words)
    assert done.status == 0, done.err
    assert done.out != call("score", str(catalogue)).out


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be taken for one" * 20, None])
def test_a_file_of_something_else_is_refused_and_stays(catalogue: Path, tmp_path: Path, content: Any) -> None:
    path = tmp_path / "other"
    if content is None:
        with sqlite3.connect(path) as file:
            file.execute("CREATE TABLE theirs (x)")
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    done = call("score", str(catalogue), "--depth", "links", "--link-results", str(path))
    assert done.status == 2
    assert str(path) in done.err
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_told() -> None:
    with pytest.raises(UsageError, match="choose another file"):
        LinkResults(Path("/proc/nowhere/links.sqlite"))


@pytest.mark.long
def test_two_sources_of_a_run_ask_for_no_robots_file_and_no_address_twice(server: Serve, tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []

    def note(request: BaseHTTPRequestHandler) -> None:
        asked.append((request.command, request.path))
        if request.path == "/robots.txt":
            reply(request, b"", 404)
        else:
            host(request)

    base = server(note)
    files = [{"downloadURL": f"{base}/levels.csv", "mediaType": "text/csv"}]
    dataset = {"identifier": "d", "title": "River levels", "distribution": files}
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps({"dataset": [dataset]}))
    kept = ("--link-results", tmp_path / "links.sqlite", "--link-max-age", "0", "--link-pause", "0")
    depth = ("--depth", "links", "--depth", "content", "--allow-host", "127.0.0.1")
    done = call("score", tmp_path / "a.json", tmp_path / "b.json", *depth, *kept)
    assert done.status == 0, done.err
    assert asked.count(("GET", "/robots.txt")) == 1
    assert asked.count(("HEAD", "/levels.csv")) == 1
