"""Results viewed through a lens: score or points, band and coverage, by group. Pure: no I/O, no clock, no CKAN."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.lenses.metrics import Seen, ask
from ckanext.aivision.scoring.lenses.schema import Group, Lens, NotMeasured, Row, Subgroup
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.results import Outcome, Result, shorten
from ckanext.aivision.scoring.rubric import Criterion

_NO_RECORD = Seen(None, "needs the record itself, which is not available here")


class RowView(msgspec.Struct, frozen=True):
    """id: of the criterion, or of the lens's own row. value: 0 to 1, None if unknown or not applicable.

    weight: points where the lens counts in points. field: of the record, or the properties that were looked at.
    """

    id: str
    title: str
    clauses: list[str]
    result: Outcome
    value: float | None
    weight: float
    evidence: str
    field: str


class Count(msgspec.Struct, frozen=True):
    """earned: weights times values. known: the weight of what is known. total: of all that applies. whole: of all.

    silent: the weight of what is unknown and earns nothing (`Lens.silence`).
    """

    earned: float
    known: float
    total: float
    whole: float
    silent: float = 0.0

    @property
    def score(self) -> float | None:
        counted = self.known + self.silent
        return round(100 * self.earned / counted, 1) if counted else None

    @property
    def coverage(self) -> float:
        """The share of all weight that has an answer, 0 to 1; "does not apply" is one, as in `scores.score`."""
        answered = self.whole - (self.total - self.known)
        return round(round(answered / self.whole, 9), 3) if self.whole else 0.0

    @property
    def unknown(self) -> float:
        return round(self.total - self.known, 3)


class GroupView(msgspec.Struct, frozen=True):
    """A group with what it holds. score: 0 to 100 of what is known, None if nothing is."""

    id: str
    title: str
    question: str
    clause: str
    score: float | None
    coverage: float
    count: Count
    rows: list[RowView]
    not_measured: list[NotMeasured]
    groups: list[GroupView]


class LensView(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset through one lens.

    score: 0 to 100 over what is known; coverage: 0 to 1. count: the same in weights, or in points.
    band: what is reached with what is known; best_band: what may still be reached with what is not known yet.
    """

    lens: str
    title: str
    publisher: str
    address: str
    unit: str
    score: float | None
    coverage: float
    count: Count
    band: str | None
    best_band: str | None
    note: str
    groups: list[GroupView]


def view(
    lens: Lens,
    results: Sequence[Result],
    criteria: Sequence[Criterion],
    dataset: Dataset | None = None,
    observed: Observed = NOTHING,
) -> LensView:
    """One evaluation through a lens.

    results: of the evaluation, in any order; one that it lacks is unknown. criteria: the rubric's, as deep as was
    looked (`Rubric.at`), for weights and questions; a row that asks for a deeper one is no part of the view.
    dataset: the record, for the rows that ask more than criteria do; without it they are unknown. observed: what its
    addresses answered, for the same.
    """
    rubric = {row.id: row for row in criteria}
    lens = lens.asking(rubric, {row.depth for row in criteria if row.depth != "metadata"})
    answers = {**metric_results(lens, dataset, observed), **{found.criterion: found for found in results}}
    silent = {row.id for row in criteria if row.depth == "metadata"} if lens.silence == "earns-nothing" else set()
    groups = [_group(group, answers, rubric, silent) for group in lens.groups]
    count = _count((row for group in groups for row in _rows(group)), silent)
    return LensView(
        lens=lens.name,
        title=lens.title,
        publisher=lens.publisher,
        address=lens.address,
        unit=lens.unit,
        score=count.score,
        coverage=count.coverage,
        count=count,
        band=_band(lens, count.earned, count.score, count.coverage),
        best_band=_best_band(lens, count),
        note=lens.note,
        groups=groups,
    )


def metric_results(lens: Lens, dataset: Dataset | None, observed: Observed = NOTHING) -> dict[str, Result]:
    """The results of the rows that ask of the record itself and of what its addresses answered, by row id.

    Of the distributions the one with most points is taken for all rows that ask of distributions (MQA methodology:
    several distributions hold the same content); of two alike, the one that may still gain more.
    """
    rows = [row for row in lens.rows() if not row.criterion]
    if dataset is None:
        return {row.id: _result(row, _NO_RECORD) for row in rows}
    found = {row.id: _answer_row(row, dataset, observed) for row in rows if not row.of_distribution}
    of_distributions = [row for row in rows if row.of_distribution]
    asked: list[Distribution | None] = [*dataset.distribution] or [None]
    candidates = [{row.id: _any(row, dataset, one, observed) for row in of_distributions} for one in asked]
    worth = {row.id: row.points or row.weight or 1.0 for row in of_distributions}
    best: Mapping[str, Seen] = max(candidates, key=lambda seen: (_sum(seen, worth, True), _sum(seen, worth, None)))
    found |= best
    return {row.id: _result(row, found[row.id]) for row in rows}


def _sum(seen: Mapping[str, Seen], worth: Mapping[str, float], passed: bool | None) -> float:
    return sum(worth[id] for id, found in seen.items() if found.passed is passed)


def _answer_row(row: Row, dataset: Dataset, observed: Observed) -> Seen:
    return _all(row, dataset, observed) if row.all_of else _any(row, dataset, None, observed)


def _any(row: Row, dataset: Dataset, distribution: Distribution | None, observed: Observed) -> Seen:
    """The best answer to one of the metrics: a pass, else what cannot be known, else the first that fails."""
    seen = [ask(metric, dataset, distribution, observed.links) for metric in row.any_of]
    return next((found for wanted in (True, None) for found in seen if found.passed is wanted), seen[0])


def _all(row: Row, dataset: Dataset, observed: Observed) -> Seen:
    """A fail where one metric fails, on whichever distribution; then what cannot be known; else a pass."""
    seen = []
    for metric in row.all_of:
        distributions = dataset.distribution if metric.of_distribution else [None]
        seen += [ask(metric, dataset, distribution, observed.links) for distribution in distributions]
    passed = Seen(True, "all given: " + ", ".join(metric.of for metric in row.all_of))
    return next((found for wanted in (False, None) for found in seen if found.passed is wanted), passed)


def _result(row: Row, seen: Seen) -> Result:
    properties = dict.fromkeys(metric.of for metric in (*row.any_of, *row.all_of))
    outcome: Outcome = "unknown" if seen.passed is None else "pass" if seen.passed else "fail"
    value = None if seen.passed is None else float(seen.passed)
    return Result(row.id, outcome, value, shorten(seen.evidence), ", ".join(properties), "")


def _group(
    group: Subgroup, answers: Mapping[str, Result], rubric: Mapping[str, Criterion], silent: Collection[str]
) -> GroupView:
    inner = [_group(one, answers, rubric, silent) for one in group.groups] if isinstance(group, Group) else []
    rows = [_row(row, answers.get(row.key), rubric) for row in group.rows]
    count = _count([*rows, *(row for one in inner for row in one.rows)], silent)
    return GroupView(
        group.id,
        group.title,
        group.question,
        group.clause,
        count.score,
        count.coverage,
        count,
        rows,
        group.not_measured,
        inner,
    )


def _row(row: Row, found: Result | None, rubric: Mapping[str, Criterion]) -> RowView:
    criterion = rubric.get(row.criterion)
    title = row.title or (criterion.question if criterion else row.key)
    weight = worth(row, criterion)
    if found is None:
        return RowView(row.key, title, row.clauses, "unknown", None, weight, "was not part of this evaluation", "")
    return RowView(row.key, title, row.clauses, found.result, found.value, weight, found.evidence, found.field)


def worth(row: Row, criterion: Criterion | None) -> float:
    """A row's weight or points: its own, else the rubric's."""
    return row.points or row.weight or (criterion.weight if criterion else 1.0)


def _rows(group: GroupView) -> Iterable[RowView]:
    yield from group.rows
    for inner in group.groups:
        yield from inner.rows


def _count(rows: Iterable[RowView], silent: Collection[str]) -> Count:
    """silent: the rows that earn nothing where they are unknown."""
    earned = known = total = whole = unsaid = 0.0
    for row in rows:
        whole += row.weight
        if row.result == "unknown" and row.id in silent:
            unsaid += row.weight
        if row.result != "not-applicable":
            total += row.weight
        if row.value is not None:
            known += row.weight
            earned += row.weight * row.value
    return Count(round(earned, 3), round(known, 3), round(total, 3), round(whole, 3), round(unsaid, 3))


def _best_band(lens: Lens, count: Count) -> str | None:
    if not count.total:
        return None
    most = count.earned + count.total - count.known
    return _band(lens, most, 100 * most / count.total, 1.0)


def _band(lens: Lens, points: float, score: float | None, coverage: float) -> str | None:
    """The best band whose points, or score and coverage, are reached; None if the lens has none that is."""
    reached = points if lens.unit == "points" else score
    if reached is None:
        return lens.bands[-1].title if lens.bands else None
    return next((band.title for band in lens.bands if reached >= band.least and coverage >= band.coverage), None)
