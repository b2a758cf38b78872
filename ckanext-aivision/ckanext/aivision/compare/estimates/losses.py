"""Criteria that a source's own pipeline lost: what no record of a large source says is no practice of its agencies.

A portal that copies records into tables of its own may have no column for a maintainer or a file's type. Every record
that it gives then fails what these are asked, whatever its agency wrote.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from ckanext.aivision.compare.estimates.counts import runs_of, sums
from ckanext.aivision.compare.estimates.sample import Sample
from ckanext.aivision.compare.estimates.statistics.intervals import Array

LEAST_AGENCIES = 5  # of a source: that so many all fail for reasons of their own is no accident
LEAST_DATA_SETS = 100
MOST_CHANCE = 0.05  # that none of a source's agencies meets what it is asked, were they like those elsewhere


@dataclasses.dataclass(frozen=True)
class Loss:
    """country: a code. source, criterion: their places in that country's sample. data_sets: those that fail."""

    country: str
    source: int
    criterion: int
    data_sets: int


def find_losses(samples: Mapping[str, Sample]) -> list[Loss]:
    """What sources lost, by country, source and criterion.

    samples: by country, with the same criteria across. A criterion is lost in a source with at least LEAST_AGENCIES
    agencies and LEAST_DATA_SETS datasets that it applies to, if none of these meets it, even in part, while agencies in
    other sources, of either country, do, and so many of them that this is no chance (MOST_CHANCE). Publishers that are
    placed with no agency are not counted: several may be offices of one. Records whose source is not known lose
    nothing.
    """
    sources = {code: _by_source(sample) for code, sample in samples.items()}
    asked = np.sum([one.asked.sum(axis=0) for one in sources.values()], axis=0)
    meeting = np.sum([one.meeting.sum(axis=0) for one in sources.values()], axis=0)
    found = []
    for code, one in sources.items():
        large = (one.applicable >= LEAST_DATA_SETS) & (one.placed >= LEAST_AGENCIES)
        # Nobody in this source meets it, so whoever does is in another one.
        elsewhere = meeting / np.maximum(asked - one.asked, 1)
        chance = (1 - np.minimum(elsewhere, 1)) ** one.placed
        lost = large & (one.meeting == 0) & (one.failed > 0) & (chance < MOST_CHANCE)
        for source, criterion in np.argwhere(lost).tolist():
            if samples[code].sources[source]:
                found.append(Loss(code, source, criterion, int(one.failed[source, criterion])))
    return found


def as_unknown(samples: Mapping[str, Sample], lost: list[Loss]) -> dict[str, Sample]:
    """The samples with the failures that are such losses counted as unknown; the datasets' own scores stay."""
    return {code: _as_unknown(one, [loss for loss in lost if loss.country == code]) for code, one in samples.items()}


def source_title(source: str) -> str:
    """What a source is called: its name or address, of a file its name alone."""
    return source if "://" in source else PurePath(source).name or source


def _as_unknown(sample: Sample, lost: list[Loss]) -> Sample:
    if not lost:
        return sample
    failed, unknown = sample.counts.failed.copy(), sample.counts.unknown.copy()
    for loss in lost:
        rows = np.flatnonzero(sample.source == loss.source)
        unknown[rows, loss.criterion] += failed[rows, loss.criterion]
        failed[rows, loss.criterion] = 0
    return sample.replaced(counts=dataclasses.replace(sample.counts, failed=failed, unknown=unknown))


@dataclasses.dataclass(frozen=True)
class _Sources:
    """Sources x criteria.

    applicable, failed: datasets. asked, meeting, placed: agencies with datasets that it applies to, those of them with
    one that meets it, at least in part, and those that are placed.
    """

    applicable: Array
    failed: Array
    asked: Array
    meeting: Array
    placed: Array


def _by_source(sample: Sample) -> _Sources:
    counts, number, agencies = sample.counts, len(sample.sources), max(len(sample.agencies), 1)
    pairs, place = np.unique(sample.source * agencies + sample.agency, return_inverse=True)
    cells = runs_of(place, len(pairs))
    asked = sums(counts.applicable, cells) > 0
    meeting = sums(counts.passed + counts.partial, cells) > 0
    is_placed = np.array([bool(name.id) for name in sample.agencies], dtype=np.bool_)
    runs = runs_of(sample.source, number)

    def agencies_of(table: npt.NDArray[np.bool_]) -> Array:
        return sums(table.astype(np.float64), runs_of(pairs // agencies, number))

    return _Sources(
        applicable=sums(counts.applicable, runs),
        failed=sums(counts.failed, runs),
        asked=agencies_of(asked),
        meeting=agencies_of(meeting),
        placed=agencies_of(asked & is_placed[pairs % agencies][:, None]),
    )
