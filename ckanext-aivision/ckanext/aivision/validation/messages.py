"""JSON Schema errors in plain words; among alternatives, the one closest to the value."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from jsonschema_rs import ValidationError

from ckanext.aivision.harvesters.mapping.table import describe_value
from ckanext.aivision.validation.advice import replacement
from ckanext.aivision.validation.findings import Finding, Steps, format_path, general, joined
from ckanext.aivision.validation.standards import table

_ALTERNATIVES = ("anyOf", "oneOf")
_OF_TYPED = ("enum", "const", "pattern", "format")
_TYPES = {
    "string": "text",
    "object": "an object",
    "array": "a list",
    "boolean": "true or false",
    "null": "null",
    "integer": "a whole number",
    "number": "a number",
}
_LIMITS = {
    "maxLength": "text of at most {:,} characters",
    "minItems": "a list of at least {:,}",
    "maxItems": "a list of at most {:,}",
    "minimum": "at least {:,}",
    "maximum": "at most {:,}",
    "exclusiveMinimum": "more than {:,}",
    "exclusiveMaximum": "less than {:,}",
    "multipleOf": "a multiple of {:,}",
    "minProperties": "an object with at least {:,} members",
    "maxProperties": "an object with at most {:,} members",
}
# At most this many values of a list are named.
_MOST_OPTIONS = 8
_LONGEST_PATTERN = 100
# At most this many members of an object are compared with a misspelt one.
_MOST_UNKNOWN = 100
# How alike two names are that are taken for one, 0 to 1.
_ALIKE = 0.8
_NO_MEMBER = "is not a member that the standard has here"


class Wording:
    """Tells the errors of one standard.

    members: the names that the schema has for the members of the object that an error is about.
    """

    def __init__(self, advice: Mapping[str, str], members: Callable[[ValidationError], list[str]]) -> None:
        """advice: field -> what to do where it is wrong."""
        self._advice, self._members = advice, members
        self._helps: Callable[[Steps, Any], bool] = lambda path, value: False

    def findings(
        self, errors: Iterable[ValidationError], where: str, helps: Callable[[Steps, Any], bool]
    ) -> Iterator[Finding]:
        """The errors of one record, each told once. where: of the record, a JSON path.

        helps: whether the record is valid at a place if another value stands there.
        """
        self._helps = helps
        told: set[tuple[str, str]] = set()
        mistyped: set[str] = set()
        for error in errors:
            for found in self._find(error, where):
                # What is of the wrong type is no value of a list either.
                if (found.where, found.message) in told or (found.rule in _OF_TYPED and found.where in mistyped):
                    continue
                told.add((found.where, found.message))
                if found.rule == "type":
                    mistyped.add(found.where)
                yield found

    def _find(self, error: ValidationError, where: str) -> Iterator[Finding]:
        name, path = error.kind.name, list(error.instance_path)
        if name in _ALTERNATIVES and (inner := _closest(error)) is not None:
            for item in inner:
                yield from self._find(item, where)
        elif name == "required":
            yield self._missing(error, where)
        elif name in ("additionalProperties", "unevaluatedProperties"):
            for member in sorted(error.kind.value)[:_MOST_UNKNOWN]:
                yield self._unknown(error, member, where)
        else:
            leaves = list(_leaves(error))
            message = (
                f"must be {_describe_requirement(leaves)}" if name != "not" else "is not allowed here by the standard"
            )
            yield _make_finding(
                leaves[0].kind.name, where, path, message, self._fix(error, leaves), _describe_value(error)
            )

    def _missing(self, error: ValidationError, where: str) -> Finding:
        member = str(error.kind.value)
        path = [*error.instance_path, member]
        there = list(error.instance)[:_MOST_UNKNOWN] if isinstance(error.instance, dict) else []
        fix = self._advice.get(general(path), "")
        if close := difflib.get_close_matches(member.lower(), [name.lower() for name in there], 1, _ALIKE):
            seen = next(name for name in there if name.lower() == close[0])
            fix = f"there is `{describe_value(seen)}`: write `{member}`"
        return _make_finding("required", where, path, "is missing", fix or f"add `{member}`", "")

    def _unknown(self, error: ValidationError, member: str, where: str) -> Finding:
        close = difflib.get_close_matches(member[:100], self._members(error), 1)
        fix = f"did you mean `{close[0]}`?" if close else "take it out"
        return _make_finding(
            error.kind.name, where, [*error.instance_path, describe_value(member)], _NO_MEMBER, fix, ""
        )

    def _fix(self, error: ValidationError, leaves: list[ValidationError]) -> str:
        seen = error.instance
        path = list(error.instance_path)
        options = {
            option.lower(): option
            for leaf in leaves
            for option in (leaf.kind.value if leaf.kind.name == "enum" else ())
            if isinstance(option, str)
        }
        if isinstance(seen, str) and (close := difflib.get_close_matches(seen.lower()[:100], options, 1)):
            return f"did you mean `{options[close[0]]}`?"
        if own := self._advice.get(general(path), ""):
            return own
        member = next((step for step in reversed(path) if isinstance(step, str)), "")
        return replacement(member, seen, lambda value: self._helps(path, value))


def _make_finding(rule: str, where: str, path: Steps, message: str, fix: str, seen: str) -> Finding:
    return Finding(rule, "error", general(path), joined(where, format_path(path)), message, fix, seen)


def _closest(error: ValidationError) -> list[ValidationError] | None:
    """The errors of the alternative that the value comes closest to, where they are inside it; else None."""
    depth = len(error.instance_path)
    fitting = [branch for branch in _branches(error) if not any(_misfit(item, depth) for item in branch)]
    structured = isinstance(error.instance, (dict, list))
    if not fitting or not structured:
        return None
    return min(fitting, key=len)


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    branches: list[list[ValidationError]] = getattr(error.kind, "context", [])
    return [branch for branch in branches if branch]


def _misfit(error: ValidationError, depth: int) -> bool:
    """Whether an alternative is for a value of another type altogether."""
    if len(error.instance_path) > depth:
        return False
    if error.kind.name in _ALTERNATIVES:
        return all(any(_misfit(item, depth) for item in branch) for branch in _branches(error))
    return error.kind.name == "type"


def _leaves(error: ValidationError) -> list[ValidationError]:
    """What the alternatives ask: those for values of this type, or all where they are not for people to use."""
    if error.kind.name not in _ALTERNATIVES:
        return [error]
    branches, depth = _branches(error), len(error.instance_path)
    fitting = [branch for branch in branches if not any(_misfit(item, depth) for item in branch)]
    for chosen in (fitting, [branch for branch in branches if not _is_null(branch)], branches):
        leaves = [leaf for branch in chosen for leaf in _leaves(branch[0]) if any(_phrase(leaf))]
        if leaves:
            return leaves
    return [error]


def _describe_requirement(leaves: list[ValidationError]) -> str:
    """What a value must be, in words."""
    phrases = list(dict.fromkeys(phrase for leaf in leaves for phrase in _phrase(leaf)))
    if len(phrases) > _MOST_OPTIONS + 1:
        phrases = [*phrases[:_MOST_OPTIONS], f"{len(phrases) - _MOST_OPTIONS} others"]
    return " or ".join([", ".join(phrases[:-1]), phrases[-1]] if len(phrases) > 1 else phrases)


def _is_null(branch: list[ValidationError]) -> bool:
    return any(item.kind.name == "type" and item.kind.value == ["null"] for item in branch)


def _phrase(error: ValidationError) -> Iterator[str]:
    """What one keyword asks; nothing if it is not for people to use."""
    name, value = error.kind.name, error.kind.value
    if name in _SEVERAL:
        yield from _SEVERAL[name](value)
    elif name in _LIMITS:
        yield _LIMITS[name].format(value)
    elif name == "pattern":
        yield from filter(None, [table().patterns.get(value, f"text like {describe_value(value[:_LONGEST_PATTERN])}")])
    elif name == "format":
        yield table().formats.get(value, f"of the format {value}")
    elif name == "minLength":
        yield "text that is not empty" if value == 1 else f"text of at least {value:,} characters"
    else:
        yield f"as defined by `{name}` in the schema"


def _options(values: list[Any]) -> Iterator[str]:
    if len(values) > _MOST_OPTIONS:
        yield f"one of the standard's {len(values):,} values, such as {_literal(values[0])}"
    else:
        yield from map(_literal, values)


def _literal(value: Any) -> str:
    return describe_value(json.dumps(value, ensure_ascii=False))


def _describe_value(error: ValidationError) -> str:
    value = error.instance
    if isinstance(value, (dict, list)):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value):,}"
    return describe_value(value) if isinstance(value, str) else describe_value(json.dumps(value))


# Keyword -> what each of its values asks.
_SEVERAL: dict[str, Callable[[Any], Iterator[str]]] = {
    "type": lambda kinds: (_TYPES.get(kind, kind) for kind in kinds),
    "const": lambda value: iter((_literal(value),)),
    "enum": _options,
    "uniqueItems": lambda _: iter(("a list without repetitions",)),
}
