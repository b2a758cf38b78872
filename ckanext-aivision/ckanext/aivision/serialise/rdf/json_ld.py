"""Triples as compact JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), with the context in the document.

No context at another address: readers that fetch nothing on a document's word, ours among them, could not read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ckanext.aivision.serialise.rdf.graph import PREFIXES

Node = dict[str, Any]

_TYPE = PREFIXES["rdf"] + "type"
_STRING = PREFIXES["xsd"] + "string"
# So deep do nodes stand within nodes; what lies deeper is a node of its own.
_DEEPEST = 6
_encode = msgspec.json.Encoder().encode


def beginning() -> bytes:
    """What stands before the first node."""
    return b'{"@context":' + _encode(dict(sorted(PREFIXES.items()))) + b',"@graph":[\n'


def nodes(batch: Iterable[Triple], whole: bool) -> bytes:
    """The nodes of triples, with commas between: a blank node stands within the first node that leads to it.

    whole: whether these are all triples of the document, so that a blank node that is led to once needs no label.
    """
    found: dict[str, Node] = {}
    leading: Counter[str] = Counter()
    for triple in batch:
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        node = found.setdefault(_name(subject), {})
        if isinstance(value, BlankNode):
            leading[_name(value)] += 1
        if predicate == _TYPE and isinstance(value, NamedNode):
            node.setdefault("@type", []).append(_compact(value.value))
        else:
            node.setdefault(_compact(predicate), []).append(_value(value))
    return b",\n".join(_encode(item) for item in _Nesting(found, leading, whole).roots())


def _name(node: Any) -> str:
    return f"_:{node.value}" if isinstance(node, BlankNode) else str(node.value)


def _value(value: Any) -> Any:
    if not isinstance(value, Literal):
        return {"@id": _name(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    return value.value if datatype == _STRING else {"@value": value.value, "@type": _compact(datatype)}


_NAMES: dict[str, str] = {}
_MOST_NAMES = 10_000


def _compact(iri: str) -> str:
    """A compact name (`dct:title`), or the whole IRI if it has no prefix."""
    name = _NAMES.get(iri)
    if name is None:
        spaces = ((prefix, space) for prefix, space in PREFIXES.items() if iri.startswith(space) and iri != space)
        prefix, space = max(spaces, key=lambda item: len(item[1]), default=("", ""))
        local = iri.removeprefix(space)
        name = f"{prefix}:{local}" if prefix and not local.startswith("//") else iri
        if len(_NAMES) < _MOST_NAMES:
            _NAMES[iri] = name
    return name


class _Nesting:
    """Puts blank nodes into the nodes that lead to them."""

    def __init__(self, found: dict[str, Node], leading: Counter[str], whole: bool) -> None:
        self._found, self._leading, self._whole = found, leading, whole
        self._inside: set[str] = set()

    def roots(self) -> list[Node]:
        """The nodes that stand in no other, each in the order of its first triple."""
        first = [name for name in self._found if name not in self._leading]
        written = [(name, self._full(name, 0)) for name in first]
        # What only a circle or a node too deep leads to.
        for name in self._found:
            if name in self._leading and name not in self._inside:
                self._inside.add(name)
                written.append((name, self._full(name, 0)))
        return [{"@id": name, **node} for name, node in written]

    def _full(self, name: str, depth: int) -> Node:
        return {key: _single([self._inner(item, depth) for item in items]) for key, items in self._found[name].items()}

    def _inner(self, value: Any, depth: int) -> Any:
        name = value.get("@id") if isinstance(value, dict) else None
        if name is None or name not in self._leading or name not in self._found:
            return value
        if name in self._inside or depth == _DEEPEST:
            return value
        self._inside.add(name)
        full = self._full(name, depth + 1)
        return full if self._whole and self._leading[name] == 1 else {"@id": name, **full}


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
