"""What a comparison is narrowed to: `theme=health`, `kind=tabular`, `year=2020-2024`.

Several values of one filter are alternatives; several filters all hold. A name or value that means nothing is refused,
as figures of everything under a wrong filter would mislead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, get_args

import msgspec

from ckanext.aivision.agencies.register import with_bureaus
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.facets import kind_names, kinds_by_format, theme_titles
from ckanext.aivision.errors import UsageError
from ckanext.aivision.normalise.licences import Standing
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.results import shorten

LEVELS = ("national", "devolved", "regional", "local")
LOOKED_AT = ("metadata", "links", "content")
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?", re.ASCII)
_MOST_VALUES = 50
# A source may go by its address.
_LONGEST_VALUE = 2000
_LONGEST_SHOWN = 100
_MOST_SHOWN = 8
# Of 1: that of the same text.
_LIKE = 0.8
# Their values are those that the data themselves have, and no list of ours.
_OPEN = ("agency", "publisher", "source")


class _Condition(NamedTuple):
    sql: str
    values: tuple[object, ...]


class Filters(msgspec.Struct, frozen=True):
    """chosen: the values by the filter's name, in the order of NAMES; those that mean nothing are refused already."""

    chosen: dict[str, tuple[str, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self.chosen)

    def condition(self) -> tuple[str, list[object]]:
        """The condition in SQL, and its values. Empty if nothing is chosen."""
        found = [_condition(name, values) for name, values in self.chosen.items()]
        return " AND ".join(f"({one.sql})" for one in found), [value for one in found for value in one.values]

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value, as they stand in an address."""
        return [(name, value) for name, values in self.chosen.items() for value in values]

    def without(self, name: str) -> Filters:
        return Filters({key: values for key, values in self.chosen.items() if key != name})

    def check(self, table: DatasetTable) -> None:
        """Raises UsageError, naming those that are most alike, for an agency, publisher or source of no dataset."""
        for name in (name for name in _OPEN if name in self.chosen):
            for value in self.chosen[name]:
                sql, values = _condition(name, [value])
                if not table.select("1", sql, values, "LIMIT 1").fetchall():
                    raise UsageError(
                        f"{name}={_in_one_line(value)}: no dataset is of this {name}{_name_alike(table, name, value)}"
                    )


NAMES = (
    "country",
    "level",
    "agency",
    "publisher",
    "source",
    "theme",
    "kind",
    "format",
    "licence",
    "year",
    "looked_at",
)


def known_values() -> dict[str, list[str]]:
    """The values of the filters that have a list of ours, by name."""
    return {
        "country": list(COUNTRIES),
        "level": list(LEVELS),
        "theme": list(theme_titles()),
        "kind": list(kind_names()),
        "format": list(kinds_by_format()),
        "licence": list(get_args(Standing)),
        "looked_at": list(LOOKED_AT),
    }


def parse(pairs: Iterable[tuple[str, str]]) -> Filters:
    """The filters of name and value, in any order, such as those of an address.

    Raises UsageError, in a sentence that says what can be chosen, for an unknown name or value.
    """
    chosen: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in NAMES:
            raise UsageError(f"{_in_one_line(name)}: there is no such filter; there are {', '.join(NAMES)}")
        values = chosen.setdefault(name, [])
        read = _read(name, value.strip())
        if read not in values:
            values.append(read)
        if len(values) > _MOST_VALUES:
            raise UsageError(f"{name}: {_MOST_VALUES} values at most can be chosen")
    return Filters({name: tuple(chosen[name]) for name in NAMES if name in chosen})


def _read(name: str, value: str) -> str:
    if not value or len(value) > _LONGEST_VALUE:
        raise UsageError(f"{name}: a value is missing, or longer than {_LONGEST_VALUE} characters")
    if not _is_text(value):
        raise UsageError(f"{name}={_in_one_line(value)}: not text in UTF-8")
    if name == "year":
        return _year(value)
    known = known_values().get(name)
    if known is None:
        return value
    by_lower = {one.lower(): one for one in known} | ({"uk": "GB"} if name == "country" else {})
    found = by_lower.get(value.lower())
    if found is None:
        raise UsageError(f"{name}={_in_one_line(value)}: unknown; it can be {', '.join(known)}")
    return found


def _is_text(value: str) -> bool:
    """Not so of bytes from a terminal that are no UTF-8, or a half of a surrogate pair from an address."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _in_one_line(value: str) -> str:
    """A reader's words in one line of a message."""
    return shorten(" ".join(value.encode(errors="replace").decode().split()), _LONGEST_SHOWN)


def _name_alike(table: DatasetTable, name: str, value: str) -> str:
    """The end of a sentence: which values there are, those most alike first."""
    found = table.select(
        f"{name}, jaro_winkler_similarity(lower({name}), lower(?)) AS alike, count(*) OVER () AS number",
        f"{name} <> ''",
        [value[:_LONGEST_SHOWN]],
        f"GROUP BY {name} ORDER BY alike DESC, {name} LIMIT {_MOST_SHOWN}",
    ).fetchall()
    if not found:
        return f"; of none the {name} is known"
    number = found[0][2]
    near = [_in_one_line(other) for other, alike, _ in found if alike >= _LIKE or number <= _MOST_SHOWN]
    if near:
        return f"; there {'is' if len(near) == 1 else 'are'} {', '.join(near)}"
    return f"; there are {number:,} others"


def _year(value: str) -> str:
    match = _YEARS.fullmatch(value)
    if match is None or (match[2] and match[2] < match[1]):
        raise UsageError(f"year={_in_one_line(value)}: not a year or a span of years, such as 2023 or 2020-2024")
    return value


def _condition(name: str, values: Sequence[str]) -> _Condition:
    if name in ("theme", "kind", "format"):
        marks = ", ".join("?" for _ in values)
        return _Condition(f"list_has_any({name}s, [{marks}])", tuple(values))
    if name == "year":
        spans = [(int(first), int(last or first)) for first, _, last in (value.partition("-") for value in values)]
        return _Condition(
            " OR ".join("year BETWEEN ? AND ?" for _ in spans), tuple(end for span in spans for end in span)
        )
    if name == "looked_at":
        return _Condition(" OR ".join(_looked_at(value) for value in values), ())
    if name == "agency":
        values = [part for value in values for part in with_bureaus(value)]
    column = {"licence": "licence_class"}.get(name, name)
    return _Condition(f"{column} IN ({', '.join('?' for _ in values)})", tuple(values))


def _looked_at(value: str) -> str:
    """metadata: nothing else was looked at."""
    return "looked_at = ''" if value == "metadata" else f"contains(looked_at, '{value}')"
