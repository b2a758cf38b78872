"""The points that one day adds to the series: every measure of each country and of each agency."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ckanext.aivision.compare.estimates import losses
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.estimates.one_agency import own_figures
from ckanext.aivision.compare.estimates.sample import CriterionLike, Sample

OVERALL = "overall"
_LOST = "a source seems to lose it for all its records"


class Point(NamedTuple):
    """One measure on one day.

    agency: the id of the agency; empty for a country as a whole, whose value is the mean of its agencies' means, each
    over everything known about it. measure: `overall`, or the id of a dimension or criterion. value, low, high: 0 to
    100, with the ends of the 95 per cent interval; an agency has none, because all its datasets are counted.
    too_little: why there is no value; empty if there is one. judged: the datasets for which something is known.
    data_sets, agencies: how many there were in all; of agencies only those with datasets enough to be counted.
    sample: of made-up records.
    """

    day: datetime.date
    sample: bool
    rubric_version: str
    country: str
    agency: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    too_little: str
    judged: int
    data_sets: int
    agencies: int


class SourceSize(NamedTuple):
    """How many datasets of a country, or of an agency in it, a source had on a day. source: empty for none."""

    day: datetime.date
    sample: bool
    country: str
    agency: str
    source: str
    data_sets: int


def country_points(figures: Overview, day: datetime.date) -> Iterator[Point]:
    """The points of both countries, and those of the agencies' overall means."""
    for country in figures.countries:
        agencies = country.agencies - country.agencies_left_out
        for measure in (figures.overall, *figures.dimensions, *figures.criteria):
            own = measure.countries[country.code]
            ends = own.by_agency.interval
            yield Point(
                day=day,
                sample=figures.samples,
                rubric_version=figures.rubric_version,
                country=country.code,
                agency="",
                measure=measure.id,
                value=own.by_agency.value,
                low=ends.low if ends else None,
                high=ends.high if ends else None,
                too_little="" if own.by_agency.value is not None else own.too_little or own.by_agency.note,
                judged=own.data_sets,
                data_sets=country.data_sets,
                agencies=agencies,
            )
    for agency in figures.agencies:
        if agency.id and agency.counted:
            yield Point(
                day=day,
                sample=figures.samples,
                rubric_version=figures.rubric_version,
                country=agency.country,
                agency=agency.id,
                measure=OVERALL,
                value=agency.mean,
                low=None,
                high=None,
                too_little="" if agency.mean is not None else "too little is known",
                judged=agency.data_sets,
                data_sets=agency.data_sets,
                agencies=1,
            )


def agency_points(
    figures: Overview, samples: Mapping[str, Sample], criteria: Sequence[CriterionLike], day: datetime.date
) -> Iterator[Point]:
    """The points of the dimensions and criteria of each agency that is counted.

    samples: of the two countries, by code, as the figures were made of.
    """
    lost = {(row.country, row.source, row.criterion) for row in figures.dropped}
    for code, sample in samples.items():
        for place, name in enumerate(sample.agencies):
            if not name.id or not sample.counted[place]:
                continue
            one = _of_agency(sample, place)
            sources = [losses.source_title(source) for source in one.sources]
            found = own_figures(one, criteria)
            size = int(one.counts.data_sets.sum())
            for measure, own in (*found.dimensions.items(), *found.criteria.items()):
                is_lost = any((code, source, measure) in lost for source in sources)
                value = None if is_lost else own.by_data_set.value
                reason = _LOST if is_lost else own.too_little or own.by_data_set.note
                yield Point(
                    day=day,
                    sample=figures.samples,
                    rubric_version=figures.rubric_version,
                    country=code,
                    agency=name.id,
                    measure=measure,
                    value=value,
                    low=None,
                    high=None,
                    too_little="" if value is not None else reason,
                    judged=own.data_sets,
                    data_sets=size,
                    agencies=1,
                )


def source_sizes(figures: Overview, samples: Mapping[str, Sample], day: datetime.date) -> Iterator[SourceSize]:
    """How many datasets each source has in each country, and in each agency that is counted."""
    for code, sample in samples.items():
        numbers: Counter[tuple[str, str]] = Counter()
        cells = zip(sample.agency, sample.source, sample.counts.data_sets.tolist(), strict=True)
        for agency, source, data_sets in cells:
            title, name = losses.source_title(sample.sources[source]), sample.agencies[agency]
            numbers["", title] += int(data_sets)
            if name.id and sample.counted[agency]:
                numbers[name.id, title] += int(data_sets)
        for (id, title), number in numbers.items():
            yield SourceSize(day, figures.samples, code, id, title, number)


def _of_agency(sample: Sample, place: int) -> Sample:
    """The part of a country's sample that one agency has."""
    rows = np.flatnonzero(sample.agency == place)
    nowhere = np.zeros(len(rows), dtype=np.intp)
    sources, of_source = np.unique(sample.source[rows], return_inverse=True)
    return sample.replaced(
        counts=sample.counts.at(rows),
        agency=nowhere,
        agencies=[sample.agencies[place]],
        publisher=nowhere,
        publishers=[sample.publishers[int(sample.publisher[rows[0]])]],
        source=of_source.astype(np.intp),
        sources=[sample.sources[int(one)] for one in sources],
    )
