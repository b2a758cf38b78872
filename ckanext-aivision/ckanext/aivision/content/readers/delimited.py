"""CSV, TSV and their like: text in any encoding, with any lines above the table."""

from __future__ import annotations

import io
import os
import shutil
from typing import BinaryIO, NamedTuple

import duckdb
import msgspec

from ckanext.aivision.content.anonymous_files import nameless, writer_into
from ckanext.aivision.content.limits import ProfileLimits
from ckanext.aivision.content.readers.dialect import DELIMITERS, layout_of
from ckanext.aivision.content.readers.encoding import Encoding
from ckanext.aivision.content.readers.header import name_columns
from ckanext.aivision.content.readers.notes import cut_notes
from ckanext.aivision.content.table import Table, connected, from_delimited

_HEAD = 256 * 1024  # characters that show how a text is written
_PIECE = 1024 * 1024  # characters
_LAST_LINE = 4 * 1024 * 1024  # bytes, within which the last line of a text that was cut begins


class Delimited(NamedTuple):
    connection: duckdb.DuckDBPyConnection
    table: Table
    delimiter: str


def read_delimited(
    file: BinaryIO, encoding: Encoding, whole: bool, limits: ProfileLimits, delimiters: tuple[str, ...] = DELIMITERS
) -> Delimited:
    """The table of a text. whole: whether the file is all there; otherwise its last line is left out.

    delimiters: that it may have. Raises Unprofiled.
    """
    text = _text(file, encoding)
    head = text.read(_HEAD)
    cut = len(head) == _HEAD or not whole
    layout = layout_of(head, cut, delimiters)
    names, header = name_columns(layout.names, layout.width, layout.rows_above, limits)
    text.seek(0)
    text = _text(file, encoding, text)
    for _ in range(layout.lines):
        text.readline()
    table = nameless()
    out = writer_into(table)
    shutil.copyfileobj(text, out, _PIECE)
    out.flush()
    if not whole:
        _without_last_line(table)
    elif below := cut_notes(table, layout.delimiter, layout.width):
        header = msgspec.structs.replace(header, rows_below=below)
    connection = connected([table], limits)
    rows, uneven = from_delimited(connection, table, layout.delimiter, layout.escape, layout.width, limits)
    out.detach()
    return Delimited(connection, Table(names, header, rows, uneven, cut=rows >= limits.rows), layout.delimiter)


def _text(file: BinaryIO, encoding: Encoding, before: io.TextIOWrapper | None = None) -> io.TextIOWrapper:
    """The file as text from its beginning, whatever ends its lines, without its mark."""
    if before is not None:
        before.detach()
    file.seek(encoding.mark)
    return io.TextIOWrapper(file, encoding=encoding.name, errors="replace", newline=None)


def _without_last_line(file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    begin = file.seek(max(0, size - _LAST_LINE))
    place = file.read().rfind(b"\n")
    if place >= 0:
        file.truncate(begin + place + 1)
