"""`aivision pull`: a copy of another catalogue's datasets, whatever that catalogue answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.cli.conftest import Done, call, refusal

LINES = "application/x-ndjson"
Answer = tuple[int, str, bytes]


def created(id: str, **fields: Any) -> dict[str, Any]:
    return {"change": "created", "id": id, "package": {"id": id, "name": f"levels-{id}", **fields}}


def page(*changes: dict[str, Any], next: str, complete: bool = True) -> Answer:
    lines = [*changes, {"next": next, "url": "http://elsewhere.example/", "complete": complete}]
    return 200, LINES, "".join(json.dumps(line) + "\n" for line in lines).encode()


class Catalogue:
    """A catalogue whose pages a test writes. asked: the cursors that came."""

    def __init__(self, serve: Callable[..., str]) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.url = serve(self._answer)

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        since = parse_qs(parts.query).get("since", [""])[0]
        self.asked.append(since)
        known = parts.path == "/changes" and since in self.pages
        status, media_type, body = self.pages[since] if known else (404, "text/html", b"<p>Not found</p>")
        request.send_response(status)
        request.send_header("Content-Type", media_type)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


@pytest.fixture
def catalogue(serve: Callable[..., str]) -> Catalogue:
    return Catalogue(serve)


@pytest.fixture
def pull(catalogue: Catalogue, tmp_path: Path) -> Callable[..., Done]:
    return lambda *words: call("pull", catalogue.url, "--into", tmp_path / "copy", "--allow-host", "127.0.0.1", *words)


def copied(tmp_path: Path) -> dict[str, Any]:
    lines = (tmp_path / "copy" / "packages.ndjson").read_text().splitlines()
    packages = {package["id"]: package for package in map(json.loads, lines)}
    assert len(packages) == len(lines)
    return packages


def test_the_first_run_fetches_everything_and_the_next_only_what_changed(
    catalogue: Catalogue, pull: Callable[..., Done], tmp_path: Path
) -> None:
    catalogue.pages[""] = page(created("a"), created("b"), next="1", complete=False)
    catalogue.pages["1"] = page(created("c"), next="2")
    done = pull()
    assert (done.status, done.err) == (0, "")
    assert done.out == f"3 written, 0 deleted; 3 datasets in {tmp_path / 'copy'}\n"
    catalogue.pages["2"] = page(
        {**created("a", title="Other"), "change": "updated"}, {"change": "deleted", "id": "b"}, next="3"
    )
    assert pull().out.startswith("1 written, 1 deleted; 2 datasets")
    assert copied(tmp_path) == {
        "a": {"id": "a", "name": "levels-a", "title": "Other"},
        "c": {"id": "c", "name": "levels-c"},
    }
    assert catalogue.asked == ["", "1", "2"]


def test_what_was_fetched_before_a_fault_is_kept_and_the_next_run_continues(
    catalogue: Catalogue, pull: Callable[..., Done], tmp_path: Path
) -> None:
    catalogue.pages[""] = page(created("a"), next="1", complete=False)
    catalogue.pages["1"] = (200, LINES, b'{"change": "created", "id": "b"')
    assert "line 1 is no change" in refusal(pull())
    assert copied(tmp_path).keys() == {"a"}
    catalogue.pages["1"] = page(created("b"), next="2")
    assert pull().status == 0
    assert copied(tmp_path).keys() == {"a", "b"}
    assert catalogue.asked == ["", "1", "1"]


BROKEN = {
    "no JSON": b"<html>\n",
    "no last line": json.dumps(created("a")).encode(),
    "empty": b"",
    "no package": b'{"change": "created", "id": "a"}\n{"next": "1"}\n',
    "a tombstone with a package": b'{"change": "deleted", "id": "a", "package": {"id": "a"}}\n{"next": "1"}\n',
    "the package of another dataset": b'{"change": "created", "id": "a", "package": {"id": "b"}}\n{"next": "1"}\n',
    "a package that is no object": b'{"change": "created", "id": "a", "package": 7}\n{"next": "1"}\n',
    "an unknown change": b'{"change": "moved", "id": "a"}\n{"next": "1"}\n',
    "a list": b"[]\n",
    "deep nesting": b'{"change": "created", "id": "a", "package": ' + b"[" * 100_000 + b"\n",
    "not UTF-8": b'{"change": "deleted", "id": "\xff"}\n{"next": "1"}\n',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_page_that_is_none_is_refused(
    body: bytes, catalogue: Catalogue, pull: Callable[..., Done], tmp_path: Path
) -> None:
    catalogue.pages[""] = (200, LINES, body)
    assert "try again later" in refusal(pull())
    assert not (tmp_path / "copy" / "packages.ndjson").exists()


def test_a_cursor_that_does_not_move_on_ends_the_run(catalogue: Catalogue, pull: Callable[..., Done]) -> None:
    catalogue.pages[""] = page(created("a"), next="1", complete=False)
    catalogue.pages["1"] = page(created("a"), next="1", complete=False)
    assert "does not move on" in refusal(pull())


@pytest.mark.parametrize("answer", [(404, "text/html", b""), (200, "text/html", b"<p>Changes of our house</p>")])
def test_a_site_that_offers_no_catalogue_is_refused_with_what_to_do(
    answer: Answer, catalogue: Catalogue, pull: Callable[..., Done]
) -> None:
    catalogue.pages[""] = answer
    assert "give the address of its data.json, CKAN portal or DCAT" in refusal(pull())


def test_a_copy_stays_one_of_changes_when_the_catalogue_has_none_for_a_while(
    catalogue: Catalogue, pull: Callable[..., Done], tmp_path: Path
) -> None:
    catalogue.pages[""] = page(created("a"), next="1")
    assert pull().status == 0
    catalogue.pages["1"] = (404, "text/html", b"<p>Maintenance</p>")
    assert "does not have the change feed" in refusal(pull())
    assert copied(tmp_path).keys() == {"a"}


GONE = (410, "application/problem+json", b"{}")


def test_after_a_cursor_that_is_too_old_everything_is_fetched_again(
    catalogue: Catalogue, pull: Callable[..., Done], tmp_path: Path
) -> None:
    catalogue.pages[""] = page(created("a"), created("b"), next="1")
    assert pull().status == 0
    catalogue.pages["1"] = GONE
    catalogue.pages[""] = page(created("a", title="Other"), next="5", complete=False)
    catalogue.pages["5"] = page(created("c"), next="6")
    done = pull()
    assert (done.status, done.out) == (0, f"2 written, 1 deleted; 2 datasets in {tmp_path / 'copy'}\n")
    assert "not stored there any more; everything is fetched again" in done.err
    assert {id: package.get("title") for id, package in copied(tmp_path).items()} == {"a": "Other", "c": None}
    catalogue.pages["6"] = page(next="7")
    assert pull().out.startswith("0 written, 0 deleted; 2 datasets")


def test_until_everything_is_fetched_again_the_old_copy_stays(
    catalogue: Catalogue, pull: Callable[..., Done], tmp_path: Path
) -> None:
    catalogue.pages[""] = page(created("a"), created("b"), next="1")
    assert pull().status == 0
    catalogue.pages["1"] = GONE
    catalogue.pages[""] = page(created("a"), next="5", complete=False)
    catalogue.pages["5"] = (200, LINES, b"cut")
    assert "line 1 is no change" in pull().err
    assert copied(tmp_path).keys() == {"a", "b"}
    catalogue.pages["5"] = page(created("c"), next="6")
    assert pull().out.startswith("1 written, 1 deleted; 2 datasets")
    assert copied(tmp_path).keys() == {"a", "c"}
    assert catalogue.asked[-2:] == ["5", "5"]


def test_a_catalogue_that_calls_every_cursor_too_old_is_given_up(
    catalogue: Catalogue, pull: Callable[..., Done]
) -> None:
    catalogue.pages[""] = page(created("a"), next="1", complete=False)
    catalogue.pages["1"] = GONE
    assert pull().status == 2
    assert len(catalogue.asked) < 6


def test_private_addresses_are_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    assert "--allow-host" in refusal(call("pull", catalogue.url, "--into", tmp_path / "copy"))
    assert catalogue.asked == []


@pytest.mark.parametrize(
    "url", ["data.example.gov", "ftp://data.example.gov", "https://data.example.gov/#top", "https://["]
)
def test_what_is_no_address_of_a_catalogue_is_refused(url: str, tmp_path: Path) -> None:
    assert "address" in refusal(call("pull", url, "--into", tmp_path / "copy"))


def test_a_directory_of_another_catalogue_or_of_something_else_is_refused(
    catalogue: Catalogue, pull: Callable[..., Done], tmp_path: Path
) -> None:
    catalogue.pages[""] = page(created("a"), next="1")
    assert pull().status == 0
    other = refusal(call("pull", "https://data.example.gov", "--into", tmp_path / "copy"))
    assert "choose another directory" in other
    state = tmp_path / "copy" / "pull.json"
    state.write_text("[]")
    assert "choose another directory" in refusal(pull())
    state.unlink()
    assert "choose another directory" in refusal(pull())


def test_the_copy_can_be_scored(catalogue: Catalogue, pull: Callable[..., Done], tmp_path: Path) -> None:
    catalogue.pages[""] = page(created("a", title="River levels", country="GB", resources=[]), next="1")
    assert pull().status == 0
    done = call("score", tmp_path / "copy" / "packages.ndjson", "--format", "ndjson")
    assert json.loads(done.out)["title"] == "River levels"
