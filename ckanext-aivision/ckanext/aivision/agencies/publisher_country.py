"""The country that the name of a publisher tells: that of a body of the register, if its name is no other country's."""

from __future__ import annotations

import functools

from ckanext.aivision.agencies.register import load_register, rows
from ckanext.aivision.agencies.spelling import LONGEST_NAME, fold, fold_in
from ckanext.aivision.normalise.cache import cached


@cached(4096)
def country_of_publisher(name: str) -> str:
    """ISO 3166-1 alpha-2, by the register and `config/agencies/country_words.csv`; empty if the name tells none."""
    folded = fold(name[:LONGEST_NAME])
    found = set()
    for country, words in _words().items():
        told = [bodies for word, bodies in words if f" {word} " in f" {folded} "]
        # Reading the register takes a third of a second: most names without such a word never need it.
        if told and _is_body(country, folded, is_local="all" not in told):
            found.add(country)
    return found.pop() if len(found) == 1 else ""


def _is_body(country: str, folded: str, is_local: bool) -> bool:
    register = load_register()
    id = register.names.get((country, fold_in(country, folded)))
    return id is not None and (not is_local or register.agencies[id].level != "national")


@functools.cache
def _words() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows("country_words"):
        found.setdefault(row["country"], []).append((row["words"], row["bodies"]))
    return found
