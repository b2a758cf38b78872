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

from ckanext.aivision.content.check_digits import NHS_CHECK
from ckanext.aivision.content.personal_data import about_people, kinds, kinds_by_name
from ckanext.aivision.content.readers.header import unit_of
from ckanext.aivision.content.table import Table, count
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, ColumnType

# Of a column's values: so many must be of a type for the column to be of it.
_LEAST_OF_TYPE = 0.95
# What is longer is no number, no date and no address; patterns look at so much of it.
_LOOKED_AT = 300
_MOST_PAIRS = 15
_MOST_MARKERS = 20
# Columns are measured together as long as they have no more cells than this.
_MOST_TOGETHER, _CELLS_TOGETHER = 100, 2_000_000
_LARGEST_FOR_PAIRS = 200_000
_YEAR_NAME = re.compile(r"(?:^|[\W_])(?:year|yr|fy)(?:$|[\W_])", re.IGNORECASE)
_TELEPHONE = "telephone number"
_NUMBERS = ("integer", "number")
_FIGURES = r"[^0-9.eE+-]"
# How a value looks: no value; it is a number as programs write it; it begins as dates and money do; or else.
_MARKER, _PLAIN, _BY_DIGIT, _OTHER = "marker", "number", "digit", "other"
_FIRST = "0123456789+-.£$€(<>~["
_RANGELESS = ("marks or units", "decimal commas")  # the forms of figures of which no range is told
_LEAST_FIGURES = 0.5  # of a column's values, in whatever form, for the column to be one of figures


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
    """Cell contents that mean "no value", in lower case; empty text first."""
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
    columns: list[ColumnProfile] = []
    together = max(1, min(_MOST_TOGETHER, _CELLS_TOGETHER // max(1, table.rows)))
    for start in range(0, len(table.names), together):
        places = range(start, min(start + together, len(table.names)))
        _see(connection, places)
        counted = _counted(connection)
        columns += [_column(connection, table, place, counted[place]) for place in places]
    return about_people(columns, table.header.found) if any(column.personal for column in columns) else columns


def _see(connection: duckdb.DuckDBPyConnection, places: Sequence[int]) -> None:
    """Fills `seen` with each value of these columns once: `n`, how often it is there, and how it looks.

    What follows is asked of the values that differ, and of those only that look like it.
    """
    values = " UNION ALL ".join(
        f"SELECT {place} AS place, coalesce(trim(c{place}), '') AS value, count(*) AS n FROM cells GROUP BY ALL"
        for place in places
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE seen AS SELECT place, value, n, left(value, {_LOOKED_AT}) AS short, "
        f"CASE WHEN lower(value) IN ({', '.join(map(_literal, markers()))}) THEN '{_MARKER}' "
        f"WHEN regexp_full_match(short, {_literal(_plain_number())}) THEN '{_PLAIN}' "
        f"WHEN left(short, 1) IN ({', '.join(map(_literal, _FIRST))}) THEN '{_BY_DIGIT}' ELSE '{_OTHER}' END AS look "
        f"FROM ({values})"
    )


def _column(connection: duckdb.DuckDBPyConnection, table: Table, place: int, found: _Counted) -> ColumnProfile:
    name = table.names[place]
    missing = round(found.missing / table.rows, 4) if table.rows else 0.0
    common: dict[str, Any] = {"name": name, "missing": missing, "markers": found.markers}
    if (given := table.types.get(place)) is not None:
        return ColumnProfile(**common, type=given)
    kind, form, of_type = _typed(found, name)
    least, greatest = _range(connection, place, kind, form)
    return ColumnProfile(
        **common,
        type=kind,
        form=form,
        unit=unit_of(name),
        exceptions=round(1 - of_type / found.given, 4) if found.given else 0.0,
        plain=_plain(found, kind, form, of_type),
        distinct=found.distinct,
        least=least,
        greatest=greatest,
        personal=_personal(found, name),
    )


def _counted(connection: duckdb.DuckDBPyConnection) -> dict[int, _Counted]:
    """What `seen` comes to, by the column's place."""
    forms = [f"sum(n) FILTER (WHERE {_is_of(form)})" for form in _forms()]
    personal = [f"sum(n) FILTER (WHERE {_shows(kind.pattern, kind.checked)})" for kind in kinds()]
    rows = connection.execute(
        f"SELECT place, sum(n) FILTER (WHERE look = '{_MARKER}'), sum(n) FILTER (WHERE look <> '{_MARKER}'), "
        f"count(*) FILTER (WHERE look <> '{_MARKER}'), {', '.join([*forms, *personal])} FROM seen GROUP BY place"
    ).fetchall()
    marks: dict[int, list[str]] = {}
    asked = f"SELECT place, value FROM seen WHERE look = '{_MARKER}' ORDER BY place, value"
    for place, marker in connection.execute(asked).fetchall():
        marks.setdefault(place, []).append(marker)
    found = {}
    for place, *counts in rows:
        missing, given, distinct, *numbers = (int(count or 0) for count in counts)
        markers = marks.get(place, [])[:_MOST_MARKERS]
        found[place] = _Counted(missing, markers, given, distinct, numbers[: len(forms)], numbers[len(forms) :])
    return found


def _is_of(form: _Form) -> str:
    """The condition that a value is of a form, asked only of values that look like it by their first character."""
    look = _PLAIN if _is_plain(form) else _OTHER if form.type == "boolean" else _BY_DIGIT
    matches = f"regexp_full_match(short, {_literal(form.pattern)})"
    if form.date_format:
        matches += f" AND try_strptime(short, {_literal(form.date_format)}) IS NOT NULL"
    return f"CASE WHEN look = '{look}' THEN {matches} ELSE false END"


def _shows(pattern: str, checked: bool) -> str:
    """The condition that a value shows personal data; a plain number shows none, but for one with a check digit."""
    if not pattern:
        return "false"
    if checked:
        return f"CASE WHEN regexp_full_match(short, {_literal(pattern)}) THEN {NHS_CHECK} ELSE false END"
    return (
        f"CASE WHEN look IN ('{_BY_DIGIT}', '{_OTHER}') THEN regexp_matches(short, {_literal(pattern)}) ELSE false END"
    )


def _is_plain(form: _Form) -> bool:
    """Whether it is a number as programs write it."""
    return form.type in _NUMBERS and not form.form


def _plain_number() -> str:
    return next(form.pattern for form in _forms() if form.type == "number" and not form.form)


def _literal(text: str) -> str:
    """A text of our own tables within a statement: as a parameter a pattern would be compiled for every value."""
    return "'" + text.replace("'", "''") + "'"


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


def _plain(found: _Counted, kind: ColumnType, form: str, of_type: int) -> float | None:
    """The share of the values of a column of figures or dates that programs read as they stand; None of another."""
    if kind in ("date", "datetime"):
        return 0.0 if form else round(of_type / found.given, 4)
    if kind not in (*_NUMBERS, "text") or not found.given:
        return None
    whole, figures, _ = _figures(found)
    plain = next(number for form, number in zip(_forms(), found.forms, strict=True) if form.type == "number")
    return round(max(whole, plain) / found.given, 4) if figures >= _LEAST_FIGURES * found.given else None


def _figures(found: _Counted) -> tuple[int, int, str]:
    """How many values are whole numbers, how many are numbers, and the forms of those that no program expects."""
    by_form = {(form.type, form.form): number for form, number in zip(_forms(), found.forms, strict=True)}
    whole, plain = by_form["integer", ""], by_form["number", ""]
    others = {form: number for (kind, form), number in by_form.items() if kind == "number" and form and number}
    # `7` is both a whole number and a number.
    return whole, max(whole, plain) + sum(others.values()), ", ".join(others)


def _personal(found: _Counted, name: str) -> list[str]:
    by_name = kinds_by_name(name)
    told = []
    for kind, number in zip(kinds(), found.personal, strict=True):
        shown = bool(kind.pattern) and number > 0 and number >= kind.least_share * found.given
        # A column `phone` that is empty holds nobody's number.
        if shown or (found.given and kind.kind in by_name):
            told.append(kind.kind)
            if kind.checked and shown:  # written like a telephone number
                told = [other for other in told if other != _TELEPHONE or other in by_name]
    return told


def _range(
    connection: duckdb.DuckDBPyConnection, place: int, kind: ColumnType, form: str
) -> tuple[str | None, str | None]:
    """The least and the greatest value of a column in `seen`, as programs write them."""
    if kind in (*_NUMBERS, "year"):
        target = "HUGEINT" if kind != "number" else "DOUBLE"
        asked = f"TRY_CAST(regexp_replace(value, '{_FIGURES}', '', 'g') AS {target})"
        others = [_is_of(other) for other in _forms() if _is_in(other, form)]
        matches = " OR ".join([f"look = '{_PLAIN}'", *others])
    elif kind in ("date", "datetime") and " or " not in form:
        # Where it is not known which day is meant, neither is which is the first.
        way = next(other for other in _forms() if other.type == kind and other.form == form)
        target = "DATE" if kind == "date" else "TIMESTAMP"
        text = (
            f"try_strptime(value, {_literal(way.date_format)})" if way.date_format else "replace(value[:19], 'T', ' ')"
        )
        asked, matches = f"TRY_CAST({text} AS {target})", _is_of(way)
    else:
        return None, None
    row = connection.execute(
        f"SELECT min(read), max(read) FROM (SELECT {asked} AS read FROM seen WHERE place = {place} AND ({matches}))"
    ).fetchone()
    return (_format_value(row[0]), _format_value(row[1])) if row is not None else (None, None)


def _is_in(other: _Form, form: str) -> bool:
    """Whether values of a form of numbers are among those of a column. form: of the column."""
    return other.type in _NUMBERS and other.form not in _RANGELESS and other.form in form.split(", ")


def _format_value(value: Any) -> str | None:
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
