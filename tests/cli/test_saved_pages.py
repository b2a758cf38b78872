"""A saved page of an API says how many datasets there are: those that it does not hold are not gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import account, call, stored

PACKAGES = [{"id": f"p{n}", "name": f"p{n}", "title": f"Levels {n}", "resources": []} for n in range(5)]


def answer(packages: list[dict[str, Any]], count: int | None = None) -> str:
    result = {"count": len(packages) if count is None else count, "results": packages}
    return json.dumps({"success": True, "result": result})


def test_one_page_of_an_answer_removes_nothing(tmp_path: Path) -> None:
    source, folder = tmp_path / "answer.json", tmp_path / "out"
    source.write_text(answer(PACKAGES))
    call("harvest", source, "--into", folder)
    source.write_text(answer(PACKAGES[:2], count=5))
    done = call("harvest", source, "--into", folder)
    assert (done.status, len(stored(folder)), account(folder)["counts"]["gone"]) == (0, 5, 0)
    assert "the answer holds 2 of 5 datasets" in done.err


def test_a_whole_answer_removes_what_is_gone(tmp_path: Path) -> None:
    source, folder = tmp_path / "answer.json", tmp_path / "out"
    source.write_text(answer(PACKAGES))
    call("harvest", source, "--into", folder)
    source.write_text(answer(PACKAGES[1:]))
    assert call("harvest", source, "--into", folder).status == 0
    assert account(folder)["counts"]["gone"] == 1


def test_a_directory_of_pages_is_the_whole_answer(tmp_path: Path) -> None:
    pages, folder = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    for name, packages in (("1.json", PACKAGES[:3]), ("2.json", PACKAGES[3:])):
        (pages / name).write_text(answer(packages, count=5))
    done = call("harvest", pages, "--into", folder)
    assert (done.status, len(stored(folder))) == (0, 5)
    assert "the answer holds" not in done.err


def test_a_saved_page_of_a_catalogue_that_goes_on_removes_nothing(tmp_path: Path) -> None:
    source, folder = tmp_path / "data.json", tmp_path / "out"
    datasets = [{"identifier": f"d{n}", "title": f"Levels {n}"} for n in range(3)]
    source.write_text(json.dumps({"dataset": datasets}))
    call("harvest", source, "--into", folder)
    source.write_text(json.dumps({"dataset": datasets[:1], "next": "https://town.gov.uk/data.json?page=2"}))
    done = call("harvest", source, "--into", folder)
    assert (done.status, len(stored(folder)), account(folder)["counts"]["gone"]) == (0, 3, 0)
    assert "goes on at another address" in done.err


def test_a_saved_page_of_the_search_that_more_follow_removes_nothing(tmp_path: Path) -> None:
    source, folder = tmp_path / "page.json", tmp_path / "out"
    results = [{"slug": f"d{n}", "dcat": {"identifier": f"d{n}", "title": f"Levels {n}"}} for n in range(3)]
    source.write_text(json.dumps({"results": results, "sort": "relevance"}))
    assert call("harvest", source, "--kind", "datagov-search", "--into", folder).status == 0
    source.write_text(json.dumps({"results": results[:1], "sort": "relevance", "after": "10"}))
    done = call("harvest", source, "--kind", "datagov-search", "--into", folder)
    assert (done.status, len(stored(folder)), account(folder)["counts"]["gone"]) == (0, 3, 0)
    assert "says that more follow" in done.err
