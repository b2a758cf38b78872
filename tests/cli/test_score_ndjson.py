"""`aivision score --format ndjson`: what a program reads."""

from __future__ import annotations

import datetime
import random
from pathlib import Path
from typing import Annotated, get_args

import msgspec
import pytest
from msgspec import Meta
from tests.cli.conftest import ENVIRONMENT, Write, aivision, call, lines
from tests.records import record

from ckanext.aivision.scoring.results import Grade, Outcome
from ckanext.aivision.scoring.rubric import load

Share = Annotated[float, Meta(ge=0, le=1)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Text = Annotated[str, Meta(min_length=1)]


class _Exact(msgspec.Struct, forbid_unknown_fields=True):
    """Every member is there, and no other."""


class Result(_Exact):
    criterion: Text
    result: Outcome
    value: Share | None
    evidence: Text
    field: Text
    fix: str


class GateHit(_Exact):
    gate: Text
    limit: Grade
    evidence: Text


class Dimension(_Exact):
    score: Percent | None
    coverage: Share


class Row(_Exact):
    identifier: Text
    title: Text
    publisher: Text | None
    country: Text
    score: Percent | None
    coverage: Share
    grade: Grade
    dimensions: dict[str, Dimension]
    results: list[Result]
    rubric_version: Text
    reference_date: datetime.date
    # Not written where nothing limits the grade.
    gates: list[GateHit] = []


SAMPLES = [("us.data.json", "dcat-us", "US", 35), ("uk.ckan.ndjson", "ckan", "GB", 35)]


@pytest.fixture(scope="module")
def rows(samples: Path) -> list[Row]:
    """Both samples, as they are printed."""
    printed = [call("score", samples / name, "--format", "ndjson") for name, *_ in SAMPLES]
    assert [(done.status, done.err) for done in printed] == [(0, ""), (0, "")]
    return [msgspec.json.decode(line, type=Row) for done in printed for line in done.out.split("\n")[:-1]]


@pytest.mark.parametrize(("name", "kind", "country", "count"), SAMPLES)
def test_each_record_of_a_sample_is_a_line_with_its_country(
    samples: Path, name: str, kind: str, country: str, count: int
) -> None:
    done = call("score", samples / name, "--kind", kind, "--format", "ndjson")
    assert [row["country"] for row in lines(done.out)] == [country] * count


@pytest.mark.long
@pytest.mark.parametrize(("name", "kind"), [row[:2] for row in SAMPLES])
def test_the_kind_is_found_out_where_it_is_not_given(samples: Path, name: str, kind: str) -> None:
    words = ("score", samples / name, "--format", "ndjson")
    assert call(*words) == call(*words, "--kind", kind)


@pytest.mark.long
def test_each_criterion_of_the_rubric_has_one_result(rows: list[Row]) -> None:
    criteria = [row.id for row in load().criteria]
    assert all([result.criterion for result in row.results] == criteria for row in rows)


def test_each_dimension_of_the_rubric_has_a_score(rows: list[Row]) -> None:
    dimensions = {row.dimension for row in load().criteria}
    assert all(row.dimensions.keys() == dimensions for row in rows)


def test_a_value_says_the_same_as_its_result(rows: list[Row]) -> None:
    for result in (result for row in rows for result in row.results):
        fitting = {"pass": result.value == 1, "fail": result.value == 0, "partial": result.value not in (None, 0, 1)}
        assert fitting.get(result.result, result.value is None), result


def test_what_can_be_mended_says_how_and_nothing_else_does(rows: list[Row]) -> None:
    for result in (result for row in rows for result in row.results):
        assert bool(result.fix) == (result.result in ("partial", "fail", "unknown")), result


def test_every_kind_of_result_and_every_grade_is_among_the_samples(rows: list[Row]) -> None:
    assert {result.result for row in rows for result in row.results} == set(get_args(Outcome))
    assert {row.grade for row in rows} == set(get_args(Grade))


def test_ages_count_to_the_date_that_is_given(samples: Path) -> None:
    done = call("score", samples / "us.data.json", "--on", "2020-02-29", "--format", "ndjson")
    assert {row["reference_date"] for row in lines(done.out)} == {"2020-02-29"}


def test_ages_count_to_today_in_utc_where_no_date_is_given(rows: list[Row]) -> None:
    today = datetime.datetime.now(datetime.timezone.utc).date()
    assert all(today - row.reference_date <= datetime.timedelta(days=1) for row in rows)


def test_a_limit_is_kept(samples: Path) -> None:
    assert len(lines(call("score", samples / "us.data.json", "--limit", 3, "--format", "ndjson").out)) == 3


@pytest.mark.parametrize(("stated", "country"), [("GB", "GB"), ("fr", "FR"), ("Canada", "CA")])
def test_a_country_that_is_stated_is_the_one_of_each_record(stated: str, country: str, samples: Path) -> None:
    done = call("score", samples / "us.data.json", "--country", stated, "--format", "ndjson")
    assert {row["country"] for row in lines(done.out)} == {country}


def test_a_source_can_be_given_by_its_name(samples: Path) -> None:
    named = call("score", "sample-us", "--format", "ndjson")
    assert named == call("score", samples / "us.data.json", "--format", "ndjson")


@pytest.mark.long
@pytest.mark.parametrize(
    ("seed", "jobs", "environment"),
    [
        pytest.param(
            *(1, "1", {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}), marks=pytest.mark.nightly
        ),
        (2, "3", {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8"}),
    ],
)
def test_a_record_has_the_same_bytes_in_whatever_order_place_and_number_of_processes(
    write: Write, seed: int, jobs: str, environment: dict[str, str]
) -> None:
    rhythms = ["R/P1D", "R/P1M", "R/P1Y", "irregular"]
    records = [record(number, accrualPeriodicity=rhythms[number % 4]) for number in range(1100)]
    words = ("--format", "ndjson", "--on", "2026-11-24")
    first = aivision("score", write(records), *words, "--jobs", "2").out.splitlines()
    random.Random(seed).shuffle(records)
    second = aivision("score", write(records), *words, "--jobs", jobs, env={**ENVIRONMENT, **environment})
    assert second.status == 0, second.err
    assert sorted(second.out.splitlines()) == sorted(first)
    assert len(first) == 1100
