"""What the comparison's tests share: a small rubric of two dimensions, and evaluations under it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import Tally, collect
from ckanext.aivision.record import Agent, Dataset
from ckanext.aivision.scoring.lenses.schema import Group, Lens, NotMeasured, Row, Subgroup
from ckanext.aivision.scoring.results import Evaluation, Outcome, Result
from ckanext.aivision.scoring.rubric import Criterion, Rubric, load
from ckanext.aivision.scoring.scores.score import dimension_scores, grade, weighted

KEYWORDS = Row(criterion="keywords-specific")
ON = datetime.date(2026, 11, 24)
Value = float | str | None  # a value from 0 to 1, None for unknown, "n/a" for not applicable
Evaluate = Callable[..., Evaluation]


def _criterion(name: str, dimension: str, weight: int) -> Criterion:
    return Criterion(
        id=name,
        question=f"{name}?",
        reason="",
        fix="Mend it.",
        weight=weight,
        sources=[],
        needs=["title"],
        form_field="title",
        dimension=dimension,
    )


CRITERIA = [
    _criterion("title-descriptive", "findable", 3),
    _criterion("keywords-specific", "findable", 1),
    _criterion("licence-open", "licensed", 4),
]


def _result(row: Criterion, value: Value) -> Result:
    if value is None or isinstance(value, str):
        return Result(row.id, "unknown" if value is None else "not-applicable", None, "", "modified", "")
    outcome: Outcome = "pass" if value == 1 else "fail" if value == 0 else "partial"
    return Result(row.id, outcome, value, "what was seen", "modified", "")


def _evaluation(
    values: Sequence[Value],
    publisher: str | None = "An agency",
    country: str = "US",
    version: str = "1",
    on: datetime.date = ON,
) -> Evaluation:
    results = [_result(row, value) for row, value in zip(CRITERIA, values, strict=True)]
    score, coverage = weighted(results, CRITERIA)
    return Evaluation(
        identifier="x",
        title="Air quality",
        publisher=publisher,
        country=country,
        score=score,
        coverage=coverage,
        grade=grade(score),
        dimensions=dimension_scores(results, CRITERIA),
        results=results,
        rubric_version=version,
        reference_date=on,
    )


@pytest.fixture(scope="session")
def criteria() -> list[Criterion]:
    """Title (3) and keywords (1) in findable, licence (4) in licensed."""
    return CRITERIA


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    """Version 1, of these criteria."""
    return msgspec.structs.replace(load(), version="1", criteria=CRITERIA, everything=CRITERIA)


@pytest.fixture(scope="session")
def evaluation() -> Evaluate:
    """evaluation(values of the three criteria, publisher, country, rubric version, reference date)."""
    return _evaluation


def _country(code: str, values: Sequence[Sequence[Value]], each: int = 10) -> list[Evaluation]:
    """One publisher for every row of values, each with so many datasets alike."""
    return [
        _evaluation(row, f"{code} publisher {place}", code) for place, row in enumerate(values) for _ in range(each)
    ]


@pytest.fixture(scope="session")
def country() -> Callable[..., list[Evaluation]]:
    return _country


@pytest.fixture(scope="session")
def compare(criteria: list[Criterion]) -> Callable[..., object]:
    """compare(evaluations, seed=0) gives their overview."""
    return lambda evaluations, **options: overview(collect(evaluations), criteria, **options)


@pytest.fixture(scope="session")
def both(country: Callable[..., list[Evaluation]]) -> list[Evaluation]:
    """Four publishers a country; keywords are unknown in the UK."""
    us = country("US", [(1, 0.5, 1), (0.5, 1, 1), (1, 0, 0.5), (0, 0.25, 1)])
    return us + country("GB", [(1, None, 0), (0.5, None, 0.5), (0.25, None, 0), (1, None, 0.25)])


@pytest.fixture(scope="session")
def tallies(both: list[Evaluation]) -> list[Tally]:
    return collect(both)


def _record_of(evaluation: Evaluation) -> Dataset:
    return Dataset(
        identifier=evaluation.identifier,
        title=evaluation.title,
        profile="ckan",
        country=evaluation.country,
        publisher=Agent(name=evaluation.publisher) if evaluation.publisher is not None else None,
    )


@pytest.fixture
def harvest_directory(tmp_path: Path) -> Callable[..., Path]:
    """Writes what `aivision harvest --into` writes, as far as a comparison reads it.

    datasets: the records, in the order of the evaluations; without them each has the evaluation's title and publisher.
    """

    def write(
        name: str,
        evaluations: Sequence[Evaluation],
        state: str = "finished",
        datasets: Sequence[Dataset] | None = None,
    ) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        records = [_record_of(row) for row in evaluations] if datasets is None else datasets
        for file, rows in (("evaluations", evaluations), ("datasets", records)):
            lines = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
            (folder / f"{file}.ndjson").write_bytes(lines)
        account = {"source": name, "url": f"https://{name}.example/data.json", "country": "US", "state": state}
        (folder / "run.json").write_bytes(msgspec.json.encode(account))
        return folder

    return write


@pytest.fixture(scope="session")
def lens() -> Lens:
    """Two groups, one with a group within it: words (title 3, keywords 1), terms (licence 2)."""
    return Lens(
        name="two",
        title="Two questions",
        publisher="A standards office",
        version="1",
        date="2026",
        address="https://standards.example.gov/two",
        groups=[
            Group(
                id="words",
                title="Words",
                question="Is it told?",
                clause="A",
                rows=[Row(criterion="title-descriptive")],
                groups=[Subgroup(id="few", title="Few", question="Shortly?", clause="A.1", rows=[KEYWORDS])],
            ),
            Group(
                id="terms",
                title="Terms",
                question="May I?",
                clause="B",
                rows=[Row(criterion="licence-open", weight=2)],
                not_measured=[NotMeasured(clause="B.2", title="Courts", reason="No court is asked.")],
            ),
        ],
    )
