"""Descriptions of datasets in JSON-LD of schema.org, however it is laid out, as plain objects (https://schema.org/Dataset).

A context of schema.org alone says what each name means, so the names are read as they stand; no context is fetched.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

_PREFIXES = ("https://schema.org/", "http://schema.org/", "schema:", "sc:", "cr:", "http://mlcommons.org/croissant/")
_DATASET = "Dataset"
# Members in which a catalogue, a list or a page has datasets.
_HOLDERS = ("@graph", "dataset", "mainEntity", "itemListElement", "item", "about", "hasPart", "mainEntityOfPage")
_OF_REFERENCES = frozenset(("@type", "type", "@id", "url"))
_DEEPEST = 8
_MOST = 10_000
Node = dict[str, Any]


def short(name: str) -> str:
    """A name without the namespace of schema.org or Croissant."""
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name


def types_of(node: Node) -> list[str]:
    value = node.get("@type", node.get("type"))
    return [short(item) for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def find_datasets(value: Any) -> Iterator[tuple[str, Node]]:
    """Each node of type Dataset with its place, a JSON path; what a dataset has inside it is part of it."""
    yield from itertools.islice(_nodes(value, "$", 0), _MOST)


def _nodes(value: Any, place: str, level: int) -> Iterator[tuple[str, Node]]:
    if level > _DEEPEST:
        return
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nodes(item, f"{place}[{index}]", level + 1)
    elif isinstance(value, dict):
        if _DATASET in types_of(value):
            # A reference to a dataset that is described elsewhere is no description.
            if not value.keys() <= _OF_REFERENCES:
                yield place, value
            return
        for name, item in value.items():
            if short(name) in _HOLDERS:
                yield from _nodes(item, f"{place}.{name}", level + 1)


def named_nodes(value: Any) -> dict[str, Node]:
    """The nodes of a graph by their `@id`, so that references to them can be followed."""
    found: dict[str, Node] = {}
    for item in _graph(value):
        name = item.get("@id")
        if isinstance(name, str) and len(item) > 1:
            found.setdefault(name, item)
    return found


def _graph(value: Any) -> Iterator[Node]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            inner = item.get("@graph")
            yield from (node for node in (inner if isinstance(inner, list) else [item]) if isinstance(node, dict))


def plain(node: Node, named: dict[str, Node]) -> Node:
    """A node with short names, values in place of `@value`, and nodes in place of references to them."""
    return {short(name): _plain(item, named, 0) for name, item in node.items()}


def _plain(value: Any, named: dict[str, Node], level: int) -> Any:
    if isinstance(value, list):
        return [_plain(item, named, level) for item in value]
    if not isinstance(value, dict) or level > _DEEPEST:
        return value
    if "@value" in value and "@language" not in value:
        return value["@value"]
    for collection in ("@list", "@set"):
        if collection in value:
            return _plain(value[collection], named, level)
    if value.keys() == {"@id"}:
        target = named.get(value["@id"]) if isinstance(value["@id"], str) else None
        if target is None or target is value:
            return value
        return {short(name): _plain(item, named, level + 2) for name, item in target.items()}
    return {short(name): _plain(item, named, level + 1) for name, item in value.items()}
