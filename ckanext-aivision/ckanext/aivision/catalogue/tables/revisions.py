"""Tell whether a document about public datasets is still true, before any of it is read or written.

Triggers note every change of a public dataset in its own transaction (migration 0013): as long as nobody can see
another set of notes, nobody can see other datasets.
"""

from __future__ import annotations

import datetime
import hashlib
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.catalogue.tables.public_records import PUBLIC, TABLES, where

# Of `package p`, `aivision_record r` and `aivision_evaluation e`: changes with what the public can see of the dataset.
# `edition` stands for what else the document depends on, `evaluated` says whether the evaluation is in it.
REVISION = """
    md5(concat_ws(' ', CAST(:edition AS text), p.metadata_modified, r.content_hash, r.xmin,
        CASE WHEN CAST(:evaluated AS boolean) THEN e.xmin END, (
        SELECT string_agg(concat(c.xid, '.', c.seq), ' ' ORDER BY c.xid, c.seq)
        FROM aivision_change c WHERE c.package_id = p.id
    )))
"""
# A transaction that still runs may come before the newest that is over. What is beyond the oldest that runs is counted.
_CATALOGUE = sa.text(
    """
    WITH running AS (SELECT txid_snapshot_xmin(txid_current_snapshot()) AS first)
    SELECT
        (SELECT concat_ws('.', id, pruned_xid, pruned_seq) FROM aivision_feed) AS feed,
        (SELECT concat(xid, '.', seq) FROM aivision_change WHERE xid < running.first
            ORDER BY xid DESC, seq DESC LIMIT 1) AS last,
        (SELECT count(*) FROM aivision_change WHERE xid >= running.first) AS further,
        (SELECT max(changed) FROM aivision_change) AS changed,
        transaction_timestamp() AT TIME ZONE 'utc' AS now
    FROM running
    """
)
# Longer than a transaction takes that changes datasets. A change bears the time at which its transaction began.
_LONGEST_TRANSACTION = datetime.timedelta(hours=1)


class Catalogue(NamedTuple):
    """revision: of all public datasets. changed: the last change (UTC, without a zone), where no transaction that still
    runs can add one before it; else None."""

    revision: str
    changed: datetime.datetime | None

    def is_unchanged_since(self, moment: datetime.datetime) -> bool:
        """Whether there was no change after a moment. False where notes of so long ago are not kept any more."""
        if self.changed is None:
            return False
        kept = datetime.timedelta(days=int(toolkit.config["ckanext.aivision.keep_changes_days"]))
        now = naive(datetime.datetime.now(datetime.timezone.utc))
        return self.changed.replace(microsecond=0) <= moment and moment > now - kept


def of_catalogue(edition: str, **filters: Any) -> Catalogue:
    """The revision of the public datasets that filters of `public_records` choose.

    edition: of what else the document depends on, such as its form and the software.
    """
    with model.meta.engine.connect() as connection:
        row = connection.execute(_CATALOGUE).one()
        parts = [edition, str(row.feed), str(row.last), str(row.further)]
        if filters:
            # By its evaluation a dataset may come under a filter, or leave it, without being changed.
            parts.append(connection.execute(_members(frozenset(filters)), filters).scalar_one() or "")
    is_settled = row.changed is not None and not row.further and row.changed < row.now - _LONGEST_TRANSACTION
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    # Filters hide changes, and show them again, at other times than those of the changes.
    return Catalogue(digest, row.changed if is_settled and not filters else None)


def _members(filters: frozenset[str]) -> sa.TextClause:
    # The conditions are those of a module of ours; what a reader gives is bound.
    return sa.text(f"SELECT md5(string_agg(p.id, ' ' ORDER BY p.id)) FROM {TABLES} WHERE {where(filters)}")  # noqa: S608


def was_public(name: str) -> bool:
    """Whether a dataset was deleted or purged that the public could read. name: its name or id; of one that was purged,
    only the id is known."""
    with model.meta.engine.connect() as connection:
        return bool(connection.execute(_WITHDRAWN, {"name": name}).scalar())


_WITHDRAWN = sa.text(
    f"""
    SELECT EXISTS (
        SELECT FROM aivision_change c LEFT JOIN package p ON p.id = c.package_id
        WHERE c.package_id = coalesce((SELECT id FROM package WHERE name = :name), :name)
            AND c.kind = 'deleted' AND (p.id IS NULL OR p.state = 'deleted')
    ) AND NOT EXISTS (SELECT FROM package p WHERE (p.id = :name OR p.name = :name) AND {PUBLIC})
    """  # noqa: S608 - a condition of ours
)
