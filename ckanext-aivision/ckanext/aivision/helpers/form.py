"""Template helpers: the choices and pages of the dataset form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import ckan.plugins as plugins
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import organization_defaults
from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.catalogue.tables.type_schema import form_pages
from ckanext.aivision.plugin_names import SCHEMA, WHOLE

__all__ = [
    "aivision_address_form",
    "aivision_check_address",
    "aivision_defaults_of_organizations",
    "aivision_draft",
    "aivision_fill_defaults",
    "aivision_fixes_on_page",
    "aivision_form_places",
    "aivision_has_form",
    "aivision_organization_choices",
    "aivision_organization_defaults",
    "aivision_other_extras",
    "aivision_select_field",
]

# A sysadmin can publish for all; what the script does not know the server fills in.
_MOST_ORGANIZATIONS = 50


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
    for number, page in enumerate(form_pages(package_type), 1):
        title = toolkit.h.scheming_language_text(page["title"])
        address = toolkit.url_for(route, id=name, page=number) if name else ""
        for field in page["fields"]:
            anchor = f"{address}#field-{field['field_name']}" if address else ""
            found[field["field_name"]] = Place(number, title, anchor)
    files = f"{package_type}_resource.new" if draft else f"{package_type}.resources"
    # The files have pages of their own, after those of the form.
    found["resources"] = Place(0, toolkit._("Data"), toolkit.url_for(files, id=name) if name else "")
    return found


def aivision_has_form(package_type: str) -> bool:
    """Whether the form of a type is ours to look after: that of datasets, where the plugin `aivision_schema` is on."""
    return package_type == DEFAULT and any(plugins.plugin_loaded(name) for name in (SCHEMA, WHOLE))


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


def aivision_address_form(package_type: str, data: Mapping[str, Any]) -> None:
    """Makes a page of the form submit to `/dataset/form`, which saves that page and leads on.

    CKAN's own view saves the submitted fields as the whole dataset, so that those of all other pages, and the files,
    would be lost; ckanext-scheming's knows one way on. Types of other schemas are left alone.
    data: the values of the form; `_form_page` is the page number.
    """
    if not aivision_has_form(package_type) or not form_pages(package_type):
        return
    page = data.get("_form_page", 1)
    if data.get("id"):
        toolkit.g.form_action = toolkit.url_for("aivision_dataset_form.save_page", id=data["id"], page=page)
    else:
        toolkit.g.form_action = toolkit.url_for("aivision_dataset_form.create")


def aivision_fill_defaults(data: dict[str, Any]) -> str:
    """Fills the form of a new dataset as its organization has set it; gives the id of that organization.

    It is the organization that the user has chosen, or the only one that the user can publish for. data: the values of
    the form, which are changed; what has been sent before is left alone.
    """
    if data.get("id") or "title" in data:
        return str(data.get("owner_org") or "")
    available = [choice["value"] for choice in aivision_organization_choices("")]
    only = available[0] if len(available) == 1 else ""
    organization = str(data.get("owner_org") or data.get("group_id") or only)
    if organization in available:
        for field, value in organization_defaults.default_fields(organization).items():
            data.setdefault(field, value)
    return organization


def aivision_defaults_of_organizations() -> dict[str, dict[str, Any]]:
    """The defaults of each organization that the user can publish for, by its id, for the script of the form."""
    found = {
        choice["value"]: organization_defaults.default_fields(choice["value"])
        for choice in aivision_organization_choices("")[:_MOST_ORGANIZATIONS]
    }
    return {id: fields for id, fields in found.items() if fields}


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


def aivision_organization_defaults(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of an organization's form for what its new datasets begin with.

    data: the values of the form. Each field has `name`, `label`, `help_text`, `form_placeholder`, `value` and
    `options`, which are empty for what is typed.
    """
    extras = {extra.get("key"): extra.get("value") for extra in data.get("extras") or () if not extra.get("deleted")}
    fields = []
    for row in organization_defaults.offered_defaults():
        options = [{"value": "", "text": toolkit._("None")}]
        options += [
            {"value": choice["value"], "text": toolkit.h.scheming_language_text(choice["label"])}
            for choice in organization_defaults.choices_of(row)
        ]
        value = data.get(row.name, extras.get(row.name)) or ""
        fields.append({**row._asdict(), "name": row.name, "value": value, "options": options[1:] and options})
    return fields


def aivision_other_extras(extras: Sequence[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """The extras of an organization without its defaults for new datasets, which have fields of their own."""
    own = {row.name for row in organization_defaults.offered_defaults()}
    return [extra for extra in extras or () if extra.get("key") not in own]


def aivision_draft(name: str) -> dict[str, Any] | None:
    """The dataset with this name or id if it is a draft that the user can see, else None."""
    try:
        package: dict[str, Any] = toolkit.get_action("package_show")({"user": toolkit.current_user.name}, {"id": name})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None
    return package if str(package["state"]).startswith("draft") else None
