"""Files without a name, which nobody else can open and which disappear with the process."""

from __future__ import annotations

import io
import tempfile
from typing import BinaryIO, cast


def nameless() -> BinaryIO:
    """A new file for reading and writing."""
    return cast(BinaryIO, tempfile.TemporaryFile())


def writer_into(file: BinaryIO) -> io.TextIOWrapper:
    """Writes UTF-8 text into a file; to be flushed and detached before the file is read."""
    return io.TextIOWrapper(file, encoding="utf-8", newline="", errors="replace")
