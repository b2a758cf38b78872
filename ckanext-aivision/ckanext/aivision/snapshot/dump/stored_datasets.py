"""Read what a dump holds from the tables: every public dataset with its record and its evaluation, in one state."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.changes.packages import visible
from ckanext.aivision.catalogue.evaluations.encoding import from_text
from ckanext.aivision.catalogue.tables.public_contacts import public_record
from ckanext.aivision.catalogue.tables.public_records import PUBLIC, decode_record
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.normalise.web.credentials import mask_record
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation

_PIECE = 200
# As of a snapshot: a dataset that has no evaluation yet, as one that is just being saved, is in the next dump.
_STATEMENT = sa.text(
    f"""
    SELECT p.id, p.name, r.dataset, r.dataset IS NULL AS own,
        e.evaluation, e.rubric_version, e.reference_date
    FROM package p
    JOIN aivision_evaluation e ON e.package_id = p.id
    LEFT JOIN aivision_record r ON r.package_id = p.id
    WHERE {PUBLIC} AND p.id > :after
    ORDER BY p.id LIMIT :size
    """  # noqa: S608 - a condition of ours
)


class Stored(NamedTuple):
    """A public dataset. dataset: with the source's own record."""

    id: str
    name: str
    dataset: Dataset
    evaluation: Evaluation


@contextlib.contextmanager
def one_session_state() -> Iterator[sa.Connection]:
    """A transaction of CKAN's session that sees the tables as they are at its beginning, whatever others commit.

    CKAN's own actions read in it too. What ends it early makes each further statement fail.
    """
    model.Session.rollback()
    connection = model.Session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield connection
    finally:
        model.Session.rollback()


def pieces(connection: sa.Connection) -> Iterator[list[Stored]]:
    """The public datasets that anybody may read, in the order of their ids, a few hundred at a time.

    connection: of `one_session_state`.
    """
    after = ""
    while rows := connection.execute(_STATEMENT, {"after": after, "size": _PIECE}).all():
        readable = visible([row.id for row in rows])
        shown = [row for row in rows if row.id in readable]
        current = dict(datasets([row.id for row in shown if row.own]))
        # The session keeps what it has read.
        model.Session.expunge_all()
        yield [
            Stored(
                row.id,
                row.name,
                _record(row, current),
                from_text(row.evaluation, row.rubric_version, row.reference_date),
            )
            for row in shown
            if not row.own or row.id in current
        ]
        after = rows[-1].id


def _record(row: sa.Row[Any], current: dict[str, Dataset]) -> Dataset:
    """The record that was evaluated. What was stored before credentials were masked may hold some."""
    found = current[row.id] if row.own else decode_record(row.dataset)
    return public_record(msgspec.structs.replace(found, raw=mask_record(found.raw, "$")[0]), row.id)
