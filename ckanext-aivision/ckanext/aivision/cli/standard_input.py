"""Standard input as a source: kept in a file while it is read, since what it is shows only in its bytes."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ckanext.aivision.errors import UsageError

NAME = "standard input"


@contextlib.contextmanager
def kept() -> Iterator[Path]:
    """A file with all that comes from standard input, deleted when the context ends.

    Raises UsageError where there is no standard input, or no room for it.
    """
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise UsageError(f"{NAME}: is closed; pipe a document into the command, or name a file")
    with tempfile.NamedTemporaryFile(prefix="aivision-") as file:
        try:
            shutil.copyfileobj(stream, file)
            file.flush()
        except OSError as error:
            raise UsageError(f"{NAME}: cannot be kept while it is read: {error.strerror or error}") from error
        yield Path(file.name)
