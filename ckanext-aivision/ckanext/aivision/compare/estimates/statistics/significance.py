"""How likely a difference is by chance alone, and the correction for making many comparisons. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from ckanext.aivision.compare.estimates.statistics.intervals import Array

_NO_ERROR = 1e-6  # points; what rounding leaves where all clusters are alike
_LIKE_NORMAL = 300  # degrees of freedom from which Student's t is the normal distribution to three digits


def p_values(difference: Array, errors: tuple[Array, Array], clusters: tuple[Array, Array]) -> Array:
    """Two-sided p-values of differences between two countries' means, by Welch's test.

    difference: by measure. errors: the standard errors of the two means. clusters: how many each is made of, more than
    1; effective ones may be no whole number. The degrees of freedom are Welch's and Satterthwaite's (Welch 1947),
    rounded down. Where both errors are as good as none, a difference that would be shown is certain (0), and another is
    none (1).
    """
    one, other = errors[0] ** 2, errors[1] ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        statistic = np.abs(difference) / np.sqrt(one + other)
        freedom = (one + other) ** 2 / (one**2 / (clusters[0] - 1) + other**2 / (clusters[1] - 1))
    result = np.full(difference.shape, np.nan)
    for place in np.flatnonzero(~np.isnan(difference)):
        if one[place] + other[place] > _NO_ERROR**2:
            result[place] = student_p(float(statistic[place]), int(freedom[place]))
        else:
            result[place] = 0.0 if round(float(difference[place]), 2) else 1.0
    return result


def student_p(statistic: float, freedom: int) -> float:
    """The chance that |t| is at least `statistic` (0 or more) with so many degrees of freedom, 1 or more.

    The closed form for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and 26.7.4); the normal distribution for
    very many.
    """
    if freedom >= _LIKE_NORMAL:
        return 2 * NormalDist().cdf(-statistic)
    angle = np.arctan(statistic / np.sqrt(freedom))
    sine, square = float(np.sin(angle)), float(np.cos(angle) ** 2)
    odd = freedom % 2
    # The terms are products of their ratios: 1, 2/3 cos^2, (2 4)/(3 5) cos^4 ... if odd, 1, 1/2 cos^2 ... if even.
    steps = np.arange(1 + odd, freedom - 2 + odd, 2, dtype=np.float64)
    series = 1.0 + float(np.cumprod(steps / (steps + 1) * square).sum())
    if not odd:
        return max(0.0, 1 - sine * series)
    inner = float(angle) + (sine * float(np.cos(angle)) * series if freedom > 1 else 0.0)
    return max(0.0, 1 - 2 / np.pi * inner)


def holm(p: Sequence[float]) -> list[float]:
    """The p-values of a family of tests, corrected for their number (Holm 1979), in the same order.

    The chance that any of them is below 0.05 though there is no difference anywhere stays below 0.05, however the tests
    depend on each other.
    """
    corrected = [0.0] * len(p)
    largest = 0.0
    for rank, place in enumerate(sorted(range(len(p)), key=lambda place: p[place])):
        largest = max(largest, min(1.0, (len(p) - rank) * p[place]))
        corrected[place] = largest
    return corrected
