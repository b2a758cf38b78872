"""Template helpers: what the form offers to choose from, out of the vocabularies of `config/`.

Each gives choices as ckanext-scheming takes them (`choices_helper`): `value`, which is stored, and `label`.
"""

from __future__ import annotations

import functools
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.normalise import frequencies, licences
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.serialise.known_places import known_places
from ckanext.aivision.serialise.package import EU_FREQUENCY

__all__ = [
    "aivision_frequency_choices",
    "aivision_language_choices",
    "aivision_licence_choices",
    "aivision_place_choices",
    "aivision_theme_choices",
    "aivision_values_in_words",
]

Choices = list[dict[str, str]]
_EU_THEME = "http://publications.europa.eu/resource/authority/data-theme/"
# The languages in which the US and the UK publish most; the others follow in alphabetical order.
_FIRST_LANGUAGES = ("en", "es", "cy", "fr", "gd", "ga")


def aivision_licence_choices(field: dict[str, Any]) -> Choices:
    """The licences of our vocabulary as form choices; those that are not open are marked."""
    groups = {"open": "{title}", "open-unnamed": "{title}", "conditions": "{title} (not open)", "none": "{title}"}
    return [
        {"value": licence.id, "label": groups[licence.openness].format(title=licence.title)}
        for licence in licences.all_licences()
    ]


def aivision_frequency_choices(field: dict[str, Any]) -> Choices:
    """The update frequencies in words, the most frequent first; the values are URIs of the EU frequency list."""
    return [{"value": value, "label": toolkit._(label)} for value, label in _rhythms()]


def aivision_theme_choices(field: dict[str, Any]) -> Choices:
    """The EU's data themes by their addresses, and the topics of ISO 19115, which US catalogues use, by their codes."""
    return [{"value": value, "label": toolkit._(label)} for value, label in _themes()]


def aivision_language_choices(field: dict[str, Any]) -> Choices:
    """Languages by their subtags of BCP 47: those of most US and UK data first, then in alphabetical order."""
    return [{"value": value, "label": label} for value, label in _languages()]


def aivision_place_choices(field: dict[str, Any]) -> Choices:
    """Places by their names: the UK and its parts, the US and its states, then other countries."""
    return [{"value": place.name, "label": place.name} for place in known_places().values()]


def aivision_values_in_words(choices: Choices, values: Any) -> list[str]:
    """The stored values of a field as their labels; a value that is not among the choices stays as it is.

    values: a list, a text, or nothing.
    """
    labels = {choice["value"]: toolkit.h.scheming_language_text(choice["label"]) for choice in choices}
    listed = values if isinstance(values, list) else [values] if values else []
    return [str(labels.get(value, value)) for value in listed]


@functools.cache
def _rhythms() -> tuple[tuple[str, str], ...]:
    labels = {row["id"]: row["label"] for row in rows("frequencies")}
    found: dict[str, str] = {}
    for rhythm in frequencies.all_frequencies():
        found.setdefault(f"{EU_FREQUENCY}{frequencies.eu_code(rhythm)}", labels[rhythm])
    return tuple(found.items())


@functools.cache
def _themes() -> tuple[tuple[str, str], ...]:
    table = [row for row in rows("themes") if row["label"]]
    european = [(_EU_THEME + row["id"], row["label"]) for row in table if row["vocabulary"] == "eu-data-theme"]
    topics = [(row["id"], f"{row['label']} (ISO 19115)") for row in table if row["vocabulary"] == "iso19115-topic"]
    return (*european, *topics)


@functools.cache
def _languages() -> tuple[tuple[str, str], ...]:
    names = {row["id"]: row["names"].split("|")[0] for row in rows("languages")}
    others = sorted((name, id) for id, name in names.items() if id not in _FIRST_LANGUAGES)
    return (*((id, names[id]) for id in _FIRST_LANGUAGES), *((id, name) for name, id in others))
