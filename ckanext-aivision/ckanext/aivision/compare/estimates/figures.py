"""What a comparison consists of. Every figure is 0 to 100, rounded to two decimals; None is "not known"."""

from __future__ import annotations

import datetime

import msgspec


class Interval(msgspec.Struct, frozen=True):
    """95 per cent of intervals made in this way hold the true figure."""

    low: float
    high: float


class Mean(msgspec.Struct, frozen=True):
    """note: why there is no value or no interval; empty if there are both."""

    value: float | None
    interval: Interval | None
    note: str = ""


class Share(msgspec.Struct, frozen=True):
    """passed of known, as `value` per cent, with its Wilson interval. cases: what the interval takes as independent."""

    passed: int
    known: int
    cases: int
    value: float | None
    interval: Interval | None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One measure in one country.

    data_sets, publishers: how many of them the means are made of (those for which something is known).
    by_data_set: every dataset counts once; by_publisher: every publisher counts once, by the mean of its datasets.
    passed: the share of the known results that pass. known: the share that could be judged at all, by weight.
    too_little: why there is no mean and no share, such as `said by 2 % of datasets (605 of 29,026)`
    (compare.tallies.known_share); empty if enough is known.
    """

    data_sets: int
    publishers: int
    by_data_set: Mean
    by_publisher: Mean
    passed: Share
    known: float
    too_little: str = ""


class Difference(msgspec.Struct, frozen=True):
    """The first country's mean minus the second's, both over what is known on both sides.

    distinguishable: whether the interval leaves out zero; None if there is too little to say. note: the reason.
    """

    first: Mean
    second: Mean
    value: float | None
    interval: Interval | None
    distinguishable: bool | None
    note: str = ""


class Comparison(msgspec.Struct, frozen=True):
    """Both differences of a measure, over the criteria that are known on both sides.

    distinguishable: True if both intervals lie on the same side of zero; None if there is too little to say.
    criteria: how many criteria it is made of, out of `of_criteria` that the measure has. verdict: the same in words
    (compare.estimates.verdict.short_verdict).
    """

    by_data_set: Difference
    by_publisher: Difference
    distinguishable: bool | None
    criteria: int
    of_criteria: int
    note: str = ""
    verdict: str = ""


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """The overall score, a dimension or a criterion, in each country and between them.

    title: in words; question: a criterion's own, else empty. weight: of a criterion, or of all in it together.
    """

    id: str
    title: str
    countries: dict[str, Figures]
    comparison: Comparison
    weight: int
    dimension: str = ""
    question: str = ""


class Spread(msgspec.Struct, frozen=True):
    """How publishers of one country differ among themselves: percentiles of the means of their datasets.

    width: from the 10th percentile to the 90th.
    """

    publishers: int
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    width: float | None = None


class GradeShare(msgspec.Struct, frozen=True):
    """by_data_set: with its Wilson interval; by_publisher: the mean over publishers of their shares."""

    grade: str
    by_data_set: Share
    by_publisher: float | None


class Publisher(msgspec.Struct, frozen=True):
    """mean: of its datasets' scores; None if none has a score or too little is known (compare.tallies.known_share).

    small_sample: too few datasets to judge the publisher by.
    """

    country: str
    name: str
    data_sets: int
    mean: float | None
    known: float
    small_sample: bool


class Country(msgspec.Struct, frozen=True, kw_only=True):
    """code: ISO 3166-1 alpha-2; label: as shown (GB is the UK). largest_share: of the datasets, by one publisher."""

    code: str
    label: str
    data_sets: int
    publishers: int
    largest_publisher: str
    largest_share: float | None
    grades: list[GradeShare]
    spread: Spread


class LeftOut(msgspec.Struct, frozen=True):
    """A criterion that is no part of the difference, and why."""

    criterion: str
    title: str
    reason: str


class Steadiness(msgspec.Struct, frozen=True):
    """One way to count. difference: under the rubric's weights. equal_weights: where all criteria weigh the same.

    same_sign: in how many of the random weightings the difference has the same sign as under the rubric's weights.
    """

    difference: float
    equal_weights: float
    same_sign: int


class Sensitivity(msgspec.Struct, frozen=True):
    """What becomes of the difference under other weights of the criteria (all weightings equally likely)."""

    weightings: int
    by_data_set: Steadiness | None
    by_publisher: Steadiness | None
    note: str = ""


class Method(msgspec.Struct, frozen=True):
    """What the figures were made with, so that they can be made again.

    level: of the intervals, 0 to 1. draws, seed: of the bootstrap. least_publishers: of a country, for an interval;
    for a difference also least_data_sets. least_known: per cent of each country's datasets, for a criterion to be
    compared.
    """

    level: float
    draws: int
    seed: int
    least_publishers: int
    least_data_sets: int
    least_known: float


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
    notes: what a reader must know before the figures, the verdict first. other_countries: datasets not compared, by
    country code.
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
    publishers: list[Publisher]
    other_countries: dict[str, int] = {}
    sources: list[str] = []
    samples: bool = False
    banner: str = ""
    lens: LensComparison | None = None
