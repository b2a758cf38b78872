"""The forms in which results are written. Each module has one function `write(rows, judged, stream)`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import BinaryIO

from ckanext.aivision.cli.input.records import Judged, Rows

Write = Callable[[Rows, Judged, BinaryIO], None]

FORMS = ("table", "json", "ndjson", "csv", "sarif", "html", "junit")


def writer(form: str) -> Write:
    """What writes results in a form. Only what is used is imported."""
    found: Write = importlib.import_module(f"{__name__}.{form}").write
    return found
