"""What a page asks for again and again while it is drawn: computed once in a request."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

from ckan.plugins import toolkit
from flask import has_request_context

Result = TypeVar("Result")


def once_a_request(compute: Callable[[], Result]) -> Callable[[], Result]:
    """A function without parameters that is computed at its first call in a request, in the reader's language.

    Outside a request, as in a command, it is computed at each call.
    """
    name = f"aivision:{compute.__module__}.{compute.__qualname__}"

    @functools.wraps(compute)
    def computed() -> Result:
        if not has_request_context():
            return compute()
        if name not in toolkit.g:
            setattr(toolkit.g, name, compute())
        found: Result = getattr(toolkit.g, name)
        return found

    return computed
