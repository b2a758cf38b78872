"""The findings of a validation, for all output formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

Level = Literal["error", "warning", "note"]
Steps = Sequence[str | int]

# The part that is no record: what stands around the records of a document.
CATALOGUE = "catalogue"


class Finding(msgspec.Struct, frozen=True):
    """One departure from a standard.

    rule: the keyword of JSON Schema, the constraint of SHACL (`sh:minCount`), or what the reader mended.
    level: `error` where the record is not valid; `warning` as the standard itself weighs it; `note` where the document
    does not tell. field: the member or property without places in lists (`distribution[].mediaType`). where: a JSON
    path, or the node of the graph. message: what the standard asks there, the same for every record. fix: what to do.
    seen: the value, at most 200 characters.
    """

    rule: str
    level: Level
    field: str
    where: str
    message: str
    fix: str = ""
    seen: str = ""


class Checked(msgspec.Struct, frozen=True):
    """One record, or what stands around the records of a catalogue, as it was checked.

    source: the name of the file or the address. where: its place, a JSON path or the node of the graph; in a directory
    with the file's name before it. identifier: as far as it has one. standard: what it was checked by.
    """

    source: str
    standard: str
    part: str
    where: str
    identifier: str
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """Whether nothing in it is an error."""
        return all(found.level != "error" for found in self.findings)


def format_path(steps: Steps) -> str:
    """A path within a record: `distribution[0].mediaType`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.removeprefix(".")


def general(steps: Steps) -> str:
    """The same without the places in lists: `distribution[].mediaType`."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def joined(where: str, path: str) -> str:
    """The place of a value. where: of its record, a JSON path or a line. path: within it; empty for all of it."""
    if not path or path.startswith("["):
        return f"{where}{path}"
    return f"{where}.{path}" if "$" in where else f"{where}: {path}"


def within(where: str, record: str) -> str:
    """The path within a record that `joined` has put behind the record's place."""
    return where.removeprefix(record).removeprefix(": ").removeprefix(".")
