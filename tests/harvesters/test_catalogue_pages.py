"""Paged catalogues: every page is read, the end is known, and nothing that comes twice is taken twice."""

from __future__ import annotations

import http.server
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.harvesters.remarks import remarks_of

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http import page_addresses
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.protocols.dcat_us import pages as catalogue_pages
from ckanext.aivision.harvesters.protocols.dcat_us.pages import next_numbered_address

Serve = Callable[[Callable[[http.server.BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]
Make = Callable[..., dict[str, Any]]
Pages = Callable[[dict[int, Any]], str]

QUICK = Limits(retries=1, longest_wait=0.1)


@pytest.fixture
def pages(serve: Serve) -> Pages:
    """Serves catalogues by their `page`; a number in place of one is a status, and -1 stands for all other pages."""

    def start(documents: dict[int, Any]) -> str:
        def answer(request: http.server.BaseHTTPRequestHandler) -> None:
            number = int(parse_qs(urlsplit(request.path).query).get("page", ["1"])[0])
            document = documents.get(number, documents.get(-1, 404))
            body = b"" if isinstance(document, int) else json.dumps(document).encode()
            request.send_response(document if isinstance(document, int) else 200)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        return serve(answer)

    return start


def catalogue(*records: Any, **members: Any) -> dict[str, Any]:
    return {"dataset": list(records), **members}


@pytest.mark.parametrize("end", [{}, {3: {"dataset": []}}, {3: 410}], ids=["404", "empty", "410"])
def test_pages_are_counted_on_until_one_is_empty_or_not_there(
    pages: Pages, harvest: Start, make: Make, end: dict[int, Any]
) -> None:
    base = pages({1: catalogue(make(1), make(2)), 2: catalogue(make(3)), **end})
    reading = harvest(f"{base}/data.json?page=1&size=2", limits=QUICK)
    assert [(r.identifier, r.where) for r in reading] == [
        ("agency-1", "$.dataset[0]"),
        ("agency-2", "$.dataset[1]"),
        ("agency-3", "page 2: $.dataset[0]"),
    ]
    assert reading.complete
    assert remarks_of(reading) == []


@pytest.mark.parametrize("again", [1, 2], ids=["the first page", "the last page"])
def test_a_page_that_repeats_an_earlier_one_is_the_end(pages: Pages, harvest: Start, make: Make, again: int) -> None:
    documents = {1: catalogue(make(1), {}), 2: catalogue(make(2), {})}
    reading = harvest(f"{pages({**documents, -1: documents[again]})}/data.json?page=1", limits=QUICK)
    assert [r.identifier for r in reading] == ["agency-1", None, "agency-2", None]
    assert reading.complete


def test_an_address_whose_server_does_not_count_pages_gives_its_catalogue_once(
    pages: Pages, harvest: Start, make: Make
) -> None:
    reading = harvest(f"{pages({-1: catalogue(*map(make, range(3)))})}/data.json?page=1", limits=QUICK)
    assert [r.dataset is not None for r in reading] == [True] * 3
    assert reading.complete


def test_a_record_that_comes_on_two_pages_is_refused_the_second_time(pages: Pages, harvest: Start, make: Make) -> None:
    base = pages({1: catalogue(make(1), make(2)), 2: catalogue(make(2), make(3)), 3: catalogue(make(3, title="Other"))})
    records = list(harvest(f"{base}/data.json?page=1", limits=QUICK))
    assert [(r.where, r.problems[0].code) for r in records if r.problems] == [
        ("page 2: $.dataset[0]", "identifier-repeated"),
        ("page 3: $.dataset[0]", "identifier-repeated"),
    ]
    assert [r.identifier for r in records if r.dataset is not None] == ["agency-1", "agency-2", "agency-3"]


def test_of_many_repeated_records_the_first_are_kept_whole(
    pages: Pages, harvest: Start, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_pages, "_HELD_WHOLE", 1)
    base = pages({1: catalogue(make(1), make(2)), 2: catalogue(make(1), make(2), make(3))})
    refused = [record for record in harvest(f"{base}/data.json?page=1", limits=QUICK) if record.dataset is None]
    assert [(r.identifier, r.raw) for r in refused] == [("agency-1", make(1)), ("agency-2", {"identifier": "agency-2"})]


def test_pages_that_never_bring_anything_new_are_an_error(
    pages: Pages, harvest: Start, make: Make, serve: Serve
) -> None:
    turn = iter(range(1000))

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        body = json.dumps(catalogue(make(1, title=f"Title {next(turn)}"))).encode()
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    reading = harvest(f"{serve(answer)}/data.json?page=1", limits=QUICK)
    with pytest.raises(SourceError, match="nothing new"):
        list(reading)
    assert not reading.complete


@pytest.mark.parametrize("fault", [500, 403, {"nothing": []}, "text"])
def test_a_page_that_fails_for_good_keeps_the_records_before_it_and_is_an_error(
    pages: Pages, harvest: Start, make: Make, fault: Any
) -> None:
    reading = harvest(f"{pages({1: catalogue(make(1)), 2: fault})}/data.json?page=1", limits=QUICK)
    taken: list[Any] = []
    with pytest.raises(SourceError):
        taken.extend(reading)
    assert [r.identifier for r in taken] == ["agency-1"]
    assert not reading.complete


@pytest.mark.parametrize(
    "named",
    [
        lambda page: {"next": f"/data.json?page={page}"},
        lambda page: {"hydra:view": {"hydra:next": {"@id": f"?page={page}"}}},
        lambda page: {"links": {"next": f"?page={page}"}},
    ],
)
def test_a_catalogue_that_names_its_next_page_is_read_on(
    pages: Pages, harvest: Start, make: Make, named: Callable[[int], dict[str, Any]]
) -> None:
    base = pages({1: catalogue(make(1), **named(2)), 2: catalogue(make(2), **named(7)), 7: catalogue(make(3))})
    reading = harvest(f"{base}/data.json", limits=QUICK)
    assert [r.identifier for r in reading] == ["agency-1", "agency-2", "agency-3"]
    assert reading.complete


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("?page=5", "responded with 404"),
        ("?page=1", "leads back to a page that was already read"),
        ("http://169.254.169.254/data.json", "another host"),
        ("http://[1/data.json", "cannot be read"),
    ],
)
def test_a_next_page_that_is_not_there_leads_back_or_away_is_an_error(
    pages: Pages, harvest: Start, make: Make, named: str, said: str
) -> None:
    base = pages({1: catalogue(make(1), next="?page=2"), 2: catalogue(make(2), next=named)})
    reading = harvest(f"{base}/data.json?page=1", limits=QUICK)
    with pytest.raises(SourceError, match=said):
        list(reading)
    assert not reading.complete


def test_pages_without_end_are_an_error(
    pages: Pages, harvest: Start, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_addresses, "MOST_PAGES", 3)
    base = pages({number: catalogue(make(number)) for number in range(10)})
    with pytest.raises(SourceError, match="does not end"):
        list(harvest(f"{base}/data.json?page=1", limits=QUICK))


def test_an_address_without_a_page_is_one_document(pages: Pages, harvest: Start, make: Make) -> None:
    reading = harvest(f"{pages({1: catalogue(make(1)), 2: catalogue(make(2))})}/data.json", limits=QUICK)
    assert [r.identifier for r in reading] == ["agency-1"]
    assert reading.complete


@pytest.mark.parametrize(
    ("url", "following"),
    [
        ("https://a.gov/data.json?page=9", "https://a.gov/data.json?page=10"),
        ("https://a.gov/data.json?a=b%20c&Page=0&d=", "https://a.gov/data.json?a=b+c&Page=1&d="),
        ("https://a.gov/data.json?page=two", None),
        ("https://a.gov/data.json?page=²", None),
        ("https://a.gov/data.json?pages=2", None),
        ("https://a.gov/page=2", None),
    ],
)
def test_the_next_page_of_an_address_is_its_number_and_one(url: str, following: str | None) -> None:
    assert next_numbered_address(url) == following
