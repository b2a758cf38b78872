"""How the list of datasets in a DKAN metastore is recognised and read: DCAT-US 1.1 with marks of its own.

It is one list, which streams by and ends where it is complete, so it is a document: a server that says that it has not
changed (304) is believed, and a list that was cut is not taken for whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper, harvested
from ckanext.aivision.harvesters.mapping.table import Raw, Row, read, table
from ckanext.aivision.harvesters.parsing.entries import LIST, ONE, Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.dcat_us import KIND as DCAT_US
from ckanext.aivision.harvesters.protocols.dcat_us.protocol import PROTOCOL as RECORDS
from ckanext.aivision.harvesters.protocols.dcat_us.v1_1 import DCAT_US as RECORD
from ckanext.aivision.harvesters.protocols.dkan import KIND
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.normalise import dates
from ckanext.aivision.record import Harvested

# What the metastore adds to a record: when it was stored, and what its values refer to.
_MARK = "%"
_REFERENCE = frozenset(("identifier", "data"))
_MARKS = table(Row("metadata_modified", "%modified", dates.moment))


def _prepare(raw: dict[str, Any]) -> dict[str, Any]:
    """The record with the values in place of references to them (`?show-reference-ids`)."""
    return {name: _resolve(value) for name, value in raw.items()}


def _resolve(value: Any) -> Any:
    if isinstance(value, list):
        return [_resolve(item) for item in value]
    if isinstance(value, dict) and value.keys() == _REFERENCE:
        return value["data"]
    return value


def _build(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    fields = RECORD.build(raw, where, problems)
    own = read(raw, _MARKS, where, problems)
    unread = {**fields.get("unread", {}), **own.pop("unread", {})}
    return {**own, **fields, "unread": unread}


_MAPPER = Mapper(("identifier",), ("title",), _build, prepared=_prepare)


class Dkan(Protocol):
    """A list of records, or one, with `%modified` or `%Ref:...` in them."""

    standards = DCAT_US.name

    def recognise(self, head: Head) -> Shape | None:
        if head.first not in ("[", "{") or not any(name.startswith(_MARK) for name in head.members):
            return None
        return LIST if head.first == "[" else ONE

    def records(self, entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
        for entry in entries:
            yield harvested(entry, source, _MAPPER)

    def members(self) -> Iterable[tuple[str, str]]:
        yield from RECORDS.members()
        yield from ((row.field, row.key) for row in _MARKS.values())

    def published(self, entry: Entry) -> Entry:
        if not isinstance(entry.raw, dict):
            return entry
        return entry._replace(raw={k: v for k, v in _prepare(entry.raw).items() if not k.startswith(_MARK)})

    def part_of(self, raw: Any) -> tuple[str, str]:
        return "1.1", "dataset"


PROTOCOL = Dkan(KIND)
