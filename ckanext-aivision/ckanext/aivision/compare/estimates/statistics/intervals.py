"""Intervals of 95 per cent: Wilson's for shares, a bootstrap of whole clusters for means. Pure, and seeded."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEVEL = 0.95
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
LEAST_CLUSTERS = 3  # for an interval


def too_few_clusters(number: int, what: str = "agencies") -> str:
    """Why there is no interval, in words. what: what the clusters are."""
    return f"no interval: {number} of the {LEAST_CLUSTERS} {what} needed"


def wilson(share: Array, of: Array, quantile: Array) -> tuple[Array, Array]:
    """Lower and upper limits of the Wilson score interval, 0 to 1 (Wilson 1927; no continuity correction).

    share: 0 to 1. of: how many independent cases each is of, more than 0. quantile: of the distribution of the error,
    such as 1.96.
    """
    square = quantile**2 / of
    centre = (share + square / 2) / (1 + square)
    half = quantile / (1 + square) * np.sqrt(np.maximum(share * (1 - share), 0) / of + square / (4 * of))
    return np.maximum(0.0, centre - half), np.minimum(1.0, centre + half)


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


def effective_clusters(sizes: Array) -> Array:
    """How many clusters of one size are as sure as these, by measure; 0 where there are none.

    sizes: clusters x measures. Where few are large, the others hardly count (Carter, Schnepel and Steigerwald 2017,
    "Asymptotic behavior of a t-test robust to cluster heterogeneity"; this is Kish's number, with their results alike).
    """
    squares = (sizes**2).sum(axis=0)
    number: Array = np.divide(sizes.sum(axis=0) ** 2, squares, out=np.zeros_like(squares), where=squares > 0)
    return number


def quantile(clusters: Array) -> Array:
    """Student's quantile for so many effective clusters; of fewer than three as of three."""
    return student_t(np.maximum(clusters, LEAST_CLUSTERS) - 1)


def resamples(clusters: int, draws: int, generator: np.random.Generator) -> Array:
    """How often each cluster is drawn: draws x clusters; each row is as many draws with replacement as clusters."""
    drawn = generator.integers(0, clusters, size=(draws, clusters))
    rows = np.arange(draws)[:, None] * clusters
    return np.bincount((drawn + rows).ravel(), minlength=draws * clusters).reshape(draws, clusters).astype(np.float64)


def clustered_draws(tops: Array, bottoms: Array, counts: Array) -> tuple[Array, Array, Array]:
    """Bootstrap of sum(tops) / sum(bottoms), whole clusters being drawn.

    tops, bottoms: clusters x measures; a cluster without the measure has 0 in both. counts: draws x clusters, as of
    `resamples`. Returns as `spread_out`.
    """
    both = np.hstack([tops, bottoms]).T @ counts.T
    return spread_out(tops, bottoms, both[: tops.shape[1]], both[tops.shape[1] :])


def spread_out(tops: Array, bottoms: Array, drawn_tops: Array, drawn_bottoms: Array) -> tuple[Array, Array, Array]:
    """The values sum(tops) / sum(bottoms), their draws (measures x draws) and their standard errors.

    tops, bottoms: clusters x measures. drawn_tops, drawn_bottoms: measures x draws, the sums over the clusters drawn.
    A draw that holds no cluster with the measure is NaN. Draws are spread out from the value by t / z * sqrt(n / (n -
    1)), n being the effective number of clusters: the plain percentile interval is too narrow where clusters are few
    (Hesterberg 2015, section 4.5.3), or few of them large. The standard error has the square root alone.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        values = tops.sum(axis=0) / bottoms.sum(axis=0)
        draws = drawn_tops / drawn_bottoms
    clusters = np.maximum(effective_clusters(bottoms), LEAST_CLUSTERS)
    widening = np.sqrt(clusters / (clusters - 1))
    draws -= values[:, None]
    errors = widening * np.sqrt(_mean_of_squares(draws))
    draws *= (quantile(clusters) / Z * widening)[:, None]
    draws += values[:, None]
    return values, draws, errors


def _mean_of_squares(draws: Array) -> Array:
    """About 0, by measure; NaN draws are left out."""
    found: Array = np.einsum("ij,ij->i", draws, draws) / draws.shape[1]
    for row in np.flatnonzero(np.isnan(found)):
        known = draws[row][~np.isnan(draws[row])]
        found[row] = (known**2).mean() if len(known) else np.nan
    return found


def percentile_interval(draws: Array) -> tuple[Array, Array]:
    """Lower and upper 95 per cent limits of each measure; NaN draws are left out, nothing but NaN gives NaN.

    draws: measures x draws.
    """
    ordered = np.sort(draws, axis=1)  # NaN last
    known = draws.shape[1] - np.isnan(ordered).sum(axis=1)
    rows = np.arange(len(ordered))
    return _at(ordered, rows, known, (1 - LEVEL) / 2), _at(ordered, rows, known, (1 + LEVEL) / 2)


def _at(ordered: Array, rows: npt.NDArray[np.intp], known: npt.NDArray[np.intp], share: float) -> Array:
    """The quantile of the known values of each row, linear between neighbours as numpy's is."""
    place = share * np.maximum(known - 1, 0)
    below = np.floor(place).astype(np.intp)
    above = np.minimum(below + 1, np.maximum(known - 1, 0))
    low, high = ordered[rows, below], ordered[rows, above]
    limits: Array = low + (place - below) * (high - low)
    return limits
