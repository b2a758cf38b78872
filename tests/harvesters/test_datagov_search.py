"""The search of catalog.data.gov again and again: changes only, nothing taken for gone, a budget, a key, a cursor."""

from __future__ import annotations

import base64
import datetime
import json
import logging
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.protocols.datagov_search import search
from ckanext.aivision.harvesters.protocols.datagov_search.search import key_header
from ckanext.aivision.harvesters.sources.source_state import SourceState

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
PAGE = 10


class Search:
    """The search as GSA's own code answers: newest first, no date last, a cursor of sort values, 500 to a bad one.

    dates: days before NOON that each record was harvested, by its number. before_page: called with the number of the
    request, to change them meanwhile.
    """

    def __init__(self, dates: dict[int, float | None], newest_first: bool = True) -> None:
        self.dates, self.newest_first = dates, newest_first
        self.asked: list[dict[str, str]] = []
        self.keys: list[str | None] = []
        self.before_page: Callable[[int], None] = lambda _: None
        self.headers: dict[str, str] = {}
        self.refusing = 0

    def ordered(self) -> list[tuple[float, int]]:
        sign = 1 if self.newest_first else -1
        return sorted((sign * (1e9 if date is None else date), number) for number, date in self.dates.items())

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.path).query))
        self.before_page(len(self.asked))
        self.asked.append(query)
        self.keys.append(request.headers.get("X-Api-Key"))
        if self.refusing:
            self.refusing -= 1
            return self.send(request, 429, b"{}", {"Retry-After": "3000"})
        try:
            after = json.loads(base64.urlsafe_b64decode(query["after"])) if "after" in query else [-1e10, 0]
        except ValueError:
            return self.send(request, 500, b"<!DOCTYPE html><h1>Internal Server Error</h1>")
        rest = [row for row in self.ordered() if list(row) > after]
        answer: dict[str, Any] = {"results": [self.result(number) for _, number in rest[:PAGE]], "sort": query["sort"]}
        if len(rest) > PAGE:
            answer["after"] = base64.urlsafe_b64encode(json.dumps(rest[PAGE - 1]).encode()).decode()
        return self.send(request, 200, json.dumps(answer).encode(), self.headers)

    def result(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = {"dcat": {"identifier": f"i-{number}", "title": f"Levels of river {number}"}}
        date = self.dates[number]
        return found if date is None else {**found, "last_harvested_date": (NOON - date * DAY).isoformat()}

    @staticmethod
    def send(request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        request.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)


class Reader:
    """Reads one search again and again at the times of its own clock, and sleeps by turning it."""

    def __init__(self, search: Search, serve: Serve, harvest: Start) -> None:
        self.search, self.url, self.harvest = search, serve(search) + "/search", harvest
        self.time, self.slept = NOON, 0.0
        self.state: SourceState | None = None
        self.first = 0

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.time += datetime.timedelta(seconds=seconds)

    def start(self, **source: Any) -> Harvest:
        self.first = len(self.search.asked)
        clock = Clock(lambda: self.time, self.sleep)
        reading = self.harvest(
            self.url, kind="datagov-search", state=self.state, clock=clock, limits=Limits(retries=1, longest_wait=0.1)
        )
        reading.source = msgspec.structs.replace(reading.source, **source)
        return reading

    def read(self, **source: Any) -> tuple[Harvest, list[str]]:
        reading = self.start(**source)
        found = [str(record.identifier) for record in reading]
        self.state = msgspec.json.decode(msgspec.json.encode(reading.state), type=SourceState)
        return reading, found

    @property
    def requests(self) -> int:
        return len(self.search.asked) - self.first


@pytest.fixture
def reader(serve: Serve, harvest: Start) -> Callable[..., Reader]:
    """A reader of a search with so many records, one harvested each day, the first today."""

    def make(count: int, **options: Any) -> Reader:
        return Reader(Search({number: float(number) for number in range(count)}, **options), serve, harvest)

    return make


def test_the_first_reading_is_full_and_asks_for_the_newest_first(reader: Callable[..., Reader]) -> None:
    it = reader(35)
    reading, found = it.read()
    assert found == [f"i-{number}" for number in range(35)]
    assert (reading.complete, reading.incremental, reading.state.cursor) == (True, False, "")
    assert (reading.state.watermark, reading.state.full_ended) == (NOON, NOON)
    assert {page["sort"] for page in it.search.asked} == {"last_harvested_date"}


def test_the_next_reading_stops_where_the_last_one_began(reader: Callable[..., Reader]) -> None:
    it = reader(100)
    it.read()
    it.time += DAY
    it.search.dates[77] = -1.0
    reading, found = it.read()
    assert it.requests == 1
    assert found[0] == "i-77"
    assert len(found) == PAGE
    assert (reading.complete, reading.incremental) == (False, True)
    assert reading.state.watermark == NOON + DAY


def test_everything_is_read_again_when_its_time_has_come(reader: Callable[..., Reader]) -> None:
    it = reader(100)
    it.read()
    it.time += 8 * DAY
    del it.search.dates[50]
    reading, found = it.read()
    assert len(found) == 99
    assert (reading.complete, reading.incremental) == (True, False)
    it.time += 8 * DAY
    assert it.read(full_every_days=30)[0].incremental


def test_a_search_that_sorts_the_oldest_first_is_read_to_its_end(reader: Callable[..., Reader]) -> None:
    it = reader(35, newest_first=False)
    it.read()
    it.time += DAY
    it.search.dates[30] = -1.0
    reading, found = it.read()
    assert len(found) == 35
    assert (reading.complete, reading.incremental) == (True, False)


def test_records_that_tell_no_date_are_read_to_the_end(start_portal: Callable[..., str], harvest: Start) -> None:
    url = f"{start_portal()}/search?org_slug=harbors"
    first = harvest(url, kind="datagov-search")
    assert len(list(first)) == 9
    again = harvest(url, kind="datagov-search", state=msgspec.structs.replace(first.state, watermark=NOON))
    assert len(list(again)) == 9
    assert again.complete


def test_one_record_out_of_order_is_enough_to_read_on(reader: Callable[..., Reader]) -> None:
    it = reader(35)
    it.read()
    it.search.result = lambda number: {  # type: ignore[method-assign]
        "dcat": {"identifier": f"i-{number}", "title": "River"},
        "last_harvested_date": (NOON - (3 if number == 1 else number) * DAY).isoformat(),
    }
    reading, found = it.read()
    assert len(found) == 35
    assert reading.complete


def test_records_harvested_while_we_read_are_not_lost_and_come_once(reader: Callable[..., Reader]) -> None:
    it = reader(45)
    # Number 40 goes to the top before its page is read, number 3 after.
    it.search.before_page = lambda page: it.search.dates.update({40: -0.1, 3: -0.2} if page == 2 else {})
    reading, found = it.read()
    assert sorted(found) == sorted(f"i-{number}" for number in range(45))
    assert (reading.complete, reading.state.watermark) == (True, NOON)


def test_a_reading_that_breaks_off_goes_on_from_its_page(reader: Callable[..., Reader]) -> None:
    it = reader(45)
    records = iter(reading := it.start())
    first = [str(next(records).identifier) for _ in range(25)]
    it.state = reading.state
    reading, rest = it.read()
    assert it.search.asked[it.first]["after"] == base64.urlsafe_b64encode(b"[19.0, 19]").decode()
    assert set(first) | set(rest) == {f"i-{number}" for number in range(45)}
    assert len(rest) == 25
    # What was read before is not seen, so it must not be taken for gone, and a full reading stays due.
    assert (reading.complete, reading.incremental, reading.state.full_ended) == (False, True, None)
    assert it.read()[0].complete


def test_a_cursor_that_is_not_taken_any_more_starts_the_reading_anew_once(reader: Callable[..., Reader]) -> None:
    it = reader(25)
    records = iter(reading := it.start())
    for _ in range(15):
        next(records)
    it.state = msgspec.structs.replace(reading.state, cursor="stale")
    reading, found = it.read()
    assert len(found) == 25
    assert reading.complete
    assert [remark.code for remark in reading.remarks] == ["cursor-refused"]


def test_a_search_that_is_down_keeps_the_cursor(reader: Callable[..., Reader], serve: Serve) -> None:
    it = reader(25)
    records = iter(reading := it.start())
    for _ in range(15):
        next(records)
    it.state = before = reading.state
    it.search.refusing = 99
    reading = it.start()
    with pytest.raises(SourceError):
        list(reading)
    assert reading.state.cursor == before.cursor


def test_a_limited_look_neither_uses_nor_moves_the_state_but_counts_its_requests(reader: Callable[..., Reader]) -> None:
    it = reader(25)
    it.read()
    before = it.state
    clock = Clock(lambda: it.time, it.sleep)
    reading = it.harvest(it.url, limit=3, kind="datagov-search", state=before, clock=clock)
    assert [record.identifier for record in reading] == ["i-0", "i-1", "i-2"]
    assert before is not None
    assert msgspec.structs.replace(reading.state, requests=()) == msgspec.structs.replace(before, requests=())
    assert sum(count for _, count in reading.state.requests) == sum(count for _, count in before.requests) + 1


class TestBudget:
    def test_a_reading_waits_for_the_hour_that_allows_it(self, reader: Callable[..., Reader]) -> None:
        it = reader(45)
        reading, found = it.read(requests_per_hour=3)
        assert len(found) == 45
        assert 3600 <= it.slept <= 2 * 3700
        assert reading.complete

    def test_a_restart_does_not_begin_a_new_hour(self, reader: Callable[..., Reader]) -> None:
        it = reader(25)
        it.read(requests_per_hour=4)
        assert it.slept == 0
        it.read(requests_per_hour=4)
        assert it.slept > 3500

    def test_what_the_server_has_left_is_honoured(self, reader: Callable[..., Reader]) -> None:
        it = reader(15)
        it.search.headers = {"X-RateLimit-Remaining": "0"}
        it.read()
        assert it.slept >= 3600

    def test_too_many_requests_are_waited_for_on_the_clock_that_was_given(self, reader: Callable[..., Reader]) -> None:
        it = reader(5)
        it.search.refusing = 1
        assert len(it.read()[1]) == 5
        assert it.slept == 3000


class TestKey:
    @pytest.fixture(autouse=True)
    def no_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in (search.KEY_VARIABLE, search.KEY_FILE_VARIABLE):
            monkeypatch.delenv(name, raising=False)

    @pytest.mark.parametrize(
        "url",
        [
            "https://catalog.data.gov/search",
            "https://api.gsa.gov/technology/datagov/v4/search",
            "https://api.gsa.gov/technology/datagov/v4/",
        ],
    )
    def test_both_hosts_of_the_government_get_it(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(search.KEY_VARIABLE, "SECRET")
        assert key_header(url, allowed=False) == {"X-Api-Key": "SECRET"}

    @pytest.mark.parametrize(
        "url", ["https://portal.example.gov/search", "http://catalog.data.gov/search", "https://notdata.gov/search"]
    )
    def test_nobody_elses_server_and_no_open_line_gets_it(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(search.KEY_VARIABLE, "SECRET")
        assert key_header(url, allowed=False) is None

    def test_it_may_lie_in_a_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "key"
        path.write_text("SECRET\n")
        monkeypatch.setenv(search.KEY_FILE_VARIABLE, str(path))
        assert key_header("https://api.gsa.gov/x", allowed=False) == {"X-Api-Key": "SECRET"}
        path.unlink()
        with pytest.raises(UsageError, match="DATAGOV_API_KEY_FILE"):
            key_header("https://api.gsa.gov/x", allowed=False)

    @pytest.mark.parametrize("key", ["SEC\nRET", "SECR\xe9T"])
    def test_a_key_that_no_header_can_carry_is_the_operators_mistake(
        self, key: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(search.KEY_VARIABLE, key)
        with pytest.raises(UsageError) as caught:
            key_header("https://api.gsa.gov/x", allowed=False)
        assert key not in str(caught.value)

    def test_it_stands_in_no_address_state_log_or_message(
        self,
        reader: Callable[..., Reader],
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        monkeypatch.setenv(search.KEY_VARIABLE, "SECRET")
        caplog.set_level(logging.DEBUG)
        it = reader(15)
        reading, _ = it.read()
        assert set(it.search.keys) == {"SECRET"}
        it.search.refusing = 9
        with pytest.raises(SourceError) as caught:
            list(it.start())
        shown = f"{it.search.asked}{reading.state}{caplog.text}{caught.value}"
        assert "SECRET" not in shown
