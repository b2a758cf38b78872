"""A Catalogue Service for the Web: its pages, its changes, its versions, and what it does wrong."""

from __future__ import annotations

import datetime
import itertools
import re
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec
import pytest
from tests.harvesters.iso_documents import fgdc, record
from tests.harvesters.remarks import remarks_of

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.sources.source_state import SourceState

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
GMD = "http://www.isotc211.org/2005/gmd"
SINCE = re.compile(r"dct:modified</ogc:PropertyName><ogc:Literal>(\S+?)<|dct:modified >= '(\S+)'")
NUMBERS = re.compile(r'(startPosition|maxRecords)="(\d+)"')
EXCEPTION = (
    '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception exceptionCode="NoApplicableCode">'
    "<ows:ExceptionText>out of order</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
)


class Catalogue:
    """A catalogue of records, by their identifiers with the days before NOON that they were modified.

    refuses: a word of a request -> the body or the status that answers it. counts: what pages say instead of the truth.
    """

    def __init__(self, ages: dict[str, float]) -> None:
        self.ages = ages
        self.version, self.schemas, self.largest = "2.0.2", [GMD], 100
        self.refuses: dict[str, str | int] = {}
        self.counts: Callable[[dict[str, int]], dict[str, int]] = lambda counts: counts
        self.body: Callable[[str], str] = lambda identifier: record(identifier, stamp=self.day(identifier))
        self.asked: list[str] = []

    def day(self, identifier: str) -> str:
        return (NOON - self.ages[identifier] * DAY).date().isoformat()

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        posted = request.rfile.read(int(request.headers.get("Content-Length", 0))).decode()
        asked = posted or urllib.parse.unquote_plus(request.path)
        self.asked.append(f"{request.command} {asked}")
        refusal = next((answer for word, answer in self.refuses.items() if word in self.asked[-1]), None)
        body = refusal if isinstance(refusal, str) else self.answer(asked)
        request.send_response(refusal if isinstance(refusal, int) else 200)
        request.send_header("Content-Type", "application/xml")
        request.send_header("Content-Length", str(len(body.encode())))
        request.end_headers()
        request.wfile.write(body.encode())

    def answer(self, asked: str) -> str:
        if "GetCapabilities" in asked:
            values = "".join(f"<ows:Value>{schema}</ows:Value>" for schema in self.schemas)
            return (
                f'<csw:Capabilities xmlns:csw="http://www.opengis.net/cat/csw/{self.version}" version="{self.version}" '
                'xmlns:ows="http://www.opengis.net/ows"><ows:OperationsMetadata><ows:Operation name="GetRecords">'
                f'<ows:Parameter name="outputSchema">{values}</ows:Parameter></ows:Operation>'
                "</ows:OperationsMetadata></csw:Capabilities>"
            )
        found = sorted(self.ages)
        if since := SINCE.search(asked):
            found = [one for one in found if self.day(one) >= (since[1] or since[2])]
        return self.page(found, asked)

    def page(self, found: list[str], asked: str) -> str:
        numbers = {key: int(value) for key, value in NUMBERS.findall(asked)}
        if not numbers:
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(asked).query))
            numbers = {key: int(query[key]) for key in ("startPosition", "maxRecords")}
        start = numbers["startPosition"] - 1
        part = found[start : start + min(numbers["maxRecords"], self.largest)]
        following = start + len(part) + 1
        counts = {"matched": len(found), "returned": len(part), "next": following if following <= len(found) else 0}
        told = self.counts(counts)
        bodies = "".join(self.body(identifier) for identifier in part)
        return (
            '<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"><csw:SearchResults '
            f'numberOfRecordsMatched="{told["matched"]}" numberOfRecordsReturned="{told["returned"]}" '
            f'nextRecord="{told["next"]}">{bodies}</csw:SearchResults></csw:GetRecordsResponse>'
        )


class Reader:
    def __init__(self, catalogue: Catalogue, serve: Serve, harvest: Callable[..., Harvest]) -> None:
        self.catalogue, self.url, self.harvest = catalogue, serve(catalogue), harvest
        self.time = NOON
        self.state: SourceState | None = None

    def open(self, path: str = "/csw", **stated: Any) -> Harvest:
        clock, limits = Clock(lambda: self.time, lambda _: None), Limits(retries=0)
        return self.harvest(self.url + path, state=self.state, clock=clock, limits=limits, **stated)

    def read(self, path: str = "/csw", **stated: Any) -> tuple[Harvest, list[str | None]]:
        reading = self.open(path, **stated)
        found = [one.identifier for one in reading if one.dataset is not None]
        self.state = reading.state
        return reading, found

    def requests(self, word: str) -> list[str]:
        return [asked for asked in self.catalogue.asked if word in asked]


NAMES = [f"river-{number}" for number in range(5)]


@pytest.fixture
def reader(serve: Serve, harvest: Callable[..., Harvest]) -> Reader:
    reader = Reader(Catalogue({name: float(age) for age, name in enumerate(NAMES)}), serve, harvest)
    reader.catalogue.largest = 2
    return reader


def test_all_pages_are_read_and_the_kind_is_known_by_the_address(reader: Reader) -> None:
    reading, found = reader.read()
    assert (found, reading.expected, reading.complete) == (NAMES, 5, True)
    assert (reading.source.kind, reading.source.profile) == ("csw", "iso-19115")
    assert len(reader.requests("GetRecords")) == 3


def test_records_are_asked_for_in_iso_19139_sorted_by_their_identifiers(reader: Reader) -> None:
    reader.read()
    assert [asked[:4] for asked in reader.catalogue.asked] == ["GET ", "POST", "POST", "POST"]
    assert f'outputSchema="{GMD}"' in reader.catalogue.asked[1]
    assert "dc:identifier</ogc:PropertyName><ogc:SortOrder>ASC" in reader.catalogue.asked[1]


@pytest.mark.parametrize(("refused", "way"), [("POST", "GET"), ("SortBy", "POST"), ("sortBy", "POST")])
@pytest.mark.parametrize("answer", [405, EXCEPTION, "<html><body>Not here</body></html>"])
def test_a_catalogue_is_asked_in_the_way_that_it_answers(
    reader: Reader, refused: str, way: str, answer: int | str
) -> None:
    reader.catalogue.refuses = {refused: answer}
    reading, found = reader.read()
    assert (found, reading.complete) == (NAMES, True)
    assert reader.catalogue.asked[-1].startswith(way)


def test_csw_3_is_asked_by_the_query_of_its_address(reader: Reader) -> None:
    reader.catalogue.version = "3.0.0"
    reading, found = reader.read("/catalogue?service=CSW&map=rivers")
    assert (found, reading.source.kind) == (NAMES, "csw")
    assert all("version=3.0.0" in asked and "map=rivers" in asked for asked in reader.requests("GetRecords"))
    assert all(asked.startswith("GET") for asked in reader.catalogue.asked)


def test_a_bare_address_is_known_by_what_it_answers(reader: Reader) -> None:
    reader.catalogue.refuses = {"GET /catalogue": reader.catalogue.answer("GetCapabilities")}
    assert reader.read("/catalogue")[0].source.kind == "csw"


def test_the_best_schema_that_is_read_is_asked_for(reader: Reader) -> None:
    schema = "http://www.opengis.net/cat/csw/csdgm"
    reader.catalogue.schemas, reader.catalogue.body = ["http://www.opengis.net/cat/csw/2.0.2", schema], fgdc
    reading, _ = reader.read()
    assert f'outputSchema="{schema}"' in reader.requests("GetRecords")[0]
    assert reading.complete


def test_a_catalogue_without_a_schema_that_is_read_is_refused(reader: Reader) -> None:
    reader.catalogue.schemas = ["http://www.opengis.net/cat/csw/2.0.2"]
    with pytest.raises(SourceError, match="neither ISO 19139, ISO 19115-3 nor FGDC"):
        reader.read()


def test_the_second_reading_asks_for_what_was_modified_since_and_two_days_before(reader: Reader) -> None:
    first, _ = reader.read()
    assert (first.complete, first.incremental) == (True, False)
    reader.time += DAY
    reader.catalogue.ages["river-4"] = -1.0
    second, found = reader.read()
    assert found == ["river-0", "river-1", "river-2", "river-4"]
    assert (second.complete, second.incremental) == (False, True)
    assert "<ogc:Literal>2026-10-30<" in reader.catalogue.asked[-1]


def test_all_is_read_again_in_its_rhythm(reader: Reader) -> None:
    reader.read()
    reader.time += 8 * DAY
    reading, found = reader.read()
    assert (found, reading.complete) == (NAMES, True)


def test_a_catalogue_that_cannot_search_by_date_is_read_whole(reader: Reader) -> None:
    reader.read()
    reader.time += DAY
    reader.catalogue.refuses = {"dct:modified": EXCEPTION}
    reading, found = reader.read()
    assert (found, reading.complete) == (NAMES, True)
    assert [remark.code for remark in remarks_of(reading)] == ["changes-not-searchable"]


def test_a_reading_that_broke_off_goes_on_where_it_was(reader: Reader) -> None:
    reading = reader.open()
    list(itertools.islice(reading, 5))
    reader.state, reader.catalogue.asked = reading.state, []
    reader.catalogue.ages |= {f"stream-{number}": 0.0 for number in range(20)}
    again = reader.open()
    assert {one.identifier for one in again} >= {"stream-19"}
    assert (again.complete, again.incremental) == (False, True)


def test_part_of_a_catalogue_is_read_by_the_constraint_of_its_address(reader: Reader) -> None:
    address = f"/csw?constraint={urllib.parse.quote('apiso:OrganisationName = ' + chr(39) + 'A' + chr(39))}"
    reader.read(address)
    assert "constraint=apiso:OrganisationName = 'A'" in reader.catalogue.asked[-1]
    assert reader.catalogue.asked[-1].startswith("GET")


def test_an_exception_is_told_in_its_own_words(reader: Reader) -> None:
    reader.catalogue.refuses = {"GetRecords": EXCEPTION}
    with pytest.raises(SourceError, match="answers with an exception: NoApplicableCode out of order"):
        reader.read()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (EXCEPTION, "out of order"),
        ("<html><body>Sorry</body></html>", "a web page instead of an answer of a CSW"),
        ("<csw:GetRecordsResponse xmlns:csw='c'><csw:SearchResults>", "ends in the middle"),
    ],
)
def test_a_later_page_that_is_no_page_ends_the_reading_and_removes_nothing(
    reader: Reader, answer: str, message: str
) -> None:
    reader.catalogue.refuses = {'startPosition="3"': answer}
    reading = reader.open()
    with pytest.raises(SourceError, match=message):
        list(reading)
    assert not reading.complete


def test_a_catalogue_that_counts_more_than_it_gives_removes_nothing(reader: Reader) -> None:
    reader.catalogue.counts = lambda counts: {**counts, "matched": 9}
    reading = reader.open()
    with pytest.raises(SourceError, match="says it has 9 records but returned 5"):
        list(reading)
    assert not reading.complete


@pytest.mark.parametrize("matched", [0, 2, 4])
def test_a_catalogue_that_counts_less_than_it_has_is_read_to_its_end(reader: Reader, matched: int) -> None:
    reader.catalogue.counts = lambda counts: {**counts, "matched": matched}
    reading, found = reader.read()
    assert (found, reading.complete) == (NAMES, True)


def test_a_next_record_of_nought_does_not_end_a_catalogue_that_has_more(reader: Reader) -> None:
    reader.catalogue.counts = lambda counts: {**counts, "next": 0}
    assert reader.read()[1] == NAMES


def test_records_that_the_catalogue_cannot_give_in_this_schema_are_told_and_nothing_is_removed(reader: Reader) -> None:
    whole = reader.catalogue.body
    reader.catalogue.body = lambda identifier: "" if identifier == "river-1" else whole(identifier)
    reading, found = reader.read()
    assert (found, reading.complete) == ([name for name in NAMES if name != "river-1"], False)
    assert [remark.code for remark in remarks_of(reading)] == ["records-withheld"]


def test_pages_without_end_are_an_error(reader: Reader) -> None:
    reader.catalogue.counts = lambda counts: {"matched": 10**6, "returned": 2, "next": 3}
    reader.catalogue.refuses = {"startPosition": reader.catalogue.page(NAMES, 'startPosition="1" maxRecords="2"')}
    with pytest.raises(SourceError, match="returns the same records again and again"):
        reader.read()


def test_a_record_that_comes_twice_is_refused_the_second_time(reader: Reader) -> None:
    reader.catalogue.body = lambda identifier: record("river-0" if identifier == "river-3" else identifier)
    reading = reader.open()
    found = list(reading)
    assert [problem.code for one in found for problem in one.problems] == ["identifier-repeated"]
    assert reading.complete


def test_records_that_go_while_a_catalogue_is_read_are_not_passed_over(reader: Reader) -> None:
    reading = reader.open()
    records = iter(reading)
    found = [next(records).identifier for _ in range(2)]
    del reader.catalogue.ages["river-0"]
    found += [one.identifier for one in records if one.dataset is not None]
    assert set(found) == set(NAMES)
    assert reading.complete


def test_dublin_core_in_place_of_the_schema_is_named(reader: Reader) -> None:
    reader.catalogue.body = lambda identifier: f"<csw:Record><title>{identifier}</title></csw:Record>"
    with pytest.raises(SourceError, match=r"in Dublin Core \(csw:Record\)"):
        reader.read()


def test_a_request_for_one_record_is_a_document(reader: Reader) -> None:
    reader.catalogue.refuses = {"GetRecordById": reader.catalogue.page(NAMES, 'startPosition="2" maxRecords="1"')}
    reading, found = reader.read("/csw?service=CSW&request=GetRecordById&id=river-1")
    assert (found, reading.complete, len(reader.catalogue.asked)) == (["river-1"], True, 1)


def test_a_question_that_is_posted_follows_a_redirect(reader: Reader, serve: Serve) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers.get("Content-Length", 0)))
        request.send_response(301)
        request.send_header("Location", f"{reader.url}{request.path}")
        request.send_header("Content-Length", "0")
        request.end_headers()

    found = [one.identifier for one in reader.harvest(f"{serve(answer)}/csw", limits=Limits(retries=0))]
    assert (found, reader.catalogue.asked[-1][:4]) == (NAMES, "POST")


def test_requests_are_counted_in_the_hour_that_a_source_allows(reader: Reader) -> None:
    reading = reader.open()
    reading.source = msgspec.structs.replace(reading.source, requests_per_hour=100)
    assert len(list(reading)) == 5
    assert sum(count for _, count in reading.state.requests) == 4
