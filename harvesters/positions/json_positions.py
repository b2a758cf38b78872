"""Where in a file a record stands, and each of its values: a second, separate reading for those who ask.

The ordinary reading keeps no lines. This one follows it record by record, with the places that it gave, so that neither
holds more than one record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.parsing.decoding import text_chunks
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.parsing.unpacking import Unpacked, open_file

# Levels below a record whose values are found: its members, the items of their lists, and those items' members.
LEVELS = 3
_LINE = re.compile(r"line (\d+)")


class Span(NamedTuple):
    """A piece of a text: line and column of its first character, and of the one behind its last on the same line.

    Lines and columns count from 1, columns in Unicode code points, a byte order mark left out (SARIF 2.1.0, 3.30).
    """

    line: int
    column: int
    end_column: int


class Value(NamedTuple):
    """A value within a record's text: `path` as `distribution[0].mediaType`, empty for the record itself."""

    path: str
    start: int
    end: int


class Record(NamedTuple):
    """A record as it is written. start: characters before it in the document. line, column: of its first character."""

    text: str
    start: int
    line: int
    column: int

    def values(self) -> dict[str, Value]:
        """Its values by their paths, three levels down. What cannot be read as JSON has none but the record itself."""
        found = {"": Value("", 0, len(self.text))}
        try:
            for value in _values(JsonText(iter((self.text,)), "the record"), "", LEVELS):
                found[value.path] = value  # of a member that stands twice the last counts, as for the reader
        except SourceError:
            pass
        return found

    def span(self, value: Value) -> Span:
        """Where a value of it begins, and how far it goes on that line."""
        before = self.text.count("\n", 0, value.start)
        column = value.start - self.text.rfind("\n", 0, value.start) if before else self.column + value.start
        stop = self.text.find("\n", value.start, value.end)
        length = (value.end if stop == -1 else stop) - value.start
        return Span(self.line + before, column, column + max(1, length))


def _values(text: JsonText, path: str, levels: int) -> Iterator[Value]:
    first, start = text.peek(), text.position
    if levels and first == "{":
        for key in text.members():
            yield from _values(text, f"{path}.{key}" if path else key, levels - 1)
    elif levels and first == "[":
        for index, _ in enumerate(text.items()):
            yield from _values(text, f"{path}[{index}]", levels - 1)
    else:
        text.value()
    yield Value(path, start, text.position)


class Tape:
    """A text as it passes by in pieces: what is behind is let go, and its lines are counted."""

    def __init__(self, chunks: Iterator[str]) -> None:
        self._chunks = chunks
        self._text = ""
        self._base = 0  # characters before the kept text
        self._at = 0  # as far as lines have been counted
        self._line, self._line_start = 1, 0

    def __iter__(self) -> Iterator[str]:
        for chunk in self._chunks:
            self._text = self._text[self._at - self._base :] + chunk
            self._base = self._at
            yield chunk

    def record(self, start: int, end: int) -> Record:
        """The text from start to end, in characters of the whole text; it is let go with the next one."""
        self._advance(start)
        text = self._text[start - self._base : end - self._base]
        return Record(text, start, self._line, start - self._line_start + 1)

    def _advance(self, position: int) -> None:
        begin, end = self._at - self._base, position - self._base
        if lines := self._text.count("\n", begin, end):
            self._line += lines
            self._line_start = self._base + self._text.rfind("\n", begin, end) + 1
        self._at = position


class Records:
    """The records of a file by their places. Ask for them in the order in which they stand."""

    def __init__(self, path: str) -> None:
        """path: of JSON, JSON lines, YAML or RDF, gzipped or not; any other file has no records.

        Raises UsageError if the file cannot be opened.
        """
        self._file = open_file(path)
        self._chunks = text_chunks(Unpacked(self._file, path))
        self._tape = Tape(self._chunks)
        self._name, self._wanted = path, ""
        self._found: Iterator[tuple[str, Record]] | None = None
        self._last: tuple[str, Record] | None = None

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def find(self, where: str) -> Record | None:
        """The record at a place (`$.dataset[17]`, `line 4`, `document 2: $`), or None if it cannot be found."""
        if self._last is not None and (inner := _inside(self._last, where)) is not None:
            return inner
        self._wanted = where
        if self._found is None:
            self._found = self._of_form(where)
        try:
            self._last = next(self._found, None)
        except (SourceError, UnicodeError):
            self._last, self._found = None, iter(())
        return self._last[1] if self._last is not None else None

    def _of_form(self, where: str) -> Iterator[tuple[str, Record]]:
        """The records of a text whose form the first place shows."""
        if where.startswith("$"):
            return self._walk(JsonText(iter(self._tape), self._name), "$")
        return self._lines() if _LINE.fullmatch(where) else self._documents()

    def _documents(self) -> Iterator[tuple[str, Record]]:
        # This reader's tables are for those who read YAML.
        from ckanext.aivision.harvesters.positions import yaml_positions

        for place, record in yaml_positions.records(self._chunks, self._name):
            if place == self._wanted:
                yield place, record

    def _walk(self, text: JsonText, path: str) -> Iterator[tuple[str, Record]]:
        """Goes on to the place that is wanted, which is another one after each record."""
        first, start = text.peek(), text.position
        if self._wanted == path:
            text.value()
            yield path, self._tape.record(start, text.position)
        elif first == "{" and self._wanted.startswith(f"{path}."):
            for key in text.members():
                yield from self._walk(text, f"{path}.{key}")
        elif first == "[" and self._wanted.startswith(f"{path}["):
            for index, _ in enumerate(text.items()):
                yield from self._walk(text, f"{path}[{index}]")
        else:
            text.value()

    def _lines(self) -> Iterator[tuple[str, Record]]:
        number, start, rest = 0, 0, ""
        for chunk in self._chunks:
            *whole, rest = (rest + chunk).split("\n")
            for line in whole:
                number += 1
                if self._wanted == f"line {number}":
                    yield self._wanted, Record(line, start, number, 1)
                start += len(line) + 1
        if self._wanted == f"line {number + 1}":
            yield self._wanted, Record(rest, start, number + 1, 1)


def nodes_of(path: str) -> dict[str, Record]:
    """The places of the nodes of an RDF document in a file, by their IRIs; none where it cannot be opened again."""
    from ckanext.aivision.harvesters.positions import rdf_positions

    try:
        with open_file(path) as file:
            return rdf_positions.records("".join(text_chunks(Unpacked(file, path))))
    except (SourceError, UsageError, UnicodeError):
        return {}


def _inside(outer: tuple[str, Record], where: str) -> Record | None:
    """A record within another one, or the same again."""
    path, record = outer
    if where != path and not where.startswith((f"{path}.", f"{path}[")):
        return None
    value = record.values().get(where[len(path) :].removeprefix("."))
    if value is None:
        return None
    span = record.span(value)
    return Record(record.text[value.start : value.end], record.start + value.start, span.line, span.column)


def records_of(path: str) -> Records | None:
    """The records of a file; None if it cannot be opened again."""
    try:
        return Records(path)
    except UsageError:
        return None
