"""What the tests of profiles share: small files of every kind, made here, and the profile of bytes."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.content.limits import ProfileLimits
from ckanext.aivision.content.profile import profile_of
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, FileProfile

NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)
URL = "https://rivers.example.gov/levels"

Sheet = list[list[Any]]


def profiled(content: bytes | str, **limits: Any) -> FileProfile:
    """The profile of a file with this content; text is in UTF-8."""
    body = content.encode() if isinstance(content, str) else content
    return profile_of(io.BytesIO(body), URL, NOW, ProfileLimits(**limits))


def column(content: bytes | str, name: str = "value", **limits: Any) -> ColumnProfile:
    found = profiled(content, **limits)
    assert not found.refusal, found.reason
    return next(column for column in found.columns if column.name == name)


def values(*cells: str, name: str = "value") -> str:
    """A table of one column of these values beside one that numbers them."""
    quoted = (f'{number},"{cell}"' for number, cell in enumerate(cells, 1))
    return "\n".join([f"row,{name}", *quoted]) + "\n"


def zipped(**members: bytes | str) -> bytes:
    """A ZIP archive; `levels_csv=...` is the member `levels.csv`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


def workbook(**sheets: Sheet) -> bytes:
    """An XLSX file (ECMA-376) of these sheets: text, numbers, and dates as numbers of days with a date's style."""
    out = io.BytesIO()
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{kind}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{types}"/>')
        root = f'<Relationship Id="w" Type="{kind}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships {package}>{root}</Relationships>")
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{kind}"><sheets>{listed}</sheets></workbook>')
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships {package}>{relations}<Relationship Id="s" Type="{kind}/styles" Target="styles.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        )
        for number, rows in enumerate(sheets.values(), 1):
            body = "".join(f'<row r="{n}">{_cells(row, n)}</row>' for n, row in enumerate(rows, 1))
            sheet = f"<worksheet {main}><sheetData>{body}</sheetData></worksheet>"
            archive.writestr(f"xl/worksheets/s{number}.xml", sheet)
    return out.getvalue()


def _cells(row: list[Any], number: int) -> str:
    written = []
    for place, cell in enumerate(row):
        where = f'r="{chr(65 + place)}{number}"'
        if isinstance(cell, datetime.date):
            days = (cell - datetime.date(1899, 12, 30)).days
            written.append(f'<c {where} s="1"><v>{days}</v></c>')
        elif isinstance(cell, str):
            written.append(f'<c {where} t="inlineStr"><is><t>{cell}</t></is></c>')
        elif cell is not None:
            written.append(f"<c {where}><v>{cell}</v></c>")
    return "".join(written)


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[[str], bytes]:
    """A Parquet file with what a SELECT gives."""
    import duckdb

    def make(select: str) -> bytes:
        path = tmp_path / "levels.parquet"
        duckdb.connect().execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
        return path.read_bytes()

    return make
