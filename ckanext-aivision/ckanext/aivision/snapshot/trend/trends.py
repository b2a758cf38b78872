"""Answer what a reader asks of the series over time: whose, of which measure, from when to when."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.charts.trend_marks import TrendChart, TrendSeries, trend_chart
from ckanext.aivision.compare.series import store
from ckanext.aivision.compare.series.points import OVERALL, Point
from ckanext.aivision.compare.series.seams import between, find_seams, thinned
from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import shorten
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.read import Snapshot

NAMES = ("country", "agency", "dimension", "criterion", "rubric_version", "first", "last")
# Of one series in a chart and its table.
MOST_POINTS = 60
# Of the series that were asked for last, a process keeps these: 5 MB at most.
_SERIES_KEPT = 64
_ONE_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LONGEST_SHOWN = 100


class TrendQuestion(NamedTuple):
    """country, agency, rubric_version: empty for all. measure: overall, or the id of a dimension or criterion.
    first, last: days, both included; None for no limit."""

    country: str = ""
    agency: str = ""
    measure: str = OVERALL
    rubric_version: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value, as they stand in an address."""
        kind = "dimension" if self.measure in DIMENSIONS else "criterion"
        found = [
            ("country", self.country),
            ("agency", self.agency),
            (kind, "" if self.measure == OVERALL else self.measure),
            ("rubric_version", self.rubric_version),
            ("first", self.first.isoformat() if self.first else ""),
            ("last", self.last.isoformat() if self.last else ""),
        ]
        return [(name, value) for name, value in found if value]


class TrendAnswer(NamedTuple):
    """snapshot: the newest; None while there is none. contents: what there are series of. series: those asked for.
    chart: None without a point. each: which points are shown where not all are: the last one of each week, month or
    year; empty for all. version: the current one of the rubric."""

    question: TrendQuestion
    snapshot: Snapshot | None
    contents: store.Contents
    series: list[TrendSeries]
    chart: TrendChart | None
    each: str
    version: str


_NOTHING = store.Contents([], [], [], False)


def answer(pairs: Iterable[tuple[str, str]]) -> TrendAnswer:
    """The series that name and value, as of an address, ask for.

    An empty value, as a form sends it for what is not chosen, asks for nothing. Raises UsageError for a name or value
    that means nothing.
    """
    return answer_from(read.newest(), pairs)


def answer_from(found: Snapshot | None, pairs: Iterable[tuple[str, str]]) -> TrendAnswer:
    """The same from a snapshot that is at hand. Raises as `answer`."""
    # Read before the question, which may ask for what only former versions had.
    contents = _contents(found.folder) if found is not None else _NOTHING
    question = _read_question(pairs, contents)
    version = found.manifest.rubric_version if found is not None else load().version
    if found is None:
        return TrendAnswer(question, None, contents, [], None, "", version)
    series, each = _series(found, question, contents)
    end = min(question.last or found.moment.date(), found.moment.date())
    return TrendAnswer(
        question, found, contents, series, trend_chart(series, version, question.first, end), each, version
    )


def as_data(found: TrendAnswer) -> dict[str, Any]:
    """The points and seams in plain values, as they are given out."""
    return {
        "as_of": found.snapshot.as_of if found.snapshot is not None else None,
        "rubric_version": found.version,
        "rubric_versions": found.contents.versions,
        "series": [
            {
                "points": [point._asdict() for point in one.points],
                "changes": [seam._asdict() for seam in one.seams],
            }
            for one in found.series
        ],
    }


def _series(found: Snapshot, question: TrendQuestion, contents: store.Contents) -> tuple[list[TrendSeries], str]:
    """The series with their seams, and which points they have where not all."""
    agency = load_register().agencies.get(question.agency)
    only = agency.country if agency is not None else question.country
    codes = [code for code in COUNTRIES if only in ("", code)]
    try:
        stored = _stored(found.folder, tuple(codes), question.agency, question.measure, contents.samples_only)
    except (OSError, duckdb.IOException):
        return [], ""
    shown, each = [], ""
    for place, (code, label) in enumerate(COUNTRIES.items()):
        if code in stored:
            points, name = _asked_for(stored[code].points, question)
            each = each or name
            title = agency.title if agency is not None else label
            shown.append(TrendSeries(title, place, points, find_seams(points, stored[code].sources)))
    return shown, each


def _asked_for(points: list[Point], question: TrendQuestion) -> tuple[list[Point], str]:
    """Those of the version and the time that are asked for, and which they are if not all are shown."""
    if question.rubric_version:
        points = [point for point in points if point.rubric_version == question.rubric_version]
    # A country without datasets has no beginning yet.
    begins = next((place for place, point in enumerate(points) if point.data_sets), len(points))
    return thinned(between(points[begins:], question.first, question.last), MOST_POINTS)


@functools.lru_cache(_SERIES_KEPT)
def _stored(
    folder: Path, countries: tuple[str, ...], agency: str, measure: str, sample: bool
) -> dict[str, store.Stored]:
    """As `read_series`; of a snapshot it is always the same, and not to be changed."""
    return store.read_series(folder, countries, agency, measure, sample)


@functools.lru_cache(maxsize=4)
def _contents(folder: Path) -> store.Contents:
    """A snapshot is never changed, so that its contents are worked out once; empty for one of an earlier version."""
    try:
        return store.contents_of(folder)
    except (OSError, duckdb.IOException):
        return _NOTHING


def _read_question(pairs: Iterable[tuple[str, str]], contents: store.Contents) -> TrendQuestion:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in NAMES:
            raise UsageError(f"{_in_one_line(name)}: there is no such choice; there are {', '.join(NAMES)}")
        if name in given:
            raise UsageError(f"{name}: it can be given once")
        given[name] = value.strip()
    question = TrendQuestion(
        country=_one_of("country", given.get("country", ""), list(COUNTRIES)),
        agency=given.get("agency", ""),
        measure=_measure(given.get("dimension", ""), given.get("criterion", ""), contents),
        rubric_version=_one_of("rubric_version", given.get("rubric_version", ""), contents.versions),
        first=_day("first", given.get("first", "")),
        last=_day("last", given.get("last", "")),
    )
    if question.agency:
        _check_agency(question)
    if question.first and question.last and question.first > question.last:
        raise UsageError(f"first={question.first}: it is later than last={question.last}")
    return question


def _check_agency(question: TrendQuestion) -> None:
    agency = load_register().agencies.get(question.agency)
    if agency is None:
        raise UsageError(f"agency={_in_one_line(question.agency)}: there is no such agency")
    if question.country not in ("", agency.country):
        raise UsageError(f"agency={agency.id}: it is not of country={question.country}")


def _measure(dimension: str, criterion: str, contents: store.Contents) -> str:
    dimension = _one_of("dimension", dimension, list(DIMENSIONS))
    rows = {row.id: row for row in load().criteria}
    former = set(contents.measures).difference(DIMENSIONS, rows, (OVERALL,))
    if criterion and criterion not in rows and criterion not in former:
        raise UsageError(
            f"criterion={_in_one_line(criterion)}: there is no such criterion of the metadata; "
            "/best-practice/criteria lists them"
        )
    if dimension and criterion in rows and rows[criterion].dimension != dimension:
        raise UsageError(f"criterion={criterion}: it is not of dimension={dimension}")
    return criterion or dimension or OVERALL


def _one_of(name: str, value: str, known: list[str]) -> str:
    if value and value not in known:
        others = f"it can be {', '.join(known)}" if known else "there are no series yet"
        raise UsageError(f"{name}={_in_one_line(value)}: unknown; {others}")
    return value


def _day(name: str, text: str) -> datetime.date | None:
    if not text:
        return None
    try:
        # Later versions of Python read more forms.
        return datetime.date.fromisoformat(text if _ONE_DAY.fullmatch(text) else "")
    except ValueError as error:
        raise UsageError(f"{name}={_in_one_line(text)}: not a day, such as 2026-11-30") from error


def _in_one_line(text: str) -> str:
    return shorten(" ".join(text.encode(errors="replace").decode().split()), _LONGEST_SHOWN)
