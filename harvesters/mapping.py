"""What the mappers of all protocols share: reading fields, refusing a record, cutting what is too much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.normalise.text import is_placeholder, one
from ckanext.aivision.record import Dataset, Harvested

# Real records with 34,866 keywords and 8,327 distributions exist; no reader needs them all.
MOST_ITEMS = 1000

Raw = Mapping[str, Any]
# (field of the record type, key in the source, reader of the value)
Row = tuple[str, str, Callable[[Any], Any]]


def read(raw: Raw, table: tuple[Row, ...]) -> dict[str, Any]:
    """The fields of a table that a source record has. Empty readings are left out."""
    fields = {}
    for field, key, reader in table:
        value = raw.get(key)
        if value is None:
            continue
        reading = reader(value)
        if reading is not None and reading != []:
            fields[field] = reading
    return fields


def refused(where: str, raw: Any, code: str, message: str, field: str = "", seen: object = "") -> Harvested:
    """A record that cannot be taken, with the reason."""
    place = f"{where}.{field}" if field else where
    identifier = identifier_of(raw)
    return Harvested(
        where=where,
        raw=raw,
        identifier=identifier,
        problems=[Problem(code, place, message, "error", shown(seen))],
    )


def identifier_of(raw: Any) -> str | None:
    """What a record calls itself, in DCAT-US's or CKAN's field."""
    if not isinstance(raw, dict):
        return None
    return next((text for key in ("identifier", "id", "name") if (text := one(raw.get(key)))), None)


def shown(value: object) -> str:
    """A value for a message, at most 200 characters."""
    try:
        text = value if isinstance(value, str) else repr(value)
    except RecursionError:
        text = "(nested too deep)"
    return text if len(text) <= 200 else text[:199] + "…"


def cut(values: list[Any], where: str, field: str, problems: list[Problem]) -> list[Any]:
    """The first 1,000 items of a list; a cut is reported."""
    if len(values) <= MOST_ITEMS:
        return values
    message = f"{len(values):,} items: the first {MOST_ITEMS:,} were kept; give fewer, or split the data set"
    problems.append(Problem("too-many-items", f"{where}.{field}", message))
    return values[:MOST_ITEMS]


def title_of(raw: Raw, where: str, problems: list[Problem]) -> str | None:
    """The title as text; a number is taken with a warning, anything but text and numbers is none."""
    value = raw.get("title")
    title = one(value)
    if title is not None and not isinstance(value, str):
        problems.append(
            Problem("title-not-text", f"{where}.title", "the title is not text; it was read as text", seen=shown(value))
        )
    return title


def said(value: object) -> str | None:
    """A text that says something: no placeholder."""
    text = one(value)
    return None if text is None or is_placeholder(text) else text


def oddities(raw: Raw, expected: Mapping[str, tuple[type, ...]], where: str) -> list[Problem]:
    """Warnings for fields whose JSON type is not what the specification has there."""
    problems = []
    for key, types in expected.items():
        value = raw.get(key)
        if value is not None and not isinstance(value, types):
            names = " or ".join(_JSON_NAMES[kind] for kind in types)
            message = f"expected {names}, found {_JSON_NAMES.get(type(value), 'a number')}; read as far as possible"
            problems.append(Problem("unexpected-type", f"{where}.{key}", message, seen=shown(value)))
    return problems


_JSON_NAMES: dict[type, str] = {str: "text", list: "a list", dict: "an object", bool: "true or false"}


def harvested(dataset: Dataset, where: str, problems: list[Problem]) -> Harvested:
    return Harvested(where=where, raw=dataset.raw, identifier=dataset.identifier, dataset=dataset, problems=problems)




def unwritable(raw: Any) -> str | None:
    """Why a record could not be written as JSON again (nested too deep, numbers too large), or None where it can."""
    try:
        msgspec.json.encode(raw)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        return str(error) or type(error).__name__
    return None
