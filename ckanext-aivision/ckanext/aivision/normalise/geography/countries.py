"""Countries by their ISO 3166-1 code and by their address in the EU Publications Office's table."""

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
