"""What the mappings of all protocols share: reading fields by a table, refusing a record, cutting what is too much."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.content_hash import content_hash
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.parsing.repair import repaired
from ckanext.aivision.harvesters.sources.source import KINDS, Source
from ckanext.aivision.normalise.credentials import mask, mask_record
from ckanext.aivision.normalise.text import is_placeholder, one
from ckanext.aivision.record import Dataset, Harvested, Term

# Real records with 34,866 keywords and 8,327 distributions exist; no reader needs them all.
MOST_ITEMS = 1000

Raw = Mapping[str, Any]
# Content hash of a record by its identifier.
Known = Mapping[str, str]
NOTHING_KNOWN: Known = {}

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

    read: gets a value of one of the types, and gives something empty where it says nothing.
    """

    field: str
    key: str
    read: Callable[[Any], Any]
    types: frozenset[type] = TEXT


Table = dict[str, Row]

# How the text of a member is read that has JSON type TEXT.
stripped = str.strip


class Mapper(NamedTuple):
    """How the records of one schema become data sets.

    identifier, title: the members that hold them, the best first. build: the other fields of a Dataset by name.
    left_out: (member, values, code, message) of records that are no public data set.
    profile: a key of config/profiles.yaml where the records of a source are not of one profile.
    identify: reads an identifier that may be something else than text, in a schema where that is no fault.
    """

    identifier: tuple[str, ...]
    title: tuple[str, ...]
    build: Callable[[Raw, str, list[Problem]], dict[str, Any]]
    left_out: tuple[tuple[str, tuple[object, ...], str, str], ...] = ()
    profile: str = ""
    identify: Callable[[Any], str | None] | None = None


def harvested(
    entry: Entry, source: Source, mapper: Mapper, known: Known = NOTHING_KNOWN, beside: Sequence[str] = ()
) -> Harvested:
    """One record of a source as a Dataset, refused with the reason, or unchanged. Never raises.

    known: the content hashes of the records that need not be read again, by identifier. beside: of record.Dataset.
    """
    where = entry.where
    if entry.fault:
        return refused(where, entry.raw, entry.code, entry.fault)
    raw, problems = (entry.raw, []) if entry.sound else repaired(entry.raw, entry.mended, where)
    if not (problems and problems[-1].severity == "error"):
        raw, masked = mask_record(raw, where)
        problems += masked
    if problems and problems[-1].severity == "error":
        identifier = _shallow_identifier(entry.raw, mapper)
        return Harvested(where=where, raw=shown(entry.raw), identifier=identifier, problems=problems)
    if not isinstance(raw, dict):
        message = f"a data set must be an object, this is {_name(raw)}: take it out"
        return refused(where, raw, "record-not-object", message, seen=raw)
    if known and (identifier := _if_unchanged(raw, mapper, known, beside)) is not None:
        return Harvested(where=where, raw=None, identifier=identifier, unchanged=True)
    try:
        made = _dataset(raw, source, mapper, where, problems)
    except RecursionError:
        # The brackets of the record were counted; those inside one of its texts were not.
        message = "one of its texts is JSON with too many brackets inside each other: give it as plain text"
        return refused(where, raw, "nested-too-deeply", message, _shallow_identifier(raw, mapper))
    if isinstance(made, Harvested):
        return made
    return Harvested(where=where, raw=raw, identifier=made.identifier, dataset=made, problems=problems)


def _if_unchanged(raw: Raw, mapper: Mapper, known: Known, beside: Sequence[str]) -> str | None:
    """The identifier of a record that is known as it is."""
    written = raw.get(mapper.identifier[0])
    identifier = one(written) if type(written) is str else None
    return identifier if identifier is not None and known.get(identifier) == content_hash(raw, beside) else None


def _dataset(
    raw: dict[str, Any], source: Source, mapper: Mapper, where: str, problems: list[Problem]
) -> Dataset | Harvested:
    """The data set, or the record refused for what it lacks or is."""
    identifier = _needed(raw, mapper.identifier, where, problems, mapper.identify)
    if identifier is None:
        key = mapper.identifier[0]
        message = "no identifier, so the data set cannot be known again: give it one that never changes"
        return refused(f"{where}.{key}", raw, "identifier-missing", message, seen=raw.get(key, ""), where_record=where)
    title = _needed(raw, mapper.title, where, problems)
    if title is None:
        key = mapper.title[0]
        message = "no title: give the data set one that says what the data are"
        return refused(f"{where}.{key}", raw, "title-missing", message, identifier, raw.get(key, ""), where)
    for key, values, code, message in mapper.left_out:
        if raw.get(key) in values:
            return refused(f"{where}.{key}", raw, code, message, identifier, raw[key], where)
    return Dataset(
        identifier=identifier,
        title=title,
        profile=_profile(source, mapper),
        country=source.country,
        source=source.name,
        raw=raw,
        **mapper.build(raw, where, problems),
    )


def _profile(source: Source, mapper: Mapper) -> str:
    """What the record itself shows, unless somebody named another profile than the default of the source's kind."""
    kind = KINDS.get(source.kind)
    if (kind is not None and source.profile == kind.profile) or mapper.profile.startswith(source.profile):
        return mapper.profile or source.profile
    return source.profile


def refused(
    place: str,
    raw: Any,
    code: str,
    message: str,
    identifier: str | None = None,
    seen: object = "",
    where_record: str = "",
) -> Harvested:
    """A record that cannot be taken, with the reason.

    place: the JSON path of what is wrong; where_record: that of the record, where it is another.
    """
    raw, masked = mask_record(raw, where_record or place)
    problem = Problem(code, mask(place), message, "error", shown(seen))
    identifier = mask(identifier) if identifier is not None else None
    return Harvested(where=mask(where_record or place), raw=raw, identifier=identifier, problems=[*masked, problem])


def _needed(
    raw: Raw,
    keys: tuple[str, ...],
    where: str,
    problems: list[Problem],
    reader: Callable[[Any], str | None] | None = None,
) -> str | None:
    """The text of the first member that has one; a warning where it is not the first, or no text."""
    for key in keys:
        value = raw.get(key)
        if value is None:
            continue
        text = one(value) if type(value) is str else (reader(value) if reader else None)
        if text is None and type(value) is not str:
            text = one(_fitting(value, TEXT, f"{where}.{key}", problems))
        if text is not None:
            if key != keys[0]:
                message = f"there is no `{keys[0]}`, `{key}` was read in its place: fill it in"
                problems.append(Problem(f"{keys[0]}-missing", f"{where}.{keys[0]}", message, seen=shown(text)))
            return text
    return None


def _shallow_identifier(raw: Any, mapper: Mapper) -> str | None:
    values = (raw.get(key) for key in mapper.identifier) if isinstance(raw, dict) else ()
    return next((shown(value) for value in values if isinstance(value, str)), None)


def table(*rows: Row) -> Table:
    """A mapping's rows by the member of the source."""
    return {row.key: row for row in rows}


def read(raw: Raw, rows: Table, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of a table that a source record has. Empty readings are left out.

    A member of an unexpected JSON type is read as far as it goes, with a warning.
    """
    fields = {}
    for key, value in raw.items():
        row = rows.get(key)
        if row is None or value is None:
            continue
        if type(value) not in row.types:
            value = _fitting(value, row.types, f"{where}.{key}", problems)
            if value is None:
                continue
        elif type(value) is list:
            tidy = _texts if row.types is TEXTS else cut
            value = tidy(value, f"{where}.{key}", problems)
        if reading := row.read(value):
            fields[row.field] = reading
    return fields


def term(reader: Callable[[str], Term]) -> Callable[[str], Term | None]:
    """A reader of a vocabulary's term that passes over empty text."""
    return lambda value: reader(text) if (text := value.strip()) else None


def _fitting(value: Any, types: frozenset[type], where: str, problems: list[Problem]) -> Any:
    """What can be made of a value of the wrong JSON type; None where nothing can. Adds a warning."""
    fit: Any = None
    if str in types:
        candidates = value if isinstance(value, list) else [value]
        fit = next((text for item in candidates if (text := _text_of(item))), None)
    elif dict in types and isinstance(value, str):
        fit = value
    elif dict in types and isinstance(value, list):
        fit = next((item for item in value if isinstance(item, dict)), None)
    wanted = " or ".join(sorted({_JSON_NAMES.get(kind, "a number") for kind in types}))
    outcome = "it was read as far as it goes" if fit is not None else "it was left out"
    message = f"{_name(value)} where {wanted} belongs; {outcome}: give it as the specification says"
    problems.append(Problem("unexpected-type", where, message, seen=shown(value)))
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
        message = f"{_name(kept[odd[0]])} among texts; it was read as far as it goes: give texts only"
        problems.append(Problem("unexpected-type", f"{where}[{odd[0]}]", message, seen=shown(kept[odd[0]])))
        kept = [item if type(item) is str else _text_of(item) for item in kept]
    return kept


def objects(value: Any, where: str, problems: list[Problem]) -> list[tuple[int, Raw]]:
    """The objects of a list with their places in it, at most MOST_ITEMS; a warning for each thing that is none."""
    if value is None:
        return []
    if not isinstance(value, list):
        message = f"{_name(value)} where a list belongs: give a list, even of one"
        problems.append(Problem("unexpected-type", where, message, seen=shown(value)))
        value = [value]
    found: list[tuple[int, Raw]] = []
    for index, item in enumerate(cut(value, where, problems)):
        if isinstance(item, dict):
            found.append((index, item))
        else:
            message = f"{_name(item)} where an object belongs; it was left out: give an object"
            problems.append(Problem("item-not-object", f"{where}[{index}]", message, seen=shown(item)))
    return found


def _name(value: Any) -> str:
    return "null" if value is None else _JSON_NAMES.get(type(value), "a number")


def shown(value: object) -> str:
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
    message = f"{len(values):,} items: the first {MOST_ITEMS:,} were kept: give fewer, or split the data set"
    problems.append(Problem("too-many-items", where, message))
    return values[:MOST_ITEMS]


def said(value: object) -> str | None:
    """A text that says something: no placeholder."""
    text = one(value)
    return None if text is None or is_placeholder(text) else text
