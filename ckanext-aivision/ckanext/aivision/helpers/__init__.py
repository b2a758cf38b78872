"""Template helpers (CKAN's ITemplateHelpers), by subject.

A module here lists its helpers in `__all__`, and `aivision_core` registers them; there is no other list. Those of
`structured_data` take the place of ckanext-dcat's, so that plugins of ours register them by its names. Those of
`ckan_overrides` take the place of CKAN's, in sites that ask for it (`ckanext.aivision.keep_page_parts`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

_OF_CKAN = f"{__name__}.ckan_overrides"


def find_helpers(with_ckans: bool) -> dict[str, Callable[..., Any]]:
    """The helpers of all modules in this folder and below it, by their names in templates.

    with_ckans: also those that take the place of CKAN's.
    """
    names = [found.name for found in pkgutil.walk_packages(__path__, f"{__name__}.")]
    modules = [importlib.import_module(name) for name in names if with_ckans or name != _OF_CKAN]
    return {name: getattr(module, name) for module in modules for name in getattr(module, "__all__", ())}
