"""A CKAN portal read again: what changed since the last time, all of it in its rhythm, and package by package."""

from __future__ import annotations

import datetime
import itertools
import json
import re
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec
import pytest
from tests.harvesters.remarks import remarks_of

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.protocols.ckan.package_list import MOST_IN_A_ROW
from ckanext.aivision.harvesters.sources.source_state import SourceState

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
SINCE = re.compile(r"metadata_modified:\[(\S+)Z TO \*\]")


class Portal:
    """A portal of packages that changed so many days before NOON. closed: statuses of actions that answer nothing."""

    def __init__(self, ages: dict[str, float]) -> None:
        self.ages = ages
        self.closed: dict[str, int] = {}
        self.largest = 1000
        self.asked: list[tuple[str, dict[str, str]]] = []

    def package(self, name: str) -> dict[str, Any]:
        modified = (NOON - self.ages[name] * DAY).replace(tzinfo=None).isoformat()
        return {"id": f"id-{name}", "name": name, "title": "River", "metadata_modified": modified, "resources": []}

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        url = urllib.parse.urlsplit(request.path)
        action, query = url.path.rpartition("/")[2], dict(urllib.parse.parse_qsl(url.query))
        self.asked.append((action, query))
        status = self.closed.get(f"{action} {query.get('id', query.get('fq', ''))}", self.closed.get(action, 200))
        body = json.dumps({"success": status == 200, "result": self.result(action, query)}).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def result(self, action: str, query: dict[str, str]) -> Any:
        if action == "package_list":
            return sorted(self.ages)
        if action == "package_show":
            return self.package(query["id"])
        packages = [self.package(name) for name in sorted(self.ages)]
        if since := SINCE.search(query.get("fq", "")):
            packages = [found for found in packages if found["metadata_modified"] >= since[1]]
        start = int(query["start"])
        return {"count": len(packages), "results": packages[start : start + min(int(query["rows"]), self.largest)]}


class Reader:
    def __init__(self, portal: Portal, serve: Serve, harvest: Start) -> None:
        self.portal, self.url, self.harvest = portal, serve(portal), harvest
        self.time, self.slept = NOON, list[float]()
        self.state: SourceState | None = None

    def open(self, path: str = "") -> Harvest:
        clock, limits = Clock(lambda: self.time, self.slept.append), Limits(retries=1, longest_wait=0)
        return self.harvest(self.url + path, kind="ckan", state=self.state, clock=clock, limits=limits)

    def break_off(self, after: int) -> list[str]:
        """Reads so many records, and no further."""
        reading = self.open()
        found = [str(record.identifier) for record in itertools.islice(reading, after)]
        self.state = reading.state
        return found

    def read(self, path: str = "", **source: Any) -> tuple[Harvest, list[str]]:
        reading = self.open(path)
        reading.source = msgspec.structs.replace(reading.source, **source)
        found = [str(record.identifier) for record in reading]
        self.state = reading.state
        return reading, found


@pytest.fixture
def reader(serve: Serve, harvest: Start) -> Reader:
    return Reader(Portal({f"river-{number}": float(number) for number in range(5)}), serve, harvest)


def test_the_second_reading_asks_for_what_changed_since_and_an_hour_before(reader: Reader) -> None:
    first, found = reader.read()
    assert (len(found), first.complete, first.incremental, first.state.watermark) == (5, True, False, NOON)
    reader.time += DAY
    reader.portal.ages["river-3"] = -0.5
    second, found = reader.read()
    assert found == ["id-river-0", "id-river-3"]
    assert reader.portal.asked[-1][1]["fq"] == "metadata_modified:[2026-11-01T11:00:00Z TO *]"
    assert (second.complete, second.incremental) == (False, True)
    assert second.state.watermark == NOON + DAY / 2


def test_a_reading_without_changes_keeps_the_watermark(reader: Reader) -> None:
    reader.read()
    reader.portal.ages = {"river-4": 4.0}
    reading, found = reader.read()
    assert found == []
    assert reading.state.watermark == NOON
    assert reading.incremental


def test_everything_is_read_again_when_its_time_has_come(reader: Reader) -> None:
    reader.read()
    reader.time += 6 * DAY
    assert reader.read()[0].incremental
    reader.time += DAY
    del reader.portal.ages["river-2"]
    reading, found = reader.read()
    assert len(found) == 4
    assert (reading.complete, reading.incremental, reading.state.full_ended) == (True, False, reader.time)


def test_a_change_dated_by_a_clock_that_is_ahead_does_not_move_the_watermark_past_our_own_time(reader: Reader) -> None:
    reader.portal.ages["river-1"] = -300.0
    assert reader.read()[0].state.watermark == NOON


@pytest.mark.parametrize(
    ("fq", "expected"),
    [
        ("organization:water", "organization:water +metadata_modified:[2026-11-01T11:00:00Z TO *]"),
        ("a:1 OR a:2", "+(a:1 OR a:2) +metadata_modified:[2026-11-01T11:00:00Z TO *]"),
    ],
)
def test_a_part_of_a_portal_stays_that_part(reader: Reader, fq: str, expected: str) -> None:
    path = f"/api/3/action/package_search?{urllib.parse.urlencode({'fq': fq})}"
    reader.read(path)
    reader.read(path)
    assert reader.portal.asked[-1][1]["fq"] == expected


def test_a_portal_that_cannot_be_asked_for_changes_is_read_whole(reader: Reader) -> None:
    reader.read()
    reader.portal.closed["package_search metadata_modified:[2026-11-01T11:00:00Z TO *]"] = 409
    reading, found = reader.read()
    assert len(found) == 5
    assert (reading.complete, reading.incremental) == (True, False)
    assert [remark.code for remark in remarks_of(reading)] == ["changes-not-searchable"]


def test_a_budget_of_requests_holds_for_a_portal_that_states_one(reader: Reader) -> None:
    reading, _ = reader.read(requests_per_hour=100)
    assert sum(count for _, count in reading.state.requests) == 1


class TestBrokenOff:
    """The portal gives two packages a page; the reading breaks off at the third page, of the packages 4 and 5."""

    @pytest.fixture
    def broken(self, reader: Reader) -> Reader:
        reader.portal.ages = {f"river-{number}": float(number) for number in range(9)}
        reader.portal.largest = 2
        assert reader.break_off(after=5) == [f"id-river-{number}" for number in range(5)]
        reader.portal.asked.clear()
        return reader

    def test_the_next_reading_goes_on_behind_the_last_page(self, broken: Reader) -> None:
        reading, found = broken.read()
        assert found == [f"id-river-{number}" for number in range(4, 9)]
        assert broken.portal.asked[0][1]["start"] == "3"
        assert (reading.complete, reading.incremental, reading.state.full_ended) == (False, True, None)
        assert (reading.state.cursor, reading.state.watermark) == ("", NOON)
        assert not remarks_of(reading)

    @pytest.mark.parametrize("gone", ["river-0", "river-5", "river-8"])
    def test_nothing_is_passed_over_though_a_package_went_meanwhile(self, broken: Reader, gone: str) -> None:
        del broken.portal.ages[gone]
        _, found = broken.read()
        assert set(found) >= {f"id-river-{number}" for number in range(4, 9)} - {f"id-{gone}"}

    def test_nothing_comes_twice_though_packages_came_meanwhile(self, broken: Reader) -> None:
        broken.portal.ages["river-00"] = -1
        _, found = broken.read()
        assert [name for name in found if name != "id-river-3"] == [f"id-river-{number}" for number in range(4, 9)]

    def test_what_was_last_and_is_gone_starts_the_reading_anew_and_says_so(self, broken: Reader) -> None:
        del broken.portal.ages["river-3"]
        reading, found = broken.read()
        assert (len(found), reading.complete) == (8, True)
        assert [remark.code for remark in remarks_of(reading)] == ["cursor-refused"]

    def test_a_reading_that_broke_off_too_long_ago_starts_anew(self, broken: Reader) -> None:
        broken.time += 7 * DAY
        reading, found = broken.read()
        assert (len(found), reading.complete, broken.portal.asked[0][1]["start"]) == (9, True, "0")

    def test_a_reading_of_changes_goes_on_among_the_changes(self, reader: Reader) -> None:
        reader.read()
        reader.time += DAY
        reader.portal.ages.update({f"river-{number}": -0.5 for number in range(5)})
        reader.portal.largest = 2
        reader.break_off(after=3)
        reading, found = reader.read()
        assert found == [f"id-river-{number}" for number in range(2, 5)]
        assert all("metadata_modified" in query["fq"] for _, query in reader.portal.asked[1:])
        assert (reading.incremental, reading.state.watermark) == (True, NOON + DAY / 2)

    def test_a_portal_read_package_by_package_goes_on_there(self, reader: Reader) -> None:
        reader.portal.closed["package_search"] = 403
        reader.break_off(after=3)
        reader.portal.asked.clear()
        reading, found = reader.read()
        assert found == [f"id-river-{number}" for number in range(2, 5)]
        assert [query["id"] for action, query in reader.portal.asked if action == "package_show"] == [
            f"river-{number}" for number in range(2, 5)
        ]
        assert reading.incremental

    @pytest.mark.parametrize("cursor", ["nonsense", "all x 2 id", "all 4 2 ", "all 99999999999999999999 2 id", "\0"])
    def test_a_cursor_that_nobody_wrote_is_no_harm(self, broken: Reader, cursor: str) -> None:
        assert broken.state is not None
        broken.state = msgspec.structs.replace(broken.state, cursor=cursor)
        assert len(broken.read()[1]) == 9


class TestOneByOne:
    @pytest.mark.parametrize("status", [400, 403, 404, 500])
    def test_a_portal_that_has_shut_its_search_is_read_package_by_package(self, reader: Reader, status: int) -> None:
        reader.portal.closed["package_search"] = status
        reading, found = reader.read()
        assert found == [f"id-river-{number}" for number in range(5)]
        assert (reading.complete, reading.expected) == (True, 5)
        assert [remark.code for remark in remarks_of(reading)] == ["package-search-shut"]
        assert [query.get("id") for action, query in reader.portal.asked if action == "package_show"] == sorted(
            reader.portal.ages
        )
        assert len(reader.slept) == 5
        assert all(pause > 0 for pause in reader.slept)

    @pytest.mark.parametrize("status", [403, 404, 500])
    def test_a_package_that_is_not_shown_is_refused_with_the_reason_and_nothing_is_gone(
        self, reader: Reader, status: int
    ) -> None:
        reader.portal.closed = {"package_search": 403, "package_show river-2": status}
        reading = reader.harvest(reader.url, kind="ckan", limits=Limits(retries=0))
        records = list(reading)
        assert [record.dataset is not None for record in records] == [True, True, False, True, True]
        assert records[2].problems[0].code == "package-not-shown"
        assert f"status {status}" in records[2].problems[0].message
        assert (reading.complete, reading.incremental, reading.state.full_ended) == (False, True, None)

    def test_a_portal_that_shows_nothing_any_more_is_left(self, reader: Reader) -> None:
        reader.portal.ages = {f"river-{number}": 1.0 for number in range(100)}
        reader.portal.closed = {"package_search": 403, "package_show": 404}
        with pytest.raises(SourceError, match="packages in a row cannot be shown"):
            reader.read()
        assert len(reader.portal.asked) == MOST_IN_A_ROW + 2

    def test_a_part_of_a_portal_is_not_replaced_by_the_whole(self, reader: Reader) -> None:
        reader.portal.closed["package_search"] = 403
        with pytest.raises(SourceError, match="the server responded with 403"):
            reader.read("/api/3/action/package_search?fq=organization:water")
        assert [action for action, _ in reader.portal.asked] == ["package_search"]

    def test_a_portal_that_is_only_busy_is_not_asked_package_by_package(self, reader: Reader) -> None:
        reader.portal.closed["package_search"] = 503
        with pytest.raises(SourceError, match="503"):
            reader.read()
        assert {action for action, _ in reader.portal.asked} == {"package_search"}
