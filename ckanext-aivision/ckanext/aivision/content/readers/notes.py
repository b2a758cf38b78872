"""What stands below a table and is no row of it: notes, sources, addresses to ask at, and totals."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from typing import BinaryIO

_TAIL = 64 * 1024  # bytes, within which notes are looked for
_MOST = 200  # lines
_TOTALS = frozenset(("total", "totals", "total:", "grand total", "overall total", "sum"))
# A note as a spreadsheet saves it: words with their point or colon, in the first of all cells.
_SENTENCE = re.compile(r"\w+\W+\w+.*[.:]|\w[\w ]{0,40}: ?\S", re.DOTALL)


def cut_notes(file: BinaryIO, delimiter: str, width: int) -> int:
    """Cuts a text below its last row, and gives the number of lines with something in them that were cut.

    file: UTF-8, without a header. width: cells of a row. In a table of one column nothing tells a note from a row.
    """
    if width < 2:
        return 0
    count, end = 0, None
    for begin, line in _last_lines(file):
        cells = next(csv.reader([line], delimiter=delimiter), []) if line.count('"') % 2 == 0 else None
        if cells is None or not _is_below([cell.strip() for cell in cells]):
            break
        if any(cell.strip() for cell in cells):
            count, end = count + 1, begin
    if end is not None:
        file.truncate(end)
    file.seek(0)
    return count


def _is_below(cells: list[str]) -> bool:
    filled = sum(1 for cell in cells if cell)
    if not filled:
        return True
    if filled > 1:
        return cells[0].casefold() in _TOTALS
    return bool(cells[0]) and (len(cells) == 1 or _SENTENCE.match(cells[0]) is not None)


def _last_lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """The last lines of a text from the last one up, each with its place; the first line is not given."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    lines = file.read().splitlines(keepends=True)
    place = size
    for line in reversed(lines[1:][-_MOST:]):
        place -= len(line)
        yield place, line.decode("utf-8", "replace").rstrip("\r\n")
