"""A unified diff (POSIX, diff -u) of a file and its mended form, made from the edits."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from ckanext.aivision.cli.score.fix.edits import Edit

_CONTEXT = 3
# Of a longer line the values alone are shown: a whole catalogue may stand on one line. `patch` cannot use that.
_LONGEST = 2_000


def unified(path: Path, name: str, new_name: str, changes: Sequence[Edit]) -> Iterator[str]:
    """The lines of the diff, without their ends. name, new_name: of the two files, for its head."""
    if not changes:
        return
    yield f"--- {name}"
    yield f"+++ {new_name}"
    by_line = {line: list(group) for line, group in itertools.groupby(changes, lambda change: change.line)}
    with path.open(encoding="utf-8-sig", newline="") as file:
        # Only \n ends a line here, as in the counting of lines.
        yield from _hunks(_lines(file), by_line)


def _lines(file: Iterator[str]) -> Iterator[str]:
    rest = ""
    for piece in file:
        # A lone \r ends a piece too.
        rest += piece
        if rest.endswith("\n"):
            yield rest
            rest = ""
    if rest:
        yield rest


def _hunks(lines: Iterator[str], by_line: dict[int, list[Edit]]) -> Iterator[str]:
    before: collections.deque[str] = collections.deque(maxlen=_CONTEXT)
    hunk: list[str] = []
    start = quiet = 0
    for number, line in enumerate(lines, 1):
        changes = by_line.get(number)
        if changes is not None and len(line) > _LONGEST:
            yield from _close_hunk(hunk, start, quiet)
            hunk, quiet = [], 0
            yield from _values(changes)
            before.clear()
            continue
        if changes is not None:
            if not hunk:
                start, hunk = number - len(before), [f" {text}" for text in before]
            hunk += [f"-{line}", f"+{_changed(line, changes)}"]
            quiet = 0
        elif hunk:
            hunk.append(f" {line}")
            quiet += 1
            if quiet > 2 * _CONTEXT:
                yield from _close_hunk(hunk, start, quiet)
                hunk, quiet = [], 0
        before.append(line) if len(line) <= _LONGEST else before.clear()
    yield from _close_hunk(hunk, start, quiet)


def _close_hunk(hunk: list[str], start: int, quiet: int) -> Iterator[str]:
    """A hunk with three lines of context at its end. quiet: how many it has."""
    if not hunk:
        return
    kept = hunk[: len(hunk) - max(0, quiet - _CONTEXT)]
    old, new = (sum(not line.startswith(sign) for line in kept) for sign in "+-")
    yield f"@@ -{start},{old} +{start},{new} @@"
    for line in kept:
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _values(changes: Sequence[Edit]) -> Iterator[str]:
    for change in changes:
        yield f"@@ line {change.line}, column {change.column}: {change.path} @@"
        yield f"-{change.old}"
        yield f"+{change.new}"


def _changed(line: str, changes: Sequence[Edit]) -> str:
    for change in reversed(changes):
        at = change.column - 1
        line = line[:at] + change.new + line[at + len(change.old) :]
    return line
