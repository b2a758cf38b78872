"""Find the records of YAML documents and each of their values, in a second reading; `json_positions` is for JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from ckanext.aivision.harvesters.parsing.yaml_text import documents, texts
from ckanext.aivision.harvesters.positions.json_positions import LEVELS, Record, Value
from ckanext.aivision.yaml_events import LOADER


class YamlRecord(Record):
    """A record as it is written in YAML."""

    __slots__ = ()

    def values(self) -> dict[str, Value]:
        """Its values by their paths, three levels down. What cannot be read has none but the record itself."""
        found = {"": Value("", 0, len(self.text))}
        node = _node(self.text)
        if node is not None:
            found.update((value.path, value) for value in _values(node, "", LEVELS))
        return found


def records(chunks: Iterator[str], name: str) -> Iterator[tuple[str, YamlRecord]]:
    """The records of a text by their places: each document, and each item of one that is a list.

    chunks: the text in pieces. name: of the text in messages. Raises SourceError if a document is too long.
    """
    number = 0
    for line, text in texts(chunks, name):
        count = sum(1 for _ in documents(iter((text,)), name))
        number += count
        if count != 1:
            continue
        yield f"document {number}: $", YamlRecord(text, 0, line, 1)
        node = _node(text)
        for index, item in enumerate(node.value if isinstance(node, yaml.SequenceNode) else ()):
            start, indent = item.start_mark.index, item.start_mark.column
            # Its first line has lost what stood before it, which the others were indented by.
            part = " " * indent + text[start : item.end_mark.index]
            yield f"document {number}: $[{index}]", YamlRecord(part, 0, line + text.count("\n", 0, start), 1)


def _node(text: str) -> Any:
    try:
        return yaml.compose(text, Loader=LOADER)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _values(node: Any, path: str, levels: int) -> Iterator[Value]:
    if levels and isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield from _values(value, f"{path}.{key.value}" if path else key.value, levels - 1)
    elif levels and isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _values(item, f"{path}[{index}]", levels - 1)
    yield Value(path, node.start_mark.index, node.end_mark.index)
