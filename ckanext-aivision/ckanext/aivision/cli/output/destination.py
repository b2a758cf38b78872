"""Where a command writes: standard output, or a file that is replaced only once it is complete."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from ckanext.aivision.errors import UsageError


def output_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--output FILE` as the argument `output`: a path, or None for standard output."""
    return click.option(
        "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write into this file, whole or not at all."
    )(command)


@contextlib.contextmanager
def opened(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that is replaced when the context ends without an error.

    A device or a pipe is written to directly. Raises UsageError if the file cannot be written.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        with _replacing(path.resolve()) as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror or error}; choose another file") from error


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with unfinished.open("xb") as stream:
            if target.exists():
                os.fchmod(stream.fileno(), target.stat().st_mode & 0o777)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def refuse_overwriting(path: Path | None, *inputs: Path) -> None:
    """Raises UsageError if the output file is also an input."""
    for other in inputs:
        if path is not None and path.exists() and other.exists() and path.samefile(other):
            raise UsageError(f"{path}: this is an input file and would be overwritten; choose another file")
