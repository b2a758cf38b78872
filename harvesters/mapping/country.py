"""The country of a record's publisher, where its source has none: by what the record says, and never guessed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ckanext.aivision.agencies.publisher_country import country_of_publisher
from ckanext.aivision.errors import Problem
from ckanext.aivision.normalise.geography.address_countries import country_of_address
from ckanext.aivision.normalise.geography.countries import code_of_name
from ckanext.aivision.record import Agent, Dataset

_EXAMPLES = 3
# Who stands behind a record, and the member of an address that has the country (vCard, schema.org, the Core Location
# Vocabulary, CKAN).
_AGENTS = ("publisher", "dct:publisher", "contactPoint", "dcat:contactPoint", "organization")
_COUNTRY = frozenset(("country", "countryname", "country-name", "addresscountry", "countrycode", "adminunitl1"))
_LEVELS = 4  # of objects in an agent


def with_country(dataset: Dataset, is_federal: bool = False) -> Dataset:
    """The dataset with its country, if something tells it.

    is_federal: whether the record has the code of a US federal bureau (OMB Circular A-11, appendix C).
    """
    if dataset.country:
        return dataset
    country = "US" if is_federal else next(filter(None, _countries(dataset)), "")
    return msgspec.structs.replace(dataset, country=country) if country else dataset


def _countries(dataset: Dataset) -> Iterator[str]:
    """What tells the country, the surest first."""
    for agent in _AGENTS:
        yield country_in(dataset.raw.get(agent))
    yield from map(country_of_address, _addresses(dataset))
    publisher = dataset.publisher
    for name in (publisher.name, *publisher.sub_organization_of) if publisher is not None else ():
        yield country_of_publisher(name or "")


def country_in(agent: Any) -> str:
    """The country that the address of an agent names; empty if none does. agent: as it stands in a record."""
    return next(filter(None, map(code_of_name, _country_texts(agent, _LEVELS))), "")


def _country_texts(value: Any, levels: int) -> Iterator[str]:
    if isinstance(value, list) and levels:
        for item in value[:_EXAMPLES]:
            yield from _country_texts(item, levels)
    elif isinstance(value, dict) and levels:
        for key, inner in value.items():
            if key.rpartition(":")[2].lower() in _COUNTRY:
                yield from _texts(inner)
            elif isinstance(inner, dict | list):
                yield from _country_texts(inner, levels - 1)


def _texts(value: Any) -> Iterator[str]:
    """A text, or those of JSON-LD's objects in a list: a value, an address, a name."""
    for item in value[:_EXAMPLES] if isinstance(value, list) else [value]:
        parts: Iterable[Any] = item.values() if isinstance(item, dict) else (item,)
        yield from (part for part in parts if isinstance(part, str))


def _addresses(dataset: Dataset) -> Iterator[str | None]:
    """The addresses of the publisher and of those to ask, then of the dataset itself and of its files."""
    agents: list[Agent] = [dataset.publisher] if dataset.publisher is not None else []
    for agent in itertools.chain(agents, dataset.contact_point):
        yield from (agent.identifier, agent.url, agent.email)
    yield from (dataset.landing_page, dataset.identifier, *dataset.other_identifier)
    for file in dataset.distribution:
        yield from (file.download_url, file.access_url)


class Countries:
    """The countries of one reading's records. found: of the records that have one."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._unknown: list[str] = []
        self._count = 0

    def add(self, dataset: Dataset) -> None:
        if dataset.country:
            self.found.add(dataset.country)
            return
        self._count += 1
        if self._count <= _EXAMPLES:
            self._unknown.append(dataset.identifier)

    def remarks(self) -> list[Problem]:
        """A warning if there are records of no known country."""
        if not self._count:
            return []
        one, it = ("", "it is") if self._count == 1 else ("s", "they are")
        message = (
            f"nothing tells the country of {self._count:,} record{one}, so {it} not compared: say --country, set the "
            "country of the source, or give the address of the publisher"
        )
        return [Problem("country-unknown", "$", message, seen=", ".join(self._unknown)[:200])]
