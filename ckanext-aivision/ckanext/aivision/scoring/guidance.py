"""The published documents that criteria cite: `config/guidance.yaml`."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Literal

import msgspec

from ckanext.aivision.errors import UsageError


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """sure: how well it was read: the text itself, a report on it, or general knowledge. clauses: in our words."""

    title: str
    publisher: str
    date: str
    jurisdiction: str
    sure: Literal["full", "part", "known"]
    clauses: dict[str, str] = {}
    url: str = ""


@functools.cache
def load_guidance() -> dict[str, Document]:
    """The documents by the id that citations use. Raises UsageError if the file is not in their form."""
    path = resources.files("ckanext.aivision.config") / "guidance.yaml"
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=dict[str, Document])
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"config/guidance.yaml: {' '.join(str(error).split())}") from error


def cited(source: str) -> str:
    """A citation (`DOC 2.1.2`) with what its clause is about. Raises KeyError if the document is not known."""
    document, _, clause = source.partition(" ")
    told = load_guidance()[document].clauses.get(clause, "")
    return f"{source} ({told})" if told else source
