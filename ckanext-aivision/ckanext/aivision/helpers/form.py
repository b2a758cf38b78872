"""Template helpers: the choices and pages of the dataset form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.normalise import frequencies, licences
from ckanext.aivision.serialise.package import EU_FREQUENCY

_RHYTHM_WORDS = {
    "continuous": "Continuously",
    "R/P1D": "Daily",
    "R/P1W": "Weekly",
    "R/P2W": "Every two weeks",
    "R/P1M": "Monthly",
    "R/P2M": "Every two months",
    "R/P3M": "Quarterly",
    "R/P6M": "Twice a year",
    "R/P1Y": "Annually",
    "R/P2Y": "Every two years",
    "R/P3Y": "Every three years",
    "R/P5Y": "Every five years",
    "R/P10Y": "Every ten years",
    "irregular": "Irregularly",
    "as-needed": "As needed",
    "ended": "No longer updated",
}


def aivision_address_draft_page(package_type: str, data: Mapping[str, Any]) -> None:
    """Makes a draft's form page submit to that page.

    CKAN's `EditView` submits a draft's form to `/dataset/new`, which saves the submitted fields as the whole dataset. A
    form in pages submits one page only, so the fields of all other pages, and the files, would be lost.
    data: the values of the form; `_form_page` is the page number.
    """
    is_draft = str(data.get("state") or "").startswith("draft")
    if is_draft and data.get("id") and toolkit.h.scheming_get_dataset_form_pages(package_type):
        page = data.get("_form_page", 1)
        toolkit.g.form_action = toolkit.url_for(f"{package_type}.scheming_new_page", id=data["id"], page=page)


def aivision_licence_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """The licences of our vocabulary as form choices; those that are not open are marked."""
    groups = {"open": "{title}", "open-unnamed": "{title}", "conditions": "{title} (not open)", "none": "{title}"}
    return [
        {"value": licence.id, "label": groups[licence.openness].format(title=licence.title)}
        for licence in licences.all_licences()
    ]


def aivision_select_field(field: dict[str, Any], value: Any) -> dict[str, Any]:
    """A schema field with the choices to show.

    If the schema asks for a blank choice (`form_include_blank_choice`), the first choice is "Choose from the list". A
    stored or refused value that is not on the list is added, because the first choice would silently replace it.
    """
    choices = list(toolkit.h.scheming_field_choices(field) or [])
    if value not in (None, "") and str(value) not in [str(choice["value"]) for choice in choices]:
        choices.append({"value": value, "label": toolkit._("{value} (not on this list)").format(value=value)})
    if field.get("form_include_blank_choice"):
        choices.insert(0, {"value": "", "label": toolkit._("Choose from the list")})
    return {**field, "choices": choices, "form_include_blank_choice": False}


def aivision_organization_choices(given: str) -> list[dict[str, str]]:
    """The organizations that the user can publish for, and always the given one (an id or name).

    Each has `value`, its id, and `text`, its title. If the given one does not exist, both are the given text.
    """
    available = toolkit.h.organizations_available("create_dataset")
    choices = [{"value": item["id"], "text": item["display_name"]} for item in available]
    if given and given not in [choice["value"] for choice in choices]:
        found = toolkit.h.get_organization(given) or {}
        choices.append({"value": given, "text": found.get("display_name") or given})
    return choices


def aivision_draft(name: str) -> dict[str, Any] | None:
    """The dataset with this name or id if it is a draft that the user can see, else None."""
    try:
        package: dict[str, Any] = toolkit.get_action("package_show")({"user": toolkit.current_user.name}, {"id": name})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None
    return package if str(package["state"]).startswith("draft") else None


def aivision_frequency_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """The update frequencies of our vocabulary as form choices; the values are URIs of the EU frequency list."""
    choices: dict[str, str] = {}
    for rhythm in frequencies.all_frequencies():
        value = f"{EU_FREQUENCY}{frequencies.eu_code(rhythm)}"
        choices.setdefault(value, toolkit._(_RHYTHM_WORDS.get(rhythm, rhythm)))
    return [{"value": value, "label": label} for value, label in choices.items()]
