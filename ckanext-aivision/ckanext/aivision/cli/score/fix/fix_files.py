"""Fix files: show the changes and write the fixed file beside the original."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ckanext.aivision.cli.input import standard_input
from ckanext.aivision.cli.output import destination as outputs
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.cli.score.fix.diff import unified
from ckanext.aivision.cli.score.fix.edits import Edit, edits, has_mark, refuse_other_charsets, write_edits
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import Source

_GZIP = b"\x1f\x8b"


def fix(sources: Sequence[Source], session: Session, output: Path | None, only_diff: bool) -> int:
    """Fixes each file. Returns the exit status: 1 if there are changes and nothing was written, else 0.

    output: the fixed file; default NAME.fixed.json. only_diff: only show what would change.
    Raises UsageError if a source is not a DCAT-US JSON file.
    """
    if output is not None and len(sources) > 1:
        raise UsageError("--output names one file, but there are several to fix; omit it")
    status = 0
    for source in sources:
        path = _file(source)
        target = output or _beside(source, path, only_diff)
        outputs.refuse_overwriting(target, path)
        found = _edits(source, session, path)
        _show(source, path, target, found)
        if found and only_diff:
            status = 1
        elif found and target is not None:
            with outputs.opened(target) as stream:
                write_edits(path, found, stream)
        _tell(source, path, None if only_diff else target, found)
    return status


def _file(source: Source) -> Path:
    path = Path(source.url)
    if source.is_remote or path.is_dir():
        raise UsageError(f"{source.name}: --fix needs a file; save the document and use the saved file")
    with path.open("rb") as file:
        if file.read(2) == _GZIP:
            raise UsageError(f"{source.name}: is gzipped; unpack it first")
    return path


def _beside(source: Source, path: Path, only_diff: bool) -> Path | None:
    if source.name != standard_input.NAME:
        return path.with_name(f"{path.stem}.fixed{path.suffix}")
    if not only_diff:
        raise UsageError(f"{source.name}: name the fixed file with --output, or use --diff")
    return None


def _edits(source: Source, session: Session, path: Path) -> list[Edit]:
    harvest = open_source(source, session)
    found = list(edits(harvest, path))
    if harvest.source.kind != "dcat-us":
        raise UsageError(f"{source.name}: --fix works on DCAT-US (a data.json), but this is {harvest.source.kind}")
    if found:
        refuse_other_charsets(path)
    return found


def _show(source: Source, path: Path, target: Path | None, found: Sequence[Edit]) -> None:
    on_terminal = sys.stdout.isatty()
    for line in unified(path, source.name, str(target or "fixed"), found):
        click.echo(printable(line) if on_terminal else line)


def _tell(source: Source, path: Path, target: Path | None, found: Sequence[Edit]) -> None:
    records = len({change.path.partition("]")[0] for change in found})
    outcome = f"{len(found):,} values in {records:,} records can be fixed" if found else "nothing to fix"
    if found and target is not None:
        outcome = f"{len(found):,} values in {records:,} records fixed in {target}"
    mark = "; it begins with a byte order mark, which JSON must not have; it was kept" if has_mark(path) else ""
    click.echo(printable(f"{source.name}: {outcome}{mark}"), err=True)
