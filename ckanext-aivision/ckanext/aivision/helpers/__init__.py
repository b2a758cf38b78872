"""Template helpers (CKAN's ITemplateHelpers), by subject.

A module here lists its helpers in `__all__`, and `aivision_core` registers them; there is no other list. Those of
`structured_data` take the place of ckanext-dcat's, so that plugins of ours register them by its names.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any


def find_helpers() -> dict[str, Callable[..., Any]]:
    """The helpers of all modules in this folder and below it, by their names in templates."""
    names = [found.name for found in pkgutil.walk_packages(__path__, f"{__name__}.")]
    modules = [importlib.import_module(name) for name in names]
    return {name: getattr(module, name) for module in modules for name in getattr(module, "__all__", ())}
