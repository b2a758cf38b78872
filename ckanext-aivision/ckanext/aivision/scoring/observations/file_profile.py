"""What one file holds, in plain values: `content` makes it, criteria and pages read it. No value of a cell is in it,
but for the least and the greatest of numbers and dates."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

ColumnType = Literal[
    "empty", "boolean", "integer", "number", "date", "datetime", "time", "year", "text", "list", "object", "binary"
]
Refusal = Literal[
    "",
    # The file, or its address, is not what its metadata say.
    "damaged",
    "not-text",
    "not-a-table",
    "page-instead-of-data",
    "no-records",
    "line-too-long",
    # We could not look, which says nothing about the file.
    "not-fetched",
    "too-large",
    "too-wide",
    "encrypted",
    "out-of-memory",
    "out-of-time",
]
FAULTS_OF_THE_FILE: tuple[Refusal, ...] = (
    "damaged",
    "not-text",
    "not-a-table",
    "page-instead-of-data",
    "no-records",
    "line-too-long",
)


class ColumnProfile(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One column of a table, as far as it was read.

    name: as the header has it; `column 3` where it has none, or where what stands there looks like personal data.
    type: what all its values are but for `exceptions`. form: how they are written where not as a program expects
    (`DD/MM/YYYY`, `thousands separators`), or which date it is. unit: where the name tells it.
    missing: share of the rows without a value, 0 to 1. markers: what stands there instead; empty text for a blank.
    exceptions: share of the values that are not of the type. plain: share of the values that programs read as figures
    or dates as they stand, of a column of figures or dates; None of others, and where it was not looked at.
    distinct: number of different values. least, greatest: of numbers and dates; left out in the whole file where a
    column looks like personal data. personal: the kinds of config/vocabularies/personal_data.csv that it looks like
    holding, for a person to look at.
    """

    name: str
    type: ColumnType
    form: str = ""
    unit: str = ""
    missing: float = 0.0
    markers: list[str] = []
    exceptions: float = 0.0
    plain: float | None = None
    distinct: int = 0
    least: str | None = None
    greatest: str | None = None
    personal: list[str] = []


class Header(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The row that names the columns. found: whether there is one. rows_above: rows before it, as titles and notes.

    rows_below: rows of notes and totals below the table, which were left out.
    blank, duplicate, spaced: how many names are empty, stand there twice, begin or end in a space or hold a line end.
    """

    found: bool = True
    rows_above: int = 0
    rows_below: int = 0
    blank: int = 0
    duplicate: int = 0
    spaced: int = 0


class FileProfile(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What one file holds, or why that could not be told.

    url: as the metadata write it. refusal, reason: why it was not profiled, as a code and in a sentence.
    format: what it is, a key of config/vocabularies/formats.csv, which need not be what it is said to be.
    packed: `ZIP` or `GZIP` where it had to be unpacked. part: the sheet or the list of records that was read, where the
    file has a choice. parts: how many tables or sheets there are.
    encoding: of text, and encoding_from: what tells it. delimiter: one character.
    bytes_read: of the file as fetched. whole: whether that is all of it; otherwise `rows` is "at least".
    rows: how many were read. uneven: how many of them have another number of cells than the header.
    error_cells, formula_cells: of a workbook, cells with an error (`#N/A`), and formulas whose values are not stored.
    keys: columns, one or several together, whose values tell every row from every other.
    profiled_at: UTC.
    """

    url: str
    refusal: Refusal = ""
    reason: str = ""
    format: str = ""
    packed: str = ""
    part: str = ""
    parts: int = 1
    encoding: str = ""
    encoding_from: Literal["", "byte order mark", "its bytes", "guess"] = ""
    delimiter: str = ""
    bytes_read: int = 0
    whole: bool = True
    rows: int = 0
    uneven: int = 0
    error_cells: int = 0
    formula_cells: int = 0
    header: Header = Header()
    columns: list[ColumnProfile] = []
    keys: list[list[str]] = []
    profiled_at: datetime.datetime | None = None
