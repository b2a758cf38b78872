"""The figures of one agency by itself, in the same words as those of its country."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ckanext.aivision.compare.estimates.country import CountryFigures
from ckanext.aivision.compare.estimates.differences import comparable_weights
from ckanext.aivision.compare.estimates.figures import Figures
from ckanext.aivision.compare.estimates.means import Columns, estimate
from ckanext.aivision.compare.estimates.sample import CriterionLike, Sample
from ckanext.aivision.scoring.registry import DIMENSIONS

# One agency has no interval, as whole agencies are drawn for it.
_DRAWS = 2


class OwnFigures(NamedTuple):
    """By the id of a dimension and of a criterion; `by_data_set` has the mean."""

    dimensions: dict[str, Figures]
    criteria: dict[str, Figures]


def own_figures(sample: Sample, criteria: Sequence[CriterionLike]) -> OwnFigures:
    """sample: the datasets of one agency, at least one. criteria: the rubric's."""
    sample = sample.asking([row.id for row in criteria])
    weights = comparable_weights(criteria, DIMENSIONS, {})
    columns = Columns(len(DIMENSIONS), len(criteria))
    found = CountryFigures(sample, estimate(sample, weights, _DRAWS, np.random.default_rng(0)), columns, weights)
    return OwnFigures(
        {name: found.dimension(place) for place, name in enumerate(DIMENSIONS, 1)},
        {row.id: found.criterion(place) for place, row in enumerate(criteria)},
    )
