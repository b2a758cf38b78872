"""Vocabularies: CSV files of `config/vocabularies`, whose first lines (`#`) say where they come from."""

from __future__ import annotations

import csv
import re
from importlib import resources

# Longer strings are no term of any vocabulary: looking them up would only cost time and memory.
LONGEST_TERM = 500

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_URI = re.compile(r"(?:https?://|urn:)\S*?([^\s/#:]+)[/#]?", re.IGNORECASE)
_COMPACT = re.compile(r"[a-z]{2,12}:([a-z][\w-]*)", re.IGNORECASE)


def rows(name: str, folder: str = "vocabularies") -> list[dict[str, str]]:
    """The rows of a vocabulary, or of a table in another folder of `config`, by its file's stem."""
    path = resources.files("ckanext.aivision.config") / folder / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def folded(text: str) -> str:
    """Letters and digits in lower case: `Comma-Separated Values (.csv)` and `comma separated values csv` are one."""
    return _NOT_ALPHANUMERIC.sub("", text[:LONGEST_TERM]).lower()


def aliases(name: str, key: str) -> dict[str, str]:
    """Folded alias -> the row's key, for a vocabulary whose column `aliases` is separated by spaces."""
    table = rows(name)
    found = {folded(row[key]): row[key] for row in table}
    for row in table:
        for alias in row["aliases"].split():
            found.setdefault(alias, row[key])
    return found


def local_name(text: str) -> str | None:
    """The last part of a URI or compact IRI: `ENVI` of `.../data-theme/ENVI`; None if the text is neither."""
    short = text[:LONGEST_TERM].strip()
    match = _URI.fullmatch(short) or _COMPACT.fullmatch(short)
    return match[1] if match is not None else None
