"""The docstrings of actions, which CKAN gives out as their help, in parts."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

Action = TypeVar("Action", bound=Callable[..., Any])
_FIELD = re.compile(r"^:", re.MULTILINE)


class Described(NamedTuple):
    """text: what the action does. parameters: what each is, by name. returns: what comes back, or empty.

    raises: when, by the name of the error.
    """

    text: str
    parameters: dict[str, str]
    returns: str
    raises: dict[str, str]


def lists(**items: Iterable[object]) -> Callable[[Action], Action]:
    """Fills in a list that is kept elsewhere: `{name}` in the docstring of an action."""

    def fill(action: Action) -> Action:
        for name, each in items.items():
            action.__doc__ = (action.__doc__ or "").replace(f"{{{name}}}", ", ".join(map(str, each)))
        return action

    return fill


def describe(action: Any) -> Described:
    """The docstring of an action, in parts. `:param a, b: ...` describes both."""
    text, *fields = _FIELD.split(inspect.getdoc(action) or "")
    found = Described(text.strip(), {}, "", {})
    for field in fields:
        label, _, told = field.partition(":")
        kind, _, name = label.partition(" ")
        told = " ".join(told.split())
        if kind == "param":
            found.parameters.update(dict.fromkeys((one.strip() for one in name.split(",")), told))
        elif kind == "raises":
            found.raises[name] = told
        else:
            found = found._replace(returns=told)
    return found
