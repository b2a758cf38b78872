"""Template helpers: what an organization's datasets need, and changes to many of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins as plugins
from ckan import authz
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.improvement.form_fields import FormField, fields_of_fix, form_fields
from ckanext.aivision.plugin_names import SCHEMA, WHOLE

_STATES = {
    "checking": "Being checked",
    "checked": "Checked, not applied yet",
    "applying": "Being applied",
    "applied": "Applied",
    "undoing": "Being undone",
    "undone": "Undone",
    "failed": "Broke off",
    "discarded": "Discarded",
}
_ROW_STATES = {
    "waiting": "waiting",
    "ready": "ready",
    "refused": "refused",
    "unchanged": "needs no change",
    "applied": "applied",
    "undone": "undone",
    "kept": "left as it is",
}


def aivision_improvement_address(organization: Mapping[str, Any]) -> str:
    """The address of an organization's work list; empty for people who may not see it."""
    if not any(plugins.plugin_loaded(name) for name in (SCHEMA, WHOLE)):
        return ""
    user = toolkit.current_user.name
    if not user or not authz.has_user_permission_for_group_or_org(organization["id"], user, "update_dataset"):
        return ""
    return str(toolkit.url_for("aivision_improve.index", name=organization["name"]))


def aivision_fix_fields(fix: str) -> list[FormField]:
    """The fields of the form that a fix fills in, none where it is made dataset by dataset."""
    return fields_of_fix(fix)


def aivision_bulk_edit_state(state: str) -> str:
    """The state of a change to many datasets in words."""
    return str(toolkit._(_STATES.get(state, state)))


def aivision_bulk_row_state(state: str) -> str:
    """The state of one dataset in such a change in words."""
    return str(toolkit._(_ROW_STATES.get(state, state)))


def aivision_value_in_words(value: Any) -> str:
    """A value of a field for readers: entries with semicolons between, the parts of an entry with commas."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        return "; ".join(aivision_value_in_words(item) for item in value)
    return str(value)


def aivision_field_label(name: str) -> str:
    """The label of a field of the form."""
    labels: dict[str, str] = toolkit.g.setdefault("aivision_field_labels", {})
    if not labels:
        labels.update({field.name: field.label for field in form_fields().values()})
    return labels.get(name, name)
