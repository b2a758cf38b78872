"""Every measure of a comparison: overall, each dimension, each criterion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ckanext.aivision.compare.estimates.country import CountryFigures
from ckanext.aivision.compare.estimates.differences import (
    Differences,
    comparable_weights,
    corrected,
    not_compared,
)
from ckanext.aivision.compare.estimates.figures import Comparison, Figures, Measure
from ckanext.aivision.compare.estimates.means import Columns, estimate
from ckanext.aivision.compare.estimates.sample import CriterionLike, Sample
from ckanext.aivision.scoring.registry import DIMENSIONS

DRAWS = 1000
ABBREVIATIONS = ("ai", "api")


class Measures:
    """Both countries' figures, and the differences between them."""

    def __init__(
        self,
        samples: dict[str, Sample],
        labels: Sequence[str],
        criteria: Sequence[CriterionLike],
        out: dict[int, str],
        seed: int,
    ) -> None:
        """samples: of the two countries, by code. out: the criteria left out of differences, by place, with why."""
        self._criteria, self._out, self._labels = criteria, out, labels
        self._columns = Columns(len(DIMENSIONS), len(criteria))
        self._every = comparable_weights(criteria, DIMENSIONS, {})
        self._comparable = comparable_weights(criteria, DIMENSIONS, out)
        estimates = [
            estimate(sample, self._comparable, DRAWS, np.random.default_rng([seed, place]))
            for place, sample in enumerate(samples.values())
        ]
        self._figures = {
            code: CountryFigures(sample, found, self._columns, self._every)
            for (code, sample), found in zip(samples.items(), estimates, strict=True)
        }
        self._differences = Differences(estimates[0], estimates[1], labels)
        empty = [label for sample, label in zip(samples.values(), labels, strict=True) if not sample.agencies]
        self._nothing = f"no datasets of the {' and of the '.join(empty)}" if empty else ""

    def overall(self) -> Measure:
        return self._weighted(0, "overall")

    def dimensions(self) -> list[Measure]:
        """Corrected as one family of comparisons."""
        return corrected([self._weighted(place, name) for place, name in enumerate(DIMENSIONS, 1)], self._labels)

    def criteria(self) -> list[Measure]:
        """Corrected as one family of comparisons."""
        return corrected([self._criterion(index, row) for index, row in enumerate(self._criteria)], self._labels)

    def _weighted(self, place: int, name: str) -> Measure:
        weights = self._comparable[:, place]
        figures = {code: found.dimension(place) for code, found in self._figures.items()}
        number, of = int(np.count_nonzero(weights)), int(np.count_nonzero(self._every[:, place]))
        if number:
            comparison = self._compared(self._columns.comparable(place), number, of)
        else:
            comparison = not_compared(self._nothing or "none of its criteria is known for both countries", of)
        weight = round(float(self._every[:, place].sum()), 3)
        return _measure(name, weight, figures, comparison, dimension=name if place else "")

    def _criterion(self, index: int, row: CriterionLike) -> Measure:
        figures = {code: found.criterion(index) for code, found in self._figures.items()}
        if index in self._out:
            comparison = not_compared(self._out[index])
        else:
            comparison = self._compared(self._columns.criterion(index), 1, 1)
        return _measure(row.id, row.weight, figures, comparison, row.dimension, row.question)

    def _compared(self, column: int, criteria: int, of_criteria: int) -> Comparison:
        if self._nothing:
            return not_compared(self._nothing, of_criteria)
        return self._differences.at(column, criteria, of_criteria)


def in_words(name: str) -> str:
    """`update-frequency-stated` to `Update frequency stated`, `api-documented` to `API documented`."""
    if name in DIMENSIONS:
        return name.capitalize()
    first, *rest = (word.upper() if word in ABBREVIATIONS else word for word in name.split("-"))
    return " ".join([first[0].upper() + first[1:], *rest])


def _measure(
    name: str, weight: float, figures: dict[str, Figures], comparison: Comparison, dimension: str, question: str = ""
) -> Measure:
    return Measure(
        id=name,
        title=in_words(name),
        countries=figures,
        comparison=comparison,
        weight=weight,
        dimension=dimension,
        question=question,
    )
