"""The country of a DCAT-US catalogue, by what it says of itself beside its datasets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.mapping.country import country_in
from ckanext.aivision.harvesters.mapping.values import as_list, label, labels, organization
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.protocols.dcat_us.data_json import LISTS
from ckanext.aivision.normalise.geography.address_countries import country_of_address
from ckanext.aivision.normalise.geography.countries import code_of_name

_OWN = ("country", "countryCode", "aivision:country")
_AGENTS = ("publisher", "contactPoint", "creator")
_ADDRESSES = ("homepage", "landingPage", "@id", "url")
_LABEL = ("prefLabel", "label", "name", "title", "@value", "@id")


def country_of_catalogue(head: Head) -> str:
    """ISO 3166-1 alpha-2; empty if nothing tells. head: of its document.

    A statement that follows the datasets of a document of more than some 250 KB is not seen.
    """
    return next(filter(None, _countries(_members(head))), "")


def _countries(stated: dict[str, Any]) -> Iterator[str]:
    for name in _OWN:
        yield code_of_name(label(stated.get(name), _LABEL) or "")
    for name in _AGENTS:
        yield country_in(stated.get(name))
    yield from map(code_of_name, labels(stated.get("spatial"), _LABEL))
    for name in _ADDRESSES:
        yield country_of_address(label(stated.get(name), ("@id", "url")))
    for agent in (organization(item) for name in _AGENTS for item in as_list(stated.get(name))):
        if agent is not None:
            yield from map(country_of_address, (agent.identifier, agent.url, agent.email))


def _members(head: Head) -> dict[str, Any]:
    """The members of the catalogue but for its lists."""
    found: dict[str, Any] = {}
    text = JsonText(iter((head.text,)), head.address)
    try:
        for name in text.members() if text.peek() == "{" else ():
            value = text.value()
            if name not in LISTS:
                found.setdefault(name, value)
    except SourceError:
        # The beginning of a longer document; if something is wrong with it, whoever reads it says so.
        pass
    return found
