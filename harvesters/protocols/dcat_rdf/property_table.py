"""Tables of which properties a field is read from, and how a tree is read by them."""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any, NamedTuple

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.table import note_unread, tell_untaken
from ckanext.aivision.harvesters.protocols.dcat_rdf import rdf_values as values
from ckanext.aivision.harvesters.protocols.dcat_rdf.origin import UNREAD, Words
from ckanext.aivision.harvesters.protocols.dcat_rdf.rdf_values import Node, Values
from ckanext.aivision.harvesters.protocols.dcat_rdf.record_tree import Tree

_MOST_KEPT = 4096
# What is no fault where it cannot be read: the properties are read for other fields too.
_ELSEWHERE = ("media_type", "described_by_type", "quality", "uncertainty")


def tell_unused(field: str, found: Values, reading: Any, where: str, problems: list[Problem]) -> None:
    """As `tell_untaken`. Of texts in several languages the others are kept, and are no values that were left out."""
    if len(found) > 1 and field not in _ELSEWHERE:
        languages = collections.Counter(value.get("@language") for value in found if type(value) is dict)
        items = [value for value in found if type(value) is not dict or _is_one_of_several(value, languages)]
        tell_untaken(field, items, reading, where, problems)


def _is_one_of_several(value: Node, languages: collections.Counter[Any]) -> bool:
    return "@language" not in value or languages[value["@language"]] > 1


class Property(NamedTuple):
    """One field of the record type: how to read it, and the properties that hold it.

    merged: whether what all of them hold is read as one; else the first that says something counts.
    """

    field: str
    read: Callable[[Values], Any]
    names: tuple[str, ...]
    merged: bool = False


Step = tuple[str, Callable[[Values], Any], tuple[str, ...], bool]


class Table:
    """The fields that are read from a tree, in this order; of two rows of one field the first that has one counts."""

    def __init__(self, *rows: Property) -> None:
        self._rows = rows
        # A row without properties says how the source's own words are read, where that differs.
        self._readers = {row.field: row.read for row in (*reversed(rows), *(row for row in rows if not row.names))}
        # A catalogue describes its datasets with few different sets of properties: which rows each needs is kept.
        self._steps: dict[tuple[str, ...], list[Step]] = {}

    def read(self, tree: Tree, where: str, problems: list[Problem]) -> dict[str, Any]:
        """The fields that a tree says something of; a warning for what cannot be read."""
        names = tuple(tree)
        steps = self._steps.get(names)
        if steps is None:
            steps = self._needed(names)
        fields: dict[str, Any] = {}
        lost = []
        for field, read, present, merged in steps:
            if field in fields:
                continue
            groups = (
                [[value for name in present for value in tree[name]]] if merged else [tree[name] for name in present]
            )
            for found in groups:
                if reading := read(found):
                    fields[field] = reading
                    tell_unused(field, found, reading, f"{where} {present[0]}", problems)
                    break
            else:
                lost += [] if merged else [(field, present[0])]
        for field, name in lost:
            if field not in fields and field not in _ELSEWHERE:
                note_unread(fields, field, values.join_texts(tree[name]), f"{where} {name}", problems)
        return fields

    def put_words(self, fields: dict[str, Any], words: Words, where: str, problems: list[Problem]) -> None:
        """Reads fields from the source's own words, and leaves out those that the source does not state."""
        for name, written in words.items():
            field = name.removeprefix(UNREAD)
            if field not in self._readers:
                continue
            if field != name:
                fields.setdefault("unread", {})[field] = values.join_texts(written)
                continue
            fields.pop(field, None)
            fields.get("unread", {}).pop(field, None)
            if not written:
                continue
            if reading := self._readers[field](written):
                fields[field] = reading
            else:
                note_unread(fields, field, values.join_texts(written), f"{where} {field}", problems)

    def _needed(self, names: tuple[str, ...]) -> list[Step]:
        steps = [
            (row.field, row.read, present, row.merged)
            for row in self._rows
            if (present := tuple(name for name in row.names if name in names))
        ]
        if len(self._steps) < _MOST_KEPT:
            self._steps[names] = steps
        return steps
