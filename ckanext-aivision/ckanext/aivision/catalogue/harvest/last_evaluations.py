"""The evaluations that a directory holds from its last harvest, for records that are still the same.

An evaluation depends on the record, the rubric and the date alone. So the one of a record whose line would be the same,
under the same rubric and as of the same date, is the stored line itself: it is nine tenths of the work of a harvest.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation, Grade
from ckanext.aivision.scoring.rubric import Rubric


class SameEvaluation(Evaluation, frozen=True, kw_only=True):
    """An evaluation that is stored already: its figures, without results. line, dataset_line: as they are stored."""

    line: bytes
    dataset_line: bytes


class _Figures(msgspec.Struct):
    """What is read of a stored evaluation."""

    identifier: str
    title: str
    publisher: str | None
    country: str
    score: float | None
    coverage: float
    grade: Grade
    rubric_version: str
    reference_date: datetime.date


class LastEvaluations:
    """Stored evaluations by the line of their record. Memory: a digest and an offset for each."""

    def __init__(self, path: Path | None = None) -> None:
        """path: of the evaluations, in the order of the records; nothing is known without one."""
        self._file: BinaryIO | None = path.open("rb") if path is not None and path.exists() else None
        self._starts = array("Q", _line_starts(self._file)) if self._file is not None else array("Q")
        self._places: dict[bytes, int] = {}
        self._noted = 0

    def note(self, line: bytes) -> None:
        """Takes in the next stored record."""
        if self._file is not None:
            self._places[_digest(line)] = self._noted
            self._noted += 1

    def find(self, dataset: Dataset, rubric: Rubric, on: datetime.date) -> SameEvaluation | None:
        """The evaluation of a record by this rubric on this date, if it is stored."""
        if self._file is None or not self._places:
            return None
        dataset_line = line_of(dataset)
        place = self._places.get(_digest(dataset_line))
        if place is None or place >= len(self._starts):
            return None
        self._file.seek(self._starts[place])
        line = self._file.readline()
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
            found = msgspec.json.decode(line, type=_Figures)
            if (found.identifier, found.rubric_version, found.reference_date) == (
                dataset.identifier,
                rubric.version,
                on,
            ):
                figures = msgspec.structs.asdict(found)
                return SameEvaluation(**figures, dimensions={}, results=[], line=line, dataset_line=dataset_line)
        return None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def line_of(row: object) -> bytes:
    """A row as it is stored."""
    return msgspec.json.encode(row) + b"\n"


def _digest(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=16).digest()


def _line_starts(file: BinaryIO) -> Iterator[int]:
    start = 0
    for line in file:
        yield start
        start += len(line)
