"""JSON and NDJSON: a list of objects, wherever in the document it stands; GeoJSON's features are their properties."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import duckdb
import ijson
import msgspec

from ckanext.aivision.content.anonymous_files import nameless, writer_into
from ckanext.aivision.content.limits import ProfileLimits, Unprofiled
from ckanext.aivision.content.personal_data import shows_personal_data
from ckanext.aivision.content.readers.encoding import Encoding
from ckanext.aivision.content.table import Table, connected, count, path_of
from ckanext.aivision.scoring.observations.file_profile import ColumnType, Header

_LINES = 2
_EVENTS = 200_000
_LONGEST_LINE = 16 * 1024 * 1024  # bytes
_DEEPEST = 4


class Records(NamedTuple):
    """form: `JSON`, `NDJSON` or `GeoJSON`. part: where in the document the list stands; empty for the top."""

    connection: duckdb.DuckDBPyConnection
    table: Table
    form: str
    part: str


class _Place(NamedTuple):
    """form: of the document; prefix: of ijson, for each of its records."""

    form: str
    prefix: str


def read_records(file: BinaryIO, encoding: Encoding, whole: bool, limits: ProfileLimits) -> Records:
    """The records of a document. whole: whether it is all there; otherwise those before its end. Raises Unprofiled."""
    if encoding.name not in ("utf-8", "ascii"):
        file = _utf8(file, encoding)
    else:
        file.seek(encoding.mark)
    start = file.tell()
    place = _place(file)
    file.seek(start)
    columns: dict[str, int] = {}
    types: dict[int, ColumnType] = {}
    out = nameless()
    encoder = msgspec.json.Encoder()
    rows = 0
    for item in itertools.islice(_items(file, place, whole), limits.rows):
        record = _flat(item, place)
        for name in record:
            if name not in columns:
                _new_column(name, columns, limits)
        out.write(encoder.encode(_as_text(record, columns, types, encoder)) + b"\n")
        rows += 1
    if not columns:
        raise Unprofiled("no-records", "it contains no list of objects")
    out.flush()
    connection = connected([out], limits)
    fields = ", ".join(f"c{number}: 'VARCHAR'" for number in columns.values())
    connection.execute(
        f"CREATE TABLE cells AS SELECT * FROM read_json('{path_of(out)}', format = 'newline_delimited', "
        f"columns = {{{fields}}}, maximum_object_size = {_LONGEST_LINE})"
    )
    stored = count(connection, "SELECT count(*) FROM cells")
    names = [
        f"column {number + 1}" if shows_personal_data(name) else name[: limits.name] for name, number in columns.items()
    ]
    table = Table(names, Header(), stored, types=types, cut=rows >= limits.rows)
    return Records(connection, table, place.form, place.prefix.removesuffix("item").strip("."))


def _utf8(file: BinaryIO, encoding: Encoding) -> BinaryIO:
    file.seek(encoding.mark)
    out = nameless()
    writer = writer_into(out)
    writer.write(file.read().decode(encoding.name, "replace"))
    writer.flush()
    writer.detach()
    out.seek(0)
    return out


def _place(file: BinaryIO) -> _Place:
    """Where the records stand, by the beginning of the document."""
    start = file.tell()
    lines = [line for line in itertools.islice(iter(lambda: file.readline(_LONGEST_LINE), b""), 20) if line.strip()]
    file.seek(start)
    if len(lines) >= _LINES and all(line.lstrip().startswith(b"{") for line in lines[:_LINES]) and _is_object(lines[0]):
        return _Place("NDJSON", "")
    geo, prefix, last = False, None, ""
    try:
        for path, event, value in itertools.islice(ijson.parse(file, multiple_values=True), _EVENTS):
            geo = geo or (path == "type" and value == "FeatureCollection")
            if event == "start_map" and last == "start_array" and path.count(".") < _DEEPEST:
                prefix = path
                break
            last = event
    except ijson.JSONError:
        pass
    if prefix is None:
        return _Place("JSON", "")
    return _Place("GeoJSON" if geo or prefix == "features.item" else "JSON", prefix)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except (msgspec.DecodeError, RecursionError):
        return False


def _items(file: BinaryIO, place: _Place, whole: bool) -> Iterator[dict[str, Any]]:
    """The objects of the list. Raises Unprofiled if it is no JSON."""
    try:
        for item in ijson.items(file, place.prefix, multiple_values=True, use_float=True):
            if isinstance(item, dict):
                yield item
    except (ijson.JSONError, ValueError, RecursionError, OverflowError):
        if whole:
            raise Unprofiled("damaged", "it is not valid JSON, or it is truncated") from None


def _flat(item: dict[str, Any], place: _Place) -> dict[str, Any]:
    """A record's values by name, one level deep: `address.postcode`. Of a feature, its properties."""
    if place.form == "GeoJSON" and isinstance(item.get("properties"), dict):
        item = {**item["properties"], "geometry": item.get("geometry")}
        return item
    record: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            record |= {f"{name}.{inner}": part for inner, part in value.items()}
        else:
            record[name] = value
    return record


def _new_column(name: str, columns: dict[str, int], limits: ProfileLimits) -> None:
    if len(columns) >= limits.columns:
        message = f"its records have more than {limits.columns:,} different keys, more than can be profiled"
        raise Unprofiled("too-wide", message)
    columns[name] = len(columns)


def _as_text(
    record: dict[str, Any], columns: dict[str, int], types: dict[int, ColumnType], encoder: msgspec.json.Encoder
) -> dict[str, str | None]:
    """The record with its columns' numbers for names, and text for values; lists and objects are only counted."""
    written: dict[str, str | None] = {}
    for name, value in record.items():
        number = columns[name]
        if isinstance(value, (dict, list)):
            types[number] = "object" if isinstance(value, dict) else "list"
            written[f"c{number}"] = "+"
        elif value is None or isinstance(value, str):
            written[f"c{number}"] = value
        else:
            written[f"c{number}"] = encoder.encode(value).decode()
    return written
