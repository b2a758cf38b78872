"""What was found as CSV (RFC 4180): one row a finding."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from ckanext.aivision.cli.score.formats.csv import write_table
from ckanext.aivision.cli.validate.formats import Rows

_RECORD = ("source", "standard", "identifier")
_FINDING = ("level", "field", "message", "fix", "seen", "where", "rule")


def write(rows: Rows, stream: BinaryIO) -> None:
    """Writes each finding as soon as its record has been checked. No cell is one that a spreadsheet computes."""
    cells = (
        {**{key: getattr(row.checked, key) for key in _RECORD}, **msgspec.structs.asdict(found)}
        for row in rows
        for found in row.checked.findings
    )
    write_table((*_RECORD, *_FINDING), cells, stream)
