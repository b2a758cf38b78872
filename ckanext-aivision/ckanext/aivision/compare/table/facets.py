"""What a dataset is of: the facets that a comparison can be narrowed to, beside country and source."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from importlib import resources
from typing import TypeVar

import msgspec

from ckanext.aivision import __version__
from ckanext.aivision.agencies.placement import Placement, SourceFacts, place
from ckanext.aivision.agencies.register import DEPARTMENT_WIDE, Agency
from ckanext.aivision.normalise.themes import is_no_theme
from ckanext.aivision.normalise.vocabulary import folded, rows
from ckanext.aivision.record import Dataset, Moment
from ckanext.aivision.scoring.facts import licence_terms
from ckanext.aivision.scoring.facts.formats import format_of

_FIRST_YEAR = 1600
# The tables that facets, and what is kept beside them, come from.
_TABLES = ("agencies", "comparison", "lenses", "vocabularies")


class Facets(msgspec.Struct, frozen=True, omit_defaults=True):
    """agency: the id of the body that it is counted under (`agencies.placement`), a bureau where one is known; empty
    where the dataset could not be placed. level: of government; empty if not known.

    publisher: the id of the publisher, the same however a record spells it; empty if none is named.
    publisher_title: its name.
    themes: slugs of config/comparison/theme_names.csv. kinds: of data, as in config/comparison/kinds.csv. formats: keys
    of config/vocabularies/formats.csv. licence: its id, or empty. licence_class: what it lets one do
    (`normalise.licences.standing`). year: of the last change that the record states, else of its publication.
    """

    agency: str = ""
    level: str = ""
    publisher: str = ""
    publisher_title: str = ""
    themes: list[str] = []
    kinds: list[str] = []
    formats: list[str] = []
    licence: str = ""
    licence_class: str = "none"
    year: int | None = None


AnyFacets = TypeVar("AnyFacets", bound=Facets)


def facets_of(dataset: Dataset, source: SourceFacts | None = None) -> Facets:
    """The facets of a record. source: if more is known of its source than the name in the record."""
    found = {traits.key for item in dataset.distribution if (traits := format_of(item)) is not None}
    by_format = kinds_by_format()
    placed = place(dataset, source)
    agency = unit(placed)
    return Facets(
        agency=agency.id if agency is not None else "",
        level=agency.level if agency is not None else "",
        publisher=placed.publisher.id if placed.publisher is not None else "",
        publisher_title=placed.publisher.title if placed.publisher is not None else "",
        themes=sorted({slug for term in dataset.theme if (slug := _theme(term.id, term.original))}),
        kinds=sorted({kind for key in found for kind in by_format.get(key, ())}),
        formats=sorted(found),
        licence=(dataset.license.id or "") if dataset.license else "",
        licence_class=licence_terms.standing(dataset),
        year=_year(dataset.modified) or _year(dataset.issued),
    )


def of_sample(facets: AnyFacets) -> AnyFacets:
    """The facets of a made-up record: of no agency, as no real one may stand on a page with invented figures."""
    return msgspec.structs.replace(facets, agency="", level="")


def unit(placed: Placement) -> Agency | None:
    """What a dataset is counted under: the bureau, such as CDC, unless it is the department as a whole."""
    if placed.bureau is not None and not placed.bureau.id.endswith(DEPARTMENT_WIDE):
        return placed.bureau
    return placed.agency


@functools.cache
def theme_titles() -> Mapping[str, str]:
    """The themes that datasets are compared by: slug -> title."""
    return {row["slug"]: row["title"] for row in rows("theme_names", "comparison")}


@functools.cache
def kinds_by_format() -> dict[str, tuple[str, ...]]:
    """The kinds of data that a format may hold, by the format's key."""
    found: dict[str, list[str]] = {}
    for row in rows("kinds", "comparison"):
        found.setdefault(row["format"], []).append(row["kind"])
    return {key: tuple(kinds) for key, kinds in found.items()}


@functools.cache
def kind_names() -> tuple[str, ...]:
    """The kinds of data, in the order of the table."""
    return tuple(dict.fromkeys(row["kind"] for row in rows("kinds", "comparison")))


@functools.cache
def version() -> str:
    """Of what facets are worked out with: this software and its tables."""
    digest = hashlib.sha256(__version__.encode())
    root = resources.files("ckanext.aivision.config")
    for folder in (root / name for name in _TABLES if (root / name).is_dir()):
        for path in sorted(folder.iterdir(), key=lambda path: path.name):
            digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()[:16]


@functools.cache
def _themes() -> dict[str, str]:
    slugs = {row["theme"]: row["slug"] for row in rows("theme_names", "comparison")}
    return {folded(row["of"]): slugs[row["theme"]] for row in rows("themes", "comparison")}


def _theme(id: str | None, original: str) -> str:
    if is_no_theme(original):
        return ""
    return _themes().get(folded(id or original), "")


def _year(moment: Moment | None) -> int | None:
    return moment.value.year if moment is not None and moment.value and moment.value.year >= _FIRST_YEAR else None
