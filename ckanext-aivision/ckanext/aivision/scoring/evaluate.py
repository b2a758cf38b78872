"""Dataset + rubric + date -> Evaluation. Pure: no I/O, no clock, no CKAN."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.free_text import load_free_text
from ckanext.aivision.scoring.observations.observations import NOTHING, Depth, Observed
from ckanext.aivision.scoring.registry import Check, Context, GateCheck
from ckanext.aivision.scoring.remember_last import once_each
from ckanext.aivision.scoring.results import MENDABLE, DimensionScore, Evaluation, GateHit, Grade, Result, shorten
from ckanext.aivision.scoring.rubric import Criterion, Rubric
from ckanext.aivision.scoring.scores.score import dimension_scores, grade, limited, weighted

# Three of four records have the outcomes of another, criterion by criterion.
_SCORES_KEPT = 4096


class _Scores(NamedTuple):
    score: float | None
    coverage: float
    grade: Grade
    dimensions: dict[str, DimensionScore]


class _Plan(NamedTuple):
    """How to evaluate by one rubric. checks: each criterion's id, function and fix. gates: id, limit and function."""

    checks: list[tuple[str, Check, str]]
    gates: list[tuple[str, Grade, GateCheck]]
    scores: Callable[[Sequence[Result]], _Scores]


def evaluate(dataset: Dataset, rubric: Rubric, on: datetime.date, observed: Observed = NOTHING) -> Evaluation:
    """Evaluates one dataset against every criterion of the rubric, as deep as was looked.

    on: the reference date (UTC) that ages are counted to. observed: what was seen of its links and files; a criterion
    of a depth that was not looked at is not among the results.
    A profile that `config/profiles.yaml` does not name carries nothing, so what it leaves out is unknown.
    """
    carried = rubric.profiles.get(dataset.profile, frozenset())
    context = _context(on, carried) if observed is NOTHING else Context(on, carried, observed)
    plan = _plans(rubric)(observed.depths)
    results = []
    for id, check, fix in plan.checks:
        told = check(dataset, context)
        mending = fix if told.result in MENDABLE else ""
        results.append(Result(id, told.result, told.value, told.evidence, told.field, mending))
    found = plan.scores(results)
    gates = [
        GateHit(id, limit, shorten(evidence))
        for id, limit, holds in plan.gates
        if (evidence := holds(dataset, context)) is not None
    ]
    return Evaluation(
        identifier=dataset.identifier,
        title=dataset.title,
        publisher=dataset.publisher.name if dataset.publisher else None,
        country=dataset.country,
        score=found.score,
        coverage=found.coverage,
        grade=limited(found.grade, gates),
        dimensions=dict(found.dimensions),
        results=results,
        rubric_version=rubric.version,
        reference_date=on,
        beyond=observed.depths,
        gates=gates,
    )


@functools.lru_cache(16)
def _context(on: datetime.date, carried: frozenset[str]) -> Context:
    return Context(on, carried)


@once_each
def _plans(rubric: Rubric) -> Callable[[tuple[Depth, ...]], _Plan]:
    """The plans of a rubric by the depths beyond the metadata that were looked at."""

    @functools.cache
    def plan(depths: tuple[Depth, ...]) -> _Plan:
        criteria = rubric.at(depths)
        checks = [(row.id, rubric.checks[row.id], row.fix) for row in criteria]
        gates = [(row.id, row.limit, rubric.gate_checks[row.id]) for row in rubric.gates_at(depths)]
        return _Plan(checks, gates, _scores_of(criteria))

    return plan


def _scores_of(criteria: Sequence[Criterion]) -> Callable[[Sequence[Result]], _Scores]:
    kept: dict[tuple[float | str, ...], _Scores] = {}
    texts = load_free_text().fields

    def scores_of(results: Sequence[Result]) -> _Scores:
        # What is told in free text is summed up by itself: it stands as a negative number.
        outcomes = tuple(
            [
                found.result if found.value is None else -found.value if found.field in texts else found.value
                for found in results
            ]
        )
        if (scores := kept.get(outcomes)) is None:
            score, coverage = weighted(results, criteria)
            scores = _Scores(score, coverage, grade(score), dimension_scores(results, criteria))
            if len(kept) >= _SCORES_KEPT:
                kept.clear()
            kept[outcomes] = scores
        return scores

    return scores_of
