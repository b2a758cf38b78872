"""Who writes a fragment of a record, and how.

A fragment is put into a record that says nothing else. Members of a data.gov.uk package whose names GEMINI, DCAT or
INSPIRE gave stand in its extras, as they do in real ones.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Side(NamedTuple):
    """A fragment of a record, and who writes it: a key of `READERS` in test_pairs."""

    kind: str
    members: dict[str, Any]


def us(**members: Any) -> Side:
    """DCAT-US 1.1."""
    return Side("us", members)


def us3(**members: Any) -> Side:
    """DCAT-US 3.0, as far as it is read."""
    return Side("us3", members)


def uk(members: dict[str, Any] | None = None, **more: Any) -> Side:
    """data.gov.uk, fields of a package."""
    return Side("uk", {**(members or {}), **more})


def extras(members: dict[str, Any] | None = None, **more: Any) -> Side:
    """data.gov.uk, fields in extras."""
    listed = [{"key": key, "value": value} for key, value in {**(members or {}), **more}.items()]
    return Side("uk", {"extras": listed})


def own(**members: Any) -> Side:
    """The form of this catalogue."""
    return Side("own", members)


def file(**members: Any) -> dict[str, Any]:
    return {"distribution": [members]}


def resource(**members: Any) -> dict[str, Any]:
    return {"resources": [members]}


Pairs = dict[str, list[tuple[str, Side, Side]]]


CSV, PDF, ZIP, XLS = (f"https://rivers.example.gov/levels.{kind}" for kind in ("csv", "pdf", "zip", "xls"))
LEVELS = "https://rivers.example.gov/levels"
