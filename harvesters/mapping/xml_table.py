"""Reading the fields of a record in XML by a table of paths, from a tree in which every child is a list."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.table import MOST_ITEMS, cut, meaningful_text, note_unread, tell_untaken
from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Term

# Children by their names, each a list of texts and of other elements; attributes (`@href`) and `#text` are texts.
Element = dict[str, Any]
Values = list[Any]
_TEXTS = ("#text", "@href", "@title", "@uuidref")


def listed(node: Any) -> Element:
    """A tree of `xml_records` with a list for each child."""
    if not isinstance(node, dict):
        return {"#text": str(node)}
    return {key: value if key[0] in "@#" else _listed_values(value) for key, value in node.items()}


def _listed_values(value: Any) -> Values:
    values = value if isinstance(value, list) else [value]
    return [listed(item) if isinstance(item, dict) else item for item in values if item != ""]


@functools.cache
def _names(path: str) -> tuple[str, ...]:
    """The names of a path; there are as many paths as tables have."""
    return tuple(path.split("/"))


def find(element: Element, path: str) -> Values:
    """What stands at a path (`citation/title`), in its order."""
    level: Values = [element]
    for name in _names(path):
        level = [value for item in level if isinstance(item, dict) for value in item.get(name, ())]
    return level


def elements(element: Element, path: str) -> list[Element]:
    """The elements at a path, without texts that stand there."""
    return [value for value in find(element, path) if isinstance(value, dict)]


def text(value: Any) -> str:
    """The text of a value; of an element without one, where it leads (xlink:href)."""
    if not isinstance(value, dict):
        return one(value) or ""
    return next((found for name in _TEXTS if (found := one(value.get(name)) or "")), "")


def texts(values: Iterable[Any]) -> list[str]:
    """The texts that say something, each once."""
    return list(dict.fromkeys(found for value in values if (found := meaningful_text(text(value)))))


def first_text(values: Iterable[Any]) -> str | None:
    """The first text that says something."""
    return next(iter(texts(values)), None)


def joined(values: Iterable[Any]) -> str | None:
    """All that is said, each statement a paragraph."""
    return "\n\n".join(texts(values)) or None


def address(value: Any) -> str:
    """Where a value leads, or its text."""
    return (one(value.get("@href")) if isinstance(value, dict) else None) or text(value)


def addresses(values: Iterable[Any]) -> list[str]:
    """Where the values lead, or their texts."""
    return list(dict.fromkeys(found for value in values if (found := meaningful_text(address(value)))))


def first_address(values: Iterable[Any]) -> str | None:
    return next(iter(addresses(values)), None)


def term(reader: Callable[[str], Term]) -> Callable[[Values], Term | None]:
    """A reader of one term of a vocabulary: the first that it knows, else the first."""

    def read(values: Values) -> Term | None:
        found = [reader(written) for written in texts(values)]
        return next((known for known in found if known.id is not None), found[0] if found else None)

    return read


def terms(reader: Callable[[str], Term]) -> Callable[[Values], list[Term]]:
    """A reader of several terms."""
    return lambda values: [reader(written) for written in texts(values)]


def leaves(value: Any, levels: int = 40) -> Iterator[str]:
    """The texts inside a value."""
    if isinstance(value, dict) and levels:
        for key, inner in value.items():
            if key[0] not in "@#":
                for item in inner:
                    yield from leaves(item, levels - 1)
            elif key in _TEXTS and (found := one(inner)):
                yield found
    elif not isinstance(value, dict) and (found := one(value)):
        yield found


def _quote(value: Any) -> str | list[str]:
    """A value as a message quotes it."""
    found = list(leaves(value))
    return found[0] if len(found) == 1 else found


class Field(NamedTuple):
    """One field of the record type: how to read it, and the paths that hold it.

    merged: whether what stands at all paths is read as one; else the first path that says something counts.
    several: whether what is not taken of several values is told, since the field has room for one.
    unread: whether it is told if nothing can be read: not of what another field is read from as well.
    """

    field: str
    read: Callable[[Values], Any]
    paths: tuple[str, ...]
    merged: bool = False
    several: bool = True
    unread: bool = True


def read_fields(element: Element, table: tuple[Field, ...], where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields that an element says something of; a warning, with what is written, for what cannot be read."""
    fields: dict[str, Any] = {}
    for row in table:
        groups = [(path, found) for path in row.paths if (found := find(element, path))]
        if row.merged and groups:
            groups = [(groups[0][0], [value for _, found in groups for value in found])]
        for path, found in groups:
            place = f"{where} {path}"
            kept = cut(found, place, problems)
            if reading := row.read(kept):
                fields[row.field] = reading
                if row.several:
                    tell_untaken(row.field, [_quote(value) for value in kept], reading, place, problems)
                break
        else:
            for path, found in groups if row.unread else ():
                written = [text for value in found[:MOST_ITEMS] for text in leaves(value)]
                note_unread(fields, row.field, written, f"{where} {path}", problems)
    return fields
