"""Template helpers: what an organization's datasets need, and changes to many of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins as plugins
from ckan import authz
from ckan.plugins import toolkit

from ckanext.aivision.plugin_names import SCHEMA, WHOLE

__all__ = ["aivision_bulk_edit_state", "aivision_improvement_address"]

# Of a change as a whole, and of each dataset in it.
_STATES = {
    "checking": "Being checked",
    "checked": "Checked, not applied yet",
    "applying": "Being applied",
    "applied": "Applied",
    "undoing": "Being undone",
    "undone": "Undone",
    "failed": "Broke off",
    "discarded": "Discarded",
    "waiting": "Waiting",
    "ready": "Ready",
    "refused": "Refused",
    "unchanged": "Needs no change",
    "kept": "Left as it is",
}


def aivision_improvement_address(organization: Mapping[str, Any]) -> str:
    """The address of an organization's work list; empty for people who may not see it."""
    if not any(plugins.plugin_loaded(name) for name in (SCHEMA, WHOLE)):
        return ""
    user = toolkit.current_user.name
    if not user or not authz.has_user_permission_for_group_or_org(organization["id"], user, "update_dataset"):
        return ""
    return str(toolkit.url_for("aivision_improve.index", name=organization["name"]))


def aivision_bulk_edit_state(state: str) -> str:
    """The state of a change to many datasets, or of one dataset in it, in words."""
    return str(toolkit._(_STATES.get(state, state)))
