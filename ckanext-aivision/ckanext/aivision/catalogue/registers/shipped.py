"""The entries that come with the software: `config/registers/REGISTER.yaml`."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

import msgspec

from ckanext.aivision.errors import UsageError


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the facts can be checked. seen: the day on which they were seen there, as YYYY-MM-DD."""

    title: str
    url: str
    seen: str


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A clause of a document or a part of a programme. about: in our words. date: YYYY, YYYY-MM or YYYY-MM-DD."""

    clause: str
    about: str
    date: str = ""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """An entry; its fields are those of `config/schemas/REGISTER.yaml`. Dates as those of a Part."""

    name: str
    title: str
    notes: str
    country: list[str]
    kind: str
    body: str
    status: str
    sources: list[Source]
    audience: str = ""
    issued: str = ""
    in_force_since: str = ""
    next_review: str = ""
    clauses: list[Part] = []
    criteria: list[str] = []
    cited_as: list[str] = []
    priorities: list[str] = []

    def content(self) -> dict[str, Any]:
        """The fields as the form has them, without those that are empty."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


@functools.cache
def shipped_entries(register: str) -> tuple[Entry, ...]:
    """The entries of a register. Raises UsageError if its table is not in their form."""
    path = resources.files("ckanext.aivision.config") / "registers" / f"{register}.yaml"
    try:
        return tuple(msgspec.yaml.decode(path.read_bytes(), type=list[Entry]))
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"config/registers/{register}.yaml: {' '.join(str(error).split())}") from error


def fingerprint(content: Mapping[str, Any]) -> str:
    """A hash of the fields that a shipped entry can have; of a package, its other members do not count.

    Values that are empty, the order of choices, and how lines of a text end make no difference.
    """
    kept = {name: _canonical(content.get(name)) for name in Entry.__struct_fields__}
    text = json.dumps({name: value for name, value in kept.items() if value}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _canonical(item) for name, item in value.items() if item}
    if isinstance(value, list):
        items = [_canonical(item) for item in value]
        return sorted(items) if all(isinstance(item, str) for item in items) else items
    return "\n".join(value.split("\r\n")).strip() if isinstance(value, str) else value
