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
    """Has the form of a draft's page sent to that page.

    CKAN's `EditView` sends a draft's form to `/dataset/new`, which saves what the form holds as the whole dataset. Of a
    form in pages that is one page: the fields of all the others, and the files, would be lost.
    data: what the form is filled with; `_form_page` is the number of its page.
    """
    is_draft = str(data.get("state") or "").startswith("draft")
    if is_draft and data.get("id") and toolkit.h.scheming_get_dataset_form_pages(package_type):
        page = data.get("_form_page", 1)
        toolkit.g.form_action = toolkit.url_for(f"{package_type}.scheming_new_page", id=data["id"], page=page)


def aivision_licence_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """The licences of our vocabulary for the form, with what each means for re-use."""
    groups = {"open": "{title}", "open-unnamed": "{title}", "conditions": "{title} (not open)", "none": "{title}"}
    return [
        {"value": licence.id, "label": groups[licence.openness].format(title=licence.title)}
        for licence in licences.known()
    ]


def aivision_select_field(field: dict[str, Any], value: Any) -> dict[str, Any]:
    """A field of the schema as its list of choices is to be shown.

    Where the schema asks for a blank choice (`form_include_blank_choice`), the first one asks to choose. A value that
    is not on the list, stored or just refused, stays on it: the first choice would replace it without a word.
    """
    choices = list(toolkit.h.scheming_field_choices(field) or [])
    if value not in (None, "") and str(value) not in [str(choice["value"]) for choice in choices]:
        choices.append({"value": value, "label": toolkit._("{value} (not on this list)").format(value=value)})
    if field.get("form_include_blank_choice"):
        choices.insert(0, {"value": "", "label": toolkit._("Choose from the list")})
    return {**field, "choices": choices, "form_include_blank_choice": False}


def aivision_organization_choices(given: str) -> list[dict[str, str]]:
    """The organizations that the reader may publish for, and the one given (an id or name) whichever it is.

    Each is `value`, its id, and `text`, its title; a given one that does not exist has what was given for both.
    """
    available = toolkit.h.organizations_available("create_dataset")
    choices = [{"value": item["id"], "text": item["display_name"]} for item in available]
    if given and given not in [choice["value"] for choice in choices]:
        found = toolkit.h.get_organization(given) or {}
        choices.append({"value": given, "text": found.get("display_name") or given})
    return choices


def aivision_draft(name: str) -> dict[str, Any] | None:
    """The dataset of this name or id where it is a draft that the reader may see, else None."""
    try:
        package: dict[str, Any] = toolkit.get_action("package_show")({"user": toolkit.current_user.name}, {"id": name})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None
    return package if str(package["state"]).startswith("draft") else None


def aivision_frequency_choices(field: dict[str, Any]) -> list[dict[str, str]]:
    """The update rhythms of our vocabulary for the form, by the EU authority's addresses."""
    choices: dict[str, str] = {}
    for rhythm in frequencies.known():
        value = f"{EU_FREQUENCY}{frequencies.eu_code(rhythm)}"
        choices.setdefault(value, toolkit._(_RHYTHM_WORDS.get(rhythm, rhythm)))
    return [{"value": value, "label": label} for value, label in choices.items()]
