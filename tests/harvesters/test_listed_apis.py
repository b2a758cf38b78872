"""Socrata, Opendatasoft, ArcGIS Hub and OGC API Records, page by page: what each may do wrong, and what only they do.

One test a promise, for all of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec
import pytest
from tests.harvesters.listed_portals import (
    DAY,
    NOON,
    PORTALS,
    ArcgisHub,
    Features,
    ListedPortal,
    Opendatasoft,
    Socrata,
    send,
)

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.protocols import listed_pages
from ckanext.aivision.harvesters.protocols.opendatasoft import catalogue
from ckanext.aivision.harvesters.sources.source_state import SourceState

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]
ONCE = Limits(retries=0)
AGAIN = Limits(retries=3, longest_wait=0.05)
each_product = pytest.mark.parametrize("kind", PORTALS)


class Reader:
    """Reads one portal again and again, at the times of its own clock."""

    def __init__(self, portal: ListedPortal, serve: Serve, harvest: Start) -> None:
        self.portal, self.url, self.harvest = portal, serve(portal), harvest
        self.time = NOON
        self.state: SourceState | None = None

    def start(self, limits: Limits = ONCE, **stated: Any) -> Harvest:
        self.portal.asked.clear()
        clock = Clock(lambda: self.time, lambda seconds: None)
        url = f"{self.url}{self.portal.path}"
        return self.harvest(url, kind=self.portal.kind, state=self.state, clock=clock, limits=limits, **stated)

    def read(self, limits: Limits = ONCE, **stated: Any) -> tuple[Harvest, list[str]]:
        reading = self.start(limits, **stated)
        found = [str(record.identifier) for record in reading]
        self.state = msgspec.json.decode(msgspec.json.encode(reading.state), type=SourceState)
        return reading, found


@pytest.fixture
def reader(serve: Serve, harvest: Start) -> Callable[..., Reader]:
    return lambda kind, count=10: Reader(PORTALS[kind](count), serve, harvest)


def identifiers(numbers: range | list[int]) -> list[str]:
    return [ListedPortal.identifier(number) for number in numbers]


@each_product
def test_every_page_is_read_and_each_record_comes_once(kind: str, reader: Callable[..., Reader]) -> None:
    it = reader(kind)
    reading, found = it.read()
    assert found == identifiers(range(10))
    assert (reading.expected, reading.complete, reading.incremental) == (10, True, False)


@each_product
def test_an_address_of_no_stated_kind_is_known_by_what_it_gives(kind: str, serve: Serve, harvest: Start) -> None:
    portal = PORTALS[kind](3)

    def answer(request: BaseHTTPRequestHandler) -> None:
        query = "" if "?" in request.path else "?limit=10&offset=0&order_by=dataset_id&scroll_id="
        request.path += query
        portal(request)

    reading = harvest(f"{serve(answer)}{portal.path}")
    assert len(list(reading)) == 3
    assert reading.source.kind == kind


@each_product
def test_fewer_records_than_the_portal_says_it_has_is_an_error(kind: str, reader: Callable[..., Reader]) -> None:
    it = reader(kind)
    it.portal.total = 25
    reading = it.start()
    with pytest.raises(SourceError, match="says it has 25 records but returned 10"):
        list(reading)
    assert not reading.complete


@pytest.mark.parametrize("kind", ["opendatasoft", "arcgis-hub", "ogc-records"])
def test_more_records_than_the_portal_says_it_has_are_all_read(kind: str, reader: Callable[..., Reader]) -> None:
    it = reader(kind)
    it.portal.total = 6
    it.portal.most_rows = 100 if kind == "opendatasoft" else 4
    reading, found = it.read()
    assert found == identifiers(range(10))
    assert "count-wrong" in [remark.code for remark in reading.remarks]


@each_product
def test_one_page_again_and_again_is_an_error(
    kind: str, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    it = reader(kind, 1100 if kind == "socrata" else 10)
    it.portal.repeats = True
    reading = it.start()
    with pytest.raises(SourceError, match="again"):
        list(reading)
    assert not reading.complete


@each_product
def test_a_list_without_an_end_is_an_error(
    kind: str, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listed_pages, "MOST_PAGES", 5)
    monkeypatch.setattr(catalogue, "MOST_BY_NUMBER", 10**9)
    it = reader(kind)
    it.portal.endless = True
    reading = it.start()
    with pytest.raises(SourceError, match="more than 5 pages; the list does not end"):
        list(reading)
    assert not reading.complete


def cut(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    request.wfile.write(b'{"results": [{"resource": {"id": "aaaa-0000", "na')


FAULTS: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {
    "a web page": lambda request: send(request, "<!DOCTYPE html><h1>Maintenance</h1>", Content_Type="text/html"),
    "cut": cut,
    "no list": lambda request: send(request, {"message": "no"}),
    "a list of nothing": lambda request: send(request, []),
    "an odd total": lambda request: send(request, {"results": {}, "features": {}, "resultSetSize": "many"}),
    "too busy": lambda request: send(request, "{}", 429, Retry_After="3600"),
    "gone": lambda request: send(request, "{}", 404),
}


@each_product
@pytest.mark.parametrize("fault", FAULTS)
def test_a_later_page_that_is_wrong_ends_the_reading_with_one_line_and_nothing_is_taken_for_gone(
    kind: str, fault: str, reader: Callable[..., Reader]
) -> None:
    it = reader(kind, 1100 if kind == "socrata" else 10)

    def broken(request: BaseHTTPRequestHandler) -> bool:
        if not it.portal.asked:
            return False
        FAULTS[fault](request)
        return True

    it.portal.broken = broken
    reading = it.start()
    with pytest.raises(SourceError) as caught:
        list(reading)
    assert "\n" not in str(caught.value)
    assert (reading.complete, reading.state.full_ended) == (False, None)


@each_product
def test_a_fault_that_passes_costs_no_record(kind: str, reader: Callable[..., Reader]) -> None:
    it = reader(kind)
    turns = iter(["too busy", "cut", "", "a web page", "too busy", ""])

    def broken(request: BaseHTTPRequestHandler) -> bool:
        if fault := next(turns, ""):
            FAULTS[fault](request)
        return bool(fault)

    it.portal.broken = broken
    reading, found = it.read(AGAIN)
    assert (found, reading.complete) == (identifiers(range(10)), True)


class TestChanges:
    @each_product
    def test_the_next_reading_asks_for_what_changed_alone(self, kind: str, reader: Callable[..., Reader]) -> None:
        it = reader(kind, 30)
        it.portal.most_rows = 5
        if kind == "socrata":
            it.portal.numbers = list(range(1100))
            it.portal.changed = {number: NOON - number * DAY for number in range(1100)}
            it.portal.most_rows = 1000
        it.read()
        it.time += DAY
        it.portal.changed[20] = it.time
        reading, found = it.read()
        assert len(it.portal.asked) == 1
        assert found[0] == ListedPortal.identifier(20)
        assert (reading.complete, reading.incremental, reading.state.watermark) == (False, True, it.time)

    @each_product
    def test_what_was_removed_shows_when_everything_is_read_again(
        self, kind: str, reader: Callable[..., Reader]
    ) -> None:
        it = reader(kind)
        it.read()
        it.time += 8 * DAY
        del it.portal.numbers[3]
        reading, found = it.read()
        assert (len(found), reading.complete, reading.incremental) == (9, True, False)

    @each_product
    def test_a_list_that_is_not_sorted_as_asked_is_read_to_its_end(
        self, kind: str, reader: Callable[..., Reader]
    ) -> None:
        it = reader(kind)
        it.portal.sorts = False
        it.portal.changed = {number: NOON - (9 - number) * DAY for number in range(10)}
        it.read()
        it.time += DAY
        reading, found = it.read()
        assert (len(found), reading.complete) == (10, True)

    @each_product
    def test_a_list_that_cannot_be_sorted_is_read_in_full(self, kind: str, reader: Callable[..., Reader]) -> None:
        it = reader(kind)
        it.read()
        it.time += DAY

        def broken(request: BaseHTTPRequestHandler) -> bool:
            asked = any(sign in request.path for sign in ("updatedAt", "desc", "sortby", "sortBy"))
            if asked:
                send(request, {"error": "unknown field"}, 400)
            return asked

        it.portal.broken = broken
        reading, found = it.read()
        assert (len(found), reading.complete) == (10, True)
        assert "changes-not-searchable" in [remark.code for remark in reading.remarks]

    @each_product
    def test_a_reading_that_breaks_off_goes_on_from_its_page(self, kind: str, reader: Callable[..., Reader]) -> None:
        it = reader(kind, 1100 if kind == "socrata" else 10)
        records = iter(reading := it.start())
        had = [str(next(records).identifier) for _ in range(1005 if kind == "socrata" else 5)]
        it.state = reading.state
        reading, rest = it.read()
        assert set(had) | set(rest) == set(identifiers(it.portal.numbers))
        assert len(rest) < len(it.portal.numbers)
        assert (reading.complete, reading.incremental, reading.state.full_ended) == (False, True, None)

    @each_product
    def test_a_sample_neither_uses_nor_moves_the_state(self, kind: str, reader: Callable[..., Reader]) -> None:
        it = reader(kind)
        it.read()
        before = it.state
        reading, found = it.read(limit=2)
        assert (len(found), reading.state) == (2, before)


class TestOpendatasoft:
    def test_datasets_removed_while_reading_make_no_other_be_missed(self, reader: Callable[..., Reader]) -> None:
        it = reader("opendatasoft", 20)

        def remove(number: int) -> None:
            if number == 2:
                del it.portal.numbers[:3]

        it.portal.before_page = remove
        reading, found = it.read()
        assert (found, reading.complete) == (identifiers(range(20)), True)

    def test_more_than_pages_give_are_read_from_the_export(
        self, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalogue, "MOST_BY_NUMBER", 8)
        reading, found = reader("opendatasoft").read()
        assert (found, reading.complete) == (identifiers(range(10)), True)

    def test_an_export_that_was_cut_is_an_error(
        self, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalogue, "MOST_BY_NUMBER", 8)
        it = reader("opendatasoft")

        def broken(request: BaseHTTPRequestHandler) -> bool:
            if "/exports/" not in request.path:
                return False
            send(request, '[{"dataset_id": "a", "metas": {"default": {"title": "A"}}}')
            return True

        it.portal.broken = broken
        reading = it.start()
        with pytest.raises(SourceError):
            list(reading)
        assert not reading.complete

    def test_files_are_the_exports_of_the_portal(self, serve: Serve, harvest: Start) -> None:
        url = serve(Opendatasoft(1))
        [record] = harvest(url, kind="opendatasoft")
        assert record.dataset is not None
        assert record.dataset.distribution[0].download_url == (
            f"{url}/api/explore/v2.1/catalog/datasets/aaaa-0000/exports/csv"
        )

    def test_its_export_as_dcat_is_a_document(self, serve: Serve, harvest: Start) -> None:
        turtle = (
            "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . "
            '<https://a.example.gov/1> a dcat:Dataset ; dct:title "Trees" .'
        )
        url = f"{serve(lambda request: send(request, turtle))}/api/explore/v2.1/catalog/exports/ttl"
        reading = harvest(url)
        list(reading)
        assert reading.source.kind == "dcat-rdf"


class TestSocrata:
    def test_charts_and_stories_are_counted_and_left_out(self, serve: Serve, harvest: Start) -> None:
        class Mixed(Socrata):
            def record(self, number: int) -> Any:
                found = super().record(number)
                found["resource"]["type"] = ("dataset", "chart", "story", "map")[number % 4]
                return found

        reading = harvest(serve(Mixed(8)), kind="socrata")
        assert [record.identifier for record in reading] == identifiers([0, 3, 4, 7])
        assert reading.complete
        [told] = [remark for remark in reading.remarks if remark.code == "not-datasets"]
        assert (told.message[:8], told.seen) == ("4 assets", "2 chart, 2 story")

    def test_a_portal_asks_for_its_own_assets_and_keeps_the_query_of_its_address(
        self, serve: Serve, harvest: Start
    ) -> None:
        portal = Socrata(1)
        url = serve(portal)
        list(harvest(url, kind="socrata"))
        list(harvest(f"{url}/api/catalog/v1?domains=data.example.gov&categories=Health&limit=3"))
        assert [query["domains"] for query in portal.asked] == ["127.0.0.1", "data.example.gov"]
        assert (portal.asked[1]["categories"], portal.asked[1]["limit"]) == ("Health", "1000")


class TestFeatures:
    @pytest.mark.parametrize("kind", ["arcgis-hub", "ogc-records"])
    def test_a_next_page_on_another_host_is_not_fetched(self, kind: str, reader: Callable[..., Reader]) -> None:
        it = reader(kind)
        assert isinstance(it.portal, Features)
        it.portal.other_host = "http://169.254.169.254/latest"
        with pytest.raises(SourceError, match="on another host"):
            it.read()

    def test_a_site_with_more_than_the_search_shows_is_not_taken_for_whole(
        self, serve: Serve, harvest: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from ckanext.aivision.harvesters.protocols.arcgis_hub import search

        monkeypatch.setattr(search, "MOST_SHOWN", 10)
        reading = harvest(serve(ArcgisHub(10)), kind="arcgis-hub")
        with pytest.raises(SourceError, match=r"shows no more than 10 datasets.*api/feed/dcat-us"):
            list(reading)

    def test_all_collections_of_records_of_a_catalogue_are_read(self, serve: Serve, harvest: Start) -> None:
        portal = PORTALS["ogc-records"](3)
        listed = [{"id": "main", "itemType": "record"}, {"id": "roads", "itemType": "feature"}]

        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path.startswith("/csw/collections?"):
                send(request, {"collections": listed})
            elif request.path.startswith("/csw/collections/main/items"):
                portal(request)
            else:
                send(request, "{}", 404)

        reading = harvest(f"{serve(answer)}/csw/", kind="ogc-records")
        assert len(list(reading)) == 3
        assert reading.complete


def test_dates_in_milliseconds_are_days(serve: Serve, harvest: Start) -> None:
    [record] = harvest(serve(ArcgisHub(1)), kind="arcgis-hub")
    assert record.dataset is not None
    assert record.dataset.modified is not None
    assert record.dataset.modified.value == datetime.date(2026, 11, 1)
