"""ckanext-aivision: harvest public datasets, evaluate how ready they are for AI, and compare them.

Programs use `read`, `evaluate` and `open_catalogue` (docs/python.md). They are imported when they are first used, so
that importing this package is cheap: nothing here imports CKAN, a reader of metadata or a table.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ckanext.aivision.api.catalogues import Catalogue, open_catalogue
    from ckanext.aivision.api.records import evaluate, read
    from ckanext.aivision.errors import AivisionError, SourceError, UsageError

__all__ = ["AivisionError", "Catalogue", "SourceError", "UsageError", "evaluate", "open_catalogue", "read"]
__version__ = "0.1.0"

# Where each public name is.
_HOMES = {
    "AivisionError": "errors",
    "Catalogue": "api.catalogues",
    "SourceError": "errors",
    "UsageError": "errors",
    "evaluate": "api.records",
    "open_catalogue": "api.catalogues",
    "read": "api.records",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
