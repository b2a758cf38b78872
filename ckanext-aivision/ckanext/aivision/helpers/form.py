"""Template helpers: the choices and pages of the dataset form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

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


class Place(NamedTuple):
    """Where a field is in the form: the number and title of its page, and its address; empty if nothing is stored."""

    page: int
    title: str
    address: str


def aivision_form_places(name: str, package_type: str = "dataset") -> dict[str, Place]:
    """Where each field of the form is, by its name. name: of the stored dataset that is edited; empty for a new one."""
    draft = aivision_draft(name) if name else None
    route = f"{package_type}.scheming_{'new' if draft else 'edit'}_page"
    found = {}
    for number, page in enumerate(toolkit.h.scheming_get_dataset_form_pages(package_type) or [], 1):
        title = toolkit.h.scheming_language_text(page["title"])
        address = toolkit.url_for(route, id=name, page=number) if name else ""
        for field in page["fields"]:
            anchor = f"{address}#field-{field['field_name']}" if address else ""
            found[field["field_name"]] = Place(number, title, anchor)
    files = f"{package_type}_resource.new" if draft else f"{package_type}.resources"
    # The files have pages of their own, after those of the form.
    found["resources"] = Place(0, toolkit._("Data"), toolkit.url_for(files, id=name) if name else "")
    return found


def aivision_check_address(data: Mapping[str, Any]) -> str:
    """The address that checks a page of the form without saving it. data: the values of the form."""
    page = str(data.get("_form_page") or 1)
    stored = {"id": data["id"]} if data.get("id") else {}
    address: str = toolkit.url_for("aivision_score_draft.show", page=page, **stored)
    return address


def aivision_fixes_on_page(
    fixes: Sequence[dict[str, Any]], places: Mapping[str, Place], page: int
) -> list[dict[str, Any]]:
    """Those fixes of `aivision_score_draft` whose field is on a page of the form."""
    return [fix for fix in fixes if (place := places.get(fix["field"])) is not None and place.page == page]


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
