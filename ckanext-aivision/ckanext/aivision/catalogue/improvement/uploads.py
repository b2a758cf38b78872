"""Files that stewards upload: spreadsheets as rows of texts, and a data.json as the packages of its records."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.improvement.edits import MOST_ROWS, NewRow
from ckanext.aivision.catalogue.improvement.sheet_rows import free_name
from ckanext.aivision.content.limits import MEBIBYTE, ProfileLimits, Unprofiled
from ckanext.aivision.content.readers.workbook import largest_sheet
from ckanext.aivision.errors import AivisionError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.serialise.package import to_package

LARGEST = 10 * MEBIBYTE
_UNPACKED = 200 * MEBIBYTE
_MOST_COLUMNS = 300
_LONGEST_CELL = 1_000_000
_DATA_JSON = "dcat-us"


def read_sheet(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file or of the largest sheet of a workbook, each by the headers of the first row.

    Raises toolkit.Invalid for a file that is no such thing, or too large.
    """
    rows = _table(content)
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise toolkit.Invalid(toolkit._("The first row must have the names of the columns"))
    if len(rows) - 1 > MOST_ROWS:
        message = toolkit._("Use at most {most} rows; these are {number}")
        raise toolkit.Invalid(message.format(most=MOST_ROWS, number=len(rows) - 1))
    headers = [header.strip() for header in rows[0]]
    named = [header for header in headers if header]
    if len(headers) > _MOST_COLUMNS:
        raise toolkit.Invalid(toolkit._("Use at most {most} columns").format(most=_MOST_COLUMNS))
    if twice := next((header for header in named if named.count(header) > 1), ""):
        raise toolkit.Invalid(toolkit._("The column {name} is there twice").format(name=twice[:100]))
    return [
        {header: row[place] if place < len(row) else "" for place, header in enumerate(headers) if header}
        for row in rows[1:]
    ]


def read_data_json(content: bytes, country: str) -> list[NewRow]:
    """New datasets of a data.json (DCAT-US). country: of the publisher.

    Raises toolkit.Invalid for what is none, or too large.
    """
    _check_size(content)
    found: list[NewRow] = []
    names: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="aivision-upload-") as folder, Session() as session:
        path = Path(folder, "data.json")
        path.write_bytes(content)
        try:
            # The kind is given, so that nothing in the file can have anything else read.
            source = resolve(str(path), _DATA_JSON, None, country)
            for place, item in enumerate(open_source(source, session, MOST_ROWS + 1), 1):
                if place > MOST_ROWS:
                    raise toolkit.Invalid(toolkit._("Use at most {most} datasets").format(most=MOST_ROWS))
                if item.dataset is None:
                    reasons = "; ".join(problem.message for problem in item.problems)
                    found.append(NewRow(place, "", item.identifier or "", {}, reasons[:1000] or "–"))
                    continue
                package = {**to_package(item.dataset), "name": free_name(item.dataset.title, names)}
                found.append(NewRow(place, "", item.dataset.title, package))
        except AivisionError as error:
            raise toolkit.Invalid(str(error).replace(str(path), "data.json")[:1000]) from error
    return found


def is_json(content: bytes) -> bool:
    """Whether a file is a document in JSON and no spreadsheet."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _table(content: bytes) -> list[list[str]]:
    _check_size(content)
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _workbook(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise toolkit.Invalid(toolkit._("This is neither CSV nor a workbook"))
    return _rows(text)


def _rows(text: str) -> list[list[str]]:
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(_LONGEST_CELL)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise toolkit.Invalid(toolkit._("This cannot be read as CSV: {reason}").format(reason=error)) from error


def _workbook(content: bytes) -> list[list[str]]:
    file = io.BytesIO(content)
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(file) as packed:
                if sum(part.file_size for part in packed.infolist()) > _UNPACKED:
                    raise toolkit.Invalid(toolkit._("The workbook is too large when it is unpacked"))
            file.seek(0)
        limits = ProfileLimits(columns=_MOST_COLUMNS)
        return _rows(largest_sheet(file, limits).file.read().decode("utf-8", "replace"))
    except (zipfile.BadZipFile, Unprofiled, ValueError) as error:
        message = toolkit._("This cannot be read as a workbook: {reason}")
        raise toolkit.Invalid(message.format(reason=error)) from error


def _check_size(content: bytes) -> None:
    if len(content) > LARGEST:
        message = toolkit._("The file is larger than {most} MB")
        raise toolkit.Invalid(message.format(most=LARGEST // MEBIBYTE))


def describe_mapping(headers: list[str], fields: dict[str, Any]) -> dict[str, str]:
    """The field that each header seems to mean, by its name or its label; nothing for a header that means none."""
    known = {name.lower(): name for name in fields} | {label.lower(): name for name, label in fields.items()}
    return {header: known[words] for header in headers if (words := " ".join(header.lower().split())) in known}
