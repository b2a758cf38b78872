"""The parts of an evaluation: results with their evidence, rolled up to dimensions and a grade."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

from ckanext.aivision.normalise.personal_contacts import hide_names
from ckanext.aivision.scoring.observations.observations import Depth

Outcome = Literal["pass", "partial", "fail", "unknown", "not-applicable"]
Grade = Literal["A", "B", "C", "D", "E"]
# Outcomes that a fix is given for.
MENDABLE: tuple[Outcome, ...] = ("fail", "partial", "unknown")
_LONGEST_ADDRESS = 320


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a criterion's function returns. value: 0 to 1, None if unknown or not applicable."""

    result: Outcome
    value: float | None
    field: str  # of the Dataset, or `distribution[].media_type`
    evidence: str  # the value seen, or what was looked for and not found; at most 300 characters


class Result(msgspec.Struct, frozen=True):
    """A finding under its criterion's id; `fix` is empty if nothing needs mending."""

    criterion: str
    result: Outcome
    value: float | None
    evidence: str
    field: str
    fix: str


class DimensionScore(msgspec.Struct, frozen=True):
    """score 0 to 100, None if nothing is known; coverage 0 to 1."""

    score: float | None
    coverage: float


class GateHit(msgspec.Struct, frozen=True):
    """A gate that limits the grade: its id in `config/rubric/gates.yaml`, the best grade it lets pass, and why."""

    gate: str
    limit: Grade
    evidence: str


class Evaluation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The evaluation of one dataset under one version of the rubric on one date.

    score: 0 to 100, None if nothing is known. coverage: weight answered (what does not apply is) / weight, 0 to 1.
    beyond: what was looked at beyond the metadata; not written where that is nothing.
    gates: what limits the grade beside the score, worst first; not written where nothing does.
    """

    identifier: str
    title: str
    publisher: str | None
    country: str
    score: float | None
    coverage: float
    grade: Grade
    dimensions: dict[str, DimensionScore]
    results: list[Result]
    rubric_version: str
    reference_date: datetime.date
    beyond: tuple[Depth, ...] = ()
    gates: list[GateHit] = []


def passed(field: str, evidence: object) -> Finding:
    return Finding("pass", 1.0, field, shorten(evidence))


def failed(field: str, evidence: object) -> Finding:
    return Finding("fail", 0.0, field, shorten(evidence))


def unknown(field: str, evidence: object) -> Finding:
    return Finding("unknown", None, field, shorten(evidence))


def not_applicable(field: str, evidence: object) -> Finding:
    return Finding("not-applicable", None, field, shorten(evidence))


def valued(value: float, field: str, evidence: object) -> Finding:
    """pass at 1, fail at 0, partial between. value is clipped to 0..1 and rounded to 3 decimals."""
    value = 0.0 if value <= 0.0 else 1.0 if value >= 1.0 else round(value, 3)
    result: Outcome = "pass" if value == 1.0 else "fail" if value == 0.0 else "partial"
    return Finding(result, value, field, shorten(evidence))


def shorten(evidence: object, limit: int = 300) -> str:
    text = evidence if isinstance(evidence, str) else str(evidence)
    if "@" in text:
        # Evaluations are as public as their datasets, and not every reader of those sees a person's address.
        text = hide_names(text[: limit + _LONGEST_ADDRESS])
    return text if len(text) <= limit else text[: limit - 1] + "…"
