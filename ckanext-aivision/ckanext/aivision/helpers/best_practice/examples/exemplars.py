"""Template helpers: what an exemplar shows, field by field, and where exemplars are."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from ckan.plugins import toolkit

from ckanext.aivision.exemplars.rules import load_rules
from ckanext.aivision.exemplars.shown import fields_of
from ckanext.aivision.exemplars.snippets import Snippet
from ckanext.aivision.exemplars.snippets import snippets_of as _snippets_of
from ckanext.aivision.helpers.request_cache import once_a_request
from ckanext.aivision.snapshot.answers.comparison import Question
from ckanext.aivision.snapshot.examples.exemplars import Exemplar

__all__ = [
    "aivision_exemplar_fields",
    "aivision_exemplar_place",
    "aivision_exemplars_address",
    "aivision_has_exemplars",
    "aivision_snippets",
]


class Shown(NamedTuple):
    """A field of an exemplar. prose: whether its value is sentences."""

    label: str
    value: str
    prose: bool


def aivision_exemplar_fields(exemplar: Exemplar) -> list[Shown]:
    """What an exemplar shows, in its order: fields of the record with their values in words."""
    labels = _labels()
    return [Shown(labels.get(field.name, field.title), field.value, field.prose) for field in fields_of(exemplar.part)]


def aivision_exemplar_place(exemplar: Exemplar) -> str:
    """The field that the words stand in, as its label; the title of one that has none is its name."""
    name = exemplar.place.removeprefix("distribution.")
    return _labels().get(name, name.replace("_", " ").capitalize())


def aivision_snippets(exemplar: Exemplar) -> list[Snippet]:
    """What an exemplar shows, in each format."""
    return _snippets_of(exemplar.part)


def aivision_has_exemplars(criterion: str) -> bool:
    """Whether there is anything to copy for a criterion: some are met by the form of a record alone."""
    return criterion in load_rules()


def aivision_exemplars_address(criterion: str = "", question: Question | None = None) -> str:
    """The address of the exemplars, of one criterion if it is given, narrowed as `question` is."""
    pairs = [("criterion", criterion)] if criterion else []
    if question is not None:
        pairs += question.filters.pairs()
    return f"{_address()}?{urlencode(pairs)}" if pairs else _address()


@once_a_request
def _address() -> str:
    return str(toolkit.url_for("aivision_exemplars.show"))


@once_a_request
def _labels() -> dict[str, str]:
    return {
        "title": toolkit._("Title"),
        "description": toolkit._("Description"),
        "keyword": toolkit._("Keywords"),
        "theme": toolkit._("Theme"),
        "identifier": toolkit._("Identifier"),
        "language": toolkit._("Language"),
        "issued": toolkit._("First published"),
        "modified": toolkit._("Last changed"),
        "accrual_periodicity": toolkit._("Update frequency"),
        "publisher": toolkit._("Publisher"),
        "contact_point": toolkit._("Contact"),
        "license": toolkit._("Licence"),
        "rights": toolkit._("Rights"),
        "access_rights": toolkit._("Access"),
        "access_procedure": toolkit._("Why, and how to get the data"),
        "temporal": toolkit._("Period covered"),
        "spatial": toolkit._("Area covered (west, south, east, north)"),
        "page": toolkit._("Documentation"),
        "conforms_to": toolkit._("Standard"),
        "described_by": toolkit._("Data dictionary"),
        "described_by_type": toolkit._("Format of the dictionary"),
        "download_url": toolkit._("Download address"),
        "access_url": toolkit._("Access address"),
        "media_type": toolkit._("Media type"),
        "format": toolkit._("Format"),
        "byte_size": toolkit._("Size in bytes"),
        "checksum": toolkit._("Checksum"),
        "checksum_algorithm": toolkit._("Algorithm of the checksum"),
        "columns": toolkit._("Columns"),
        "version": toolkit._("Version"),
        "bibliographic_citation": toolkit._("Citation"),
        "provenance": toolkit._("Source"),
        "collection": toolkit._("How the data were produced"),
        "limitations": toolkit._("Limitations"),
        "quality": toolkit._("Quality"),
        "uses": toolkit._("Uses"),
        "unsuitable_uses": toolkit._("Unsuitable uses"),
        "uncertainty": toolkit._("Uncertainty"),
        "biases": toolkit._("What the data cover poorly"),
        "personal_data_measures": toolkit._("Protection of people"),
        "maintenance_plan": toolkit._("Maintenance"),
        "system_of_records": toolkit._("System of records"),
        "code_repository": toolkit._("Code"),
        "ai_use_terms": toolkit._("Terms for AI"),
        "security_classification": toolkit._("Security classification"),
        "next_update": toolkit._("Next update"),
    }
