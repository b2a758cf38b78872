"""One record of a source as a dataset: identified, mapped by the table of its schema, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.content_hash import content_hash
from ckanext.aivision.harvesters.mapping.country import with_country
from ckanext.aivision.harvesters.mapping.table import TEXT, Raw, describe_value, fitting, json_name
from ckanext.aivision.harvesters.mapping.values import place_problems
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.parsing.repair import repaired
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.normalise.text import one
from ckanext.aivision.normalise.web.credentials import mask, mask_record
from ckanext.aivision.record import Dataset, Harvested

# Content hash of a record by its identifier.


class Known(Protocol):
    """The content hashes of records that need not be read again, by identifier."""

    def __len__(self) -> int: ...

    def get(self, identifier: str, /) -> str | None: ...


NOTHING_KNOWN: Known = {}


class Mapper(NamedTuple):
    """How the records of one schema become datasets.

    identifier, title: the members that hold them, the best first. build: the other fields of a Dataset by name.
    left_out: (member, values, code, message) of records that are no public dataset.
    profile: a key of config/profiles.yaml where the records of a source are not of one profile.
    identify: reads an identifier that may be something else than text, in a schema where that is no fault.
    prepared: the record as its members are read, where a schema has one thing in several forms; what is kept is the
    record as it came.
    """

    identifier: tuple[str, ...]
    title: tuple[str, ...]
    build: Callable[[Raw, str, list[Problem]], dict[str, Any]]
    left_out: tuple[tuple[str, tuple[object, ...], str, str], ...] = ()
    profile: str = ""
    identify: Callable[[Any], str | None] | None = None
    prepared: Callable[[dict[str, Any]], dict[str, Any]] | None = None


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
        return Harvested(where=where, raw=describe_value(entry.raw), identifier=identifier, problems=problems)
    if not isinstance(raw, dict):
        message = f"a dataset must be an object, but this is {json_name(raw)}: remove it"
        return refused(where, raw, "record-not-object", message, seen=raw)
    if known and (identifier := _if_unchanged(raw, mapper, known, beside)) is not None:
        return Harvested(where=where, raw=None, identifier=identifier, unchanged=True)
    try:
        made = _dataset(raw, source, mapper, where, problems)
    except RecursionError:
        # The brackets of the record were counted; those inside one of its texts were not.
        message = "one of its texts is JSON that is nested too deeply: use plain text"
        return refused(where, raw, "nested-too-deeply", message, _shallow_identifier(raw, mapper))
    if isinstance(made, Harvested):
        return made
    problems += place_problems(made, f"{where}.spatial")
    return Harvested(where=where, raw=raw, identifier=made.identifier, dataset=made, problems=problems)


def _if_unchanged(raw: Raw, mapper: Mapper, known: Known, beside: Sequence[str]) -> str | None:
    """The identifier of a record that is known as it is."""
    written = raw.get(mapper.identifier[0])
    if written is None and mapper.prepared is not None:
        written = mapper.prepared(dict(raw)).get(mapper.identifier[0])
    identifier = one(written) if type(written) is str else None
    was = known.get(identifier) if identifier is not None else None
    return identifier if was is not None and was == content_hash(raw, beside) else None


def _dataset(
    raw: dict[str, Any], source: Source, mapper: Mapper, where: str, problems: list[Problem]
) -> Dataset | Harvested:
    """The dataset, or the refused record if something is missing or wrong."""
    seen = mapper.prepared(raw) if mapper.prepared is not None else raw
    identifier = _read_required(seen, mapper.identifier, where, problems, mapper.identify)
    if identifier is None:
        key = mapper.identifier[0]
        message = "no identifier, so the dataset cannot be recognised in later harvests: give it one that never changes"
        return refused(f"{where}.{key}", raw, "identifier-missing", message, seen=raw.get(key, ""), where_record=where)
    title = _read_required(seen, mapper.title, where, problems)
    if title is None:
        key = mapper.title[0]
        message = "no title: add one that says what the data are"
        return refused(f"{where}.{key}", raw, "title-missing", message, identifier, raw.get(key, ""), where)
    for key, values, code, message in mapper.left_out:
        if seen.get(key) in values:
            return refused(f"{where}.{key}", raw, code, message, identifier, seen[key], where)
    # A catalogue of several countries says of each record which one it is of.
    fields = {"country": source.country, **mapper.build(seen, where, problems)}
    made = Dataset(
        identifier=identifier,
        title=title,
        profile=_profile(source, mapper, fields.pop("profile", "")),
        source=source.name,
        raw=raw,
        **fields,
    )
    return with_country(made, is_federal=bool(raw.get("bureauCode")))


def _profile(source: Source, mapper: Mapper, stated: str) -> str:
    """What the record itself shows, unless somebody named another profile than the default of the source's kind.

    stated: the profile of the source that the record's catalogue has it from, if the catalogue says so.
    """
    kind = KINDS.get(source.kind)
    if (kind is not None and source.profile == kind.profile) or mapper.profile.startswith(source.profile):
        return stated or mapper.profile or source.profile
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
    problem = Problem(code, mask(place), message, "error", describe_value(seen))
    identifier = mask(identifier) if identifier is not None else None
    return Harvested(where=mask(where_record or place), raw=raw, identifier=identifier, problems=[*masked, problem])


def _read_required(
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
            text = one(fitting(value, TEXT, f"{where}.{key}", problems))
        if text is not None:
            if key != keys[0]:
                message = f"there is no `{keys[0]}`, `{key}` was used instead: fill it in"
                code = f"{keys[0].rpartition('.')[2]}-missing"
                problems.append(Problem(code, f"{where}.{keys[0]}", message, seen=describe_value(text)))
            return text
    return None


def _shallow_identifier(raw: Any, mapper: Mapper) -> str | None:
    values = (raw.get(key) for key in mapper.identifier) if isinstance(raw, dict) else ()
    return next((describe_value(value) for value in values if isinstance(value, str)), None)
