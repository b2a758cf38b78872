"""Dataset + rubric + date -> Evaluation. Pure: no I/O, no clock, no CKAN."""

from __future__ import annotations

import datetime

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.observed import NOTHING, Observed
from ckanext.aivision.scoring.registry import Context
from ckanext.aivision.scoring.results import MENDABLE, Evaluation, Result
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.scoring.score import dimension_scores, grade, weighted


def evaluate(dataset: Dataset, rubric: Rubric, on: datetime.date, observed: Observed = NOTHING) -> Evaluation:
    """Evaluates one data set against every criterion of the rubric, as deep as was looked.

    on: the reference date (UTC) that ages are counted to. observed: what was seen of its links and files; a criterion
    of a depth that was not looked at is not among the results.
    A profile that `config/profiles.yaml` does not name carries nothing, so what it leaves out is unknown.
    """
    context = Context(on, rubric.profiles.get(dataset.profile, frozenset()), observed)
    criteria = rubric.at(observed.depths)
    results = []
    for row in criteria:
        found = rubric.checks[row.id](dataset, context)
        fix = row.fix if found.result in MENDABLE else ""
        results.append(Result(row.id, found.result, found.value, found.evidence, found.field, fix))
    score, coverage = weighted(results, criteria)
    return Evaluation(
        identifier=dataset.identifier,
        title=dataset.title,
        publisher=dataset.publisher.name if dataset.publisher else None,
        country=dataset.country,
        score=score,
        coverage=coverage,
        grade=grade(score, coverage),
        dimensions=dimension_scores(results, criteria),
        results=results,
        rubric_version=rubric.version,
        reference_date=on,
        beyond=observed.depths,
    )
