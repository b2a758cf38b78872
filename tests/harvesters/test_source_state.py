"""What is kept between two readings: a document that has not changed costs one request, and nothing is lost by it."""

from __future__ import annotations

import datetime
import json
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec
import pytest

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.clock import Clock, moment_of
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.sources.source_state import SourceState

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)


def requests_of(base: str) -> list[int]:
    """The statuses that a portal has answered so far."""
    with urllib.request.urlopen(f"{base}/_log", timeout=10) as answer:
        return [row["status"] for row in json.load(answer)]


class Document:
    """One data.json with validators that a test changes; keeps the conditions of each request."""

    def __init__(self, records: list[dict[str, Any]], **headers: str) -> None:
        self.records, self.headers = records, headers
        self.asked: list[tuple[str | None, str | None]] = []
        self.share = 1.0

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        conditions = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        self.asked.append(conditions)
        same = self.headers and conditions == (self.headers.get("ETag"), self.headers.get("Last-Modified"))
        body = b"" if same else json.dumps({"dataset": self.records}).encode()
        request.send_response(304 if same else 200)
        for name, value in {**self.headers, "Content-Length": str(len(body))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body[: round(len(body) * self.share)])
        request.close_connection = self.share < 1


def test_an_unchanged_document_costs_one_request_and_says_so(start_portal: Callable[..., str], harvest: Start) -> None:
    base = start_portal()
    url = f"{base}/us/lakes/data.json"
    first = harvest(url)
    assert len(list(first)) == 5
    assert (first.complete, first.unchanged) == (True, False)
    second = harvest(url, state=first.state)
    assert list(second) == []
    assert (second.complete, second.unchanged) == (False, True)
    assert second.state == first.state
    assert requests_of(base) == [200, 304]


def test_both_validators_are_sent_back_as_they_came(serve: Serve, harvest: Start, make: Callable[..., Any]) -> None:
    stamp = "Sun, 01 Nov 2026 10:00:00 GMT"
    document = Document([make()], ETag='W/"abc"', **{"Last-Modified": stamp})
    url = serve(document)
    first = harvest(url)
    list(first)
    assert list(harvest(url, state=first.state)) == []
    assert document.asked == [(None, None), ('W/"abc"', stamp)]


def test_a_changed_document_is_read_whole_and_its_new_validator_kept(
    serve: Serve, harvest: Start, make: Callable[..., Any]
) -> None:
    document = Document([make(1)], ETag='"1"')
    url = serve(document)
    first = harvest(url)
    list(first)
    document.records, document.headers = [make(1), make(2)], {"ETag": '"2"'}
    second = harvest(url, state=first.state)
    assert len(list(second)) == 2
    assert (second.complete, second.unchanged, second.state.etag) == (True, False, '"2"')


def test_the_validator_of_a_document_that_breaks_off_is_not_kept(
    serve: Serve, harvest: Start, make: Callable[..., Any]
) -> None:
    document = Document([make(1)], ETag='"1"')
    url = serve(document)
    first = harvest(url)
    list(first)
    document.records, document.headers, document.share = [make(n) for n in range(50)], {"ETag": '"2"'}, 0.5
    broken = harvest(url, state=first.state, limits=Limits(retries=0))
    with pytest.raises(SourceError, match="stopped after"):
        list(broken)
    assert broken.state.etag == '"1"'


def test_a_reader_that_stops_early_keeps_no_validator(serve: Serve, harvest: Start, make: Callable[..., Any]) -> None:
    document = Document([make(n) for n in range(5)], ETag='"1"')
    url = serve(document)
    stopped = harvest(url)
    next(iter(stopped))
    limited = harvest(url, limit=5)
    assert len(list(limited)) == 5
    assert stopped.state.etag == limited.state.etag == ""


TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<https://a.uk/{0}> a dcat:Dataset ; dct:title "River {0}" .
"""
UK = "identifier: river-1\ntype: dcat:Dataset\ntitle: Weekly river levels\nlicence: OGL\n"
JSON = '{{"next": "{1}", "dataset": [{{"identifier": "river-{0}", "title": "Weekly river levels"}}]}}'


class Documents:
    """Documents by their addresses, each with a validator that is honoured; keeps what was asked and answered."""

    def __init__(self, **documents: str) -> None:
        self.documents = documents
        self.answered: list[tuple[str, int]] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        name = request.path.lstrip("/").partition("page=")[2] or "one"
        text = self.documents.get(name)
        same = text is not None and request.headers.get("If-None-Match") == f'"{len(text)}"'
        body = b"" if same or text is None else text.encode()
        status = 304 if same else 404 if text is None else 200
        self.answered.append((name, status))
        request.send_response(status)
        for header, value in {"ETag": f'"{len(text or "")}"', "Content-Length": str(len(body))}.items():
            request.send_header(header, value)
        request.end_headers()
        request.wfile.write(body)


@pytest.mark.parametrize("text", [TURTLE.format(1), UK, JSON.format(1, "")], ids=["RDF", "UK model", "DCAT-US"])
def test_an_unchanged_document_of_any_kind_costs_one_request(serve: Serve, harvest: Start, text: str) -> None:
    served = Documents(one=text)
    url = serve(served)
    first = harvest(url)
    assert len(list(first)) == 1
    second = harvest(url, state=first.state)
    assert (list(second), second.unchanged) == ([], True)
    assert served.answered == [("one", 200), ("one", 304)]


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("", {"one": TURTLE.format(1) + "<> hydra:next <?page=2> .", "2": TURTLE.format(2)}),
        ("", {"one": JSON.format(1, "?page=2"), "2": JSON.format(2, "")}),
        ("?page=1", {"1": JSON.format(1, ""), "2": JSON.format(2, "")}),
    ],
    ids=["RDF", "DCAT-US", "DCAT-US, counted"],
)
def test_a_first_page_that_has_not_changed_says_nothing_of_the_others(
    serve: Serve, harvest: Start, query: str, pages: dict[str, str]
) -> None:
    url = serve(Documents(**pages)) + "/data" + query
    first = harvest(url)
    assert len(list(first)) == 2
    assert (first.complete, first.several, first.state.etag) == (True, True, "")
    second = harvest(url, state=first.state)
    assert (len(list(second)), second.complete) == (2, True)


def test_a_document_that_comes_in_pages_from_now_on_loses_its_validator(serve: Serve, harvest: Start) -> None:
    served = Documents(one=JSON.format(1, ""))
    url = serve(served)
    first = harvest(url)
    list(first)
    served.documents = {"one": JSON.format(1, "?page=2"), "2": JSON.format(2, "")}
    second = harvest(url, state=first.state)
    assert len(list(second)) == 2
    assert first.state.etag != second.state.etag == ""


def test_a_limited_reading_asks_for_the_document_without_conditions_and_leaves_the_state(
    serve: Serve, harvest: Start, make: Callable[..., Any]
) -> None:
    url = serve(Document([make(1), make(2)], ETag='"1"'))
    first = harvest(url)
    list(first)
    limited = harvest(url, limit=1, state=first.state)
    assert len(list(limited)) == 1
    assert limited.state == first.state


def test_too_few_records_leave_the_state_as_it_was(serve: Serve, harvest: Start, make: Callable[..., Any]) -> None:
    reading = harvest(serve(Document([make()], ETag='"1"')))
    reading.source = msgspec.structs.replace(reading.source, min_records=2)
    with pytest.raises(SourceError, match="where at least 2 belong"):
        list(reading)
    assert reading.state.etag == ""


def test_a_state_of_another_address_says_nothing(serve: Serve, harvest: Start, make: Callable[..., Any]) -> None:
    base = serve(Document([make()], ETag='"1"'))
    first = harvest(f"{base}/a.json")
    list(first)
    assert len(list(harvest(f"{base}/b.json", state=first.state))) == 1


def test_validators_follow_a_redirect_to_another_host(serve: Serve, harvest: Start, make: Callable[..., Any]) -> None:
    document = Document([make()], ETag='"1"')
    target = serve(document)

    def redirect(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", target)
        request.send_header("Content-Length", "0")
        request.end_headers()

    url = serve(redirect)
    first = harvest(url)
    list(first)
    assert list(harvest(url, state=first.state)) == []
    assert document.asked[-1] == ('"1"', None)


@pytest.mark.parametrize("etag", ["x" * 2000, '"caf\xe9"', '"\x7f"'])
def test_a_validator_that_could_not_be_sent_back_is_not_kept(
    serve: Serve, harvest: Start, make: Callable[..., Any], etag: str
) -> None:
    reading = harvest(serve(Document([make()], ETag=etag)))
    assert len(list(reading)) == 1
    assert reading.state.etag == ""


def test_a_state_survives_json_and_holds_no_credentials(serve: Serve, harvest: Start, make: Callable[..., Any]) -> None:
    reading = harvest(serve(Document([make()], ETag='"1"')) + "/data.json?api_key=SECRET", clock=Clock(lambda: NOON))
    list(reading)
    assert reading.state.full_ended == NOON
    kept = msgspec.json.encode(reading.state)
    assert b"SECRET" not in kept
    assert msgspec.json.decode(kept, type=SourceState) == reading.state


def test_a_wait_sleeps_in_pieces_until_the_moment_has_come() -> None:
    slept: list[float] = []
    clock = Clock(lambda: NOON + datetime.timedelta(seconds=sum(slept)), slept.append)
    assert clock.wait_until(NOON + datetime.timedelta(seconds=12)) == 12
    assert slept == [5, 5, 2]
    assert clock.wait_until(NOON) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01T12:00:00Z", NOON),
        ("2026-11-01T12:00:00", NOON),
        ("2026-11-01T13:00:00+01:00", NOON),
        ("2026-11-01T12:00:00.000000", NOON),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        (None, None),
        (17, None),
    ],
)
def test_a_moment_is_read_in_utc_or_not_at_all(text: Any, expected: datetime.datetime | None) -> None:
    assert moment_of(text) == expected
