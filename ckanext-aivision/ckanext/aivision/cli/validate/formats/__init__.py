"""The forms in which what was found in metadata is written. Each module has one function `write(rows, stream)`."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO, NamedTuple

from ckanext.aivision.cli.input.records import Reading
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.validation.findings import Checked
from ckanext.aivision.validation.validate import Validation

FORMS = ("table", "json", "ndjson", "csv", "sarif", "junit")


class Row(NamedTuple):
    """One record as it was checked, and the source that it is of."""

    source: Source
    checked: Checked


class Rows(Reading[Row]):
    """Records as they are checked."""

    def __init__(self, rows: Iterable[Row], readings: Sequence[Validation]) -> None:
        """readings: those that the rows are of. Raises as `Reading` does."""
        super().__init__(rows)
        self._readings = readings

    @property
    def remarks(self) -> list[str]:
        """What is to be told of documents as wholes; known at the end."""
        return [remark for reading in self._readings for remark in reading.remarks]


Write = Callable[[Rows, BinaryIO], None]


def writer(form: str) -> Write:
    """What writes what was found in a form. Only what is used is imported."""
    found: Write = importlib.import_module(f"{__name__}.{form}").write
    return found
