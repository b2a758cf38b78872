"""Template helpers: what licences mean in plain words, over `config/steward/licence_meanings.csv`."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from ckanext.aivision.normalise import licences
from ckanext.aivision.normalise.vocabulary import rows

__all__ = ["aivision_licence_meaning", "aivision_licence_meanings"]
_LONGEST_QUERY = 200


class Meaning(NamedTuple):
    """A licence, and what it means. address: of its text; empty if it has none.

    reuse, sell, credit, share: `yes`, `no`, or `ask` if the terms must be read: whether the data can be used, can be
    sold, the source must be named, and what is made from them must go under the same licence.
    """

    id: str
    title: str
    address: str
    reuse: str
    sell: str
    credit: str
    share: str
    meaning: str


def aivision_licence_meaning(id: str) -> Meaning | None:
    """What the licence with this identifier means; None if it is none of the list."""
    return _meanings().get(id)


def aivision_licence_meanings(query: str = "") -> Sequence[Meaning]:
    """The licences whose title, identifier or meaning has all these words, in any order; all of them without words."""
    words = query[:_LONGEST_QUERY].casefold().split()
    found = _meanings().values()
    return [row for row in found if all(word in f"{row.title} {row.id} {row.meaning}".casefold() for word in words)]


@functools.cache
def _meanings() -> dict[str, Meaning]:
    told = {id: row for row in rows("licence_meanings", "steward") for id in row["ids"].split()}
    return {
        licence.id: Meaning(
            licence.id,
            licence.title,
            licence.uri,
            **{name: told[licence.id][name] for name in ("reuse", "sell", "credit", "share", "meaning")},
        )
        for licence in licences.all_licences()
        if licence.id in told
    }
