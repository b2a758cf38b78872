"""Countries by their ISO 3166-1 codes, their names, and their address in the EU Publications Office's table."""

from __future__ import annotations

import functools

from ckanext.aivision.normalise.vocabulary import rows


@functools.cache
def _iris() -> dict[str, str]:
    return {row["code"]: row["iri"] for row in rows("countries")}


@functools.cache
def _codes() -> dict[str, str]:
    return {iri: code for code, iri in _iris().items()}


def iri_of(code: str) -> str | None:
    """The address of a country, by its ISO 3166-1 alpha-2 code; None if the table does not have it."""
    return _iris().get(code)


def code_of(iri: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country, by its address."""
    return _codes().get(iri)


def code_of_name(written: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country by its code (alpha-2 or alpha-3), name or address; empty if unknown."""
    text = written.strip()
    return code_of(text) or _names().get(text.casefold(), "")


@functools.cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows("countries"):
        names = (row["code"], row["iri"].rpartition("/")[2], *row["names"].split(";"))
        found |= dict.fromkeys((name.casefold() for name in names), row["code"])
    return found
