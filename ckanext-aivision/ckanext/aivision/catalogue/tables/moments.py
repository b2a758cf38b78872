"""Moments as the tables have them: UTC without a time zone, as CKAN's own columns."""

from __future__ import annotations

import datetime


def naive(moment: datetime.datetime) -> datetime.datetime:
    """A moment with a time zone as a column takes it."""
    return moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)


def now() -> datetime.datetime:
    """The present moment as a column takes it."""
    return naive(datetime.datetime.now(datetime.timezone.utc))


def iso(value: datetime.datetime | None) -> str | None:
    """A column's moment in ISO 8601, with the time zone that columns leave out."""
    return value.isoformat() + "Z" if value is not None else None
