"""Read the posted forms of ckanext-scheming before an action sees them.

ckanext-scheming 3.1 names the inputs of a repeating field `contact-0-name`, and makes entries of them only where the
dataset has no `contact` yet (`ckanext.scheming.plugins.expand_form_composite`). Its form pages save through
`package_patch`, which puts the stored `contact` beside them, so every edit is lost; and a browser sends nothing at all
for a list whose entries were all removed. Here the inputs become entries first, and replace what is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.type_schema import dataset_fields, form_pages, resource_fields

# The member of a context that names the fields that a draft has to have too.
ASKED_FOR = "aivision_asked_for"
# The member of a context that says that people give the values, though a job saves them.
CHECKED = "aivision_checked"
# The longest text that the form takes for one field, in characters: some forty printed pages.
LONGEST_TEXT = 200_000
# A hidden field that every form of CKAN and of ckanext-scheming has. Scheming's holds the number of the page.
_PHASE = "_ckan_phase"
# The group that scheming's script copies for each new entry is named `contact-REPEATING-INDEX0-name`. Without
# JavaScript it is sent like any other.
_TEMPLATE_INDEX = "REPEATING"
_UNPUBLISH = "go-metadata-unpublish"


def collapse_entries(data: dict[str, Any], fields: Collection[str]) -> None:
    """Replaces the inputs `field-index-subfield` by the list `field` of its entries, in place.

    fields: names of repeating fields; inputs of others are left alone. Entries come in the order of their indexes as
    numbers, whatever indexes are left out; those that are no numbers come last.
    """
    posted: dict[str, dict[str, dict[str, Any]]] = {}
    for key in [key for key in data if "-" in key]:
        field, index, subfield = (*key.split("-", 2), "")[:3]
        if field in fields and index and subfield:
            value = data.pop(key)
            if index != _TEMPLATE_INDEX:
                posted.setdefault(field, {}).setdefault(index, {})[subfield] = value
    for field, entries in posted.items():
        data[field] = [entries[index] for index in sorted(entries, key=_position)]


def read_dataset(data: dict[str, Any], package_type: str) -> None:
    """Makes entries of the posted inputs of a dataset and of its resources, in place."""
    collapse_entries(data, set(_repeating(dataset_fields(package_type))))
    in_resources, resources = set(_repeating(resource_fields(package_type))), data.get("resources")
    if in_resources and isinstance(resources, list):
        for resource in resources:
            if isinstance(resource, dict):
                collapse_entries(resource, in_resources)


def read_page(data: dict[str, Any], package_type: str) -> None:
    """Makes the post of one page of the form what `package_patch` has to be given, in place.

    A page holds all its fields, so a repeating field without any input there has had its entries removed. The button
    "Unpublish", which scheming's pages show and do not heed, makes the dataset a draft, as CKAN's own form does.
    """
    read_dataset(data, package_type)
    if _PHASE not in data:
        return
    for field in _repeating(_find_page(package_type, data[_PHASE])):
        data.setdefault(field, [])
    if data.get("save") == _UNPUBLISH:
        data["state"] = "draft"


def keep_line_ends(data: dict[str, Any]) -> None:
    """Keeps the stored texts of a dataset and its files where what is sent differs in line ends alone; in place.

    A browser sends CR LF for every line end (HTML, 4.10.21.4), and reads the lone CR that some portals write as one: a
    form that is saved unchanged would change its texts.
    """
    id_or_name = data.get("id") or data.get("name")
    _keep_line_ends(data, model.Package.get(id_or_name) if isinstance(id_or_name, str) else None)
    resources = data.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        id = resource.get("id") if isinstance(resource, dict) else None
        _keep_line_ends(resource, model.Resource.get(id) if isinstance(id, str) else None)


def _keep_line_ends(data: Any, stored: Any) -> None:
    if stored is None:
        return
    for field, value in data.items():
        if isinstance(value, str) and ("\n" in value or "\r" in value):
            kept = (stored.extras or {}).get(field) or getattr(stored, field, None)
            if isinstance(kept, str) and _lines(kept) == _lines(value):
                data[field] = kept


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def describe_long_texts(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields whose text is longer than `LONGEST_TEXT`, with a sentence that says so; entries by their field."""
    found = {}
    for field, value in data.items():
        longest = max((len(text) for text in texts_in(value)), default=0)
        if longest > LONGEST_TEXT:
            message = toolkit._("Use at most {most} characters; these are {number}. A link to a longer text will do.")
            found[field.split("-", 1)[0]] = [message.format(most=f"{LONGEST_TEXT:,}", number=f"{longest:,}")]
    return found


def texts_in(value: Any) -> Iterator[str]:
    """The texts in a value of the form: itself, those of a list, and those of its entries."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)


def find_package_type(data: Mapping[str, Any]) -> str:
    """The type of the dataset that `data` has the id or name of, as stored; CKAN's default where there is none."""
    id_or_name = data.get("id") or data.get("name")
    package = model.Package.get(id_or_name) if isinstance(id_or_name, str) else None
    return (package.type if package is not None else None) or "dataset"


def _position(index: str) -> tuple[bool, int, str]:
    """Sorts as numbers do, also those too long for `int`."""
    number = index.lstrip("0") if index.isdecimal() else index
    return (not index.isdecimal(), len(number) if index.isdecimal() else 0, number)


def _find_page(package_type: str, phase: Any) -> Collection[Mapping[str, Any]]:
    """The fields of the page that a form's hidden field names; none where it names no page."""
    # CKAN's template sends a phase of its own before scheming's.
    wanted = phase[-1] if isinstance(phase, list) and phase else phase
    pages = enumerate(form_pages(package_type), 1)
    return next((page["fields"] for number, page in pages if str(number) == wanted), ())


def _repeating(fields: Collection[Mapping[str, Any]]) -> Iterator[str]:
    """The names of those repeating fields that the form shows."""
    for field in fields:
        if "repeating_subfields" in field and field.get("form_snippet", "") is not None:
            yield field["field_name"]
