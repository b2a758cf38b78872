"""Baselines: known problems, so that only new ones count.

A problem is identified by the identifier of its record and the id of its criterion, so the order of records in a file
does not matter. A problem that gets worse counts as new. A refused record without an identifier is identified by its
content.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from ckanext.aivision.cli.input.records import Scored, is_problem
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.mapping.content_hash import content_hash
from ckanext.aivision.scoring.rubric import Rubric

_FORM = 1


class Baseline(msgspec.Struct, forbid_unknown_fields=True):
    """data_sets: identifier -> criterion -> its value, 0 to 1; a gate is there with 0.

    refused: record -> the kinds of its problems.
    aivision_baseline: the version of this format.
    """

    aivision_baseline: int
    rubric_version: str
    data_sets: dict[str, dict[str, float]] = {}
    refused: dict[str, list[str]] = {}

    def marked(self, row: Scored) -> Scored:
        """The record with its known problems marked."""
        if row.evaluation is None:
            known = set(self.refused.get(_name(row), ()))
            codes = {problem.code for problem in row.harvested.problems if problem.severity == "error"}
            return row._replace(known_refusal=bool(known) and codes <= known)
        values = self.data_sets.get(row.evaluation.identifier, {})
        known_ones = (
            found.criterion
            for found in row.evaluation.results
            if found.value is not None and found.value >= values.get(found.criterion, 2.0)
        )
        gates = (hit.gate for hit in row.evaluation.gates if hit.gate in values)
        return row._replace(known=frozenset((*known_ones, *gates)))

    def add(self, row: Scored) -> None:
        """Adds the problems of a record."""
        if row.evaluation is None:
            codes = {problem.code for problem in row.harvested.problems if problem.severity == "error"}
            self.refused[_name(row)] = sorted(codes)
            return
        values = {
            found.criterion: found.value
            for found in row.evaluation.results
            if is_problem(found) and found.value is not None
        }
        values |= {hit.gate: 0.0 for hit in row.evaluation.gates}
        if values:
            self.data_sets[row.evaluation.identifier] = values

    def write(self, stream: BinaryIO) -> None:
        """Writes JSON with one record per line, sorted by name, so that a diff stays small."""
        stream.write(f'{{"aivision_baseline": {_FORM}, "rubric_version": "{self.rubric_version}",\n'.encode())
        for name, part, end in (("data_sets", self.data_sets, ",\n"), ("refused", self.refused, "\n}\n")):
            stream.write(f'"{name}": {{'.encode())
            for number, line in enumerate(_lines(part)):
                stream.write((b",\n" if number else b"\n") + line)
            stream.write(f"}}{end}".encode())


def _lines(part: dict[str, dict[str, float]] | dict[str, list[str]]) -> Iterator[bytes]:
    for name, value in sorted(part.items()):
        yield msgspec.json.encode(name) + b": " + msgspec.json.encode(value, order="sorted")


def _name(row: Scored) -> str:
    return row.harvested.identifier or f"sha256:{content_hash(row.harvested.raw)}"


def empty(rubric: Rubric) -> Baseline:
    """A baseline without problems."""
    return Baseline(_FORM, rubric.version)


def read(path: Path) -> Baseline:
    """Reads a baseline file. Raises UsageError if it cannot be read or is not a baseline."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Baseline)
    except OSError as error:
        raise UsageError(
            f"{path}: the baseline cannot be read: {error.strerror or error}; create one with --write-baseline"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not a baseline: {error}; create one with --write-baseline {path}") from error
    if found.aivision_baseline != _FORM:
        raise UsageError(
            f"{path}: is version {found.aivision_baseline}, not {_FORM}; create one with --write-baseline {path}"
        )
    return found
