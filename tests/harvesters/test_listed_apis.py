"""Lists in pages (Socrata, Opendatasoft, ArcGIS Hub, OGC API Records): what each may do wrong, and changes.

One test a promise, for all of them; what only one of them does is in `test_listed_products`.
"""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest
from tests.harvesters.listed_portals import DAY, NOON, PORTALS, ListedPortal, Reader, Serve, Start, identifiers, send

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.protocols import listed_pages
from ckanext.aivision.harvesters.protocols.opendatasoft import catalogue

AGAIN = Limits(retries=3, longest_wait=0.05)
each_product = pytest.mark.parametrize("kind", PORTALS)


@pytest.fixture
def reader(serve: Serve, harvest: Start) -> Callable[..., Reader]:
    return lambda kind, count=10: Reader(PORTALS[kind](count), serve, harvest)


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


@pytest.mark.long
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


@pytest.mark.parametrize("kind", ["opendatasoft", "arcgis-hub", "ogc-records"])
def test_a_list_in_another_order_for_each_page_takes_nothing_for_gone(kind: str, reader: Callable[..., Reader]) -> None:
    it = reader(kind)

    def turn(number: int) -> None:
        it.portal.numbers = it.portal.numbers[-number:] + it.portal.numbers[:-number]

    it.portal.before_page = turn
    reading, found = it.read()
    assert len(set(found)) < 10
    assert "records-repeated" in [remark.code for remark in reading.remarks]
    assert (reading.complete, reading.state.full_ended) == (False, None)


@pytest.mark.long
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
    request.close_connection = True


FAULTS: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {
    "a web page": lambda request: send(request, "<!DOCTYPE html><h1>Maintenance</h1>", Content_Type="text/html"),
    "cut": cut,
    "no list": lambda request: send(request, {"message": "no"}),
    "a list of nothing": lambda request: send(request, []),
    "an odd total": lambda request: send(request, {"results": {}, "features": {}, "resultSetSize": "many"}),
    "too busy": lambda request: send(request, "{}", 429, Retry_After="3600"),
    "gone": lambda request: send(request, "{}", 404),
}


@pytest.mark.long
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
    @pytest.mark.long
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
