"""Names of the public datasets as CKAN has them, with the time of the last change of each."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.tables.public_records import PUBLIC

_COUNT = sa.text(f"SELECT count(*) FROM package p WHERE {PUBLIC}")  # noqa: S608 - a condition of ours
# Ids of CKAN are random, but those of an imported catalogue may not be: their hashes are spread evenly.
_PART = sa.text(
    f"""
    SELECT p.name, p.metadata_modified FROM package p
    WHERE {PUBLIC} AND left(md5(p.id), :digits) = :part ORDER BY p.name
    """  # noqa: S608 - a condition of ours
)


def count() -> int:
    """How many public datasets there are."""
    with model.meta.engine.connect() as connection:
        return int(connection.execute(_COUNT).scalar_one())


def part_of(part: str) -> Iterator[tuple[str, datetime.datetime]]:
    """Name and last change (UTC, without a zone) of the datasets in a part: those whose hashes begin with it.

    part: hexadecimal digits; all datasets if it is empty.
    """
    with model.meta.engine.connect() as connection:
        for row in connection.execute(_PART, {"digits": len(part), "part": part}):
            yield row.name, row.metadata_modified
