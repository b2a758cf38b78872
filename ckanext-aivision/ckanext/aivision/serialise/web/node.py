"""Nodes of JSON-LD: put values at a property or a path of properties."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Node = dict[str, Any]

# The types of the nodes that paths lead through.
_TYPES = {
    "dcat:record": "dcat:CatalogRecord",
    "prov:used": "SoftwareSourceCode",
    "prov:wasGeneratedBy": "prov:Activity",
    "spdx:checksum": "spdx:Checksum",
    "wdrs:describedby": "CreativeWork",
}


def put(node: Node, path: str, values: Iterable[Any]) -> None:
    """Adds values that are not there yet: `dcat:record/dct:issued` adds them to the node at `dcat:record`."""
    added = list(values)
    if not added:
        return
    head, _, rest = path.partition("/")
    if rest:
        put(node.setdefault(head, typed(_TYPES[head])), rest, added)
        return
    distinct = {json.dumps(value, sort_keys=True): value for value in [*listed(node.get(head)), *added]}
    node[head] = next(iter(distinct.values())) if len(distinct) == 1 else list(distinct.values())


def typed(type: str, members: Mapping[str, Any] | None = None) -> Node:
    """A node of a type with the members that say something."""
    said = {key: value for key, value in (members or {}).items() if value not in (None, "", [], {})}
    return {"@type": type, **said}


def listed(value: Any) -> list[Any]:
    """A member's values: none, one or several."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
