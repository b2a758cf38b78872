"""Where a record and its fields stand: the address or the file, and in a file of JSON the line and the column."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from ckanext.aivision.cli.input import standard_input
from ckanext.aivision.cli.output.report import Location
from ckanext.aivision.harvesters.positions.json_positions import Record, Records, Value, nodes_of, records_of
from ckanext.aivision.harvesters.protocols.recognition import protocol_of
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source, shown_address

_ITEMS = "distribution[]."
_IN_DIRECTORY = re.compile(r"(?P<name>[^/]+?): (?P<where>(?:\$|line \d|document \d|_:|\w+:).*)", re.DOTALL)


class Locations:
    """Finds records in the order in which they were read; the files that it opens are closed with it."""

    def __init__(self) -> None:
        self._path = self._nodes_path = ""
        self._records: Records | None = None
        self._nodes: dict[str, Record] = {}

    def __enter__(self) -> Locations:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._open("")

    def of(self, source: Source, where: str) -> Place:
        """The place of a record. where: as its `Harvested` has it. Ask in the order in which they stand."""
        path, inner = _file_of(source, where)
        if path is None or not path.is_file():
            return self.around(source, where)
        if str(path) != self._path:
            self._open(str(path))
        return Place(_display_uri(source, path), self._records.find(inner) if self._records is not None else None)

    def of_node(self, source: Source, where: str) -> Place:
        """The place of a node of RDF. where: its IRI."""
        path, inner = _file_of(source, where)
        if path is None or not path.is_file():
            return self.around(source, where)
        if str(path) != self._nodes_path:
            self._nodes_path, self._nodes = str(path), nodes_of(str(path))
        return Place(_display_uri(source, path), self._nodes.get(inner))

    def around(self, source: Source, where: str) -> Place:
        """The place of a file as a whole, or of an address. where: of any record in it."""
        path, _ = _file_of(source, where)
        return Place(shown_address(source.url) if path is None else _display_uri(source, path), None)

    def _open(self, path: str) -> None:
        if self._records is not None:
            self._records.close()
        self._path, self._records = path, records_of(path) if path else None


def _file_of(source: Source, where: str) -> tuple[Path | None, str]:
    """The file of a record, None behind an address, and its place there. where: in a directory with a file's name."""
    if source.is_remote:
        return None, where
    path = Path(source.url)
    if not path.is_dir():
        return path, where
    match = _IN_DIRECTORY.fullmatch(where)
    if match is not None:
        return path / match["name"], match["where"]
    # The file as a whole could not be read, or there is one file with the harvest of another source.
    named = path / where
    return (named if named.is_file() else path), ""


def _display_uri(source: Source, path: Path) -> str:
    return "stdin" if source.name == standard_input.NAME else _uri(path)


class Place:
    """The place of one record, and of the fields in it."""

    def __init__(self, uri: str, record: Record | None) -> None:
        self._uri, self._record = uri, record

    @functools.cached_property
    def _values(self) -> dict[str, Value]:
        return self._record.values() if self._record is not None else {}

    @functools.cached_property
    def whole(self) -> Location:
        """Where the record begins."""
        return Location(self._uri, self._record.span(self._values[""]) if self._record is not None else None)

    def of(self, field: str, evidence: str = "") -> Location:
        """Where a field of the record stands, or the record where it has no such member.

        field: of the record type, as results have it (`license`, `distribution[].media_type`). evidence: what was seen
        there; it tells which one of several distributions is meant.
        """
        record = self._record
        if record is None:
            return self.whole
        value = next(self._candidates(field, evidence), None)
        return Location(self._uri, record.span(value)) if value is not None else self.whole

    def at(self, path: str) -> Location:
        """Where the value at a path in the record stands (`distribution[0].mediaType`), or the nearest around it."""
        record = self._record
        if record is None:
            return self.whole
        while path not in self._values:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return Location(self._uri, record.span(self._values[path]))

    def _candidates(self, field: str, evidence: str) -> Iterator[Value]:
        if field.startswith(_ITEMS):
            yield from self._find_evidence(_members().get(field, ()), evidence)
            field = "distribution"
        yield from (self._values[key] for key in _members().get(field, ()) if key in self._values)

    def _find_evidence(self, keys: tuple[str, ...], evidence: str) -> Iterator[Value]:
        """The members of distributions whose text is the evidence."""
        assert self._record is not None
        for value in self._values.values():
            text = self._record.text[value.start : value.end].strip('"')
            if text and "]." in value.path and value.path.rpartition("].")[2] in keys and text in evidence:
                yield value


@functools.cache
def _members() -> dict[str, tuple[str, ...]]:
    """Field of the record type -> the members that may hold it, in whatever schema."""
    found: dict[str, list[str]] = {"identifier": ["identifier", "@id"], "title": ["title", "name"]}
    found["distribution"] = ["distribution"]
    for kind in KINDS:
        for field, key in protocol_of(kind).members():
            found.setdefault(field, []).append(key)
    return {field: tuple(dict.fromkeys(keys)) for field, keys in found.items()}


def _uri(path: Path) -> str:
    """A reference to a file (RFC 3986): relative where it lies in the working directory, as in a repository."""
    here = Path.cwd()
    return quote(path.relative_to(here).as_posix()) if path.is_relative_to(here) else path.as_uri()
