"""CKAN's package_search and the catalog.data.gov search, page by page: each record once, and none unnoticed missing."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.protocols.ckan.addresses import action_address
from ckanext.aivision.harvesters.protocols.datagov_search import search

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]
ONCE = Limits(retries=0)


def package(number: int) -> dict[str, Any]:
    return {"id": f"{number:04}", "name": f"river-{number}", "title": f"River {number}", "resources": []}


def send(request: BaseHTTPRequestHandler, answer: Any) -> None:
    body = json.dumps(answer).encode()
    request.send_response(200)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


class Portal:
    """A CKAN portal whose packages a test changes between two pages.

    packages: sorted by id. rows_max: how many it gives a page, whatever is asked. before_page: called with the number
    of the page that is asked for.
    """

    def __init__(self, count: int, rows_max: int, before_page: Callable[[int, Portal], None] = lambda *_: None) -> None:
        self.packages = [package(2 * number) for number in range(count)]
        self.rows_max, self.before_page = rows_max, before_page
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.path).query))
        self.before_page(len(self.asked), self)
        self.asked.append(query)
        start, rows = int(query.get("start", 0)), min(int(query["rows"]), self.rows_max)
        result = {"count": len(self.packages), "results": self.packages[start : start + rows]}
        send(request, {"success": True, "result": result})


def identifiers(reading: Harvest) -> list[str | None]:
    return [harvested.identifier for harvested in reading]


class TestCkan:
    def test_all_pages_are_read_though_the_portal_gives_fewer_rows_than_asked(
        self, serve: Serve, harvest: Start
    ) -> None:
        portal = Portal(25, 10)
        reading = harvest(serve(portal), kind="ckan")
        assert identifiers(reading) == [p["id"] for p in portal.packages]
        assert (reading.expected, reading.complete) == (25, True)
        assert [(page["start"], page["rows"], page["sort"]) for page in portal.asked] == [
            (start, "1000", "id asc") for start in ("0", "10", "20")
        ]

    @pytest.mark.long
    def test_pages_of_large_packages_hold_fewer_of_them(self, serve: Serve, harvest: Start) -> None:
        portal = Portal(300, 100)
        for large in portal.packages[:150]:
            large["notes"] = "water levels " * 10_000
        reading = harvest(serve(portal), kind="ckan")
        assert identifiers(reading) == [p["id"] for p in portal.packages]
        rows = [int(page["rows"]) for page in portal.asked]
        assert rows[0] == rows[-1] == 1000
        assert 30 <= rows[1] <= 50  # of 130 KB each, in some five megabytes

    def test_an_empty_portal_is_complete(self, serve: Serve, harvest: Start) -> None:
        reading = harvest(serve(Portal(0, 10)), kind="ckan")
        assert list(reading) == []
        assert (reading.expected, reading.complete) == (0, True)

    @pytest.mark.long
    @pytest.mark.parametrize("removed", [1, 3, 10])
    def test_packages_removed_while_reading_make_no_other_be_missed(
        self, serve: Serve, harvest: Start, removed: int
    ) -> None:
        def remove(page: int, portal: Portal) -> None:
            if page == 2:
                del portal.packages[:removed]

        portal = Portal(40, 10, remove)
        everything = [p["id"] for p in portal.packages]
        reading = harvest(serve(portal), kind="ckan")
        assert identifiers(reading) == everything
        assert reading.complete

    def test_packages_added_while_reading_bring_none_twice(self, serve: Serve, harvest: Start) -> None:
        def add(page: int, portal: Portal) -> None:
            if page == 2:
                portal.packages[:0] = [package(1), package(3)]
                portal.packages.sort(key=lambda found: str(found["id"]))

        portal = Portal(40, 10, add)
        before = [p["id"] for p in portal.packages]
        reading = harvest(serve(portal), kind="ckan")
        records = list(reading)
        assert [r.identifier for r in records] == before
        assert all(r.dataset is not None for r in records)
        assert reading.complete

    def test_a_portal_that_ends_too_early_is_an_error(self, serve: Serve, harvest: Start) -> None:
        def short(request: BaseHTTPRequestHandler) -> None:
            start = int(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.path).query))["start"])
            results = [package(0), package(1)] if start == 0 else []
            send(request, {"success": True, "result": {"count": 5, "results": results}})

        reading = harvest(serve(short), kind="ckan")
        with pytest.raises(SourceError, match="says it has 5 datasets but returned 2"):
            list(reading)
        assert not reading.complete

    def test_a_portal_that_gives_one_page_for_ever_is_an_error(self, serve: Serve, harvest: Start) -> None:
        page = {"success": True, "result": {"count": 1_000_000, "results": [package(0), package(1)]}}
        reading = harvest(serve(lambda request: send(request, page)), kind="ckan")
        with pytest.raises(SourceError, match="again and again"):
            list(reading)

    def test_a_package_that_stands_twice_is_refused_the_second_time(self, serve: Serve, harvest: Start) -> None:
        portal = Portal(3, 10)
        portal.packages.append(package(0))
        records = list(harvest(serve(portal), kind="ckan"))
        assert [r.dataset is not None for r in records] == [True, True, True, False]
        assert records[-1].problems[0].code == "identifier-repeated"

    def test_a_limit_asks_for_no_more_than_it_needs(self, serve: Serve, harvest: Start) -> None:
        portal = Portal(25, 1000)
        reading = harvest(serve(portal), kind="ckan", limit=5)
        assert len(list(reading)) == 5
        assert [page["rows"] for page in portal.asked] == ["5"]
        assert (reading.expected, reading.complete) == (25, False)

    def test_the_query_of_an_api_address_stays(self, serve: Serve, harvest: Start) -> None:
        portal = Portal(3, 10)
        url = f"{serve(portal)}/api/3/action/package_search?fq=organization:water&rows=7"
        assert len(list(harvest(url))) == 3
        assert portal.asked == [{"fq": "organization:water", "start": "0", "rows": "1000", "sort": "id asc"}]

    @pytest.mark.parametrize(
        "answer",
        [
            {"success": False, "error": {"message": "no"}},
            {"success": True, "result": []},
            {"success": True, "result": {"count": "5", "results": []}},
            {"success": True, "result": {"count": -1, "results": []}},
            {"success": True, "result": {"count": 1, "results": None}},
            [],
            "text",
            None,
        ],
    )
    def test_an_answer_of_another_kind_is_an_error_that_says_so(
        self, serve: Serve, harvest: Start, answer: Any
    ) -> None:
        with pytest.raises(SourceError, match="not a response of CKAN's package_search"):
            list(harvest(serve(lambda request: send(request, answer)), kind="ckan", limits=ONCE))

    def test_a_portals_front_page_leads_to_its_api(self, serve: Serve, harvest: Start) -> None:
        portal = Portal(3, 10)

        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path.startswith("/data/api/3/action/package_search"):
                return portal(request)
            body = b"<!DOCTYPE html><html><title>Open data</title></html>"
            request.send_response(200)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
            return None

        reading = harvest(f"{serve(answer)}/data/")
        assert len(list(reading)) == 3
        assert reading.source.kind == "ckan"

    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("https://a.uk", "https://a.uk/api/3/action/x"),
            ("https://a.uk/", "https://a.uk/api/3/action/x"),
            ("https://a.uk/data/", "https://a.uk/data/api/3/action/x"),
            ("https://a.uk/api/action/package_search", "https://a.uk/api/3/action/x"),
            ("https://a.uk/data/api/3/action/", "https://a.uk/data/api/3/action/x"),
        ],
    )
    def test_the_api_is_found_from_any_address_of_a_portal(self, address: str, expected: str) -> None:
        assert action_address(address, "x") == (expected, {})


def result(number: int) -> dict[str, Any]:
    return {"slug": f"s-{number}", "dcat": {"identifier": f"i-{number}", "title": f"Levels of river {number}"}}


class TestDatagovSearch:
    def test_all_pages_are_read_behind_the_cursor(self, serve: Serve, harvest: Start) -> None:
        asked: list[dict[str, str]] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            asked.append(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.path).query)))
            start = int(asked[-1].get("after", "0"))
            page: dict[str, Any] = {"results": [result(n) for n in range(start, min(start + 2, 5))]}
            send(request, page | ({"after": str(start + 2)} if start + 2 < 5 else {}))

        reading = harvest(serve(answer) + "/search", kind="datagov-search")
        assert identifiers(reading) == [f"i-{number}" for number in range(5)]
        assert (reading.expected, reading.complete) == (None, True)
        assert [page.get("after") for page in asked] == [None, "2", "4"]
        assert {page["per_page"] for page in asked} == {"1000"}

    @pytest.mark.long
    def test_pages_of_large_records_hold_fewer_of_them(self, start_portal: Callable[..., str], harvest: Start) -> None:
        reading = harvest(f"{start_portal(copies=300)}/search?org_slug=harbors", kind="datagov-search")
        assert len(list(reading)) == len(set(identifiers(reading))) == 300 * 9

    def test_a_search_address_of_no_stated_kind_is_paged_as_well(
        self, start_portal: Callable[..., str], harvest: Start
    ) -> None:
        reading = harvest(f"{start_portal()}/search?org_slug=harbors")
        assert len(list(reading)) == 9
        assert reading.source.kind == "datagov-search"

    def test_one_organisation_is_asked_for_by_its_slug(self, start_portal: Callable[..., str], harvest: Start) -> None:
        assert len(list(harvest(f"{start_portal()}/search?org_slug=lakes", kind="datagov-search"))) == 5

    def test_a_cursor_that_comes_round_is_an_error(self, serve: Serve, harvest: Start) -> None:
        turns = iter(range(100))

        def answer(request: BaseHTTPRequestHandler) -> None:
            turn = next(turns)
            send(request, {"results": [result(turn)], "after": "a" if turn % 2 else "b"})

        with pytest.raises(SourceError, match="same cursor again"):
            list(harvest(serve(answer), kind="datagov-search"))

    @pytest.mark.parametrize("found", [{"slug": "x"}, {"dcat": None}, None, "text", {"dcat": []}])
    def test_a_result_without_a_record_is_refused_and_the_rest_goes_on(
        self, serve: Serve, harvest: Start, found: Any
    ) -> None:
        base = serve(lambda request: send(request, {"results": [found, result(2)]}))
        first, second = harvest(base, kind="datagov-search")
        assert first.problems[0].code == "record-not-object"
        assert first.where == "$.results[0].dcat"
        assert second.dataset is not None

    def test_a_key_comes_from_the_environment_and_goes_into_a_header(
        self, serve: Serve, harvest: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[tuple[str | None, str]] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            seen.append((request.headers.get("X-Api-Key"), request.path))
            send(request, {"results": []})

        monkeypatch.setenv(search.KEY_VARIABLE, "key-of-mine")
        list(harvest(serve(answer), kind="datagov-search"))
        assert seen[0][0] == "key-of-mine"
        assert "key-of-mine" not in seen[0][1]
