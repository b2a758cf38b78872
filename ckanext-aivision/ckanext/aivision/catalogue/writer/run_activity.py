"""What a harvest changed, in the activity streams of organizations: one activity for each of them, however much it was.

CKAN hides what the site user does, as harvests are too numerous (ckan.hide_activity_from_users), and with it the
activity of each dataset. These are in nobody's name, so that they are seen.
"""

from __future__ import annotations

import datetime
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import ckan.model as model
import msgspec

from ckanext.aivision.catalogue.corrections.correction_store import Ended

Kind = Literal["new", "changed", "deleted"]
HARVESTED = "harvested datasets"
# CKAN shows what ends in "package" only to people who can read the package.
DROPPED = "dropped corrections of package"
# So many datasets of each kind are named.
_NAMED = 5


class Harvested(NamedTuple):
    """A dataset that a run wrote or deleted."""

    kind: Kind
    organization_id: str
    package_id: str
    title: str


class RunActivity:
    """Counts what one run changes, by organization."""

    def __init__(self, source: str, title: str) -> None:
        self._source, self._title = source, title
        self._counts: dict[str, Counter[Kind]] = defaultdict(Counter)
        self._named: dict[tuple[str, Kind], list[dict[str, str]]] = defaultdict(list)

    def note(self, changes: Sequence[Harvested]) -> None:
        """Counts datasets."""
        for item in changes:
            self._counts[item.organization_id][item.kind] += 1
            named = self._named[item.organization_id, item.kind]
            if len(named) < _NAMED:
                named.append({"id": item.package_id, "title": item.title})

    def rows(self, run_id: str, now: datetime.datetime) -> list[dict[str, Any]]:
        """The rows of the activity stream, one for each organization. now: UTC without a time zone."""
        return [self._row(id, counts, run_id, now) for id, counts in self._counts.items()]

    def _row(self, organization_id: str, counts: Counter[Kind], run_id: str, now: datetime.datetime) -> dict[str, Any]:
        group = model.Group.get(organization_id)
        data = {
            "group": {"id": organization_id, "title": group.title if group else "", "type": "organization"},
            "source": {"name": self._source, "title": self._title},
            "run": run_id,
            "counts": {kind: counts[kind] for kind in ("new", "changed", "deleted")},
            "datasets": {kind: self._named[organization_id, kind] for kind in counts},
        }
        return _activity(HARVESTED, self._source, organization_id, data, None, now)


def dropped_activity(
    source: str, shown: dict[str, Any], ended: Sequence[Ended], labels: Sequence[str], now: datetime.datetime
) -> dict[str, Any]:
    """The row that tells of corrections that a harvest dropped.

    shown: the package by the site's schema. labels: who may see it. now: UTC without a time zone.
    """
    package = {name: shown.get(name) for name in ("id", "name", "title", "type")}
    dropped = [
        {"resource": item.correction.key.resource, "field": item.correction.key.field, "outcome": item.outcome}
        for item in ended
    ]
    data = {"package": package, "dropped": dropped}
    return _activity(DROPPED, source, shown["id"], data, labels, now)


def _activity(
    kind: str,
    source: str,
    object_id: str,
    data: dict[str, Any],
    labels: Sequence[str] | None,
    now: datetime.datetime,
) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "timestamp": now.isoformat(),
        "user_id": f"harvest of {source}",
        "object_id": object_id,
        "activity_type": kind,
        "data": msgspec.json.encode(data).decode(),
        "permission_labels": labels,
    }
