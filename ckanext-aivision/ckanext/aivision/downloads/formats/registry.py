"""The table of formats: the ending of the address, what it is called, its media type, and what writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ckanext.aivision.downloads.formats import csv_metadata, csv_table, images, json_rows, references, workbook
from ckanext.aivision.downloads.work_out import Taken


class Format(NamedTuple):
    """drawn: whether it is an image, which a process of its own draws, and which only figures with marks have."""

    extension: str
    title: str
    media_type: str
    write: Callable[[Taken], bytes]
    drawn: bool = False


FORMATS: dict[str, Format] = {
    found.extension: found
    for found in (
        Format("csv", "CSV", "text/csv; charset=utf-8; header=present", csv_table.write),
        Format("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook.write),
        Format("json", "JSON", "application/json", json_rows.write),
        Format("metadata.json", "CSV on the Web", "application/csvm+json", csv_metadata.write),
        Format("svg", "SVG", "image/svg+xml", images.svg, drawn=True),
        Format("png", "PNG", "image/png", images.png, drawn=True),
        Format("txt", "Citation", "text/plain; charset=utf-8", references.text),
        Format("bib", "BibTeX", "application/x-bibtex; charset=utf-8", references.bibtex),
        Format("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", references.csl),
    )
}
