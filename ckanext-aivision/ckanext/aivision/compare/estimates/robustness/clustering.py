"""Whether the overall interval depends on how datasets are grouped: by agency, publisher or source."""

from __future__ import annotations

import numpy as np

from ckanext.aivision.compare.estimates.counts import Places, runs_of, sums
from ckanext.aivision.compare.estimates.figures import Comparison
from ckanext.aivision.compare.estimates.method import Clustering, Interval
from ckanext.aivision.compare.estimates.sample import Sample
from ckanext.aivision.compare.estimates.statistics.intervals import (
    LEAST_CLUSTERS,
    Array,
    percentile_interval,
    spread_out,
    too_few_clusters,
)


def clusterings(samples: list[Sample], weights: Array, overall: Comparison, draws: int, seed: int) -> list[Clustering]:
    """The interval of the overall difference by dataset, with each kind of cluster.

    samples: of the two countries. weights: by criterion, 0 where it is not compared. overall: the comparison itself,
    whose datasets are clustered by agency.
    """
    first, second = samples
    own = overall.by_data_set
    found = [Clustering("agency", len(first.agencies), len(second.agencies), own.interval, own.note or overall.note)]
    for place, kind in enumerate(("publisher", "source")):
        numbers = [len(getattr(one, f"{kind}s")) for one in samples]
        if own.interval is None:
            interval, note = None, own.note or overall.note
        elif min(numbers) < LEAST_CLUSTERS:
            interval, note = None, too_few_clusters(min(numbers), f"{kind}s")
        else:
            generator = np.random.default_rng([seed, 3 + place])
            one, other = (_draws(sample, getattr(sample, kind), weights, draws, generator) for sample in samples)
            low, high = percentile_interval(one - other)
            low, high = np.clip(low, -100, 100), np.clip(high, -100, 100)
            interval, note = Interval(round(float(low[0]), 2), round(float(high[0]), 2)), ""
        found.append(Clustering(kind, numbers[0], numbers[1], interval, note))
    return found


def _draws(sample: Sample, clusters: Places, weights: Array, draws: int, generator: np.random.Generator) -> Array:
    number = int(clusters.max()) + 1
    runs = runs_of(clusters, number)
    both = [sums(table @ weights, runs) for table in (sample.counts.value, sample.counts.known)]
    # Of a single measure it is faster to add up what is drawn than to count how often each cluster is.
    drawn = generator.integers(0, number, size=(draws, number), dtype=np.uint32)
    top, bottom = (one[drawn].sum(axis=1) for one in both)
    return spread_out(both[0][:, None], both[1][:, None], top[None, :], bottom[None, :])[1]
