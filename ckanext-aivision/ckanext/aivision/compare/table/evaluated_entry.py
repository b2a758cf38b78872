"""An evaluation with the facets of its record, as a row of the table."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.compare.table.entry import Entry, numbers_of_results
from ckanext.aivision.compare.table.facets import Facets
from ckanext.aivision.compare.tallies.tally import CountedEvaluation
from ckanext.aivision.scoring.results import Evaluation, Outcome

_UNANSWERED: tuple[Outcome, float | None] = ("unknown", None)


def entry_of(
    evaluation: CountedEvaluation | Evaluation, facets: Facets, source: str, sample: bool, criteria: Sequence[str]
) -> Entry:
    """The row of a dataset that is in no catalogue. criteria: the table's, in its order."""
    results = {found.criterion: (found.result, found.value) for found in evaluation.results}
    dimensions = {name: found.score for name, found in evaluation.dimensions.items()}
    numbers = numbers_of_results(
        [results.get(id, _UNANSWERED) for id in criteria],
        dimensions,
        evaluation.score,
        evaluation.coverage,
        evaluation.grade,
        evaluation.gates[0].gate if evaluation.gates else "",
    )
    return Entry(
        id=evaluation.identifier,
        name="",
        title=evaluation.title,
        country=evaluation.country,
        source=source,
        sample=sample,
        facets=facets,
        looked_at="",
        reference_date=evaluation.reference_date,
        numbers=numbers,
    )
