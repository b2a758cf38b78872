"""Workbooks: XLSX, XLS, ODS, read by python-calamine (https://github.com/dimastbk/python-calamine).

It is kept up (openpyxl's last release is of 2024), reads ten times as fast, and the old XLS as well, of which both
countries publish thousands; memory-safe Rust reads what strangers made. DuckDB's own extension would have to be
downloaded at run time.
"""

from __future__ import annotations

import csv
import datetime
import re
import zipfile
import zlib
from typing import Any, BinaryIO, NamedTuple

import python_calamine

from ckanext.aivision.content.anonymous_files import nameless, writer_into
from ckanext.aivision.content.limits import ProfileLimits, Unprofiled

# A cover sheet, notes and lists of contents come before the tables; a workbook of more sheets is looked at so far.
_MOST_SHEETS = 30
_MOST_LOOKED_AT = 16 * 1024 * 1024  # bytes of a sheet
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# ECMA-376, 18.3.1.4: a cell of type `e` has an error; 18.3.1.40: a formula, after which its value stands.
_ERROR = re.compile(rb"<c\b[^>]*\bt=[\"']e[\"']")
_NO_VALUE = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


class Sheet(NamedTuple):
    """The rows of a sheet as CSV. parts: how many sheets have something in them.

    errors, formulas: of the whole workbook, cells with an error, and formulas whose values are not stored.
    """

    file: BinaryIO
    name: str
    parts: int
    errors: int = 0
    formulas: int = 0


def largest_sheet(file: BinaryIO, limits: ProfileLimits) -> Sheet:
    """The visible sheet that has most cells. Raises Unprofiled if the workbook cannot be read, or has none."""
    errors, formulas = _without_values(file)
    try:
        workbook = python_calamine.load_workbook(file)
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        sheets = [workbook.get_sheet_by_name(name) for name in visible[:_MOST_SHEETS]]
    except python_calamine.PasswordError:
        raise Unprofiled("encrypted", "the workbook needs a password") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Unprofiled("damaged", "it is not a complete workbook") from None
    filled = [sheet for sheet in sheets if sheet.height and sheet.width]
    if not filled:
        raise Unprofiled("no-records", "all sheets of the workbook are empty")
    sheet = max(filled, key=lambda found: found.height * found.width)
    if sheet.width > limits.columns:
        message = f"it has {sheet.width:,} columns, more than the {limits.columns:,} that can be profiled"
        raise Unprofiled("too-wide", message)
    rows = nameless()
    writer = writer_into(rows)
    out = csv.writer(writer, lineterminator="\n")
    for row in sheet.iter_rows():
        out.writerow([_format_cell(cell) for cell in row])
    writer.flush()
    writer.detach()
    rows.seek(0)
    return Sheet(
        rows, "".join(letter for letter in sheet.name[:100] if letter.isprintable()), len(filled), errors, formulas
    )


def _without_values(file: BinaryIO) -> tuple[int, int]:
    """Cells of an XLSX with an error, and formulas without their value, both of which are read as blank.

    The workbook's reader does not tell; sheets are looked at as far as _MOST_LOOKED_AT.
    """
    errors = formulas = 0
    try:
        with zipfile.ZipFile(file) as packed:
            for name in [name for name in packed.namelist() if _SHEET.fullmatch(name)][:_MOST_SHEETS]:
                with packed.open(name) as sheet:
                    content = sheet.read(_MOST_LOOKED_AT)
                errors += len(_ERROR.findall(content))
                formulas += len(_NO_VALUE.findall(content))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        pass  # No XLSX, or a damaged one: who reads it says so.
    finally:
        file.seek(0)
    return errors, formulas


def _format_cell(cell: Any) -> str:
    """A cell as a program would write it: whole numbers without a point, dates as in RFC 3339."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return str(cell)
