"""Reading the fields of a record by a table: wrong JSON types, lists that are too long, values for messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.normalise import languages
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
_TEXT_OF_OBJECT = ("@id", "@value", "name", "title", "label", "prefLabel", "value", "url", "uri")
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
_NO_ROOM = ("value-unused", "one of several values where one is read; it was left out: give one value")
# How the text of a member is read that has JSON type TEXT.
stripped = str.strip
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_ENGLISH = re.compile(r"en(?:$|[-_])|eng$")


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
            if type(value) is list:
                tell_untaken(row.field, value, reading, f"{where}.{key}", problems)
        elif reading is not False:
            note_unread(fields, row.field, value, f"{where}.{key}", problems)
    return fields


def tell_untaken(field: str, items: list[Any], reading: Any, where: str, problems: list[Problem]) -> None:
    """A warning for each item of a list of which nothing is in what was read of the list.

    reading: of the field; one thing, if the field has room for one, or a list.
    """
    if len(items) < 2 or (isinstance(reading, list) and len(reading) >= len(items)):
        return
    taken = "\n".join(_leaves(msgspec.to_builtins(reading)))
    for item in items[:MOST_ITEMS]:
        texts = _leaves(item)
        if texts and not any(text in taken for text in texts) and not all(map(is_placeholder, texts)):
            code, message = _UNREADABLE.get(field, _UNREADABLE[""]) if isinstance(reading, list) else _NO_ROOM
            problems.append(Problem(code, where, message, seen=describe_value(item)))


def _leaves(value: Any, levels: int = 8) -> list[str]:
    """The texts and numbers in a value. What an object says of its type or language alone does not count."""
    if isinstance(value, dict):
        value = [item for key, item in value.items() if key not in ("@type", "@language")]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _leaves(item, levels - 1)] if levels else []
    text = one(value)
    return [] if text is None else [text]


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
    written = describe_value(", ".join(filter(None, texts)) if texts and all(texts) else value).strip()
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
    by_language = in_english(value)
    if by_language is not None and type(by_language) in types:
        fit = by_language
    elif str in types:
        candidates = value if isinstance(value, list) else [value]
        fit = next((text for item in candidates if (text := _text_of(item))), None)
    elif dict in types and isinstance(value, str):
        fit = value
    elif dict in types and isinstance(value, list):
        fit = next((item for item in value if isinstance(item, dict)), None)
    if fit is not None and fit is by_language:
        message = "text in several languages, of which one was read, English if it is there: give text"
        problems.append(Problem("language-map", where, message, seen=describe_value(value)))
        return fit
    wanted = " or ".join(sorted({_JSON_NAMES.get(kind, "a number") for kind in types}))
    outcome = "it was read as far as possible" if fit is not None else "it was left out"
    message = f"{json_name(value)} instead of {wanted}; {outcome}: use the form in the specification"
    problems.append(Problem("unexpected-type", where, message, seen=describe_value(value)))
    return fit


def _text_of(value: Any) -> str | None:
    if isinstance(value, dict):
        if isinstance(text := in_english(value), str):
            return text
        return next((text for key in _TEXT_OF_OBJECT if type(value.get(key)) is str and (text := value[key])), None)
    return None if isinstance(value, list) else one(value)


def in_english(value: Any) -> Any:
    """What is said in English, else in the first language, where a value is given by languages; None if it is not.

    It is an object whose names are languages ({"en": ..., "cy": ...}, as in ckanext-fluent and in JSON-LD with
    `@container: @language`), or a list of JSON-LD's texts with a language.
    """
    said: dict[str, Any] = {}
    if isinstance(value, dict) and value and all(map(is_language, value)):
        said = {key.lower(): text for key, text in value.items() if isinstance(text, str | list) and one_of(text)}
    elif isinstance(value, list) and value and all(isinstance(item, dict) and "@language" in item for item in value):
        for item in value:
            said.setdefault(str(item["@language"]).lower(), item.get("@value"))
    english = next((text for key, text in said.items() if is_english(key)), None)
    return english if english is not None else next(iter(said.values()), None)


def text_of_value(value: Any) -> str | None:
    """The text that a value is, or that it has in English."""
    if isinstance(value, dict | list):
        value = in_english(value)
    return one_of(value) if isinstance(value, str | list) else one(value)


def one_of(value: str | list[Any]) -> str | None:
    """The first text of a text or a list that says something."""
    return next((text for item in (value if isinstance(value, list) else [value]) if (text := one(item))), None)


def is_english(name: str) -> bool:
    """Whether the tag of a language is one of English."""
    return _ENGLISH.match(name.lower()) is not None


def is_language(name: str) -> bool:
    """Whether the name of a member is a tag of a language (BCP 47), or JSON-LD's for none."""
    if name in ("@none", "none", "und"):
        return True
    return _LANGUAGE.fullmatch(name) is not None and languages.clean(re.split("[-_]", name)[0]).id is not None


def _texts(value: list[Any], where: str, problems: list[Problem]) -> list[Any]:
    """A list with every item as text, and at most MOST_ITEMS of them; the items of lists in it are its own."""
    kept = cut(_flat(value, where, problems), where, problems)
    odd = [index for index, item in enumerate(kept) if type(item) is not str]
    if odd:
        message = f"{json_name(kept[odd[0]])} among texts; it was read as far as possible: use texts only"
        problems.append(Problem("unexpected-type", f"{where}[{odd[0]}]", message, seen=describe_value(kept[odd[0]])))
        kept = [item if type(item) is str else _text_of(item) for item in kept]
    return kept


def _flat(value: list[Any], where: str, problems: list[Problem], levels: int = 3) -> list[Any]:
    inner = next((item for item in value if type(item) is list), None)
    if inner is None or not levels:
        return value
    message = "a list within a list; its items were read: use one list"
    problems.append(Problem("unexpected-type", where, message, seen=describe_value(inner)))
    flat = [part for item in value for part in (item if type(item) is list else [item])]
    return _flat(flat, where, [], levels - 1)


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
