"""Why a harvested dataset is corrected: what is said beside the fields of a save."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.corrections.correction_store import LONGEST_REASON

FIELD = "correction_reason"


def take_reason(context: Any, data: Any) -> None:
    """Moves the reason from the fields of a dataset, or of its files, into the action's context.

    Raises ValidationError for one that is no text, or too long.
    """
    if not isinstance(data, dict):
        return
    resources = data.get("resources")
    places = [data, *(item for item in (resources if isinstance(resources, list) else ()) if isinstance(item, dict))]
    for place in places:
        if FIELD not in place:
            continue
        reason = place.pop(FIELD) or ""
        if not isinstance(reason, str) or "\0" in reason:
            raise toolkit.ValidationError({FIELD: [toolkit._("This must be text")]})
        if len(reason) > LONGEST_REASON:
            message = toolkit._("Use at most {most} characters; these are {number}")
            raise toolkit.ValidationError({FIELD: [message.format(most=LONGEST_REASON, number=len(reason))]})
        if reason.strip():
            context["aivision_reason"] = reason.strip()
