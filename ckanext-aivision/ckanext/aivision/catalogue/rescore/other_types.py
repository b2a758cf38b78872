"""Forget the evaluations of packages whose type the site's setting no longer lists."""

from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations import history
from ckanext.aivision.catalogue.evaluations.evaluation_store import today
from ckanext.aivision.model.dataset_types import DATASET_TYPES

_SIZE = 500
# Those that a transaction writes are taken by the next run.
_OTHERS = sa.text(
    f"""
    SELECT p.id FROM package p JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE NOT p.type = {DATASET_TYPES} ORDER BY p.id LIMIT :size FOR NO KEY UPDATE OF p SKIP LOCKED
    """  # noqa: S608 - a condition of ours
)
_FORGOTTEN = (
    sa.text("DELETE FROM aivision_evaluation WHERE package_id = ANY(:ids)"),
    sa.text("DELETE FROM aivision_facets WHERE package_id = ANY(:ids)"),
    # The index still has what the evaluation said.
    sa.text("INSERT INTO aivision_unindexed SELECT unnest(CAST(:ids AS text[])) ON CONFLICT DO NOTHING"),
)


def forget_other_types() -> list[str]:
    """Deletes what is stored of evaluations of packages of other types, and notes them for the index. Commits.

    Their history ends as that of deleted datasets does. Returns the ids.
    """
    found: list[str] = []
    while ids := list(model.Session.execute(_OTHERS, {"size": _SIZE}).scalars()):
        history.note_deleted(model.Session, ids, today())
        for statement in _FORGOTTEN:
            model.Session.execute(statement, {"ids": ids})
        model.Session.commit()
        found += ids
    model.Session.rollback()
    return found
