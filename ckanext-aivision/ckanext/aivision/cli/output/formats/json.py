"""JSON (RFC 8259): one document; for lists of criteria and sources one object on each line."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.formats import ndjson
from ckanext.aivision.cli.output.report import Document, Objects, Results


@output_format("json", Results, Document, Objects, description="one JSON document, with a summary if there is one")
def write(report: Results | Document | Objects, stream: BinaryIO) -> None:
    """Writes each record as soon as it comes, the summary at the end."""
    if isinstance(report, Results):
        _write_results(report, stream)
    elif isinstance(report, Document):
        write_document(report.document(), stream)
    else:
        ndjson.write(report, stream)


def _write_results(report: Results, stream: BinaryIO) -> None:
    head = msgspec.json.encode({**report.head(), "results": []})
    stream.write(head.removesuffix(b"]}"))
    for number, line in enumerate(report.counted_objects()):
        stream.write((b",\n" if number else b"\n") + line)
    stream.write(b"\n]," + msgspec.json.encode(report.summary())[1:] + b"\n")


def write_document(document: object, stream: BinaryIO) -> None:
    """Writes a document with indents."""
    stream.write(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
