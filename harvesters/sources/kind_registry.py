"""The kinds of sources: each folder of `harvesters/protocols/` is one.

The folders are found, not listed, so that a new protocol is a new folder and nothing else. Only their declarations are
imported here; how a protocol is read is imported when something is read (`protocols.recognition`).
"""

from __future__ import annotations

import importlib
import pkgutil

from ckanext.aivision.harvesters.sources.kind import Kind

_PROTOCOLS = "ckanext.aivision.harvesters.protocols"


def _declared() -> dict[str, Kind]:
    """Package -> the kind that it declares, in the order of the kinds."""
    folders = pkgutil.iter_modules(importlib.import_module(_PROTOCOLS).__path__, f"{_PROTOCOLS}.")
    kinds = {folder.name: _kind_of(folder.name) for folder in folders if folder.ispkg}
    return dict(sorted(kinds.items(), key=lambda item: (item[1].order, item[1].name)))


def _kind_of(package: str) -> Kind:
    kind = getattr(importlib.import_module(package), "KIND", None)
    if not isinstance(kind, Kind):
        raise ImportError(f"{package}: its __init__.py declares no KIND; see CONTRIBUTING.md, A new protocol")
    return kind


_declarations = _declared()
# In their order.
KINDS: dict[str, Kind] = {kind.name: kind for kind in _declarations.values()}
PACKAGES: dict[str, str] = {kind.name: package for package, kind in _declarations.items()}
if len(KINDS) < len(_declarations):
    raise ImportError(f"{_PROTOCOLS}: two folders declare a KIND of the same name; give each its own")
