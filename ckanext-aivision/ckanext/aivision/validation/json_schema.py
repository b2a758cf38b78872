"""The JSON Schemas of a standard. All references are local: nothing is fetched."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs
import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.validation.findings import Finding, Steps, format_path, joined
from ckanext.aivision.validation.messages import Wording
from ckanext.aivision.validation.standards import Standard, content, find_standard

# Of one record; of a list of a million wrong values the first ones are reported.
_MOST_ERRORS = 100
# Values of a record whose errors are collected: an error of each would take ten kilobytes. Whether it is
# valid at all is decided by all of it.
_MOST_TOLD = 20_000
# Nearly always the first ones of them have more errors than are reported; then the others need not be looked at.
_FIRST_TOLD = 2_000
# Values that are tried for advice: each costs about as much as the record itself, and reports tell one of each kind.
_MOST_TRIALS = 5_000
# Of one record as many are tried as its number of values, and this for each trial, go into this: about a second.
_MOST_TRIED = 20_000
_EACH_TRIAL = 100


class Schemas:
    """The schemas of one standard, ready to check with."""

    def __init__(self, standard: Standard) -> None:
        self._trials = _MOST_TRIALS
        self._contents: dict[str, dict[str, Any]] = {
            file: msgspec.json.decode(content(file)) for file in standard.files
        }
        self._registry = jsonschema_rs.Registry([(_id(schema), schema) for schema in self._contents.values()])
        self._wording, self._plain = (Wording(standard.advice, self._members_at) for _ in range(2))
        self._validators = {part: self._validator(place) for part, place in standard.parts.items()}

    def errors(self, part: str, value: Any, where: str) -> Iterator[Finding]:
        """What is wrong with a value.

        part: of the standard's parts. value: JSON types, as published. where: its place, a JSON path.
        """
        validator = self._validators[part]
        if validator.is_valid(value):
            return
        told: list[Finding] = []
        for most in (_FIRST_TOLD, _MOST_TOLD):
            beginning, count = _beginning(value, most)
            is_whole = count < most
            trial = _Trials(validator, beginning, count, self._list_findings, self._may_try).helps
            errors = self._wording.findings(validator.iter_errors(beginning), where, trial)
            told = list(itertools.islice(errors, _MOST_ERRORS + 1))
            if is_whole or len(told) > _MOST_ERRORS:
                break
        yield from told[:_MOST_ERRORS]
        if len(told) > _MOST_ERRORS or not (told and is_whole):
            message = "has more errors than are shown: only the first errors of so many values are reported"
            yield Finding(
                "too-many-errors", "error", "", where, message, "fix these, then check again; use fewer values"
            )

    def faults(self, part: str, value: Any, where: str) -> Iterator[Finding]:
        """What is wrong with a value, as `errors` says it, in a page's time: what would help instead is not tried."""
        validator = self._validators[part]
        if not validator.is_valid(value):
            beginning, _ = _beginning(value, _MOST_TOLD)
            errors = self._plain.findings(validator.iter_errors(beginning), where, lambda path, instead: False)
            yield from itertools.islice(errors, _MOST_ERRORS)

    def _may_try(self) -> bool:
        """Whether one more value may be tried: of very many values not all are."""
        self._trials -= 1
        return self._trials >= 0

    def _list_findings(self, validator: jsonschema_rs.Validator, value: Any) -> set[tuple[str, str]]:
        found = self._plain.findings(validator.iter_errors(value), "$", lambda path, instead: False)
        return {(finding.where, finding.message) for finding in itertools.islice(found, _MOST_ERRORS)}

    def _members_at(self, error: jsonschema_rs.ValidationError) -> list[str]:
        id, _, pointer = (error.absolute_keyword_location or "").partition("#")
        found: Any = next((schema for schema in self._contents.values() if _id(schema) == id), None)
        for step in pointer.split("/")[1:-1]:
            found = found.get(step) if isinstance(found, dict) else None
        return list(found.get("properties", ())) if isinstance(found, dict) else []

    def _validator(self, place: str) -> jsonschema_rs.Validator:
        file, _, pointer = place.partition("#")
        schema = self._contents[file]
        start = {"$schema": schema["$schema"], "$ref": f"{_id(schema)}#{pointer}"}
        return jsonschema_rs.validator_for(start, validate_formats=True, registry=self._registry, offline=True)


class _Trials:
    """Whether another value at a place of a record would help. Of a large record few values are tried."""

    def __init__(
        self,
        validator: jsonschema_rs.Validator,
        value: Any,
        count: int,
        findings: Callable[[jsonschema_rs.Validator, Any], set[tuple[str, str]]],
        may_try: Callable[[], bool],
    ) -> None:
        """value: the record, which has so many values. findings: what is wrong with a record."""
        self._validator, self._value, self._findings, self._may_try = validator, value, findings, may_try
        self._left = _MOST_TRIED // (count + _EACH_TRIAL)

    def helps(self, path: Steps, instead: Any) -> bool:
        """Whether nothing is wrong any more at a place, nor anything new above it, if another value stands there."""
        if not path or self._left <= 0 or not self._may_try():
            return False
        self._left -= 1
        changed = msgspec.json.decode(self._encoded)
        above = functools.reduce(lambda found, step: found[step], path[:-1], changed)
        above[path[-1]] = instead
        place = joined("$", format_path(path))
        after = self._findings(self._validator, changed)
        within = any(where == place or where.startswith((f"{place}.", f"{place}[")) for where, _ in after)
        return not within and all(not place.startswith(where) for where, _ in after - self._before)

    @functools.cached_property
    def _encoded(self) -> bytes:
        return msgspec.json.encode(self._value)

    @functools.cached_property
    def _before(self) -> set[tuple[str, str]]:
        return self._findings(self._validator, self._value)


class MemberSchemas:
    """The schemas of the members of an object of a standard, each by itself: for those who write such an object."""

    def __init__(self, standard: Standard, place: str) -> None:
        """place: of the object's schema, a file below config/standards/ and what may follow `#`."""
        contents = {file: msgspec.json.decode(content(file)) for file in standard.files}
        self._registry = jsonschema_rs.Registry([(_id(schema), schema) for schema in contents.values()])
        file, _, pointer = place.partition("#")
        schema: Any = contents[file]
        self._start = f"{_id(schema)}#{pointer}/properties/"
        self._dialect = schema["$schema"]
        for step in pointer.split("/")[1:]:
            schema = schema[step]
        self.names = frozenset(schema.get("properties", ()))
        self.required = frozenset(schema.get("required", ()))
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    def is_valid(self, member: str, value: Any) -> bool:
        """Whether a member may have this value; the standard says nothing of members that it does not have."""
        if member not in self.names:
            return True
        validator = self._validators.get(member)
        if validator is None:
            start = {"$schema": self._dialect, "$ref": self._start + member.replace("@", "%40")}
            validator = jsonschema_rs.validator_for(start, validate_formats=True, registry=self._registry, offline=True)
            self._validators[member] = validator
        return bool(validator.is_valid(value))


def _beginning(value: Any, most: int) -> tuple[Any, int]:
    """A value with its lists cut where there are `most` values or more in all, and how many it has then."""
    left = most

    def copied(one: Any) -> Any:
        nonlocal left
        left -= 1
        if isinstance(one, dict):
            return {key: copied(item) for key, item in one.items()}
        if isinstance(one, list):
            # The first one stays: an empty list would be another fault.
            return [copied(item) for index, item in enumerate(one) if index == 0 or left > 0]
        return one

    beginning = copied(value)
    return beginning, most - left


def _id(schema: dict[str, Any]) -> str:
    found: str = schema["$id"]
    return found.rstrip("#")


@functools.cache
def member_schemas(name: str, place: str) -> MemberSchemas:
    """The schemas of an object's members. name: of the standard. place: as for MemberSchemas."""
    return MemberSchemas(find_standard(name), place)


@functools.cache
def schemas(name: str) -> Schemas:
    """The schemas of the standard of that name."""
    return Schemas(find_standard(name))


def report_repairs(problems: list[Problem]) -> Iterator[Finding]:
    """What the reader had to mend, or could not read, as findings: by it the text is no sound JSON or YAML."""
    for problem in problems:
        what, _, fix = problem.message.rpartition(": ")
        yield Finding(problem.code, "error", "", problem.where, what or problem.message, fix, problem.seen)
