"""Compare two countries through a lens, group by group, using the same samples as other comparisons."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ckanext.aivision.compare.estimates.country import CountryFigures
from ckanext.aivision.compare.estimates.differences import Differences, corrected, not_compared, reasons_left_out
from ckanext.aivision.compare.estimates.figures import LeftOut, LensComparison, Measure
from ckanext.aivision.compare.estimates.means import Columns, estimate_groups
from ckanext.aivision.compare.estimates.measures import DRAWS
from ckanext.aivision.compare.estimates.sample import CriterionLike, Sample
from ckanext.aivision.compare.estimates.statistics.intervals import Array
from ckanext.aivision.compare.tallies.tally import CountedEvaluation, CountedResult
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.lenses.schema import Group, Lens, Row, Subgroup
from ckanext.aivision.scoring.lenses.view import metric_results
from ckanext.aivision.scoring.results import Evaluation, Outcome

# Of tests of single properties, whose values are never partial.
_LETTERS: dict[Outcome, str] = {"pass": "p", "fail": "f", "unknown": "u", "not-applicable": "n"}


def result_id(lens: Lens, row: Row) -> str:
    """Under which id a tally counts a row: a criterion's own, or `LENS/ROW` where the lens asks the record itself."""
    return row.criterion or f"{lens.name}/{row.id}"


def add_lens_results(
    evaluation: Evaluation | CountedEvaluation, dataset: Dataset, lenses: Sequence[Lens]
) -> CountedEvaluation:
    """An evaluation with the results of the rows of these lenses that ask the record itself, to be tallied."""
    results = [CountedResult(found.criterion, found.result, found.value) for found in evaluation.results]
    for lens in lenses:
        found = metric_results(lens, dataset)
        results += [CountedResult(f"{lens.name}/{id}", one.result, one.value) for id, one in found.items()]
    fields = {
        name: getattr(evaluation, name) for name in CountedEvaluation.__struct_fields__ if hasattr(evaluation, name)
    }
    return CountedEvaluation(**{**fields, "results": results})


def through(
    lens: Lens,
    countries: Mapping[str, Sample],
    criteria: Sequence[CriterionLike],
    labels: Sequence[str],
    seed: int,
) -> LensComparison:
    """The comparison of two countries by the groups of a lens.

    countries: the two samples by code, with the results across that the lens's rows ask (`result_id`). criteria: the
    rubric's, for weights and questions. labels: of the countries. Groups have means over the rows known for both
    countries, and intervals, as dimensions have.
    """
    by_id = {row.id: row for row in criteria}
    # Datasets are comparable only at the depth to which all were checked, which is that of the metadata.
    lens = lens.asking(by_id, ())
    rows = _rows(lens, by_id)
    groups = list(_groups(lens))
    members = _members(lens, rows)
    samples = [_asked(one, rows, members) for one in countries.values()]
    out = reasons_left_out(samples, labels, rows)
    weights = members * np.array([row.weight for row in rows])[:, None]
    comparable = weights.copy()
    comparable[list(out)] = 0
    columns = Columns(len(groups), 0)
    found = [
        estimate_groups(one, weights, comparable, DRAWS, np.random.default_rng([seed, place]))
        for place, one in enumerate(samples)
    ]
    figures = {
        code: CountryFigures(one, estimate, columns, weights)
        for code, one, estimate in zip(countries, samples, found, strict=True)
    }
    differences = Differences(found[0], found[1], labels)
    empty = [label for one, label in zip(samples, labels, strict=True) if not one.agencies]
    nothing = f"no datasets of the {' and of the '.join(empty)}" if empty else ""
    measures = _Measures(figures, differences, columns, weights, comparable, nothing)
    return LensComparison(
        lens=lens.name,
        label=lens.short,
        title=lens.title,
        publisher=lens.publisher,
        date=lens.date,
        address=lens.address,
        note=lens.note,
        overall=measures.of(0, None, ""),
        groups=corrected([measures.of(place, group, above) for place, (group, above) in enumerate(groups, 1)], labels),
        left_out=[LeftOut(rows[index].id, rows[index].question, reason) for index, reason in out.items()],
        not_measured=_not_measured(groups),
        lacking=_explain_missing_mean(lens, countries),
    )


@dataclasses.dataclass(frozen=True)
class _Measures:
    """What every measure is made of. nothing: why there is no difference at all; empty if there may be one."""

    figures: dict[str, CountryFigures]
    differences: Differences
    columns: Columns
    weights: Array
    comparable: Array
    nothing: str

    def of(self, place: int, group: Subgroup | None, above: str) -> Measure:
        """The whole (place 0, no group) or a group, and the group above it."""
        number, of = (int(np.count_nonzero(table[:, place])) for table in (self.comparable, self.weights))
        if number and not self.nothing:
            comparison = self.differences.at(self.columns.comparable(place), number, of)
        else:
            comparison = not_compared(self.nothing or "none of it is known for both countries", of)
        return Measure(
            id=group.id if group else "overall",
            title=group.title if group else "Overall",
            question=group.question if group else "",
            countries={code: found.dimension(place) for code, found in self.figures.items()},
            comparison=comparison,
            weight=round(self.weights[:, place].sum()),
            dimension=above,
        )


def _not_measured(groups: Sequence[tuple[Subgroup, str]]) -> list[LeftOut]:
    missing = (found for group, _ in groups for found in group.not_measured)
    return [LeftOut(found.clause, found.title, found.reason) for found in missing]


def _explain_missing_mean(lens: Lens, countries: Mapping[str, Sample]) -> str:
    asked = {result_id(lens, row) for row in lens.rows() if not row.criterion}
    if not asked or any(id in one.criteria for one in countries.values() for id in asked):
        return ""
    return (
        f"{lens.short} checks the records themselves, but this catalogue's figures have only the results of criteria. "
        f"Each dataset's page shows its results through {lens.short}; `aivision compare --lens {lens.name} DIR...` "
        "compares harvests through it"
    )


@dataclasses.dataclass(frozen=True)
class _Row:
    """A row as a comparison's criterion. weight: its weight or points."""

    id: str
    weight: float
    question: str
    dimension: str = ""


def asked_of_records(lens: Lens, dataset: Dataset) -> str:
    """The results of `rows_of_records` of one record, a letter each, as a stored point writes them (`tallies.points`).

    Nothing is known of what its addresses answer, as in every comparison.
    """
    found = metric_results(lens, dataset)
    return "".join(_LETTERS[found[row.id.partition("/")[2]].result] for row in rows_of_records(lens))


def rows_of_records(lens: Lens) -> list[CriterionLike]:
    """The rows that ask the record itself, each under the id that `counted` gives it."""
    return [row for row in _rows(lens, {}) if "/" in row.id] if lens.has_metrics else []


def _rows(lens: Lens, criteria: dict[str, CriterionLike]) -> list[_Row]:
    found = []
    for row in lens.rows():
        criterion = criteria.get(row.criterion)
        weight = row.points or row.weight or (criterion.weight if criterion else 1)
        question = row.title or (criterion.question if criterion else row.key)
        found.append(_Row(result_id(lens, row), weight, question))
    return found


def _groups(lens: Lens) -> Iterator[tuple[Subgroup, str]]:
    """Every group with the id of the group above it."""
    for group in lens.groups:
        yield group, ""
        for inner in group.groups:
            yield inner, group.id


def _members(lens: Lens, rows: Sequence[_Row]) -> Array:
    """rows x (1 + groups): 1 where a row is part of the whole, of a group or of what is within it."""
    places = {row.id: place for place, row in enumerate(rows)}
    groups = list(_groups(lens))
    members = np.zeros((len(rows), 1 + len(groups)))
    members[:, 0] = 1
    for column, (group, _) in enumerate(groups, 1):
        inside = group.all_rows() if isinstance(group, Group) else group.rows
        for row in inside:
            members[places[result_id(lens, row)], column] = 1
    return members


def _asked(country: Sample, rows: Sequence[_Row], members: Array) -> Sample:
    """A country's sample by row. Of a group at least as many datasets are known as of the row that most know."""
    found = country.asking([row.id for row in rows])
    counts = found.counts
    known = np.stack([(counts.known * column).max(axis=1, initial=0) for column in members.T], axis=1)
    counts = dataclasses.replace(
        counts,
        scored=known[:, 0],
        score=np.zeros(len(counts)),
        dimension_known=known[:, 1:],
        dimension_score=np.zeros_like(known[:, 1:]),
    )
    return found.replaced(counts=counts)
