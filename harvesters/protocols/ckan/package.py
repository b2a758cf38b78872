"""CKAN's package (https://docs.ckan.org/en/2.12/api/) to the record, as tables; see also `extras`."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.table import (
    ANY,
    SCALAR,
    TEXTS,
    Raw,
    Row,
    cut,
    describe_value,
    in_english,
    is_english,
    keep_unread_items,
    note_unread,
    objects,
    read,
    stripped,
    table,
    term,
    text_of_value,
)
from ckanext.aivision.harvesters.mapping.values import ALGORITHMS, byte_size, checksum
from ckanext.aivision.harvesters.protocols.ckan.extras import facts_of, json_object, read_facts
from ckanext.aivision.normalise import dates, media_types, themes
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Distribution

# A file can be fetched from its address; a page or a service needs a person or a protocol.
_TRANSLATED = "_translated"
_FETCHED_KINDS = ("data", "archive", "document", "image")


def _columns(value: Any) -> list[str]:
    """The names of a table schema's fields (Frictionless Table Schema)."""
    fields = value.get("fields") if isinstance(value, dict) else None
    items = fields if isinstance(fields, list) else []
    return [name for item in items if isinstance(item, dict) and (name := one(item.get("name") or item.get("id")))]


_PACKAGE = table(
    Row("description", "notes", stripped),
    Row("metadata_issued", "metadata_created", dates.moment),
    Row("metadata_modified", "metadata_modified", dates.moment),
)

_RESOURCE = table(
    Row("identifier", "id", stripped),
    Row("title", "name", stripped),
    Row("description", "description", stripped),
    Row("access_url", "url", stripped),
    Row("media_type", "mimetype", term(media_types.clean)),
    Row("format", "format", term(media_types.from_format)),
    Row("byte_size", "size", byte_size, SCALAR),
    Row("checksum", "hash", checksum),
    Row("checksum_algorithm", "hash_algorithm", stripped),
    Row("issued", "created", dates.moment),
    Row("modified", "last_modified", dates.moment),
    Row("described_by", "describedBy", stripped),
    Row("conforms_to", "conforms_to", many, TEXTS),
    Row("columns", "schema", _columns, ANY),
)


# Fields with the members that hold them, of a package and its resources, beside those of `extras.FACTS`.
MEMBERS = (
    ("identifier", "id"),
    ("identifier", "name"),
    ("description", "notes"),
    ("keyword", "tags"),
    ("theme", "groups"),
    ("metadata_issued", "metadata_created"),
    ("distribution", "resources"),
    ("distribution[].media_type", "mimetype"),
    ("distribution[].byte_size", "size"),
    ("distribution[].checksum", "hash"),
    ("distribution[].access_url", "url"),
    ("distribution[].download_url", "url"),
    ("distribution[].title", "name"),
)


def _build(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of a package; everything is read as far as it goes."""
    fields = read(raw, _PACKAGE, where, problems)
    facts = read_facts(facts_of(raw, where, problems), where, problems)
    fields = {**fields, **facts, "unread": {**fields.get("unread", {}), **facts.get("unread", {})}}
    if "publisher" not in fields and raw.get("organization"):
        note_unread(fields, "publisher", raw["organization"], f"{where}.organization", problems)
    fields["keyword"] = _names(raw, "tags", where, problems) or many(in_english(raw.get("keywords")))
    groups = [themes.clean(name) for name in _names(raw, "groups", where, problems)]
    fields["theme"] = list(dict.fromkeys([*fields.get("theme", ()), *groups]))
    fields["distribution"] = [
        _distribution(item, f"{where}.resources[{index}]", problems)
        for index, item in objects(raw.get("resources"), f"{where}.resources", problems)
    ]
    keep_unread_items(fields, "distribution", raw.get("resources"))
    if "modified" not in fields:
        # The data change when a file does. The record's own date, which some portals give for each file, tells nothing.
        of_record = fields.get("metadata_modified")
        moments = [item.modified for item in fields["distribution"] if item.modified and item.modified.value]
        changed = [moment for moment in moments if of_record is None or moment.original != of_record.original]
        fields["modified"] = max(changed, key=lambda moment: str(moment.value), default=None)
    return fields


def _in_english(raw: dict[str, Any]) -> dict[str, Any]:
    """A package with its texts in English where it has them in several languages (ckanext-fluent).

    They are an object by languages, JSON of one in a string, or such an object in a member `..._translated`.
    """
    read = dict(raw)
    for name, value in raw.items():
        if isinstance(value, str) and value.startswith("{") and (text := in_english(json_object(value))):
            read[name] = text
        elif name.endswith(_TRANSLATED) and (text := in_english(value)) and any(map(is_english, value)):
            read[name.removesuffix(_TRANSLATED)] = text
    if isinstance(organization := raw.get("organization"), dict):
        read["organization"] = {name: in_english(value) or value for name, value in organization.items()}
    if isinstance(resources := raw.get("resources"), list):
        read["resources"] = [_in_english(item) if isinstance(item, dict) else item for item in resources]
    return read


CKAN = Mapper(
    identifier=("id", "name"),
    title=("title", "name"),
    build=_build,
    prepared=_in_english,
    left_out=(
        ("private", (True,), "not-public", "this dataset is private and is not harvested"),
        ("state", ("deleted", "draft"), "not-active", "this dataset was deleted or never published"),
        (
            "type",
            ("harvest", "showcase"),
            "not-a-dataset",
            "this package is not a dataset: CKAN stores other things as packages too",
        ),
    ),
)


def _names(raw: Raw, key: str, where: str, problems: list[Problem]) -> list[str]:
    """The names of tags or groups: objects with a title or name, or plain texts."""
    value = raw.get(key)
    if isinstance(value, list) and not any(isinstance(item, dict) for item in value):
        return many(cut(value, f"{where}.{key}", problems))
    listed = []
    for index, item in objects(value, f"{where}.{key}", problems):
        name = (
            text_of_value(item.get("title"))
            or text_of_value(item.get("display_name"))
            or text_of_value(item.get("name"))
        )
        if name is None and item:
            message = "an object without a name; it was left out: give it a `name`"
            problems.append(Problem("item-without-name", f"{where}.{key}[{index}]", message, seen=describe_value(item)))
        listed.append(name)
    return many(listed)


def _distribution(resource: Raw, where: str, problems: list[Problem]) -> Distribution:
    fields = read(resource, _RESOURCE, where, problems)
    active = resource.get("datastore_active") is True
    if (url := fields.get("access_url")) is not None:
        key = media_types.of_url(url).id or (fields["format"].id if "format" in fields else None)
        traits = media_types.traits(key) if key else None
        if active or (traits is not None and traits.kind in _FETCHED_KINDS):
            fields["download_url"] = url
    if "checksum" in fields:
        fields.setdefault("checksum_algorithm", ALGORITHMS[len(fields["checksum"])])
    return Distribution(datastore_active=active, **fields)
