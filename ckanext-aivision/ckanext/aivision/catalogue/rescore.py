"""Every data set evaluated again: harvested ones from the record as it came, the others from the package."""

from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue import evaluations, observations
from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.repair import BATCH, Reindexing
from ckanext.aivision.catalogue.stored_record import datasets


def rescore_all() -> int:
    """Evaluates all active data sets and brings the search index up to date. Returns how many there were.

    A data set edited here after its harvest is evaluated as it now stands.
    """
    package = model.Package.__table__
    query = sa.select(package.c.id).where(package.c.state == "active", package.c.type == "dataset")
    reindexing = Reindexing(HookCalls())
    package_ids = model.Session.execute(query.order_by(package.c.id)).scalars().all()
    for start in range(0, len(package_ids), BATCH):
        batch = package_ids[start : start + BATCH]
        found = list(datasets(batch))
        for (package_id, dataset), seen in zip(found, observations.observed([each for _, each in found]), strict=True):
            evaluations.save(package_id, evaluations.evaluate_now(dataset, seen))
        model.Session.commit()
        reindexing.index(list(batch))
    reindexing.commit()
    return len(package_ids)


def evaluate_again(package_ids: list[str]) -> None:
    """Evaluates data sets of which more is known now, and indexes those whose grade is another. Commits."""
    found = list(datasets(package_ids))
    changed = []
    for (package_id, dataset), seen in zip(found, observations.observed([each for _, each in found]), strict=True):
        before = evaluations.find(package_id)
        evaluation = evaluations.evaluate_now(dataset, seen)
        evaluations.save(package_id, evaluation)
        if before is None or before.grade != evaluation.grade:
            changed.append(package_id)
    model.Session.commit()
    if changed:
        reindexing = Reindexing(HookCalls())
        reindexing.index(changed)
        reindexing.commit()
