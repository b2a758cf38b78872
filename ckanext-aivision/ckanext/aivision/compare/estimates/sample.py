"""One country's datasets as arrays: a row for each agency, publisher and source, criteria or dimensions across.

Made from tallies (`of_tallies`), or from columns that are arrays already, such as those of a GROUP BY (`sample`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar, get_args

import numpy as np

from ckanext.aivision.compare.estimates.counts import Counts, Places
from ckanext.aivision.compare.estimates.statistics.intervals import Array
from ckanext.aivision.compare.tallies.known_share import reason_without_mean
from ckanext.aivision.compare.tallies.tally import CriterionTally, DimensionTally, Tally
from ckanext.aivision.scoring.results import Grade

LEAST_DATA_SETS = 30
LEAST_OF_AGENCY = 5  # datasets; the mean of fewer says little of an agency's practice
GRADES: tuple[Grade, ...] = get_args(Grade)
NO_NAME = "(no publisher named)"

_T = TypeVar("_T")


class CriterionLike(Protocol):
    """What a comparison needs of a `scoring.rubric.Criterion`."""

    @property
    def id(self) -> str: ...

    @property
    def dimension(self) -> str: ...

    @property
    def question(self) -> str: ...

    @property
    def weight(self) -> float: ...


class Cell(NamedTuple):
    """Whose datasets a row counts.

    agency: its stable id; empty if the datasets are placed with none: then the publisher is one of its own.
    agency_title: its name. level: of government. source: where the records were harvested from; empty if that is not
    known.
    """

    publisher: str
    agency: str = ""
    agency_title: str = ""
    level: str = ""
    source: str = ""


class AgencyName(NamedTuple):
    """id: empty for a publisher that is placed with none; title is the publisher's name then."""

    id: str
    title: str
    level: str = ""


class PublisherName(NamedTuple):
    """name: empty if records name none. agency: the id of the agency that it is counted under; empty for none."""

    name: str
    agency: str = ""


@dataclasses.dataclass(frozen=True)
class Sample:
    """One country.

    criteria, dimensions: the columns of `counts`. agency, publisher, source: by row, the place of the cluster
    that it belongs to in agencies, publishers, sources. A publisher that is counted under two agencies is two.
    """

    criteria: Sequence[str]
    dimensions: Sequence[str]
    counts: Counts
    agency: Places
    publisher: Places
    source: Places
    agencies: Sequence[AgencyName]
    publishers: Sequence[PublisherName]
    sources: Sequence[str]

    @cached_property
    def by_agency(self) -> Counts:
        """A row an agency."""
        return self.counts.grouped(self.agency, len(self.agencies))

    @cached_property
    def by_publisher(self) -> Counts:
        """A row a publisher."""
        return self.counts.grouped(self.publisher, len(self.publishers))

    @cached_property
    def counted(self) -> Array:
        """By agency, 1 where it has datasets enough to be counted once beside the others, else 0."""
        return (self.by_agency.data_sets >= LEAST_OF_AGENCY).astype(np.float64)

    @property
    def agencies_left_out(self) -> int:
        """How many have too few datasets to be counted once beside the others."""
        return len(self.agencies) - int(self.counted.sum())

    def asking(self, criteria: Sequence[str]) -> Sample:
        """The same datasets with these criteria across, in this order; of one that is not there nothing is known."""
        if tuple(criteria) == tuple(self.criteria):
            return self
        places = {name: place for place, name in enumerate(self.criteria)}
        return self.replaced(
            criteria=tuple(criteria), counts=self.counts.asking([places.get(name, -1) for name in criteria])
        )

    def replaced(self, **fields: object) -> Sample:
        """A copy with other fields."""
        return dataclasses.replace(self, **fields)  # type: ignore[arg-type]

    def known_share(self, criterion: int) -> float | None:
        """Share 0 to 1 of the datasets it applies to for which a criterion's result is known; None if it applies to
        none. It is the lower of the share by dataset and of the mean of the agencies' shares, so that one large
        agency cannot answer for a country.
        """
        known, applicable = self._known[criterion], self._applicable[criterion]
        if not applicable:
            return None
        by_agency = self.agencies_known_share(criterion)
        share = float(known / applicable)
        return share if by_agency is None else min(share, by_agency)

    def agencies_known_share(self, criterion: int) -> float | None:
        """The mean of the agencies' shares 0 to 1 of their datasets for which a criterion's result is known.

        Of the agencies that are counted; None if it applies to none of theirs.
        """
        share = self._agencies_known_shares[criterion]
        return None if np.isnan(share) else float(share)

    def reason_without_mean(self, criterion: int) -> str:
        """Why a criterion has no mean in this country (`known_share.reason_without_mean`); empty if it has one."""
        passed, partial, failed, unknown = (int(numbers[criterion]) for numbers in self._results)
        counts = CriterionTally(passed, partial, failed, unknown)
        return reason_without_mean(counts, self.agencies_known_share(criterion))

    @cached_property
    def _results(self) -> tuple[Array, Array, Array, Array]:
        one = self.counts
        passed, partial, failed, unknown = (
            array.sum(axis=0) for array in (one.passed, one.partial, one.failed, one.unknown)
        )
        return passed, partial, failed, unknown

    @cached_property
    def _known(self) -> Array:
        passed, partial, failed, _ = self._results
        return passed + partial + failed

    @cached_property
    def _applicable(self) -> Array:
        return self._known + self._results[3]

    @cached_property
    def _agencies_known_shares(self) -> Array:
        known, applicable = self.by_agency.known, self.by_agency.applicable
        some = (applicable > 0) & (self.counted > 0)[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            shares: Array = np.where(some, known / applicable, 0.0).sum(axis=0) / some.sum(axis=0)
        return shares


def sample(cells: Sequence[Cell], counts: Counts, criteria: Sequence[str], dimensions: Sequence[str]) -> Sample:
    """A country's sample from columns that are arrays already.

    cells: whose datasets each row of `counts` has; several rows may be of one. criteria, dimensions: its columns. The
    order of the rows makes no difference. Raises ValueError if the shapes do not fit.
    """
    _check(cells, counts, criteria, dimensions)
    order = sorted(range(len(cells)), key=lambda row: cells[row])
    cells = [cells[row] for row in order]
    agency, agencies = _places([(cell.agency, "" if cell.agency else cell.publisher) for cell in cells])
    names: dict[tuple[str, str], AgencyName] = {}
    for cell in cells:
        key = (cell.agency, "" if cell.agency else cell.publisher)
        title = cell.agency_title or cell.agency if cell.agency else cell.publisher or NO_NAME
        names.setdefault(key, AgencyName(cell.agency, title, cell.level))
    publisher, publishers = _places([PublisherName(cell.publisher, cell.agency) for cell in cells])
    source, sources = _places([cell.source for cell in cells])
    return Sample(
        criteria=tuple(criteria),
        dimensions=tuple(dimensions),
        counts=counts.at(np.array(order, dtype=np.intp)),
        agency=agency,
        publisher=publisher,
        source=source,
        agencies=[names[key] for key in agencies],
        publishers=publishers,
        sources=sources,
    )


def of_tallies(tallies: Sequence[Tally], criteria: Sequence[str], dimensions: Sequence[str]) -> Sample:
    """A country's sample from its tallies, with these criteria and dimensions across."""
    by_dimension = [[tally.dimensions.get(name, _NO_DIMENSION) for name in dimensions] for tally in tallies]
    by_criterion = [[tally.criteria.get(name, _NO_CRITERION) for name in criteria] for tally in tallies]

    def column(name: str) -> Array:
        return np.array([getattr(tally, name) for tally in tallies], dtype=np.float64)

    def table(values: list[list[int]], across: Sequence[object]) -> Array:
        return np.array(values, dtype=np.float64).reshape(len(tallies), len(across))

    results = {
        name: table([[getattr(found, name) for found in row] for row in by_criterion], criteria)
        for name in ("passed", "partial", "failed", "unknown", "not_applicable")
    }
    counts = Counts(
        data_sets=column("data_sets"),
        scored=column("scored"),
        score=column("score_tenths") / 10,
        coverage=column("coverage_thousandths") / 10,
        grades=table([[tally.grades.get(name, 0) for name in GRADES] for tally in tallies], GRADES),
        dimension_known=table([[found.known for found in row] for row in by_dimension], dimensions),
        dimension_score=table([[found.tenths for found in row] for row in by_dimension], dimensions) / 10,
        value=table([[found.thousandths for found in row] for row in by_criterion], criteria) / 10,
        **results,
    )
    return sample([_cell(tally) for tally in tallies], counts, criteria, dimensions)


_NO_DIMENSION = DimensionTally()
_NO_CRITERION = CriterionTally()


def _cell(tally: Tally) -> Cell:
    return Cell(tally.publisher, tally.agency, tally.agency_title, tally.level, tally.source)


def _places(keys: Sequence[_T]) -> tuple[Places, list[_T]]:
    """The place of each key among the distinct ones, which are sorted."""
    distinct = sorted(set(keys))  # type: ignore[type-var]
    place = {key: number for number, key in enumerate(distinct)}
    return np.array([place[key] for key in keys], dtype=np.intp), distinct


def _check(cells: Sequence[Cell], counts: Counts, criteria: Sequence[str], dimensions: Sequence[str]) -> None:
    for field in dataclasses.fields(counts):
        shape = getattr(counts, field.name).shape
        across = {
            "grades": (len(GRADES),),
            "dimension_known": (len(dimensions),),
            "dimension_score": (len(dimensions),),
            **dict.fromkeys(("data_sets", "scored", "score", "coverage"), ()),
        }.get(field.name, (len(criteria),))
        if shape != (len(cells), *across):
            raise ValueError(f"{field.name} has the shape {shape}, not {(len(cells), *across)}")
