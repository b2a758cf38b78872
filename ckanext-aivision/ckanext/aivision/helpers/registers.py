"""Template helpers of the registers of guidance, cooperation and training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.index.search_fields import token
from ckanext.aivision.catalogue.registers.index_fields import CRITERIA, newest_date, related_criteria
from ckanext.aivision.catalogue.registers.types import choice_labels, is_register, registers
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.helpers.text import aivision_date
from ckanext.aivision.scoring.guidance import cite, load_guidance
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion, load
from ckanext.aivision.snapshot.page_reads import note_read

__all__ = [
    "aivision_criterion_choices",
    "aivision_dimension_choices",
    "aivision_entries_of_criterion",
    "aivision_entry_cited",
    "aivision_entry_criteria",
    "aivision_entry_facts",
    "aivision_entry_line",
    "aivision_register",
    "aivision_registers",
    "humanize_entity_type",
]
_MOST_OF_CRITERION = 50
_DATES = ("issued", "in_force_since", "next_review")
_LISTED_APART = ("title", "name", "notes", "owner_org", "clauses", "sources", "criteria", "cited_as", "priorities")


class Register(NamedTuple):
    """about: what its entries are, and what the declaration of 2020 asks for there, in our words."""

    name: str
    title: str
    about: str
    address: str


class Cited(NamedTuple):
    """A document or clause that criteria cite an entry as. url: empty for one that is not listed."""

    label: str
    url: str


def aivision_registers() -> list[Register]:
    """The registers of this site."""
    about = {
        "guidance": (
            toolkit._("Guidance"),
            toolkit._(
                "Laws, policies and guidance of both countries that bear on public data and AI. The US-UK declaration "
                "of 25 September 2020 on AI asks both countries to exchange information on their rules."
            ),
        ),
        "cooperation": (
            toolkit._("Cooperation"),
            toolkit._(
                "Agreements and joint programmes of the United States and the United Kingdom. The US-UK declaration of "
                "25 September 2020 on AI asks both countries to take stock of them and to build on them."
            ),
        ),
        "training": (
            toolkit._("Training"),
            toolkit._(
                "Apprenticeships, courses and programmes for skills in data and AI, in both countries. The US-UK "
                "declaration of 25 September 2020 on AI recognises how important such skills are."
            ),
        ),
    }
    return [Register(name, *about[name], toolkit.url_for(f"{name}.search")) for name in registers()]


def aivision_register(package_type: str | None) -> Register | None:
    """The register whose entries have this package type; None for datasets and for types of others."""
    if not is_register(package_type):
        return None
    return next(found for found in aivision_registers() if found.name == package_type)


def aivision_entry_facts(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an entry's fields say, as label and text, in the order of the form.

    Left out are those that the page shows in parts of their own.
    """
    found = []
    for field in dataset_fields(str(entry.get("type"))):
        value = entry.get(field["field_name"])
        if value and field["field_name"] not in _LISTED_APART and field.get("form_snippet", "") is not None:
            labels = {choice["value"]: toolkit._(choice["label"]) for choice in field.get("choices", ())}
            values = value if isinstance(value, list) else [value]
            texts = [aivision_date(one) if field["field_name"] in _DATES else labels.get(one, one) for one in values]
            found.append((toolkit._(field["label"]), ", ".join(str(text) for text in texts)))
    return found


def aivision_entry_line(entry: Mapping[str, Any]) -> str:
    """An entry in one line of a list: whose it is, what it is, by whom, in which state and of which day."""
    labels = [choice_labels(field) for field in ("country", "kind", "status")]
    country, kind, status = (
        [str(toolkit._(names.get(one, one))) for one in _as_list(entry.get(field))]
        for field, names in zip(("country", "kind", "status"), labels, strict=True)
    )
    day = newest_date(entry)
    parts = [", ".join(country), *kind, str(entry.get("body") or ""), *status, aivision_date(day) if day else ""]
    return " · ".join(part for part in parts if part)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def aivision_entry_criteria(entry: Mapping[str, Any]) -> list[Criterion]:
    """The criteria that an entry lists, or that cite it."""
    ids = set(related_criteria(entry.get("criteria") or (), entry.get("cited_as") or ()))
    return [row for row in load().everything if row.id in ids]


def aivision_entry_cited(entry: Mapping[str, Any]) -> list[Cited]:
    """What criteria cite an entry as."""
    found = []
    for code in entry.get("cited_as") or ():
        document = load_guidance().get(code)
        clause = cite(code)
        found.append(Cited(document.title, document.url) if document is not None else Cited(clause.label, clause.url))
    return found


def aivision_entries_of_criterion(id: str) -> list[dict[str, Any]]:
    """The entries that list a criterion, or that it cites, with their `name`, `title` and `type`, by register."""
    found = registers()
    if not found:
        return []
    results = note_read(_search_entries, f"dataset_type:({' OR '.join(found)}) {CRITERIA}:{token(id)}")
    by_name = {one.name: one for one in aivision_registers()}
    rows = [{**row, "register": by_name[row["dataset_type"]]} for row in results]
    return sorted(rows, key=lambda row: found.index(row["dataset_type"]))


def _search_entries(query: str) -> list[dict[str, Any]]:
    search = {
        "fq": query,
        "fl": ["name", "title", "dataset_type"],
        "rows": _MOST_OF_CRITERION,
        "sort": "title_string asc",
    }
    results: list[dict[str, Any]] = toolkit.get_action("package_search")({"user": ""}, search)["results"]
    return results


def aivision_criterion_choices(field: Mapping[str, Any]) -> list[dict[str, str]]:
    """The criteria of the rubric as form choices."""
    return [{"value": row.id, "label": in_words(row.id)} for row in load().everything]


def aivision_dimension_choices(field: Mapping[str, Any]) -> list[dict[str, str]]:
    """The dimensions of the comparison as form choices."""
    return [{"value": id, "label": id.capitalize()} for id in DIMENSIONS]


@toolkit.chained_helper
def humanize_entity_type(following: Any, entity_type: str, object_type: str, purpose: str) -> str | None:
    """CKAN's names of things in its own pages: entries are not called datasets there."""
    if entity_type == "package" and is_register(object_type):
        names = {
            "create label": toolkit._("Add an entry"),
            "create title": toolkit._("Add an entry"),
            "add link": toolkit._("Add an entry"),
            "update label": toolkit._("Save"),
            "view label": toolkit._("View entry"),
            "edit label": toolkit._("Edit entry"),
            "delete confirmation": toolkit._("Are you sure you want to delete this entry?"),
        }
        if purpose in names:
            return str(names[purpose])
    name: str | None = following(entity_type, object_type, purpose)
    return name
