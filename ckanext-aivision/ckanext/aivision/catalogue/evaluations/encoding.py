"""Compact encoding of evaluations for the database: a third of the size, because there may be half a million.

A fix is not kept: it is the rubric's own sentence, and the rubric has it. Nor are the version of the rubric and the
reference date: they have columns of their own, so that a new day alone makes no other text.
"""

from __future__ import annotations

import datetime
import functools

import msgspec

from ckanext.aivision.scoring.observations.observations import Depth
from ckanext.aivision.scoring.results import MENDABLE, DimensionScore, Evaluation, GateHit, Grade, Outcome, Result
from ckanext.aivision.scoring.rubric import load


class _Result(msgspec.Struct, array_like=True, frozen=True):
    criterion: str
    result: Outcome
    value: float | None
    evidence: str
    field: str


class _Dimension(msgspec.Struct, array_like=True, frozen=True):
    score: float | None
    coverage: float


class _GateHit(msgspec.Struct, array_like=True, frozen=True):
    gate: str
    limit: Grade
    evidence: str


class _Evaluation(msgspec.Struct, array_like=True, frozen=True):
    identifier: str
    title: str
    publisher: str | None
    country: str
    score: float | None
    coverage: float
    grade: Grade
    dimensions: dict[str, _Dimension]
    results: list[_Result]
    beyond: tuple[Depth, ...] = ()
    # Rows from before there were gates end here.
    gates: list[_GateHit] = []


_decode = msgspec.json.Decoder(_Evaluation).decode


@functools.cache
def _fixes() -> dict[str, str]:
    return {row.id: row.fix for row in load().everything}


def to_text(evaluation: Evaluation) -> str:
    """An evaluation as JSON, without its version and its date."""
    dimensions = {name: _Dimension(found.score, found.coverage) for name, found in evaluation.dimensions.items()}
    results = [_Result(r.criterion, r.result, r.value, r.evidence, r.field) for r in evaluation.results]
    values = {name: getattr(evaluation, name) for name in _Evaluation.__struct_fields__}
    gates = [_GateHit(hit.gate, hit.limit, hit.evidence) for hit in evaluation.gates]
    kept = _Evaluation(**{**values, "dimensions": dimensions, "results": results, "gates": gates})
    return msgspec.json.encode(kept).decode()


def from_text(text: str, rubric_version: str, reference_date: datetime.date) -> Evaluation:
    """The evaluation of `to_text`. Fixes are those of today's rubric; of a criterion that it lost, empty."""
    kept = _decode(text)
    fixes = _fixes()
    results = []
    for found in kept.results:
        fix = fixes.get(found.criterion, "") if found.result in MENDABLE else ""
        results.append(Result(found.criterion, found.result, found.value, found.evidence, found.field, fix))
    dimensions = {name: DimensionScore(found.score, found.coverage) for name, found in kept.dimensions.items()}
    values = {name: getattr(kept, name) for name in _Evaluation.__struct_fields__}
    gates = [GateHit(hit.gate, hit.limit, hit.evidence) for hit in kept.gates]
    told = {**values, "dimensions": dimensions, "results": results, "gates": gates}
    return Evaluation(**told, rubric_version=rubric_version, reference_date=reference_date)
