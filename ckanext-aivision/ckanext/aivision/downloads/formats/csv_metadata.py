"""What goes with the CSV file, as CSV on the Web has it (W3C, Metadata Vocabulary for Tabular Data, 2015)."""

from __future__ import annotations

from typing import Any

import msgspec

from ckanext.aivision.downloads import addresses
from ckanext.aivision.downloads.table import Column
from ckanext.aivision.downloads.work_out import Taken


def write(taken: Taken) -> bytes:
    found, asked = taken.metadata(), taken.asked
    licence = found["licence"]
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": addresses.file(taken.figure, asked.question, asked.subject, "csv"),
        "dc:title": found["title"],
        "dc:description": f"{found['sample']}. Figures as of {taken.moment_in_words}, under rubric {taken.rubric}.",
        "dc:publisher": found["source"],
        "dc:source": found["page"],
        "dc:date": found["as_of"],
        "dc:bibliographicCitation": found["citation"],
        **({"dc:license": {"@id": licence}} if licence.startswith("http") else {"dc:rights": licence}),
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {"columns": [_column(column) for column in taken.content.columns]},
        "notes": [found],
    }
    return msgspec.json.encode(described)


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": column.header,
        "dc:description": column.description or column.title,
        "datatype": column.datatype,
        "null": "",
    }
