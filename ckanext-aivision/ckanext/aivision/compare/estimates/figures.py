"""What a comparison consists of. Every figure is 0 to 100, rounded to two decimals; None is "not known"."""

from __future__ import annotations

import datetime

import msgspec

from ckanext.aivision.compare.estimates.agency_figures import Agency
from ckanext.aivision.compare.estimates.method import Clustering, Dropped, Interval, Method, Sensitivity


class Mean(msgspec.Struct, frozen=True):
    """note: why there is no value or no interval; empty if there are both."""

    value: float | None
    interval: Interval | None
    note: str = ""


class Share(msgspec.Struct, frozen=True):
    """passed of known, as `value` per cent, with its interval (compare.estimates.shares).

    cases: the effective number of datasets, which are fewer than there are as those of one agency are alike; 0 if there
    is no interval.
    """

    passed: int
    known: int
    cases: float
    value: float | None
    interval: Interval | None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One measure in one country.

    data_sets, agencies: how many of them the mean by dataset is made of (those for which something is known).
    by_data_set: every dataset counts once; by_agency: every agency with datasets enough counts once, by the mean of its
    datasets.
    passed: the share of the known results that pass. known: the share that could be judged at all, by weight.
    too_little: why there is no mean and no share, such as `said by 2 % of datasets (605 of 29,026)`
    (compare.tallies.known_share); empty if enough is known.
    """

    data_sets: int
    agencies: int
    by_data_set: Mean
    by_agency: Mean
    passed: Share
    known: float
    too_little: str = ""


class Difference(msgspec.Struct, frozen=True):
    """The first country's mean minus the second's, both over what is known on both sides.

    distinguishable: whether the interval leaves out zero; None if there is too little to say. note: the reason. p: how
    likely so large a difference is by chance alone (`statistics.significance`), not corrected for the number of
    comparisons.
    """

    first: Mean
    second: Mean
    value: float | None
    interval: Interval | None
    distinguishable: bool | None
    note: str = ""
    p: float | None = None


class Comparison(msgspec.Struct, frozen=True):
    """Both differences of a measure, over the criteria that are known on both sides.

    by_agency is the headline and alone decides. corrected: its p-value, corrected for the number of comparisons made
    beside it (Holm); that of a single comparison is the same as without.
    distinguishable: True if the interval of by_agency leaves out zero and, among many comparisons, the corrected
    p-value says so too; None if there is too little to say. criteria: how many criteria it is made of, out of
    `of_criteria` that the measure has. verdict: the same in words (compare.estimates.verdict_sentences.short_verdict).
    """

    by_data_set: Difference
    by_agency: Difference
    distinguishable: bool | None
    criteria: int
    of_criteria: int
    note: str = ""
    verdict: str = ""
    corrected: float | None = None


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """The overall score, a dimension or a criterion, in each country and between them.

    title: in words; question: a criterion's own, else empty. weight: of a criterion, or of all in it together.
    """

    id: str
    title: str
    countries: dict[str, Figures]
    comparison: Comparison
    weight: float
    dimension: str = ""
    question: str = ""


class Spread(msgspec.Struct, frozen=True):
    """How agencies of one country differ among themselves: percentiles of the means of their datasets.

    agencies: how many have datasets enough, and a mean. width: from the 10th percentile to the 90th.
    """

    agencies: int
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    width: float | None = None


class GradeShare(msgspec.Struct, frozen=True):
    """by_data_set: of all datasets; by_agency: the mean over agencies of their shares, per cent."""

    grade: str
    by_data_set: Share
    by_agency: Mean


class Publisher(msgspec.Struct, frozen=True):
    """agency: the id of the agency that it is counted under; empty for none.

    mean: of its datasets' scores; None if none has a score or too little is known (compare.tallies.known_share).
    small_sample: too few datasets to judge the publisher by.
    """

    country: str
    name: str
    data_sets: int
    mean: float | None
    known: float
    small_sample: bool
    agency: str = ""


class Country(msgspec.Struct, frozen=True, kw_only=True):
    """code: ISO 3166-1 alpha-2; label: as shown (GB is the UK). largest_share: of the datasets, by one agency.

    agencies: all; agencies_left_out: those of them with too few datasets to be counted once beside the others.
    unplaced: datasets that are placed with no agency, whose publishers stand for themselves.
    """

    code: str
    label: str
    data_sets: int
    agencies: int
    agencies_left_out: int
    publishers: int
    unplaced: int
    largest_agency: str
    largest_share: float | None
    grades: list[GradeShare]
    spread: Spread


class LeftOut(msgspec.Struct, frozen=True):
    """A criterion that is no part of the difference, and why."""

    criterion: str
    title: str
    reason: str


class LensComparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two countries through a lens (scoring.lenses.schema).

    groups: in the lens's order; `dimension` is the group above, or empty.

    left_out: its rows that are no part of the differences. not_measured: its clauses that nothing answers, and why.
    lacking: why nothing could be compared; empty if it could. verdict: of the whole, as a sentence.
    """

    lens: str
    label: str
    title: str
    publisher: str
    date: str
    address: str
    note: str
    overall: Measure
    groups: list[Measure]
    left_out: list[LeftOut]
    not_measured: list[LeftOut]
    lacking: str = ""
    verdict: str = ""


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison of two countries, from one rubric version.

    first_date, last_date: the reference dates of the evaluations lie between these; None if there are none.
    notes: what a reader must know before the figures, the verdict first. clustering: the overall difference's interval
    with other clusters. dropped: what sources lost (compare.estimates.losses). other_countries: datasets not compared,
    by country code.
    sources: where the evaluations come from, where that is known. samples: whether all records are made-up samples;
    banner: what has to be said before anything else, as that they are, or empty. lens: the same through a lens, where
    one was asked for.
    """

    rubric_version: str
    first_date: datetime.date | None
    last_date: datetime.date | None
    method: Method
    notes: list[str]
    countries: list[Country]
    overall: Measure
    dimensions: list[Measure]
    criteria: list[Measure]
    left_out: list[LeftOut]
    sensitivity: Sensitivity
    clustering: list[Clustering]
    dropped: list[Dropped]
    agencies: list[Agency]
    publishers: list[Publisher]
    other_countries: dict[str, int] = {}
    sources: list[str] = []
    samples: bool = False
    banner: str = ""
    lens: LensComparison | None = None
