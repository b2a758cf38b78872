"""The console that tables are printed on."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from typing import BinaryIO

from rich.console import Console

# Columns of a table in a file.
_IN_FILE = 100
# Narrower, tables cannot be read.
_NARROWEST = 72


@contextlib.contextmanager
def console_on(stream: BinaryIO) -> Iterator[Console]:
    """A console on standard output, or on another stream of bytes, which stays open."""
    if stream is sys.stdout.buffer:
        yield Console(highlight=False)
        return
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", write_through=True)
    try:
        yield Console(file=text, width=_IN_FILE, highlight=False)
    finally:
        text.detach()


def set_width(console: Console, least: int = _NARROWEST, without_terminal: int | None = None) -> None:
    """Makes a console at least so wide.

    without_terminal: columns if it is no terminal, whatever the environment says.
    """
    if without_terminal is not None and not console.file.isatty():
        console.width = without_terminal
    else:
        console.width = max(console.width, least)
