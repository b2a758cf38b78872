"""The standards to check against: the table config/standards.yaml and its files."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Literal

import msgspec


class Standard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of config/standards.yaml, whose head says what its fields are."""

    title: str
    language: Literal["json-schema", "shacl"]
    kind: str
    files: tuple[str, ...]
    parts: dict[str, str] = {}
    edition: str = ""
    default: bool = False
    advice: dict[str, str] = {}
    name: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    standards: dict[str, Standard]
    formats: dict[str, str]
    patterns: dict[str, str]


@functools.cache
def table() -> _Table:
    """All of config/standards.yaml. formats, patterns: those of JSON Schema -> how to say them."""
    text = (resources.files("ckanext.aivision.config") / "standards.yaml").read_bytes()
    found = msgspec.yaml.decode(text, type=_Table)
    by_name = {name: msgspec.structs.replace(row, name=name) for name, row in found.standards.items()}
    return msgspec.structs.replace(found, standards=by_name)


def find_standard(name: str) -> Standard:
    """The standard of that name, which is one of the table's."""
    return table().standards[name]


def default(kind: str, edition: str = "") -> Standard | None:
    """The standard for documents of a kind, where nobody has named one; None if a kind has none."""
    rows = (row for row in table().standards.values() if row.default and row.kind == kind)
    return next((row for row in rows if row.edition == edition), None)


def content(file: str) -> bytes:
    """A schema or shapes as they were published. file: as the table has it, below config/standards/."""
    return (resources.files("ckanext.aivision.config") / "standards").joinpath(*file.split("/")).read_bytes()
