"""Entries of the table of datasets for its tests: written by hand, or drawn at random."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
from hypothesis import strategies as st

from ckanext.aivision.compare.table.entry import GRADES, NOT_APPLICABLE, UNKNOWN, Entry, Numbers
from ckanext.aivision.compare.table.facets import Facets
from ckanext.aivision.scoring.registry import DIMENSIONS

ON = datetime.date(2026, 11, 24)
WIDTH = 3
# What stands in no name, and means something to SQL, to a list or to a terminal.
TRICKY = (
    "'; DROP TABLE datasets; --",
    'a "quoted" name',
    "x' OR '1'='1",
    "$1 ? %s {}",
    "a\x1fb",
    "a\x00b",
    "line\nbreak",
    "[]",
    "NULL",
    "\u202egnol",
    "Ł€\U0001f600",
    "\\",
)
LEVELS = {"": "", "us-026": "national", "us-097": "national", "gb-leeds": "local", "gb-scot": "devolved"}


def numbers(*results: int, **changes: Any) -> Numbers:
    """The numbers of a dataset: results in thousandths."""
    own = Numbers(results, (500,) * len(DIMENSIONS), 500, 1000, GRADES.index("C"), "")
    return own._replace(**changes)


def entry(id: str = "one", **changes: Any) -> Entry:
    """A dataset; changes: to fields of the entry, of its facets or of its numbers."""
    facets = {name: changes.pop(name) for name in Facets.__struct_fields__ if name in changes}
    found = {name: changes.pop(name) for name in Numbers._fields if name in changes}
    own = Entry(id, id, "A title", "US", "gsa", False, Facets(**facets), "", ON, numbers(1000, 0, UNKNOWN, **found))
    return own._replace(**changes)


def subsets(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(sorted)


RESULTS = st.one_of(st.sampled_from((UNKNOWN, NOT_APPLICABLE, 0, 1000)), st.integers(1, 999))
SCORES = st.one_of(st.just(UNKNOWN), st.integers(0, 1000))
NUMBERS = st.builds(
    Numbers,
    st.tuples(*[RESULTS] * WIDTH),
    st.tuples(*[SCORES] * len(DIMENSIONS)),
    SCORES,
    st.integers(0, 1000),
    st.integers(0, 4),
    st.sampled_from(("", "no-data", "no-licence")),
)
FACETS = st.builds(
    Facets,
    agency=st.sampled_from(sorted(LEVELS)),
    publisher=st.sampled_from(("", "us/wardens", "us-026/ges", TRICKY[0])),
    themes=subsets("health", "transport", "environment"),
    kinds=subsets("tabular", "geospatial", "api"),
    formats=subsets("CSV", "PDF", "OGC API"),
    licence_class=st.sampled_from(("open", "restricts", "forbids", "own-terms", "none")),
    year=st.one_of(st.none(), st.sampled_from((1600, 2019, 2020, 2023, 2024, 2025, 9999))),
).map(lambda facets: msgspec.structs.replace(facets, level=LEVELS[facets.agency], publisher_title=facets.publisher))
ENTRIES = st.lists(
    st.builds(
        Entry,
        id=st.text(max_size=3),
        name=st.just(""),
        title=st.sampled_from(TRICKY),
        country=st.sampled_from(("US", "GB", "CA")),
        source=st.sampled_from(("", "gsa", "leeds", TRICKY[2])),
        sample=st.booleans(),
        facets=FACETS,
        looked_at=st.sampled_from(("", "links", "content", "links content")),
        reference_date=st.dates(datetime.date(1999, 12, 31), ON),
        numbers=NUMBERS,
    ),
    max_size=12,
)
CHOICES: dict[str, tuple[str, ...]] = {
    "country": ("US", "GB"),
    "level": ("national", "devolved", "regional", "local"),
    "agency": ("us-026", "gb-leeds"),
    "publisher": ("us/wardens", TRICKY[0]),
    "source": ("gsa", TRICKY[2]),
    "theme": ("health", "transport"),
    "kind": ("tabular", "api"),
    "format": ("CSV", "OGC API"),
    "licence": ("open", "none"),
    "year": ("2020", "2019-2023", "2024-2024", "9999"),
    "looked_at": ("metadata", "links", "content"),
}
CHOSEN = st.dictionaries(st.sampled_from(sorted(CHOICES)), st.integers(0, 10), max_size=3).flatmap(
    lambda names: st.fixed_dictionaries(
        {name: st.lists(st.sampled_from(CHOICES[name]), min_size=1, max_size=2, unique=True) for name in names}
    )
)


def is_chosen(row: Entry, name: str, value: str) -> bool:
    """Whether a filter lets a dataset through, worked out without SQL."""
    facets = row.facets
    if name == "year":
        first, _, last = value.partition("-")
        return facets.year is not None and int(first) <= facets.year <= int(last or first)
    if name == "looked_at":
        return value in row.looked_at.split() if value != "metadata" else not row.looked_at
    values: dict[str, list[str]] = {
        "country": [row.country],
        "level": [facets.level],
        "agency": [facets.agency],
        "publisher": [facets.publisher],
        "source": [row.source],
        "theme": facets.themes,
        "kind": facets.kinds,
        "format": facets.formats,
        "licence": [facets.licence_class],
    }
    return value in values[name]
