"""How a delimited text is written: its delimiter, and where its table begins (RFC 4180, and what is published)."""

from __future__ import annotations

import collections
import csv
import io
import re
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from ckanext.aivision.content.limits import Unprofiled
from ckanext.aivision.content.personal_data import shows_personal_data

# Where two would do, the one that stands in texts more seldom.
DELIMITERS = ("\t", ";", "|", ",")
# For a text of one column: the first one that is not in it.
ALONE = ("|", "\t", ";", ",")
_ROWS = 200
# Of the cells that rows usually have: a row with less is a title or a note, unless it is as long as the others.
_WIDE = 0.8
_LONG = 0.5
_LONGEST_NAME = 80
_FIGURE = re.compile(r"[-+£$€]?\d[\d.,:/ %TZ-]*|-")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:[-/]\d{2,4})?")

Row = list[str]


class Layout(NamedTuple):
    """Where a table is in a text.

    width: cells of its rows. names: the header's, as they stand there; None if there is none.
    lines: up to and with the header. rows_above: of these, rows before the header that are not blank.
    escape: what stands before a quote within quotes: another one (RFC 4180), or a backslash.
    """

    delimiter: str
    width: int
    names: Row | None
    lines: int
    rows_above: int
    escape: str = '"'


class _Read(NamedTuple):
    """Rows of a text, each with the number of the line that it ends on."""

    rows: list[Row]
    ends: list[int]


def layout_of(head: str, cut: bool, delimiters: Sequence[str] = DELIMITERS) -> Layout:
    """The layout of a text by its beginning. cut: whether the text goes on, so that the last row may be half a one.

    Raises Unprofiled if nothing stands there.
    """
    # As MySQL and others write: 'he said \\"no\\"'.
    escapes = ('"', "\\") if '\\"' in head else ('"',)
    found = [(delimiter, escape, _read(head, cut, delimiter, escape)) for escape in escapes for delimiter in delimiters]
    delimiter, escape, read = max(found, key=lambda one: _evenness(one[2].rows))
    if _is_one_column(read.rows):
        # What stands between cells does not show: it is CSV, with a character that is not in the text.
        delimiter = next((other for other in ALONE if other not in head and other in delimiters), delimiters[-1])
        if delimiter in head:
            raise Unprofiled("not-a-table", "it is text with commas, and no table")
        read = _read(head, cut, delimiter, escape)
    filled = [_filled(row) for row in read.rows]
    if not any(filled):
        raise Unprofiled("no-records", "it is empty")
    first = _below_groups(read.rows, filled, _first_row(read.rows, filled))
    body = [row for row, count in zip(read.rows[first + 1 :], filled[first + 1 :], strict=True) if count]
    is_header = _is_header(read.rows[first], body)
    width = _usual_length(read.rows[first:])
    above = sum(1 for count in filled[:first] if count)
    if is_header:
        return Layout(delimiter, width, read.rows[first], read.ends[first], above, escape)
    return Layout(delimiter, width, None, read.ends[first - 1] if first else 0, above, escape)


def _is_one_column(rows: Sequence[Row]) -> bool:
    """Whether the text is a column by itself: no character parts it, or one that parts its first line not at all.

    A header of one cell above rows with commas of prose: parts of a sentence begin with a blank, cells do not.
    """
    filled = [row for row in rows if _filled(row)]
    if not filled or max(map(len, filled)) == 1:
        return True
    inner = [cell for row in filled for cell in row[1:] if cell]
    prose = bool(inner) and all(cell.startswith(" ") for cell in inner)
    return len(filled[0]) == 1 and prose and len({len(row) for row in filled}) > 1


def _first_row(rows: Sequence[Row], filled: Sequence[int]) -> int:
    """Where the table begins: its header, or its first row."""
    usual = statistics.median_low([count for count in filled if count])
    # Notes may outnumber the rows of a small table; the widest row is of the table, whatever is usual.
    usual = usual if usual > 1 else max(filled)
    length = _usual_length(rows)
    return next(
        place
        for place, (row, count) in enumerate(zip(rows, filled, strict=True))
        if count >= max(1, _WIDE * usual) or (len(row) == length > 1 and count >= max(2, _LONG * usual))
    )


def _below_groups(rows: Sequence[Row], filled: Sequence[int], first: int) -> int:
    """Where the header is: a row of groups, with blanks between, may stand above the row that names every column."""
    below = first + 1
    if below >= len(rows) or not filled[first] < filled[below] == len(rows[below]) == len(rows[first]):
        return first
    body = [row for row, count in zip(rows[below + 1 :], filled[below + 1 :], strict=True) if count]
    has_figures = any(
        _are_figures(cells) for cells in zip(*(row for row in body if len(row) == filled[below]), strict=True)
    )
    return below if has_figures and _is_header(rows[below], body) else first


def _usual_length(rows: Sequence[Row]) -> int:
    return collections.Counter(len(row) for row in rows if _filled(row)).most_common(1)[0][0]


def _read(head: str, cut: bool, delimiter: str, escape: str) -> _Read:
    rows, ends = [], []
    # A cell may be as long as all that is looked at: a shape on a map, or a line without this delimiter.
    csv.field_size_limit(max(csv.field_size_limit(), len(head) + 1))
    doubled = escape == '"'
    reader = csv.reader(
        io.StringIO(head), delimiter=delimiter, doublequote=doubled, escapechar=None if doubled else escape
    )
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) > _ROWS:
                break
        else:
            if cut and len(rows) > 1:
                rows.pop()
                ends.pop()
    except csv.Error:
        raise Unprofiled("not-text", "it contains characters that a text table cannot have") from None
    return _Read(rows, ends)


def _evenness(rows: Sequence[Row]) -> float:
    """The share of the rows that have the same number of cells, of those that have several."""
    filled = [row for row in rows if _filled(row)]
    widths = collections.Counter(len(row) for row in filled if len(row) > 1)
    return widths.most_common(1)[0][1] / len(filled) if widths else 0.0


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell.strip())


def _is_header(first: Row, body: Sequence[Row]) -> bool:
    """Whether a row names the columns: it does where words stand above figures, or nothing in it comes again below.

    A row with somebody's address or number in it names nothing.
    """
    names = [cell.strip() for cell in first]
    if not any(names) or any(len(name) > _LONGEST_NAME or shows_personal_data(name) for name in names):
        return False
    columns = [[row[place].strip() for row in body if place < len(row)] for place in range(len(names))]
    figures = [place for place, cells in enumerate(columns) if _are_figures(cells)]
    if figures:
        worded = [place for place in figures if names[place] and not _FIGURE.fullmatch(names[place])]
        years = [place for place in figures if _YEAR.fullmatch(names[place])]
        return len(worded) + len(years) >= len(figures) / 2 and len(years) < len(names)
    given = [name for name in names if name]
    again = any(name and name in cells for name, cells in zip(names, columns, strict=True))
    return len(set(given)) == len(given) and not again and not any(map(_FIGURE.fullmatch, given))


def _are_figures(cells: Sequence[str]) -> bool:
    given = [cell for cell in cells if cell]
    return bool(given) and sum(1 for cell in given if _FIGURE.fullmatch(cell)) >= 0.8 * len(given)
