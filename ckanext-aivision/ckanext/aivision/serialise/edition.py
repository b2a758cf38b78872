"""What the text of a document depends on beside the record: this software and its tables."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

from ckanext.aivision import __version__

# Folders of the package whose code and tables decide how a record is written.
_FOLDERS = ("serialise", "normalise", "harvesters", "validation", "config/serialise", "config/vocabularies")
_PACKAGE = Path(__file__).resolve().parents[1]
_ENDINGS = (".py", ".csv", ".yaml")


@functools.cache
def edition() -> str:
    """A digest that changes whenever the same record might be written otherwise."""
    digest = hashlib.sha256(__version__.encode())
    for folder in _FOLDERS:
        for content in _contents(_PACKAGE / folder):
            digest.update(content)
    return digest.hexdigest()[:16]


def _contents(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.is_dir():
            yield from _contents(path)
        elif path.name.endswith(_ENDINGS):
            yield path.name.encode() + path.read_bytes()
