"""Columns of the table of text: types, what is missing, ranges, keys, and what looks like personal data.

Of the values nothing leaves this module but the least and the greatest of numbers and dates.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import duckdb
import msgspec

from ckanext.aivision.content.header import unit_of
from ckanext.aivision.content.personal import kinds, told_by_name
from ckanext.aivision.content.table import Table, count
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.scoring.file_profile import ColumnProfile, ColumnType

# Of a column's values: so many must be of a type for the column to be of it.
_LEAST_OF_TYPE = 0.95
# What is longer is no number, no date and no address; patterns look at so much of it.
_LOOKED_AT = 300
_MOST_PAIRS = 15
_LARGEST_FOR_PAIRS = 200_000
_YEAR_NAME = re.compile(r"(?:^|[\W_])(?:year|yr|fy)(?:$|[\W_])", re.IGNORECASE)
_NUMBERS = ("integer", "number")
_FIGURES = r"[^0-9.eE+-]"


class _Form(NamedTuple):
    """A row of value_forms.csv."""

    type: ColumnType
    form: str
    pattern: str
    date_format: str


@functools.cache
def _forms() -> tuple[_Form, ...]:
    return tuple(_Form(row["type"], row["form"], row["pattern"], row["date_format"]) for row in rows("value_forms"))  # type: ignore[arg-type]


@functools.cache
def markers() -> tuple[str, ...]:
    """What stands in a cell for no value, in small letters; empty text first."""
    return ("", *dict.fromkeys(row["marker"] for row in rows("missing_values")))


class _Counted(NamedTuple):
    """given: cells with a value. forms: how many are of each form. personal: of each kind, in their order."""

    missing: int
    markers: list[str]
    given: int
    distinct: int
    forms: list[int]
    personal: list[int]


def columns_of(connection: duckdb.DuckDBPyConnection, table: Table) -> list[ColumnProfile]:
    """The profile of each column of `cells`.

    Where one looks like personal data, rows are about people, and the least and greatest of any column are facts about
    somebody: none is told.
    """
    columns = [_column(connection, table, place, name) for place, name in enumerate(table.names)]
    if any(column.personal for column in columns):
        return [msgspec.structs.replace(column, least=None, greatest=None) for column in columns]
    return columns


def _column(connection: duckdb.DuckDBPyConnection, table: Table, place: int, name: str) -> ColumnProfile:
    # Each value once: what follows is asked of the distinct values.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE seen AS SELECT value, lower(value) IN (SELECT unnest($1)) AS is_marker, n "
        f"FROM (SELECT coalesce(trim(c{place}), '') AS value, count(*) AS n FROM cells GROUP BY 1)",
        [list(markers())],
    )
    found = _counted(connection)
    missing = round(found.missing / table.rows, 4) if table.rows else 0.0
    common: dict[str, Any] = {"name": name, "missing": missing, "markers": found.markers, "distinct": found.distinct}
    if (given := table.types.get(place)) is not None:
        return ColumnProfile(**{**common, "distinct": 0}, type=given)
    kind, form, of_type = _typed(found, name)
    personal = _personal(found, name)
    least, greatest = _range(connection, kind, form)
    return ColumnProfile(
        **common,
        type=kind,
        form=form,
        unit=unit_of(name),
        exceptions=round(1 - of_type / found.given, 4) if found.given else 0.0,
        least=least,
        greatest=greatest,
        personal=personal,
    )


def _counted(connection: duckdb.DuckDBPyConnection) -> _Counted:
    asked: list[str] = []
    values: list[str] = []
    for form in _forms():
        readable = ""
        values.append(form.pattern)
        pattern = len(values)
        if form.date_format:
            values.append(form.date_format)
            readable = f" AND try_strptime(short, ${len(values)}) IS NOT NULL"
        asked.append(f"sum(n) FILTER (WHERE regexp_full_match(short, ${pattern}){readable})")
    for kind in kinds():
        values.append(kind.pattern or "^$")
        asked.append(f"sum(n) FILTER (WHERE regexp_matches(short, ${len(values)}))")
    # Every part of the statement is ours; patterns are parameters.
    row = connection.execute(
        f"SELECT sum(n), count(*), {', '.join(asked)} "
        f"FROM (SELECT left(value, {_LOOKED_AT}) AS short, n FROM seen WHERE NOT is_marker)",
        values,
    ).fetchone()
    asked_of_markers = "SELECT lower(value), sum(n) FROM seen WHERE is_marker GROUP BY 1 ORDER BY 1"
    marked = connection.execute(asked_of_markers).fetchall()
    numbers = [int(number or 0) for number in row or [0] * (2 + len(asked))]
    forms = len(_forms())
    return _Counted(
        missing=sum(int(n) for _, n in marked),
        markers=[str(marker) for marker, _ in marked],
        given=numbers[0],
        distinct=numbers[1],
        forms=numbers[2 : 2 + forms],
        personal=numbers[2 + forms :],
    )


def _typed(found: _Counted, name: str) -> tuple[ColumnType, str, int]:
    """The type, the form, and how many values are of it."""
    if not found.given:
        return "empty", "", 0
    needed = _LEAST_OF_TYPE * found.given
    whole, figures, forms = _figures(found)
    if figures >= needed:
        kind: ColumnType = "integer" if whole == figures else "number"
        return ("year" if kind == "integer" and _YEAR_NAME.search(name) else kind), forms, figures
    best, most = None, 0
    ways = []
    for form, number in zip(_forms(), found.forms, strict=True):
        if form.type in _NUMBERS or number < needed:
            continue
        if number > most:
            best, most, ways = form, number, [form.form]
        elif best is not None and number == most and form.type == best.type:
            ways.append(form.form)
    if best is None:
        return "text", "", found.given
    return best.type, " or ".join(dict.fromkeys(ways)), most


def _figures(found: _Counted) -> tuple[int, int, str]:
    """How many values are whole numbers, how many are numbers, and the forms of those that no program expects."""
    by_form = {(form.type, form.form): number for form, number in zip(_forms(), found.forms, strict=True)}
    whole, plain = by_form["integer", ""], by_form["number", ""]
    others = {form: number for (kind, form), number in by_form.items() if kind == "number" and form and number}
    # `7` is both a whole number and a number.
    return whole, max(whole, plain) + sum(others.values()), ", ".join(others)


def _personal(found: _Counted, name: str) -> list[str]:
    by_name = told_by_name(name)
    told = []
    for kind, number in zip(kinds(), found.personal, strict=True):
        shown = bool(kind.pattern) and number > 0 and number >= kind.least_share * found.given
        # A column `phone` that is empty holds nobody's number.
        if shown or (found.given and kind.kind in by_name):
            told.append(kind.kind)
    return told


def _range(connection: duckdb.DuckDBPyConnection, kind: ColumnType, form: str) -> tuple[str | None, str | None]:
    """The least and the greatest value, as programs write them."""
    if kind in (*_NUMBERS, "year"):
        target = "HUGEINT" if kind != "number" else "DOUBLE"
        asked = f"TRY_CAST(regexp_replace(value, '{_FIGURES}', '', 'g') AS {target})"
        patterns = [f.pattern for f in _forms() if f.type in _NUMBERS]
    elif kind in ("date", "datetime"):
        way = next(f for f in _forms() if f.type == kind and f.form == form.split(" or ")[0])
        if " or " in form:
            # Which day is meant is not known, so neither is which is the first.
            return None, None
        target = "DATE" if kind == "date" else "TIMESTAMP"
        text = f"try_strptime(value, '{way.date_format}')" if way.date_format else "replace(left(value, 19), 'T', ' ')"
        asked, patterns = f"TRY_CAST({text} AS {target})", [way.pattern]
    else:
        return None, None
    matches = " OR ".join(f"regexp_full_match(value, ${place})" for place in range(1, len(patterns) + 1))
    row = connection.execute(
        f"SELECT min(read), max(read) FROM (SELECT {asked} AS read FROM seen WHERE NOT is_marker AND ({matches}))",
        patterns,
    ).fetchone()
    return (_told(row[0]), _told(row[1])) if row is not None else (None, None)


def _told(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def keys_of(connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[ColumnProfile]) -> list[list[str]]:
    """Columns that tell every row from every other; where none does alone, pairs of columns that do."""
    if table.rows < 2:
        return []
    can = [
        (place, column)
        for place, column in enumerate(columns)
        if not column.missing and column.type not in ("number", "empty", "list", "object", "binary")
    ]
    alone = [[column.name] for _, column in can if column.distinct == table.rows]
    if alone or table.rows > _LARGEST_FOR_PAIRS:
        return alone
    # Two columns tell apart at most as many rows as their distinct values multiply to.
    pairs = (pair for pair in itertools.combinations(can, 2) if pair[0][1].distinct * pair[1][1].distinct >= table.rows)
    found = []
    for (one, first), (other, second) in itertools.islice(pairs, _MOST_PAIRS):
        different = f"SELECT count(*) FROM (SELECT DISTINCT trim(c{one}), trim(c{other}) FROM cells)"
        if count(connection, different) == table.rows:
            found.append([first.name, second.name])
    return found
