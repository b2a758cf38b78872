"""Intervals of 95 per cent: Wilson's for shares, a bootstrap clustered by publisher for means. Pure, and seeded."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEVEL = 0.95
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


def wilson(passed: float, of: int) -> tuple[float, float]:
    """The Wilson score interval of the share passed/of, as shares 0 to 1 (Wilson 1927; no continuity correction).

    Raises ValueError if `of` is not positive.
    """
    if of <= 0:
        raise ValueError("a share of nothing has no interval")
    share = passed / of
    centre = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z / (1 + Z * Z / of) * float(np.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)))
    return max(0.0, centre - half), min(1.0, centre + half)


def student_t(freedom: Array) -> Array:
    """Two-sided 95 per cent quantile of Student's t, for 2 and more degrees of freedom.

    Fisher's expansion to the fourth order (Abramowitz and Stegun 26.7.5), within 1 per cent of the exact value.
    """
    z = Z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    result = np.full_like(freedom, z)
    for power, term in enumerate(terms, 1):
        result += term / freedom**power
    return result


def resamples(clusters: int, draws: int, generator: np.random.Generator) -> Array:
    """How often each cluster is drawn: draws x clusters; each row is as many draws with replacement as clusters."""
    drawn = generator.integers(0, clusters, size=(draws, clusters))
    rows = np.arange(draws)[:, None] * clusters
    return np.bincount((drawn + rows).ravel(), minlength=draws * clusters).reshape(draws, clusters).astype(np.float64)


def clustered_draws(numerators: Array, denominators: Array, counts: Array) -> Array:
    """Bootstrap draws of sum(numerators) / sum(denominators), whole clusters being drawn: draws x measures.

    numerators, denominators: clusters x measures; a cluster without the measure has denominator 0.
    counts: draws x clusters, as of `resamples`.
    A draw that holds no cluster with the measure is NaN. Draws are spread out from the estimate by
    t / z * sqrt(n / (n - 1)), n being the clusters with the measure: the plain percentile interval is too narrow
    where clusters are few (Hesterberg 2015, section 4.5.3).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        estimates = numerators.sum(axis=0) / denominators.sum(axis=0)
        draws = (counts @ numerators) / (counts @ denominators)
    clusters = np.maximum((denominators > 0).sum(axis=0).astype(np.float64), 3.0)
    widening = student_t(clusters - 1) / Z * np.sqrt(clusters / (clusters - 1))
    result: Array = estimates + widening * (draws - estimates)
    return result


def percentile_interval(draws: Array) -> tuple[Array, Array]:
    """Lower and upper 95 per cent limits of each column; NaN draws are left out, a column of NaN gives NaN."""
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    complete = ~np.isnan(draws).any(axis=0)
    limits = np.full((2, draws.shape[1]), np.nan)
    limits[:, complete] = np.quantile(draws[:, complete], tails, axis=0)
    for column in np.flatnonzero(~complete & ~np.isnan(draws).all(axis=0)):
        limits[:, column] = np.nanquantile(draws[:, column], tails)
    return limits[0], limits[1]
