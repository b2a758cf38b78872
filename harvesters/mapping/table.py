"""Reading the fields of a record by a table: wrong JSON types, lists that are too long, values for messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from ckanext.aivision.errors import Problem
from ckanext.aivision.normalise.text import is_placeholder, one
from ckanext.aivision.normalise.web.credentials import mask
from ckanext.aivision.record import Term

# Real records with 34,866 keywords and 8,327 distributions exist; no reader needs them all.
MOST_ITEMS = 1000
Raw = Mapping[str, Any]
# JSON types that a member may have without a word. A number is not taken for text without one.
TEXT = frozenset((str,))
TEXTS = frozenset((str, list))
SCALAR = frozenset((str, int, float, bool))
OBJECT = frozenset((dict,))
OBJECTS = frozenset((dict, list))
ANY = frozenset((str, int, float, bool, dict, list))
# Where the text of an object is, when an object stands where text belongs (JSON-LD's, or a label).
_TEXT_OF_OBJECT = ("@id", "@value", "name", "title", "label", "value", "url", "uri")
_JSON_NAMES: dict[type, str] = {str: "text", list: "a list", dict: "an object", bool: "true or false"}


class Row(NamedTuple):
    """One field of the record type: the member of the source that holds it, how to read it, its JSON types.

    read: gets a value of one of the types, and gives something empty if it says nothing.
    """

    field: str
    key: str
    read: Callable[[Any], Any]
    types: frozenset[type] = TEXT


Table = dict[str, Row]
# Code and message of a value that cannot be read, by the field; the last one for all others.
_UNREADABLE = {
    "byte_size": ("byte-size-unreadable", "not a number of bytes: give the size in digits"),
    "checksum": ("checksum-unreadable", "not the digits of a checksum: give it in hexadecimal digits"),
    "distribution": ("item-not-object", "no description of a distribution; it was left out: use an object"),
    "": ("value-unreadable", "a value that cannot be read here; it was left out: use the form in the specification"),
}
# How the text of a member is read that has JSON type TEXT.
stripped = str.strip


def table(*rows: Row) -> Table:
    """A mapping's rows by the member of the source."""
    return {row.key: row for row in rows}


def members_of(dataset: Table, distribution: Table) -> Iterator[tuple[str, str]]:
    """Each field of two tables with a member that holds it; those of distributions as `distribution[].FIELD`."""
    yield from ((row.field, row.key) for row in dataset.values())
    yield from ((f"distribution[].{row.field}", row.key) for row in distribution.values())


def read(raw: Raw, rows: Table, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of a table that a source record has. Empty readings are left out.

    A member of an unexpected JSON type is read as far as it goes, with a warning.
    """
    fields: dict[str, Any] = {}
    for key, value in raw.items():
        row = rows.get(key)
        if row is None or value is None:
            continue
        if type(value) not in row.types:
            written = value
            value = fitting(value, row.types, f"{where}.{key}", problems)
            if value is None:
                _keep_unread(fields, row.field, written)
                continue
        elif type(value) is list:
            tidy = _texts if row.types is TEXTS else cut
            value = tidy(value, f"{where}.{key}", problems)
        if reading := row.read(value):
            fields[row.field] = reading
        elif reading is not False:
            note_unread(fields, row.field, value, f"{where}.{key}", problems)
    return fields


def note_unread(fields: dict[str, Any], field: str, value: Any, where: str, problems: list[Problem]) -> None:
    """Keeps what cannot be read of a field, so that nobody calls it absent; a warning unless it stands for no value."""
    written = _keep_unread(fields, field, value)
    if written and not is_placeholder(written):
        code, message = _UNREADABLE.get(field, _UNREADABLE[""])
        problems.append(Problem(code, where, message, seen=written))


def keep_unread_items(fields: dict[str, Any], field: str, value: Any) -> None:
    """Keeps a list of which `objects` could read nothing."""
    if not fields.get(field):
        _keep_unread(fields, field, value)


def _keep_unread(fields: dict[str, Any], field: str, value: Any) -> str:
    """What is written, as text; empty if nothing is."""
    if not _is_filled(value):
        return ""
    texts = [one(item) for item in value] if isinstance(value, list) else []
    written = describe_value(", ".join(filter(None, texts)) if any(texts) else value).strip()
    fields.setdefault("unread", {})[field] = written
    return written


def _is_filled(value: Any, levels: int = 5) -> bool:
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        return levels == 0 or any(_is_filled(item, levels - 1) for item in items)
    return one(value) is not None


def term(reader: Callable[[str], Term]) -> Callable[[str], Term | None]:
    """A reader of a vocabulary's term that passes over empty text."""
    return lambda value: reader(text) if (text := value.strip()) else None


def fitting(value: Any, types: frozenset[type], where: str, problems: list[Problem]) -> Any:
    """What can be made of a value of the wrong JSON type; None if nothing can. Adds a warning."""
    fit: Any = None
    if str in types:
        candidates = value if isinstance(value, list) else [value]
        fit = next((text for item in candidates if (text := _text_of(item))), None)
    elif dict in types and isinstance(value, str):
        fit = value
    elif dict in types and isinstance(value, list):
        fit = next((item for item in value if isinstance(item, dict)), None)
    wanted = " or ".join(sorted({_JSON_NAMES.get(kind, "a number") for kind in types}))
    outcome = "it was read as far as possible" if fit is not None else "it was left out"
    message = f"{json_name(value)} instead of {wanted}; {outcome}: use the form in the specification"
    problems.append(Problem("unexpected-type", where, message, seen=describe_value(value)))
    return fit


def _text_of(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((text for key in _TEXT_OF_OBJECT if type(value.get(key)) is str and (text := value[key])), None)
    return None if isinstance(value, list) else one(value)


def _texts(value: list[Any], where: str, problems: list[Problem]) -> list[Any]:
    """A list with every item as text, and at most MOST_ITEMS of them."""
    kept = cut(value, where, problems)
    odd = [index for index, item in enumerate(kept) if type(item) is not str]
    if odd:
        message = f"{json_name(kept[odd[0]])} among texts; it was read as far as possible: use texts only"
        problems.append(Problem("unexpected-type", f"{where}[{odd[0]}]", message, seen=describe_value(kept[odd[0]])))
        kept = [item if type(item) is str else _text_of(item) for item in kept]
    return kept


def objects(value: Any, where: str, problems: list[Problem]) -> list[tuple[int, Raw]]:
    """The objects of a list with their places in it, at most MOST_ITEMS; a warning for each thing that is none."""
    if value is None:
        return []
    if not isinstance(value, list):
        message = f"{json_name(value)} instead of a list: use a list, even for one item"
        problems.append(Problem("unexpected-type", where, message, seen=describe_value(value)))
        value = [value]
    found: list[tuple[int, Raw]] = []
    for index, item in enumerate(cut(value, where, problems)):
        if isinstance(item, dict):
            found.append((index, item))
        else:
            message = f"{json_name(item)} instead of an object; it was left out: use an object"
            problems.append(Problem("item-not-object", f"{where}[{index}]", message, seen=describe_value(item)))
    return found


def json_name(value: Any) -> str:
    return "null" if value is None else _JSON_NAMES.get(type(value), "a number")


def describe_value(value: object) -> str:
    """A value for a message, at most 200 characters, without credentials."""
    try:
        text = value if isinstance(value, str) else repr(value)
    except RecursionError:
        text = "(nested too deep)"
    text = mask(text[:10_000])
    clean = text[:200].encode("utf-8", "replace").decode("utf-8")
    return clean if len(text) <= 200 else clean[:199] + "…"


def cut(values: list[Any], where: str, problems: list[Problem]) -> list[Any]:
    """The first 1,000 items of a list; a cut is reported."""
    if len(values) <= MOST_ITEMS:
        return values
    message = f"{len(values):,} items: the first {MOST_ITEMS:,} were kept: use fewer, or split the dataset"
    problems.append(Problem("too-many-items", where, message))
    return values[:MOST_ITEMS]


def meaningful_text(value: object) -> str | None:
    """A text that says something: no placeholder."""
    text = one(value)
    return None if text is None or is_placeholder(text) else text
