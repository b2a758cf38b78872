"""Records as they are checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ckanext.aivision.cli.input.records import Reading
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.validation.findings import Checked
from ckanext.aivision.validation.validate import Validation


class Row(NamedTuple):
    """One record as it was checked, and the source that it is of."""

    source: Source
    checked: Checked


class Rows(Reading[Row]):
    """Records until the end, or until their source cannot be read any further."""

    def __init__(self, rows: Iterable[Row], readings: Sequence[Validation]) -> None:
        """readings: those that the rows are of. Raises as `Reading` does."""
        super().__init__(rows)
        self._readings = readings

    @property
    def remarks(self) -> list[str]:
        """Remarks on whole documents; known at the end."""
        return [remark for reading in self._readings for remark in reading.remarks]
