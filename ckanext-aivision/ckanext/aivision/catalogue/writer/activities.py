"""Rows of the activity stream, as CKAN's own subscriptions write them (ckanext.activity.subscriptions)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

import ckan.plugins as plugins
import msgspec
from ckan.plugins import toolkit


def activities_kept() -> bool:
    """Whether this site has an activity stream."""
    return plugins.plugin_loaded("activity") and bool(toolkit.config.get("ckan.activity_streams_enabled", False))


def package_activity(
    kind: str, shown: dict[str, Any], user_id: str, user: str, labels: Sequence[str], now: datetime.datetime
) -> dict[str, Any]:
    """The row that tells what happened to a package.

    kind: `new package`, `changed package` or `deleted package`. shown: the package by the site's schema, as it now
    stands. user: the name of the one who did it. labels: who may see it. now: UTC without a time zone.
    """
    return {
        "id": str(uuid.uuid4()),
        "timestamp": now.isoformat(),
        "user_id": user_id,
        "object_id": shown["id"],
        "activity_type": kind,
        "data": msgspec.json.encode({"package": shown, "actor": user}).decode(),
        "permission_labels": labels,
    }
