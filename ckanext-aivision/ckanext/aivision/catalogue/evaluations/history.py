"""The stored history of datasets: points, and the records they were calculated from.

A dataset gets a point on the day on which its evaluation becomes another, goes to another publisher, or appears or
disappears from what is public; a day on which nothing changes costs nothing. A point is of the metadata: what links and
files contained on a past day is not stored, so an evaluation of that day cannot be repeated with it.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.evaluations import history_statements
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.records import alone
from ckanext.aivision.compare.tallies.points import from_point
from ckanext.aivision.model import history as history_table
from ckanext.aivision.model import past_record as record_table
from ckanext.aivision.record import Dataset

Row = dict[str, Any]

_OF_POINT = ("rubric_version", "reference_date", "country", "publisher", "point")
_DIGEST_BYTES = 16
_columns = history_table.c
# The latest point of a dataset always keeps its record: it is of the record as it still is.
_FORGOTTEN = sa.text(
    """
    UPDATE aivision_history h SET record = NULL
    WHERE h.record IS NOT NULL AND EXISTS (
        SELECT FROM aivision_history later WHERE later.package_id = h.package_id
            AND later.reference_date > h.reference_date AND later.reference_date <= :before
    )
    """
)
_UNUSED = sa.text(
    "DELETE FROM aivision_past_record r WHERE NOT EXISTS (SELECT FROM aivision_history h WHERE h.record = r.digest)"
)


def keep(connection: Any, kept: Sequence[tuple[Mapping[str, Any], Dataset]]) -> None:
    """Adds points to their datasets' series, where they are other than the last ones, within a transaction.

    connection: a connection or a session. kept: rows of `aivision_evaluation` with their records.
    """
    rows, records = [], {}
    days = keep_days()
    for row, dataset in kept:
        digest = ""
        if days:
            content = msgspec.json.encode(alone(dataset), enc_hook=statements.date_as_text)
            digest = hashlib.blake2b(content, digest_size=_DIGEST_BYTES).hexdigest()
            records[digest] = content
        point = {name: row[name] for name in ("package_id", *_OF_POINT)}
        rows.append({**point, "record": digest or None, "recomputed": False})
    added = statements.execute(connection, history_statements.HISTORY, rows).scalars()
    keep_records(connection, {digest: records[digest] for digest in {bytes(found).hex() for found in added if found}})


def keep_records(connection: Any, records: Mapping[str, bytes]) -> None:
    """Keeps records by their digests, those that are not kept yet."""
    if not records:
        return
    known = sa.select(record_table.c.digest).where(record_table.c.digest.in_([bytes.fromhex(key) for key in records]))
    there = {bytes(digest).hex() for digest in connection.execute(known).scalars()}
    rows = [
        {"digest": digest, "record": base64.b64encode(zlib.compress(content)).decode()}
        for digest, content in sorted(records.items())
        if digest not in there
    ]
    if rows:
        statements.execute(connection, history_statements.PAST_RECORDS, rows)


def note_deleted(connection: Any, package_ids: Sequence[str], on: datetime.date) -> None:
    """Notes in their series that datasets are not public any more. on: UTC."""
    connection.execute(history_statements.DELETED, {"ids": list(package_ids), "on": on})


def read_record(stored: bytes) -> Dataset:
    """A record of `aivision_past_record`; without the source's own record."""
    return msgspec.json.decode(zlib.decompress(stored), type=Dataset)


def keep_days() -> int:
    """For how many days the records of points that another point has followed are kept; 0 for never."""
    return max(0, toolkit.config.get("ckanext.aivision.keep_past_records_days", 730))


def prune(today: datetime.date) -> None:
    """Forgets records as the setting says. Commits."""
    before = today - datetime.timedelta(days=keep_days())
    model.Session.execute(_FORGOTTEN, {"before": before})
    model.Session.execute(_UNUSED)
    model.Session.commit()


def series(package_id: str, with_private: bool) -> list[dict[str, Any]]:
    """A dataset's points, oldest first. with_private: also those of days on which it was not public.

    Each has rubric_version, reference_date, score (0 to 100), coverage (0 to 1), grade, dimensions (scores by id),
    public, recomputed, and record_kept: whether it can be recalculated under another version.
    """
    query = sa.select(history_table).where(_columns.package_id == package_id)
    if not with_private:
        query = query.where(_columns.public)
    rows = model.Session.execute(query.order_by(_columns.reference_date, _columns.rubric_version))
    return [_describe_point(row) for row in rows]


def _describe_point(row: Any) -> dict[str, Any]:
    point = from_point(row.point)
    return {
        "rubric_version": row.rubric_version,
        "reference_date": row.reference_date.isoformat(),
        "score": point.score,
        "coverage": point.coverage,
        "grade": point.grade,
        "dimensions": point.dimensions,
        "public": row.public,
        "recomputed": row.recomputed,
        "record_kept": row.record is not None,
    }
