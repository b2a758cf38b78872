"""Records whose fields are in objects inside them, as one object with dotted names, so that a table can read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.table import Raw, Row, describe_value, json_name, read


def flatten(raw: Raw, levels: Iterable[str]) -> dict[str, Any]:
    """The members of a record, those of the objects at `levels` as `LEVEL.MEMBER`.

    levels: outer ones before those inside them (`metas`, `metas.default`). What is no object there stays as it is.
    """
    flat = dict(raw)
    for level in levels:
        if isinstance(value := flat.get(level), dict):
            del flat[level]
            flat.update({f"{level}.{name}": item for name, item in value.items()})
    return flat


def tell_odd_levels(flat: Raw, levels: Iterable[str], where: str, problems: list[Problem]) -> None:
    """A warning for each level that holds something else than an object."""
    for level in levels:
        value = flat.get(level)
        if value not in (None, "", [], {}):
            message = f"{json_name(value)} instead of an object; it was left out: use the form in the specification"
            problems.append(Problem("unexpected-type", f"{where}.{level}", message, seen=describe_value(value)))


def read_rows(raw: Raw, rows: Iterable[Row], where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields that a record says by rows, the best ones first; several rows may be of one field.

    A list takes what all of its members say. Where a field has room for one value, the first one is read, and a warning
    quotes each that says something else.
    """
    fields: dict[str, Any] = {}
    unread: dict[str, str] = {}
    for row in rows:
        if raw.get(row.key) is None:
            continue
        reading = read(raw, {row.key: row}, where, problems)
        unread |= reading.pop("unread", {})
        if row.field not in reading:
            continue
        value, known = reading[row.field], fields.get(row.field)
        if known is None:
            fields[row.field] = value
        elif isinstance(known, list):
            fields[row.field] = [*known, *(item for item in value if item not in known)]
        elif _meaning(known) != _meaning(value):
            message = f"another member says the {row.field.replace('_', ' ')} too, and was read: write it once"
            problems.append(Problem("value-unused", f"{where}.{row.key}", message, seen=describe_value(raw[row.key])))
    left = {field: text for field, text in unread.items() if field not in fields}
    return {**fields, "unread": left} if left else fields


def merge_fields(best: dict[str, Any], others: dict[str, Any], where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of two parts of one record: as `read_rows`, the first part being the better one.

    where: the place of the second part.
    """
    merged = dict(best)
    for field, value in others.items():
        if field == "unread":
            continue
        known = merged.get(field)
        if known is None:
            merged[field] = value
        elif isinstance(known, list):
            merged[field] = [*known, *(item for item in value if item not in known)]
        elif _meaning(known) != _meaning(value):
            message = f"another member says the {field.replace('_', ' ')} too, and was read: write it once"
            seen = describe_value(getattr(value, "original", value))
            problems.append(Problem("value-unused", where, message, seen=seen))
    unread = {**others.get("unread", {}), **best.get("unread", {})}
    left = {field: text for field, text in unread.items() if field not in merged}
    return {**merged, "unread": left} if left else {key: item for key, item in merged.items() if key != "unread"}


def _meaning(value: Any) -> Any:
    """What a value says, however it is written."""
    return getattr(value, "id", None) or getattr(value, "value", None) or value
