"""XLSX: a sheet with the figures, and a sheet on where they come from and what the columns mean."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from ckanext.aivision.downloads.table import Cell
from ckanext.aivision.downloads.work_out import Taken
from ckanext.aivision.serialise.spreadsheet import harmless

_NARROW, _WIDE = 14, 48  # characters
_LONG_TEXT = 24
_BOLD = Font(bold=True)


def write(taken: Taken) -> bytes:
    book = Workbook(write_only=True)
    _figures(book, taken)
    about = book.create_sheet("About")
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 32, 90
    for name, value in _about(taken):
        about.append([_cell(about, name, bold=True), _cell(about, value)])
    # The same figures are the same bytes whenever they are written: their ETag is a strong one (RFC 9110, 8.8.1).
    book.properties.created = book.properties.modified = taken.moment.replace(tzinfo=None)
    stream = io.BytesIO()
    ExcelWriter(book, _DatedArchive(stream, taken.moment)).save()
    return stream.getvalue()


class _DatedArchive(zipfile.ZipFile):
    """A new archive whose entries are all of one moment."""

    def __init__(self, stream: io.BytesIO, moment: datetime.datetime) -> None:
        super().__init__(stream, "w", zipfile.ZIP_DEFLATED)
        self._moment = moment

    def writestr(self, zinfo_or_arcname: str | zipfile.ZipInfo, data: Any, *_: Any, **__: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        moment = self._moment
        when = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        super().writestr(zipfile.ZipInfo(name, when), data, self.compression)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(str(arcname or filename), Path(filename).read_bytes())


def _figures(book: Workbook, taken: Taken) -> None:
    content = taken.content
    sheet = book.create_sheet("Figures")
    sheet.freeze_panes = "A2"
    for number in range(len(content.columns)):
        longest = max((len(str(row[number] or "")) for row in content.rows), default=0)
        sheet.column_dimensions[get_column_letter(number + 1)].width = _WIDE if longest > _LONG_TEXT else _NARROW
    heads = [_cell(sheet, column.header, bold=True) for column in content.columns]
    for head in heads:
        head.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.append(heads)
    for row in content.rows:
        cells = [_cell(sheet, cell) for cell in row]
        for cell, column in zip(cells, content.columns, strict=True):
            if column.unit:
                # As pages print them; the value is whole.
                cell.number_format = "0.0"
        sheet.append(cells)


def _about(taken: Taken) -> Iterator[tuple[str, Cell]]:
    found = taken.metadata()
    for name, value in found.items():
        yield name.replace("_", " ").capitalize(), _in_words(value)
    yield "", ""
    for column in taken.content.columns:
        yield column.header, column.description


def _in_words(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {', '.join(values)}" for name, values in value.items())
    return str(value)


def _cell(sheet: WriteOnlyWorksheet, value: Cell, bold: bool = False) -> SheetCell:
    text = harmless(ILLEGAL_CHARACTERS_RE.sub("", value)) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, text)
    if bold:
        cell.font = _BOLD
    return cell
