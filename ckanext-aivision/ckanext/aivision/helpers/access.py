"""CKAN's helper that says what the reader may do: worked out once in a page, which asks up to five times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan.plugins import toolkit
from flask import has_request_context

__all__ = ["check_access"]

_KEPT = "aivision_access"


@toolkit.chained_helper
def check_access(following: Callable[..., bool], action: str, data_dict: dict[str, Any] | None = None) -> bool:
    """As of CKAN. Reading changes nothing that it depends on, so within such a request the answer stays the same."""
    values = tuple(sorted((data_dict or {}).items()))
    if (
        not has_request_context()
        or toolkit.request.method not in ("GET", "HEAD")
        or not all(isinstance(value, str) for _, value in values)
    ):
        return following(action, data_dict)
    kept: dict[tuple[object, ...], bool] = toolkit.g.setdefault(_KEPT, {})
    key = action, toolkit.current_user.name, values
    if key not in kept:
        kept[key] = following(action, data_dict)
    return kept[key]
