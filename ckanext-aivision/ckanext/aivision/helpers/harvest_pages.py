"""Template helpers: sources, runs, previews, and where a dataset was harvested from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import ckan.plugins as plugins
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources import duplicates as likeness
from ckanext.aivision.catalogue.sources import ledger
from ckanext.aivision.helpers.text import aivision_web_address
from ckanext.aivision.plugin_names import HARVEST, WHOLE

__all__ = [
    "aivision_alike",
    "aivision_has_harvest",
    "aivision_origin",
    "aivision_preview_state",
    "aivision_run_state",
    "aivision_schedule",
    "aivision_source_address",
    "aivision_source_url",
]

# The keys are those of catalogue.sources.source_store.SCHEDULES.
_SCHEDULE_WORDS = {"manual": "Manually", "daily": "Every day", "weekly": "Every week", "monthly": "Every 30 days"}
# A run's state: its label and an explanation.
_RUN_STATES = {
    "running": ("Running", "Records are being read and stored."),
    "finished": ("Finished", "The whole source was read. Datasets that it no longer has were marked as gone."),
    "limited": ("Limited", "Only part of the source was read, as requested. Nothing was removed."),
    "incomplete": (
        "Incomplete",
        "The source stopped responding. The records read so far are stored; nothing was removed.",
    ),
    "needs-confirmation": (
        "Needs confirmation",
        "The run would remove so many datasets that a person has to check first.",
    ),
    "cancelled": ("Cancelled", "Somebody stopped the run. What was stored is kept; nothing was removed."),
    "failed": ("Failed", "The run could not continue. What was stored is kept; nothing was removed."),
    "interrupted": (
        "Interrupted",
        "The process of the run ended unexpectedly. What was stored is kept; the next run continues from there.",
    ),
    "stalled": (
        "Stalled",
        "The process of the run has died or hangs. What was stored is kept; the next run continues from there.",
    ),
}
# The same for a preview.
_PREVIEW_STATES = {
    "queued": ("Queued", "The preview starts as soon as a worker is free."),
    "running": ("Running", "The source is being read."),
    "finished": ("Ready", "The whole source was read. This is what a harvest would do."),
    "incomplete": ("Incomplete", "The source stopped responding. This is what was read until then."),
    "needs-confirmation": (
        "Would need confirmation",
        "A harvest would remove so many datasets that a person has to check first.",
    ),
    "cancelled": ("Cancelled", "Somebody cancelled the preview."),
    "failed": ("Failed", "The preview could not be completed."),
    "stalled": ("Stalled", "The process of the preview has died. Start a new preview."),
}
# A name that needs no escaping as part of a path.
_PLAIN_NAME = re.compile(r"[\w.-]*\w[\w.-]*")


def aivision_has_harvest() -> bool:
    """Whether this site has the pages and actions of `aivision_harvest`."""
    return any(plugins.plugin_loaded(name) for name in (WHOLE, HARVEST))


def aivision_run_state(state: str) -> tuple[str, str]:
    """The label of a run's state, and what it means."""
    word, meaning = _RUN_STATES.get(state, (state, ""))
    return toolkit._(word), toolkit._(meaning) if meaning else ""


def aivision_preview_state(state: str) -> tuple[str, str]:
    """The label of a preview's state, and what it means."""
    word, meaning = _PREVIEW_STATES.get(state, (state, ""))
    return toolkit._(word), toolkit._(meaning) if meaning else ""


def aivision_schedule(schedule: str) -> str:
    """How often a source is harvested, in words."""
    return toolkit._(_SCHEDULE_WORDS.get(schedule, schedule))


def aivision_source_url(name: str, **more: Any) -> str:
    """The URL of a source's page. A source without a name is named by its address, which does not fit into a path."""
    if _PLAIN_NAME.fullmatch(name):
        return toolkit.url_for("aivision_harvest.source", name=name, **more)
    return toolkit.url_for("aivision_harvest.source") + "?" + urlencode({"name": name, **more})


def aivision_origin(package_id: str) -> dict[str, Any] | None:
    """Where a dataset was harvested from, or None. Read once per page. None if the site has no harvest pages."""
    if not aivision_has_harvest():
        return None
    kept: dict[str, dict[str, Any] | None] = toolkit.request.environ.setdefault("aivision.origins", {})
    if package_id not in kept:
        kept[package_id] = ledger.origin(package_id)
    return kept[package_id]


def aivision_source_address(origin: Mapping[str, Any]) -> str | None:
    """The web address at which to edit a harvested dataset: its page at the source, else the source, else None.

    origin: from `aivision_origin`. The user and the query of a source's address are removed: they may contain a key.
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
