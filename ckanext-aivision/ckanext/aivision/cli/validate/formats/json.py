"""What was found as one JSON document: one object a record, and the summary at the end."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from ckanext.aivision.cli.validate.formats import Rows
from ckanext.aivision.cli.validate.formats.counts import Counts
from ckanext.aivision.cli.validate.formats.ndjson import encoded


def write(rows: Rows, stream: BinaryIO) -> None:
    """Writes each record as soon as it has been checked; `fault` says why the reading broke off, where it did."""
    counts = Counts()
    stream.write(b'{"results":[')
    for number, row in enumerate(rows):
        stream.write((b",\n" if number else b"\n") + encoded(row))
        counts.add(row)
    fault = str(rows.fault) if rows.fault is not None else None
    tail = {"summary": counts.summary(), "remarks": rows.remarks, "fault": fault}
    stream.write(b"\n]," + msgspec.json.encode(tail)[1:] + b"\n")
