"""What a comparison rests on: which agencies, levels of government and sources each country has in it."""

from __future__ import annotations

import datetime
import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.estimates import losses
from ckanext.aivision.compare.estimates.agency_figures import Agency
from ckanext.aivision.compare.estimates.figures import Country, Overview
from ckanext.aivision.compare.estimates.sample import Sample
from ckanext.aivision.normalise.vocabulary import rows


class Bodies(msgspec.Struct, frozen=True):
    """Agencies of one sort. id: of a row of config/coverage/bodies.csv. one, many: what it is called.

    agencies: how many; counted: those of them with datasets enough to be counted once beside the others.
    """

    id: str
    one: str
    many: str
    agencies: int
    counted: int
    data_sets: int


class Level(msgspec.Struct, frozen=True):
    """Agencies of one level of government; level: empty for publishers in no register."""

    level: str
    agencies: int
    counted: int
    data_sets: int


class SourceCoverage(msgspec.Struct, frozen=True):
    """A source. data_sets: public and evaluated ones of this country.

    name: as in the filter `source`, without the path of a file. title, address: as people see it; empty if not known.
    kind: the protocol, empty if not known. license: of the metadata, an id; empty if not known. since, last_harvest:
    UTC; None if not known. public: whether anyone can read it at its address without a log-in; None if not known.
    """

    name: str
    title: str
    data_sets: int
    address: str = ""
    kind: str = ""
    license: str = ""
    since: datetime.datetime | None = None
    last_harvest: datetime.datetime | None = None
    public: bool | None = None


class CountryCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """One country. bodies, levels, sources: the largest first, by datasets. looked_at: datasets by what was looked at
    (`links`, `content`) beside the metadata, which is looked at always. unplaced: datasets of publishers in no
    register."""

    code: str
    label: str
    data_sets: int
    agencies: int
    agencies_left_out: int
    publishers: int
    unplaced: int
    largest_agency: str
    largest_share: float | None
    bodies: list[Bodies]
    levels: list[Level]
    sources: list[SourceCoverage]
    looked_at: dict[str, int]


class Coverage(msgspec.Struct, frozen=True):
    """samples: whether all datasets are made-up samples. other_countries: datasets that are not compared, by code."""

    countries: list[CountryCoverage]
    other_countries: dict[str, int]
    samples: bool


class NationalCatalogue(NamedTuple):
    """A row of config/coverage/national_catalogues.csv: `datasets` on a day, as a public source says."""

    country: str
    title: str
    address: str
    datasets: int
    day: datetime.date
    source: str
    source_address: str

    def share(self, data_sets: int) -> float:
        """So many datasets as per cent of the catalogue's, most of which need not be among them."""
        return 100 * data_sets / self.datasets


@functools.cache
def national_catalogues() -> dict[str, NationalCatalogue]:
    """The national catalogues whose size is known, by country."""
    return {
        row["country"]: NationalCatalogue(
            country=row["country"],
            title=row["title"],
            address=row["address"],
            datasets=int(row["datasets"]),
            day=datetime.date.fromisoformat(row["day"]),
            source=row["source"],
            source_address=row["source_address"],
        )
        for row in rows("national_catalogues", "coverage")
    }


def coverage_of(
    figures: Overview,
    samples: Mapping[str, Sample],
    described: Mapping[str, SourceCoverage],
    looked_at: Mapping[str, Mapping[str, int]],
) -> Coverage:
    """The coverage of a comparison.

    samples: of the countries, by code, that the figures were made of. described: what is known of sources, by the name
    that datasets have. looked_at: datasets by what was looked at, by country.
    """
    countries = [
        _country(one, figures, samples[one.code], described, looked_at.get(one.code, {})) for one in figures.countries
    ]
    return Coverage(countries, dict(figures.other_countries), figures.samples)


def _country(
    country: Country,
    figures: Overview,
    sample: Sample,
    described: Mapping[str, SourceCoverage],
    looked_at: Mapping[str, int],
) -> CountryCoverage:
    agencies = [one for one in figures.agencies if one.country == country.code]
    return CountryCoverage(
        code=country.code,
        label=country.label,
        data_sets=country.data_sets,
        agencies=country.agencies,
        agencies_left_out=country.agencies_left_out,
        publishers=country.publishers,
        unplaced=country.unplaced,
        largest_agency=country.largest_agency,
        largest_share=country.largest_share,
        bodies=_bodies(agencies),
        levels=_levels(agencies),
        sources=_sources(sample, described),
        looked_at=dict(looked_at),
    )


def _bodies(agencies: Sequence[Agency]) -> list[Bodies]:
    groups: dict[str, list[Agency]] = {}
    words = {}
    for agency in agencies:
        row = _row_of(agency)
        words[row["id"]] = row
        groups.setdefault(row["id"], []).append(agency)
    found = [Bodies(id, words[id]["one"], words[id]["many"], *_sizes(members)) for id, members in groups.items()]
    return sorted(found, key=lambda one: (-one.data_sets, one.id))


def _levels(agencies: Sequence[Agency]) -> list[Level]:
    groups: dict[str, list[Agency]] = {}
    for agency in agencies:
        groups.setdefault(agency.level if agency.id else "", []).append(agency)
    found = [Level(level, *_sizes(members)) for level, members in groups.items()]
    return sorted(found, key=lambda one: (-one.data_sets, one.level))


def _sizes(agencies: Sequence[Agency]) -> tuple[int, int, int]:
    """How many, how many of them are counted, and their datasets."""
    return len(agencies), sum(one.counted for one in agencies), sum(one.data_sets for one in agencies)


def _row_of(agency: Agency) -> dict[str, str]:
    body = load_register().agencies.get(agency.id)
    of = {
        "country": agency.country if body is not None else "",
        "level": agency.level if body is not None else "",
        "kind": body.kind if body is not None else "",
    }
    return next(row for row in _table() if all(row[name] in ("", value) for name, value in of.items()))


@functools.cache
def _table() -> Sequence[dict[str, str]]:
    return rows("bodies", "coverage")


def _sources(sample: Sample, described: Mapping[str, SourceCoverage]) -> list[SourceCoverage]:
    sizes: Counter[str] = Counter()
    for place, number in zip(sample.source.tolist(), sample.counts.data_sets.tolist(), strict=True):
        sizes[sample.sources[place]] += int(number)
    found = [_described(source, number, described) for source, number in sizes.items()]
    return sorted(found, key=lambda one: (-one.data_sets, one.name))


def _described(source: str, data_sets: int, described: Mapping[str, SourceCoverage]) -> SourceCoverage:
    known = described.get(source)
    if known is not None:
        return msgspec.structs.replace(known, data_sets=data_sets)
    name = losses.source_title(source)
    return SourceCoverage(name, name, data_sets)
