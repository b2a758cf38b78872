"""Standard input as a source, copied to a temporary file because detecting its format needs its bytes."""

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
    """The source for a command's target. `-` is standard input, which is kept as long as the stack is open.

    kind, profile, country: override the source's own. Raises UsageError if there is no such source.
    """
    if target != "-":
        return resolve(target, kind, profile, country)
    found = resolve(str(stack.enter_context(save_standard_input())), kind, profile, country)
    return msgspec.structs.replace(found, name=NAME)


@contextlib.contextmanager
def save_standard_input() -> Iterator[Path]:
    """A file with the contents of standard input, deleted when the context ends.

    Raises UsageError if there is no standard input, or no space for it.
    """
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise UsageError(f"{NAME}: is closed; pipe a document into the command, or give a file name")
    with tempfile.NamedTemporaryFile(prefix="aivision-") as file:
        try:
            shutil.copyfileobj(stream, file)
            file.flush()
        except OSError as error:
            raise UsageError(f"{NAME}: cannot be copied to a temporary file: {error.strerror or error}") from error
        yield Path(file.name)
