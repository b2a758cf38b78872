"""Results as one JSON document: by what was judged, one object a record, and the summary at the end."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from ckanext.aivision.cli.input.records import Judged, Rows
from ckanext.aivision.cli.score.formats.ndjson import Encoder
from ckanext.aivision.cli.score.summary.totals import Totals


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes each record as soon as it has been read; `fault` says why the reading broke off, where it did."""
    encoder, totals = Encoder(judged), Totals(judged.rubric)
    head = msgspec.json.encode({"rubric_version": judged.rubric.version, "reference_date": judged.on})
    stream.write(head[:-1] + b',"results":[')
    for row in rows:
        stream.write((b",\n" if totals.records else b"\n") + encoder.encode(row))
        totals.add(row)
    tail = {"summary": totals.summary(), "fault": str(rows.fault) if rows.fault is not None else None}
    stream.write(b"\n]," + msgspec.json.encode(tail)[1:] + b"\n")
