"""What was found as one JSON object a record (https://github.com/ndjson/ndjson-spec), valid ones with no findings."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from ckanext.aivision.cli.validate.formats import Row, Rows

_encode = msgspec.json.Encoder().encode


def write(rows: Rows, stream: BinaryIO) -> None:
    """Writes each record as soon as it has been checked."""
    for row in rows:
        stream.write(encoded(row) + b"\n")


def encoded(row: Row) -> bytes:
    """The object of a record as JSON on one line, without its end."""
    found = msgspec.to_builtins(row.checked)
    return _encode({**found, "valid": row.checked.valid})
