"""Template helpers: whether a dataset is valid for data.gov and the UK model, for people who can edit it."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

__all__ = ["aivision_profile_checks", "aivision_profile_title"]


def aivision_profile_checks(package_id: str) -> list[dict[str, Any]]:
    """What `aivision_profile_check` gives for a stored dataset; nothing for people who cannot edit it."""
    try:
        found: list[dict[str, Any]] = toolkit.get_action("aivision_profile_check")(
            {"user": toolkit.current_user.name}, {"id": package_id}
        )
    except (toolkit.NotAuthorized, toolkit.ObjectNotFound, KeyError):
        # Without the form, whose plugin has the action, there is nothing to fill in.
        return []
    return found


def aivision_profile_title(profile: str) -> str:
    """What a profile is called on pages."""
    titles = {
        "dcat-us-1.1-federal": toolkit._("data.gov, federal agencies (DCAT-US 1.1)"),
        "dcat-us-1.1-non-federal": toolkit._("data.gov, states, cities and others (DCAT-US 1.1)"),
        "dcat-us-3": toolkit._("data.gov (DCAT-US 3.0)"),
        "uk-metadata-exchange": toolkit._("the UK Metadata Exchange Model"),
    }
    return titles.get(profile, profile)
