"""YAML from anybody as the parser's events, with a bound on its depth and a word on its aliases.

Nine lines of aliases can stand for a thousand million values, and some hundred brackets end Python's recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

# The parser in C, where PyYAML has it.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlFault(Exception):
    """What is wrong with a text. kind: `alias`, `depth` or `syntax`. line: counted from 1; None where it is unknown."""

    def __init__(self, kind: str, message: str, line: int | None) -> None:
        super().__init__(message)
        self.kind, self.line = kind, line


def events(text: str, deepest: int, aliases: bool, loader: Any = LOADER) -> Iterator[Any]:
    """The events of a text. deepest: levels of collections inside each other. aliases: whether there may be any.

    Raises YamlFault where it has more than that, or is no YAML; the events before that have been yielded.
    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > deepest:
                    raise YamlFault("depth", f"more than {deepest} levels inside each other", _line(event.start_mark))
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif not aliases and isinstance(event, yaml.AliasEvent):
                message = f"`*{event.anchor}` is an alias; write out its value"
                raise YamlFault("alias", message, _line(event.start_mark))
            yield event
    except yaml.YAMLError as error:
        raise _syntax_fault(error) from error


def nodes(text: str, deepest: int, loader: Any = LOADER) -> yaml.Node | None:
    """The one document of a text as nodes, which know their lines; None where it is empty. Aliases are refused.

    Raises YamlFault as `events`.
    """
    for _ in events(text, deepest, aliases=False, loader=loader):
        pass
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        raise _syntax_fault(error) from error
    return root


def _syntax_fault(error: yaml.YAMLError) -> YamlFault:
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    return YamlFault("syntax", what, _line(getattr(error, "problem_mark", None)))


def _line(mark: Any) -> int | None:
    return mark.line + 1 if mark is not None else None
