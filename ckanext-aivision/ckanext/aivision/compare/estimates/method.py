"""How the figures of a comparison were made, and what becomes of them if they are made in other ways."""

from __future__ import annotations

import msgspec


class Interval(msgspec.Struct, frozen=True):
    """95 per cent of intervals made in this way hold the true figure."""

    low: float
    high: float


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
    by_agency: Steadiness | None
    note: str = ""


class Clustering(msgspec.Struct, frozen=True):
    """The interval of the overall difference by dataset, where whole groups of one kind, `by`, are drawn.

    by: `agency`, `publisher` or `source`. first, second: how many there are of each country. note: why there is no
    interval; empty if there is one.
    """

    by: str
    first: int
    second: int
    interval: Interval | None
    note: str = ""


class Dropped(msgspec.Struct, frozen=True):
    """A criterion that no dataset of a source of many agencies meets, while others do: what it asks for was lost there.

    data_sets: whose failure is taken as unknown in the comparison.
    """

    country: str
    source: str
    criterion: str
    title: str
    data_sets: int


class Method(msgspec.Struct, frozen=True):
    """What the figures were computed with, so that they can be computed again.

    level: of the intervals, 0 to 1. draws, seed: of the bootstrap. least_agencies: of a country, for an interval; for a
    difference also least_data_sets. least_known: per cent of each country's datasets, for a criterion to be compared.
    least_of_agency: datasets of an agency, for it to be counted once beside the others. correction: of the p-values of
    the criteria as one family, of the dimensions and of a lens's groups. dropped_agencies, dropped_data_sets: how many
    a source must have for a criterion that none of them meets to be taken as lost there; dropped_chance: the most that
    this may be likely by chance, were its agencies like those of other sources.
    """

    level: float
    draws: int
    seed: int
    least_agencies: int
    least_data_sets: int
    least_known: float
    least_of_agency: int
    correction: str
    dropped_agencies: int
    dropped_data_sets: int
    dropped_chance: float
