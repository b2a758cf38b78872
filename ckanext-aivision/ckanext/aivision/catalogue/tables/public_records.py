"""Read the records of the public datasets, in the order of their ids, a few hundred at a time.

Each piece is a transaction of its own, so a slow reader keeps none open. A dataset that is changed meanwhile is given
as it is when its id is reached, and none is left out because others come or go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.tables.public_contacts import public_record
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.record import Dataset

_PIECE = 200
# Of `package p`. The types that are evaluated: an entry of a register is none of them.
PUBLIC = f"p.state = 'active' AND p.type = {DATASET_TYPES} AND NOT p.private"
# What filters look at.
TABLES = """
    package p
    LEFT JOIN aivision_record r ON r.package_id = p.id
    LEFT JOIN aivision_evaluation e ON e.package_id = p.id
    LEFT JOIN aivision_facets f ON f.package_id = p.id
"""
_CONDITIONS = {
    "organization": "p.owner_org = :organization",
    "country": "e.country = :country",
    "agency": "f.facets::json ->> 'agency' = ANY(:agency)",
    "grade": "e.grade = :grade",
    "modified_since": "greatest(p.metadata_modified, r.last_changed) >= :modified_since",
    "id": "p.id = :id",
    "ids": "p.id = ANY(:ids)",
    "after": "p.id > :after",
}


def where(filters: Collection[str]) -> str:
    """The condition that a public dataset meets of `TABLES`. filters: names of those of `public_records`, and `ids` and
    `after`; their values are to be bound."""
    return " AND ".join((PUBLIC, *(_CONDITIONS[name] for name in sorted(filters))))


def public_records(**filters: Any) -> Iterator[Dataset]:
    """The records of the public datasets, each as `records.datasets` gives it, with the source's own record.

    Without persons' addresses where those are hidden. filters: those of `public_pieces`.
    """
    for piece in public_pieces(**filters):
        for id, dataset in piece:
            yield public_record(dataset, id)


def public_pieces(**filters: Any) -> Iterator[list[tuple[str, Dataset]]]:
    """The public datasets by their ids, some hundred at a time, with all addresses.

    filters: organization (its id), country (ISO 3166-1 alpha-2), agency (ids), grade, modified_since (UTC, without a
    zone) or id (of a package); without one, all.
    """
    statement = _statement(frozenset((*filters, "after")))
    after = ""
    while True:
        with model.meta.engine.connect() as connection:
            rows = connection.execute(statement, {**filters, "after": after, "size": _PIECE}).all()
        if not rows:
            return
        own = [row.id for row in rows if row.own]
        current = dict(datasets(own)) if own else {}
        if own:
            # What was read of CKAN's own tables opened a transaction.
            model.Session.rollback()
        yield [
            (row.id, current[row.id] if row.own else decode_record(row.dataset))
            for row in rows
            if not row.own or row.id in current
        ]
        after = rows[-1].id


def _statement(filters: frozenset[str]) -> sa.TextClause:
    # The conditions are those of this module; what a reader gives is bound.
    return sa.text(
        f"""
        SELECT p.id, r.dataset, r.dataset IS NULL AS own
        FROM {TABLES} WHERE {where(filters)} ORDER BY p.id LIMIT :size
        """  # noqa: S608
    )


_decode = msgspec.json.Decoder(Dataset).decode


def decode_record(text: str) -> Dataset:
    """The record in a ledger's `dataset`, with the source's own record."""
    return _decode(text)
