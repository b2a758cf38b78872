"""Identifiers within one description: each once, short, and safe as a part of an address."""

from __future__ import annotations

import re

_NOT_SAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80


class Identifiers:
    """Gives each thing of a description an identifier that no other has, whatever strangers call it."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str, otherwise: str, within: str = "") -> str:
        """An identifier after a name. otherwise: where nothing of the name can be used. within: that of the container.

        Letters, digits, `.`, `_` and `-`: neither a scheme, a prefix nor a step up a path can be read into it
        (Croissant 1.1, ID and Reference Mechanism).
        """
        before = f"{within}/" if within else ""
        wanted = before + (_NOT_SAFE.sub("-", name[:1000]).strip("-.")[:_LONGEST].strip("-.") or otherwise)
        found, number = wanted, 1
        # Without regard to case, because files of these names may lie in one folder.
        while found.lower() in self._taken:
            number += 1
            found = _numbered(wanted, number)
        self._taken.add(found.lower())
        return found


def _numbered(name: str, number: int) -> str:
    """`levels.csv` with 2: `levels-2.csv`."""
    folder, slash, file = name.rpartition("/")
    stem, dot, extension = file.rpartition(".")
    numbered = f"{stem}-{number}{dot}{extension}" if stem else f"{file}-{number}"
    return f"{folder}{slash}{numbered}"
