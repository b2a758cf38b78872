"""Findings for a person at a terminal: the same error in many records is shown once, with the first record."""

from __future__ import annotations

import re
import textwrap

from rich.console import Console
from rich.text import Text

from ckanext.aivision.cli.output.console import set_width
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.cli.validate.checked_records import Row
from ckanext.aivision.cli.validate.counts import Counts
from ckanext.aivision.validation.findings import CATALOGUE, Checked, Finding, Level
from ckanext.aivision.validation.standards import find_standard

# So many kinds of finding are shown, and so many are told apart.
_MOST_SHOWN = 40
_MOST_KINDS = 10_000
_HEADS: dict[Level, str] = {
    "error": "Errors: fix these to make the records valid",
    "warning": "Warnings: recommendations of the standard",
    "note": "Notes: what the document leaves out",
}

# What is seen where it is no text.
_NO_TEXT = re.compile(r"null|true|false|-?\d[\d.eE+-]*|(?:a list|an object) of [\d,]+")

Key = tuple[str, Level, str, str]


class _Kind:
    """What was found alike in several records. count: how often; records: in how many."""

    def __init__(self, checked: Checked, found: Finding) -> None:
        self.checked, self.found = checked, found
        self.count = self.records = 0
        self._last: Checked | None = None

    def add(self, checked: Checked) -> None:
        self.count += 1
        if checked is not self._last:
            self.records, self._last = self.records + 1, checked


class Summary:
    """Gathers findings and shows them; memory does not grow with the number of records."""

    def __init__(self) -> None:
        self._counts = Counts()
        self._kinds: dict[Key, _Kind] = {}
        self._sources: set[str] = set()

    def add(self, row: Row) -> None:
        """Takes a record into account."""
        self._counts.add(row)
        self._sources.add(row.checked.source)
        for found in row.checked.findings:
            key = (row.checked.standard, found.level, found.field, found.message)
            if key not in self._kinds and len(self._kinds) < _MOST_KINDS:
                self._kinds[key] = _Kind(row.checked, found)
            if key in self._kinds:
                self._kinds[key].add(row.checked)

    def show(self, console: Console, remarks: list[str]) -> None:
        """Prints the summary."""
        set_width(console)
        counts = self._counts
        by = ", ".join(f"{find_standard(name).title} ({name})" for name in counts.standards)
        _line(console, f"{counts.records - counts.invalid:,} of {counts.records:,} records are valid by {by}")
        shown = 0
        for level, head in _HEADS.items():
            kinds = [kind for key, kind in self._kinds.items() if key[1] == level]
            if kinds:
                _line(console, f"\n{head}")
            for kind in sorted(kinds, key=lambda kind: -kind.records)[: _MOST_SHOWN - shown]:
                self._show(console, kind)
                shown += 1
        if len(self._kinds) > shown:
            _line(console, f"... and {len(self._kinds) - shown:,} kinds more; --format csv lists all")
        for remark in remarks:
            _line(console, f"Note: {remark}")

    def _show(self, console: Console, kind: _Kind) -> None:
        found, checked = kind.found, kind.checked
        times = f", {kind.count:,} times" if kind.count > kind.records else ""
        _line(console, f"\n{found.field or checked.part} {found.message} ({_of(checked, kind.records)}{times})", 2)
        if found.fix:
            _line(console, f"do: {found.fix}", 4)
        source = f"{checked.source}: " if len(self._sources) > 1 else ""
        # A node of RDF is named already.
        of = f" of {checked.identifier}" if checked.identifier and found.where != checked.where else ""
        quote = "" if _NO_TEXT.fullmatch(found.seen) else '"'
        seen = f": {quote}{found.seen}{quote}" if found.seen else ""
        _line(console, f"{'at' if kind.records == 1 else 'first at'} {source}{found.where}{of}{seen}", 4)


def _line(console: Console, text: str, indent: int = 0) -> None:
    """Prints a text, over as many lines as it needs, with an empty one before it where it begins with a line's end."""
    if text.startswith("\n"):
        console.print()
    lines = textwrap.wrap(
        printable(text).strip(), console.width - indent, break_long_words=False, break_on_hyphens=False
    )
    for line in lines:
        console.print(Text(" " * indent + line), soft_wrap=True)


def _of(checked: Checked, count: int) -> str:
    if checked.part == CATALOGUE:
        return "the catalogue itself"
    return f"{count:,} record{'' if count == 1 else 's'}"
