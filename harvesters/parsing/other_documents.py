"""What a document is that is no catalogue: the first guess of a newcomer, an error message, another standard."""

from __future__ import annotations

import csv
import functools
import os
import re
from importlib import resources

import msgspec

from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.xml_records import root_of

_LOOKED_AT = 20_000  # characters
_LINES = 10  # that show a table
_DELIMITERS = ",;\t|"
_TABLE = "this is a table: `aivision profile {file}`"
_XML = (
    "this is XML whose root element is <{root}>, which is no catalogue that is read: give ISO 19115, FGDC or DCAT in "
    "RDF, or the address of a catalogue"
)
_ROWS = "this is a list of objects that describe no dataset; if they are the rows of a table: `aivision profile {file}`"


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"what": "is"}):
    """A row of config/other_documents.yaml, which says what each column means."""

    what: str
    do: str
    begins: str = ""
    holds: str = ""
    members: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    certain: bool = False
    kind: str = ""

    def fits(self, head: Head) -> bool:
        text = head.text.lstrip()[:_LOOKED_AT]
        return (
            (not self.begins or re.match(self.begins, text) is not None)
            and (not self.members or (head.first in ("{", "[") and self.members <= head.members.keys()))
            and (not self.endings or head.address.lower().endswith(self.endings))
            and (not self.holds or re.search(self.holds, text) is not None)
        )


@functools.cache
def _rows() -> tuple[_Row, ...]:
    path = resources.files("ckanext.aivision.config") / "other_documents.yaml"
    return tuple(msgspec.yaml.decode(path.read_bytes(), type=list[_Row]))


def certain_kind(head: Head) -> str | None:
    """The kind that a document is of however much it looks like another; empty if that is not read, None if unknown."""
    return next((row.kind for row in _rows() if row.certain and row.fits(head)), None)


def name_other(head: Head, name: str) -> str:
    """What a document is that nothing recognises, and what to do; empty if nothing tells. name: of its source."""
    row = next((row for row in _rows() if row.fits(head)), None)
    if row is not None:
        found = f"{row.what}: {row.do}"
    elif head.first == "[" and head.members:
        found = _ROWS
    elif (root := root_of(head)) and root.lower() != "html":
        found = _XML.replace("{root}", root[:40])
    else:
        found = _TABLE if _is_table(head) else ""
    return found.replace("{file}", _name_for_commands(name))


def _is_table(head: Head) -> bool:
    """Whether its first lines have equally many cells, at least two, between the same characters."""
    if head.first in ("", "{", "[", "<") or "\0" in head.text[:_LOOKED_AT]:
        return False
    text = head.text[:_LOOKED_AT]
    # The last line may be cut.
    lines = [line for line in text.splitlines()[: -1 if len(head.text) > _LOOKED_AT else None] if line.strip()][:_LINES]
    return len(lines) > 1 and any(_cells(lines, delimiter) > 1 for delimiter in _DELIMITERS)


def _cells(lines: list[str], delimiter: str) -> int:
    """The cells of each line; 0 if they are not equally many."""
    try:
        counts = {len(row) for row in csv.reader(lines, delimiter=delimiter)}
    except csv.Error:
        return 0
    return counts.pop() if len(counts) == 1 else 0


def _name_for_commands(name: str) -> str:
    """The name of a document as a command takes it."""
    if name == "standard input":
        return "-"
    if "://" in name or not os.path.isabs(name):
        return name
    short = os.path.relpath(name)
    return name if short.startswith("..") else short
