"""Evaluate datasets again after actions that change their publisher and call no hook of a dataset.

The publisher of a dataset is its organization, if the dataset itself does not name one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
import redis
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.rescore.run_rescore import SIZE, evaluate_again
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.queues import SHORT

_DATASETS = sa.text(
    f"""
    SELECT id FROM package
    WHERE owner_org = :organization AND state = 'active' AND type = {DATASET_TYPES} AND id > :after
    ORDER BY id LIMIT :size
    """  # noqa: S608
)
_TIMEOUT = 6 * 3600  # seconds
_log = logging.getLogger(__name__)


def evaluate_organization_job(organization: str) -> None:
    """The RQ job after the change of an organization: evaluates its datasets again. organization: its id."""
    after = ""
    while True:
        values = {"organization": organization, "after": after, "size": SIZE}
        ids = list(model.Session.execute(_DATASETS, values).scalars())
        if not ids:
            return
        evaluate_again(ids)
        after = ids[-1]


def organization_changed(action: str, result: Mapping[str, Any] | None = None, **_: Any) -> None:
    """Queues the evaluation of an organization's datasets. An organization may have very many.

    If the queue cannot be reached, that is logged, and the next `ckan aivision rescore` evaluates them.
    """
    try:
        toolkit.enqueue_job(
            evaluate_organization_job,
            [(result or {})["id"]],
            title="evaluate the datasets of an organization",
            queue=SHORT,
            rq_kwargs={"timeout": _TIMEOUT, "result_ttl": 0},
        )
    except redis.RedisError as error:
        _log.warning("the evaluation of an organization's datasets could not be queued (%s); run rescore", error)


def owner_changed(
    action: str, context: Mapping[str, Any] | None = None, data_dict: Mapping[str, Any] | None = None, **_: Any
) -> None:
    """Evaluates a dataset that has moved to another organization by itself, not as a part of a save."""
    if (context or {}).get("defer_commit"):
        return
    package = model.Package.get((data_dict or {}).get("id", ""))
    if package is not None:
        evaluate_again([package.id])


# By the name of the action, as CKAN's signal `action_succeeded` gives it.
RECEIVERS: dict[str, Callable[..., None]] = {
    "organization_update": organization_changed,
    "package_owner_org_update": owner_changed,
}
