"""The facets of a search for datasets: their titles, and readable names of their values."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.catalogue.index.search_fields import FAILED, GAIN, KIND, THEME
from ckanext.aivision.catalogue.registers import index_fields as entries
from ckanext.aivision.catalogue.registers.types import choice_labels
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.helpers.announcement import aivision_gate_label
from ckanext.aivision.helpers.facet_words import facet_words

__all__ = ["aivision_named_agencies", "aivision_orders"]

# A filter that pages lead to; there are too many agencies for a facet.
AGENCY = "aivision_agency"


def titles() -> OrderedDict[str, str]:
    """The titles of our facets, in their order."""
    return OrderedDict(
        [
            ("aivision_country", toolkit._("Country")),
            ("aivision_grade", toolkit._("Grade")),
            ("aivision_gate", toolkit._("What limits the grade")),
            (FAILED, toolkit._("Criterion that fails")),
            (THEME, toolkit._("Theme")),
            (KIND, toolkit._("Kind of data")),
            ("aivision_level", toolkit._("Level of government")),
        ]
    )


def titles_in_organization() -> OrderedDict[str, str]:
    """Those that tell the datasets of one organization apart."""
    same = ("aivision_country", "aivision_level")
    return OrderedDict((field, title) for field, title in titles().items() if field not in same)


def titles_in_register(register: str) -> OrderedDict[str, str]:
    """Those of the search for entries of a register."""
    country = toolkit._("Party") if register == "cooperation" else toolkit._("Country")
    return OrderedDict(
        [(entries.COUNTRY, country), (entries.KIND, toolkit._("Kind")), (entries.STATUS, toolkit._("Status"))]
    )


def aivision_named_agencies(
    values: Iterable[str], known: Mapping[tuple[str, str], str] | None
) -> dict[tuple[str, str], str]:
    """Readable names of chosen values, by facet and value, with those of the agencies. known: those there are."""
    register = load_register().agencies
    titles = {(AGENCY, value): register[value].title for value in values if value in register}
    return {**(known or {}), **titles}


def labelled(results: dict[str, Any]) -> dict[str, Any]:
    """What `package_search` gives, with readable names of the values of our facets."""
    facets = dict(results.get("search_facets", {}))
    for field, label in _labels().items():
        if field in facets:
            items = [{**item, "display_name": label(item["name"])} for item in facets[field]["items"]]
            facets[field] = {**facets[field], "items": items}
    return {**results, "search_facets": facets}


def _labels() -> dict[str, Callable[[str], str]]:
    """By facet, what makes a readable name of its value."""
    words = facet_words()
    return {
        entries.COUNTRY: _choice("country"),
        entries.KIND: _choice("kind"),
        entries.STATUS: _choice("status"),
        FAILED: _failed,
        "aivision_gate": _gate,
        THEME: lambda slug: _line(words["theme"].get(slug, slug)),
        KIND: lambda kind: _line(words["kind"].get(kind, kind)),
        "aivision_level": lambda level: _line(words["level"].get(level, level)),
    }


def _line(words: str) -> str:
    """Words as a line of their own, which begins with a capital."""
    return words[:1].upper() + words[1:]


def _failed(criterion: str) -> str:
    return str(toolkit._("{criterion}: fails")).format(criterion=toolkit._(in_words(criterion)))


def _gate(gate: str) -> str:
    return str(toolkit._(aivision_gate_label(gate) or gate))


def _choice(field: str) -> Callable[[str], str]:
    """What gives the label of a value of a field of entries."""
    return lambda value: str(toolkit._(choice_labels(field).get(value, value)))


def aivision_orders() -> list[tuple[str, str]]:
    """The orders by evaluation that a list of datasets offers: what is shown, and what Solr sorts by."""
    return [
        (toolkit._("Grade, best first"), "aivision_grade asc, aivision_score desc"),
        (toolkit._("Grade, worst first"), "aivision_grade desc, aivision_score asc"),
        (toolkit._("Most to gain from one fix"), f"{GAIN} desc"),
    ]
