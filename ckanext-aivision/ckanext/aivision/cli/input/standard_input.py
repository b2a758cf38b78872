"""Standard input as a source: kept in a file while it is read, since what it is shows only in its bytes."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.sources.source import Source, resolve

NAME = "standard input"


def source(
    stack: contextlib.ExitStack,
    target: str,
    kind: str | None = None,
    profile: str | None = None,
    country: str | None = None,
) -> Source:
    """The source of a target of a command, `-` being standard input, which is kept as long as the stack is open.

    kind, profile, country: override what the target tells. Raises UsageError where there is no such source.
    """
    if target != "-":
        return resolve(target, kind, profile, country)
    found = resolve(str(stack.enter_context(kept())), kind, profile, country)
    return msgspec.structs.replace(found, name=NAME)


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
