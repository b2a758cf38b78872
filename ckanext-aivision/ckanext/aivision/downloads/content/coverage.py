"""What a comparison rests on: sources, levels of government, sorts of bodies, and the national catalogues."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ckanext.aivision.compare.charts.marks import Mark, Row
from ckanext.aivision.compare.coverage import Bodies, CountryCoverage, Coverage, Level, national_catalogues
from ckanext.aivision.downloads.content import columns as common
from ckanext.aivision.downloads.table import Asked, Cell, Column, Content, Marks
from ckanext.aivision.snapshot.answers.comparison import NoFigures
from ckanext.aivision.snapshot.coverage import read_coverage

_SCALE = "Share of the country’s datasets, per cent"
_COUNTRY = Column("country", "Country")
_DATASETS = Column("datasets", "Datasets", "", "Public and evaluated ones", "integer")
_SHARE = Column("share", "Share", common.PER_CENT, "Of the country’s datasets", "number")
_AGENCIES = (
    Column("agencies", "Agencies", "", "", "integer"),
    Column("counted", "Agencies counted", "", "With at least 5 datasets, so that each counts once", "integer"),
)
_SOURCES = (
    _COUNTRY,
    Column("source", "Source", "", "As the filter `source` has it; empty for what is published here itself"),
    Column("title", "Title"),
    _DATASETS,
    Column("protocol", "Protocol", "", "Empty if not known"),
    Column("address", "Address", "", "Empty if not known, or a file"),
    Column("since", "Since", "", "The day of the first harvest (UTC)"),
    Column("last_harvest", "Last harvest", "", "UTC"),
    Column("public", "Without log-in", "", "Whether anyone can read it there; empty if not known", "boolean"),
    Column("licence", "Licence of the metadata", "", "Its id; empty if not known"),
)
_CATALOGUES = (
    _COUNTRY,
    Column("datasets", "Datasets here", "", "", "integer"),
    Column("catalogue", "National catalogue", "", "Empty where its size is not known"),
    Column("catalogue_datasets", "Datasets in the national catalogue", "", "On the day given", "integer"),
    Column("day", "Day", "", "Of the national catalogue’s number"),
    Column("share", "Share at most", common.PER_CENT, "Datasets here need not be in the national catalogue", "number"),
    Column("catalogue_address", "Address of the national catalogue"),
    Column("said_by", "Number said by"),
    Column("said_at", "Number said at", "", "Its address"),
)


def sources(asked: Asked) -> Content:
    """Every source of both countries, those with the most datasets first. Raises NoFigures for days not kept."""
    found = _coverage(asked)
    cells: list[list[Cell]] = [
        [
            *(country.label, one.name, one.title, one.data_sets, one.kind, one.address),
            one.since.strftime("%Y-%m-%d") if one.since else "",
            one.last_harvest.strftime("%Y-%m-%dT%H:%M:%SZ") if one.last_harvest else "",
            *(one.public, one.license),
        ]
        for country in found.countries
        for one in country.sources
    ]
    return Content(_SOURCES, cells, _sample(found))


def levels(asked: Asked) -> Content:
    """Agencies and datasets by level of government. Raises as `sources`."""
    head = Column("level", "Level of government", "", "`in no register` for publishers that are placed with no agency")
    return _sizes(asked, head, lambda country: [(one.level or "in no register", one) for one in country.levels])


def bodies(asked: Asked) -> Content:
    """Agencies and datasets by sort of body. Raises as `sources`."""
    head = Column("body", "Sort of body")
    return _sizes(asked, head, lambda country: [(one.many, one) for one in country.bodies])


def catalogues(asked: Asked) -> Content:
    """Each country beside its national catalogue. Raises as `sources`."""
    found = _coverage(asked)
    cells: list[list[Cell]] = []
    for country in found.countries:
        one = national_catalogues().get(country.code)
        if one is None:
            cells.append([country.label, country.data_sets, "", None, "", None, "", "", ""])
        else:
            own: list[Cell] = [one.title, one.datasets, one.day.isoformat(), one.share(country.data_sets)]
            said = [one.address, one.source, one.source_address]
            cells.append([country.label, country.data_sets, *own, *said])
    return Content(_CATALOGUES, cells, _sample(found))


def _sizes(
    asked: Asked, head: Column, of: Callable[[CountryCoverage], Sequence[tuple[str, Level | Bodies]]]
) -> Content:
    found = _coverage(asked)
    cells: list[list[Cell]] = []
    groups: list[tuple[str, list[Row]]] = []
    for place, country in enumerate(found.countries):
        drawn = []
        for number, (name, one) in enumerate(of(country)):
            share = 100 * one.data_sets / country.data_sets
            cells.append([country.label, name, one.agencies, one.counted, one.data_sets, share])
            mark = Mark(country.label, place, share)
            drawn.append(Row(f"{country.label.lower()}-{number}", name[:1].upper() + name[1:], (mark,)))
        if drawn:
            groups.append((country.label, drawn))
    labels = [f"{country.label} ({country.data_sets:,} datasets)" for country in found.countries]
    note = "All datasets that are compared, each in one row of its country."
    chart = Marks(groups, labels, _SCALE, note, unit=" %", bars=True) if groups else None
    return Content([_COUNTRY, head, *_AGENCIES, _DATASETS, _SHARE], cells, _sample(found), marks=chart)


def _coverage(asked: Asked) -> Coverage:
    found = read_coverage(asked.snapshot)
    if found is None:
        raise NoFigures("of that day it is not kept which agencies and sources were counted")
    return found


def _sample(found: Coverage) -> str:
    return "; ".join(f"{country.label}: {country.data_sets:,} datasets" for country in found.countries)
