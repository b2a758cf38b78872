"""Template helpers: sources, runs, previews, and where a dataset was harvested from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources import duplicates as likeness
from ckanext.aivision.catalogue.sources import ledger
from ckanext.aivision.helpers.text import aivision_web_address

# The keys are those of catalogue.sources.source_store.SCHEDULES.
_SCHEDULE_WORDS = {"manual": "By hand", "daily": "Every day", "weekly": "Every week", "monthly": "Every 30 days"}
# A run's state: in a word, and what follows from it.
_RUN_STATES = {
    "running": ("At work", "Records are being read and stored."),
    "finished": ("Finished", "The whole source was read; what it no longer has was marked as gone."),
    "limited": ("Limited", "A part of the source was read, as it was asked for; nothing was removed."),
    "incomplete": ("Incomplete", "The source broke off. What was read before is kept; nothing was removed."),
    "needs-confirmation": ("Needs a yes", "It would have removed so much that a person has to look first."),
    "cancelled": ("Cancelled", "Somebody asked it to stop. What was stored stays; nothing was removed."),
    "failed": ("Failed", "It could not go on. What was stored stays; nothing was removed."),
    "interrupted": ("Interrupted", "Its process died. What was stored stays; the next run takes up from there."),
    "stalled": ("Stalled", "Its process has died or hangs. What was stored stays; the next run takes up from there."),
}
# The same of a preview, where it is another thing than of a run.
_PREVIEW_STATES = {
    "queued": ("Waits", "A worker takes it up as soon as one is free."),
    "running": ("At work", "The source is being read."),
    "finished": ("Ready", "The whole source was read: this is what a harvest would do."),
    "incomplete": ("Incomplete", "The source broke off: this is what was seen until then."),
    "needs-confirmation": ("Would need a yes", "A harvest would remove so much that a person has to look first."),
    "cancelled": ("Cancelled", "Somebody called it off."),
    "failed": ("Failed", "It could not be made."),
    "stalled": ("Stalled", "Its process has died. Ask for another one."),
}
# A name that a part of a path can hold as it is.
_PLAIN_NAME = re.compile(r"[\w.-]*\w[\w.-]*")


def aivision_run_state(state: str) -> tuple[str, str]:
    """A run's state in a word, and what it means."""
    word, meaning = _RUN_STATES.get(state, (state, ""))
    return toolkit._(word), toolkit._(meaning) if meaning else ""


def aivision_preview_state(state: str) -> tuple[str, str]:
    """A preview's state in a word, and what it means."""
    word, meaning = _PREVIEW_STATES.get(state, (state, ""))
    return toolkit._(word), toolkit._(meaning) if meaning else ""


def aivision_schedule(schedule: str) -> str:
    """How often a source is harvested, in words."""
    return toolkit._(_SCHEDULE_WORDS.get(schedule, schedule))


def aivision_source_url(name: str, **more: Any) -> str:
    """The address of a source's page. The name of one that nobody named is its address, which no path can hold."""
    if _PLAIN_NAME.fullmatch(name):
        return toolkit.url_for("aivision_harvest.source", name=name, **more)
    return toolkit.url_for("aivision_harvest.source") + "?" + urlencode({"name": name, **more})


def aivision_origin(package_id: str) -> dict[str, Any] | None:
    """Where a dataset was harvested from, or None; asked for once a page."""
    kept: dict[str, dict[str, Any] | None] = toolkit.request.environ.setdefault("aivision.origins", {})
    if package_id not in kept:
        kept[package_id] = ledger.origin(package_id)
    return kept[package_id]


def aivision_source_address(origin: Mapping[str, Any]) -> str | None:
    """Where on the Web a harvested dataset is changed: its page there, else the source itself, else None.

    origin: of `aivision_origin`. A source's address comes without user and query, which may hold a key.
    """
    if page := aivision_web_address(origin["landing_page"]):
        return page
    if not aivision_web_address(origin["source_url"]):
        return None
    parts = urlsplit(origin["source_url"].strip())
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def aivision_alike(package_id: str) -> list[likeness.Alike]:
    """The same dataset from other sources."""
    return likeness.alike(package_id)
