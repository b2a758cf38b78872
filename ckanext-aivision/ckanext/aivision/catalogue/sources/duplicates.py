"""Find the same dataset from two sources, by its identifier or by title, publisher and download addresses."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.record import Dataset

# A short identifier (`1`, `roads`) is a source's own: two that are equal tell nothing.
_SHORTEST_IDENTIFIER = 16
_MOST = 10

_ALIKE = sa.text(
    """
    SELECT r.source, r.identifier, p.name, p.title, r.identifier = mine.identifier AS same_identifier
    FROM aivision_record mine
    JOIN aivision_record r ON r.source <> mine.source AND r.state <> 'deleted' AND (
        (r.identifier = mine.identifier AND length(mine.identifier) >= :shortest) OR r.fingerprint = mine.fingerprint
    )
    JOIN package p ON p.id = r.package_id AND p.state = 'active' AND NOT p.private
    WHERE mine.package_id = :package ORDER BY r.source, r.identifier LIMIT :most
    """
)


class Alike(NamedTuple):
    """A dataset of another source that is taken for the same, by its identifier or else by all the other marks."""

    source: str
    identifier: str
    name: str
    title: str
    same_identifier: bool


def fingerprint(dataset: Dataset) -> str | None:
    """A digest of title, publisher and download addresses; None without an address, when too much would look alike."""
    urls = sorted({item.url for item in dataset.distribution if item.url})
    if not urls:
        return None
    publisher = dataset.publisher.name if dataset.publisher and dataset.publisher.name else ""
    text = "\n".join((dataset.title.casefold().strip(), publisher.casefold().strip(), *urls))
    return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def alike(package_id: str) -> list[Alike]:
    """The datasets of other sources that a harvested dataset is taken to be the same as, ten at most."""
    values = {"package": package_id, "shortest": _SHORTEST_IDENTIFIER, "most": _MOST}
    return [Alike(*row) for row in model.Session.execute(_ALIKE, values)]
