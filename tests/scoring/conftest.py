"""What the scoring tests share: records from plain words, and what the rubric makes of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from ckanext.aivision.normalise import dates, frequencies, languages, licences, media_types, places, themes
from ckanext.aivision.record import Agent, Dataset, Distribution, Term
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.observed import Link, Observed
from ckanext.aivision.scoring.results import Result
from ckanext.aivision.scoring.rubric import Rubric, load

ON = datetime.date(2026, 11, 24)
# A value from 0 to 1, None for unknown, N_A for not applicable.
N_A = "not-applicable"
Value = float | str | None
# criterion -> records in plain words, each with the value that it deserves.
Cases = dict[str, list[tuple[Value, dict[str, Any]]]]

_ACCESS = {"public": "public", "restricted public": "restricted", "non-public": "non-public"}


def _each(reader: Callable[[Any], Any]) -> Callable[[list[Any]], list[Any]]:
    return lambda values: [found for value in values if (found := reader(value)) is not None]


def _access(level: str) -> Term:
    return Term(level, _ACCESS.get(level), "id" if level in _ACCESS else "")


def _agent(said: str | dict[str, Any]) -> Agent:
    return Agent(**said) if isinstance(said, dict) else Agent(name=said)


def distribution(said: dict[str, Any]) -> Distribution:
    return Distribution(**_read(said))


# What is not text in a record, and how it is read of text.
_READERS: dict[str, Callable[[Any], Any]] = {
    "theme": _each(themes.clean),
    "language": _each(languages.clean),
    "issued": dates.moment,
    "modified": dates.moment,
    "metadata_issued": dates.moment,
    "metadata_modified": dates.moment,
    "accrual_periodicity": frequencies.clean,
    "publisher": _agent,
    "creator": _each(_agent),
    "contact_point": _each(_agent),
    "license": licences.clean,
    "access_rights": _access,
    "temporal": _each(dates.period),
    "spatial": _each(places.location),
    "media_type": media_types.clean,
    "format": media_types.from_format,
    "distribution": _each(distribution),
}


def _read(said: dict[str, Any]) -> dict[str, Any]:
    return {field: _READERS[field](value) if field in _READERS else value for field, value in said.items()}


def record(**said: Any) -> Dataset:
    """A record from plain words, read as a harvest reads them. Its profile, if none is said, has room for all.

    `links` are no part of it; see `observed`.
    """
    said.pop("links", None)
    needed = {"identifier": "levels", "title": "River levels at gauging stations", "profile": "aivision"}
    return Dataset(country="GB", **{**needed, **_read(said)})


def observed(said: dict[str, Any]) -> Observed:
    """What was seen beyond a record: in its plain words, `links` are the facts of some addresses."""
    links = {url: Link(**{"url": url, **facts}) for url, facts in said.get("links", {}).items()}
    return Observed(links, {})


def result_of(criterion: str, dataset: Dataset, seen: Observed = Observed({}, {})) -> Result:  # noqa: B008 - frozen
    """What a record gets from a criterion of any depth."""
    return next(row for row in evaluate(dataset, load(), ON, seen).results if row.criterion == criterion)


def value_of(criterion: str, **said: Any) -> Value:
    """The value that a record in plain words gets, None where it is unknown, N_A where it is not applicable."""
    found = result_of(criterion, record(**said), observed(said))
    return N_A if found.result == N_A else found.value


def rows(cases: Cases) -> list[Any]:
    """Cases as parameters of a test: criterion, value, record."""
    return [
        pytest.param(criterion, value, said, id=f"{criterion}-{place}")
        for criterion, listed in cases.items()
        for place, (value, said) in enumerate(listed)
    ]


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    return load()
