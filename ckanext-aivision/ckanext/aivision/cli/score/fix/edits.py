"""Correct the values of a data.json that can be corrected; every other character stays the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.positions.json_positions import Record, Records, Value
from ckanext.aivision.record import Harvested
from ckanext.aivision.validation.corrections import MENDS

_MARK = "\ufeff"
_MEMBER = re.compile(rf"(?:distribution(?:\[\d+\])?\.)?({'|'.join(MENDS)})")
_PIECE = 1 << 20  # characters


class Edit(NamedTuple):
    """One value in place of another. start, end: in characters of the whole text, a byte order mark left out.

    line, column: of its first character, from 1. path: of the value. old, new: as JSON.
    """

    start: int
    end: int
    line: int
    column: int
    path: str
    old: str
    new: str


def edits(records: Iterable[Harvested], path: Path) -> Iterator[Edit]:
    """What can be mended in the records of a file, in the order in which it stands there.

    records: the reading of that file. A record that was refused is left as it is.
    """
    places = Records(str(path))
    try:
        for harvested in records:
            record = places.find(harvested.where)
            if harvested.dataset is not None and record is not None:
                yield from _of_record(record, harvested.where, harvested.dataset.profile)
    finally:
        places.close()


def _of_record(record: Record, where: str, profile: str) -> Iterator[Edit]:
    for value in sorted(record.values().values(), key=lambda value: value.start):
        member = _MEMBER.fullmatch(value.path)
        new = _correct_literal(record.text[value.start : value.end], member[1], profile) if member is not None else None
        if new is not None:
            yield _edit(record, where, value, new)


def _correct_literal(literal: str, member: str, profile: str) -> str | None:
    """The correction of a JSON text, as JSON; None if it is right, or not a text."""
    mend = MENDS[member]
    if not literal.startswith('"') or not profile.startswith(mend.profiles):
        return None
    try:
        new = mend.mended(json.loads(literal))
    except ValueError:
        return None
    return json.dumps(new) if new is not None else None


def _edit(record: Record, where: str, value: Value, new: str) -> Edit:
    line, column, _ = record.span(value)
    begin, end = record.start + value.start, record.start + value.end
    return Edit(begin, end, line, column, f"{where}.{value.path}", record.text[value.start : value.end], new)


def write_edits(path: Path, changes: Iterable[Edit], stream: BinaryIO) -> None:
    """Writes a file with the edits, and with its byte order mark and its line ends. It is UTF-8."""
    text = _Text(path)
    for change in changes:
        for piece in text.until(change.start):
            stream.write(piece)
        for _ in text.until(change.end):
            pass
        stream.write(change.new.encode())
    for piece in text.until(None):
        stream.write(piece)


class _Text:
    """The text of a file in pieces, as UTF-8."""

    def __init__(self, path: Path) -> None:
        self._pieces = _pieces(path)
        self._rest = ""
        self.passed = 0

    def until(self, position: int | None) -> Iterator[bytes]:
        """The text up to a position, or to the end."""
        while position is None or self.passed < position:
            if not self._rest:
                self._rest = next(self._pieces, "")
                if not self._rest:
                    return
            marked = self.passed == 0 and self._rest.startswith(_MARK)
            wanted = len(self._rest) if position is None else position - self.passed + marked
            piece, self._rest = self._rest[:wanted], self._rest[wanted:]
            self.passed += len(piece) - marked
            yield piece.encode()


def _pieces(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while piece := file.read(_PIECE):
                yield piece
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 at byte {error.start:,}; save it as UTF-8 first") from error


def refuse_other_charsets(path: Path) -> None:
    """Raises UsageError if a file is not UTF-8: what was guessed in reading it cannot be written back."""
    if any("\0" in piece for piece in _pieces(path)):
        raise UsageError(f"{path}: is not UTF-8; save it as UTF-8 first")


def has_mark(path: Path) -> bool:
    """Whether a file begins with a byte order mark."""
    with path.open("rb") as file:
        return file.read(3) == _MARK.encode()
