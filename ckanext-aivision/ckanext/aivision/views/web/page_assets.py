"""Addresses of style sheets and scripts, kept for some seconds: a page has a dozen bundles of them.

webassets looks at each page whether a bundle's files have changed since it was put together, which takes a fifth of the
time of a short page. Who changes a file, or removes what was put together, sees that after a moment as before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from webassets.bundle import Bundle
from webassets.env import Environment

_SECONDS = 10


class _Addresses:
    """In the place of a bundle's `urls`."""

    def __init__(self, bundle: Bundle) -> None:
        self._find: Callable[..., list[Any]] = bundle.urls
        self._kept: tuple[float, list[str]] = (0.0, [])

    def __call__(self, *args: Any, **options: Any) -> list[Any]:
        if args or options:
            return list(self._find(*args, **options))
        end, found = self._kept
        if time.monotonic() >= end:
            found = self._find()
            self._kept = (time.monotonic() + _SECONDS, found)
        return list(found)


def keep(environment: Environment) -> None:
    """Has the bundles of an environment keep their addresses; in debug mode, where styles are written, not."""
    if environment.debug:
        return
    for bundle in environment:
        if not isinstance(bundle.urls, _Addresses):
            bundle.urls = _Addresses(bundle)
