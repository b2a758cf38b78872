"""YAML from anybody, document by document, in bounded time and memory, to JSON types.

Why not the safe loader of PyYAML: it follows aliases (nine lines of them stand for a thousand million values), takes
the last of two equal keys without a word, and reads `version: 1.10` as the number 1.1 and `no` as false. Here the
parser's events are counted as they come, and a plain value is only taken for a number, true, false or null where JSON
would write it so (YAML 1.2, 10.2); dates and everything else stay the text that was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing.json_text import without_repeated
from ckanext.aivision.harvesters.parsing.repair import MAX_DEPTH
from ckanext.aivision.yaml_events import YamlFault, events

MAX_DOCUMENT = 8 * 1024 * 1024  # characters
MAX_NODES = 200_000  # values of a document, those of aliases counted as often as they are meant

# A document begins after `---` at the beginning of a line, wherever that stands (YAML 1.2, 9.1.4).
_BEGINS = re.compile(r"^---(?=\s|$)", re.MULTILINE)
_LONGEST_PREFACE = 10_000  # characters
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CORE_TAGS = "tag:yaml.org,2002:"
_TAGS = frozenset(("str", "int", "float", "bool", "null", "timestamp", "map", "seq"))


class Document(NamedTuple):
    """One document of a YAML text. value: JSON types. line: where it begins, counted from 1.

    repeated: keys that stand twice in one mapping, of which the first filled value was kept. left_out: what `JsonText`
    notes of each. fault: why it could not be read.
    """

    line: int
    value: Any = None
    repeated: tuple[str, ...] = ()
    fault: str = ""
    left_out: tuple[str, ...] = ()


class _Fault(Exception):
    """A document that is refused; its text says why."""


def documents(chunks: Iterator[str], name: str) -> Iterator[Document]:
    """The documents of a text that hold anything. One that cannot be read has a fault, and the others are read.

    Raises SourceError if a document is longer than MAX_DOCUMENT.
    """
    for line, text in texts(chunks, name):
        reader = _Reader(text)
        try:
            for value in reader.values():
                if value is not None:
                    yield Document(line, value, tuple(reader.repeated), left_out=tuple(reader.left_out))
                reader.repeated.clear()
                reader.left_out.clear()
        except _Fault as fault:
            yield Document(line, fault=str(fault))
        except YamlFault as fault:
            yield Document(line, fault=_describe_fault(fault, line))
        except ValueError as error:
            yield Document(line, fault=f"not readable as YAML: {error}")


def texts(chunks: Iterator[str], name: str) -> Iterator[tuple[int, str]]:
    """The documents as text, each with the number of its first line; the mark between them is left out.

    Raises SourceError if a document is longer than MAX_DOCUMENT.
    """
    rest, line, is_first = "", 1, True
    for chunk in chunks:
        # The mark may be cut in two, and what follows it must be seen.
        searched, rest = max(0, len(rest) - 4), rest + chunk
        start = 0
        for match in _BEGINS.finditer(rest, searched):
            if match.end() == len(rest):
                break
            text = rest[start : match.start()]
            if not (is_first and _is_preface(text)):
                yield line, text
            is_first = False
            line += rest.count("\n", start, match.start())
            start = match.end()
        rest = rest[start:]
        if len(rest) > MAX_DOCUMENT:
            message = f"a document is longer than {MAX_DOCUMENT:,} characters; give several, with `---` between them"
            raise SourceError(f"{name}: {message}")
    yield line, rest


def _is_preface(text: str) -> bool:
    """Whether there are only comments and directives (`%YAML 1.2`) before the first mark."""
    return len(text) < _LONGEST_PREFACE and all(line[:1] in "#%" for line in text.splitlines() if line.strip())


def _describe_fault(fault: YamlFault, line: int) -> str:
    """What is wrong with a document that begins in that line."""
    if fault.kind == "depth":
        return f"{fault}: give it as plain members"
    place = f" at line {line + fault.line - 1}" if fault.line is not None else ""
    return f"not readable as YAML{place}: {fault}"


class _Reader:
    """Builds the value of one document out of the parser's events."""

    def __init__(self, text: str) -> None:
        self._events = events(text, MAX_DEPTH, aliases=True)
        self._anchors: dict[str, tuple[Any, int, int]] = {}
        self._nodes = self._characters = 0
        self.repeated: list[str] = []
        self.left_out: list[str] = []

    def values(self) -> Iterator[Any]:
        """The value of each document that the text holds, None for an empty one. Raises _Fault or YamlFault."""
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                yield self._node(event)

    def _node(self, event: Any) -> Any:
        nodes, characters = self._nodes, self._characters
        self._count(1, 0)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _Fault(f"the alias *{str(event.anchor)[:50]} has no matching anchor before it")
            value, more_nodes, more_characters = self._anchors[event.anchor]
            self._count(more_nodes, more_characters)
            return value
        value = self._scalar(event) if isinstance(event, yaml.ScalarEvent) else self._collection(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value, self._nodes - nodes, self._characters - characters
        return value

    def _count(self, nodes: int, characters: int) -> None:
        self._nodes += nodes
        self._characters += characters
        if self._nodes > MAX_NODES or self._characters > MAX_DOCUMENT:
            raise _Fault(
                f"more than {MAX_NODES:,} values or {MAX_DOCUMENT:,} characters, including aliases: "
                "put fewer into one document"
            )

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        _refuse_tag(event.tag)
        self._count(0, len(text))
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        return int(text) if _INTEGER.fullmatch(text) else text

    def _collection(self, event: Any) -> Any:
        _refuse_tag(event.tag)
        return self._mapping() if isinstance(event, yaml.MappingStartEvent) else self._sequence()

    def _sequence(self) -> list[Any]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event))
        return items

    def _mapping(self) -> dict[str, Any]:
        members: dict[str, Any] = {}
        pairs: list[tuple[str, Any]] = []
        merged: list[Any] = []
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key, value = self._node(event), self._node(next(self._events))
            name = key if isinstance(key, str) else _name(key)
            if name == "<<":
                merged += value if isinstance(value, list) else [value]
            else:
                if name in members:
                    self.repeated.append(name)
                members[name] = value
                pairs.append((name, value))
        if len(members) < len(pairs):
            members = without_repeated(pairs, self.left_out.append)
        for other in merged:
            if isinstance(other, dict):
                members = {**other, **members}
        return members


def _name(key: Any) -> str:
    """A key of JSON: null, true and numbers as they are written there."""
    if isinstance(key, (dict, list)):
        raise _Fault("there is a mapping or a list instead of the name of a member")
    return "null" if key is None else str(key).lower()


def _refuse_tag(tag: str | None) -> None:
    if tag is not None and tag != "!" and tag.removeprefix(_CORE_TAGS) not in _TAGS:
        raise _Fault(f"the tag {tag[:100]} asks for a program object: use plain values")
