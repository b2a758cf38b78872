"""Whether the difference between two countries depends on the weights of the criteria.

After the OECD/JRC Handbook on Constructing Composite Indicators (2008), step 7: weights are a judgement, so the figure
is made again under many others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ckanext.aivision.compare.estimates.method import Sensitivity, Steadiness
from ckanext.aivision.compare.estimates.sample import Sample
from ckanext.aivision.compare.estimates.statistics.intervals import Array

WEIGHTINGS = 1000


def sensitivity(first: Sample, second: Sample, weights: Array, seed: int) -> Sensitivity:
    """Compares the difference first minus second under the rubric's weights with 1,000 random weightings.

    weights: by criterion, 0 where it cannot be compared. Every weighting of the comparable criteria is equally likely
    (exponential weights, scaled). Computed from the tallies, over all known results of the comparable criteria.
    """
    comparable = weights > 0
    if not comparable.any() or not first.agencies or not second.agencies:
        return Sensitivity(WEIGHTINGS, None, None, "needs datasets of both countries and a criterion known for both")
    random = np.random.default_rng([seed, 2]).exponential(size=(len(weights), WEIGHTINGS))
    candidates = np.column_stack([weights, np.ones(len(weights)), random])[comparable]
    scores = (_scores(country, comparable, candidates) for country in (first, second))
    by_data_set, by_agency = (_steadiness(one - other) for one, other in zip(*scores, strict=True))
    return Sensitivity(WEIGHTINGS, by_data_set, by_agency)


def _scores(country: Sample, comparable: npt.NDArray[np.bool_], candidates: Array) -> tuple[Array, Array]:
    """The country's mean under each candidate weighting of the comparable criteria, by dataset and by agency."""
    rows = country.by_agency
    value, known = rows.value[:, comparable] @ candidates, rows.known[:, comparable] @ candidates
    once = (known[:, 0] > 0) * country.counted
    with np.errstate(invalid="ignore", divide="ignore"):
        by_data_set = value.sum(axis=0) / known.sum(axis=0)
        np.divide(value, known, out=value, where=known > 0)
        return by_data_set, once @ value / once.sum()


def _steadiness(differences: Array) -> Steadiness:
    rubric, equal, random = differences[0], differences[1], differences[2:]
    same = int(np.count_nonzero(np.sign(random) == np.sign(rubric)))
    return Steadiness(round(float(rubric), 2), round(float(equal), 2), same)
