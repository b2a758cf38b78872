"""The country of a record's publisher, where its source has none: by what the record says, and never guessed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.normalise.geography.address_countries import country_of_address
from ckanext.aivision.record import Agent, Dataset

_EXAMPLES = 3


def with_country(dataset: Dataset, is_federal: bool = False) -> Dataset:
    """The dataset with its country, if something tells it.

    is_federal: whether the record has the code of a US federal bureau (OMB Circular A-11, appendix C).
    """
    if dataset.country:
        return dataset
    country = "US" if is_federal else next(filter(None, map(country_of_address, _addresses(dataset))), "")
    return msgspec.structs.replace(dataset, country=country) if country else dataset


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
        message = (
            f"nothing tells the country of {self._count:,} records, so they are not compared: say --country, set the "
            "country of the source, or give the address of the publisher"
        )
        return [Problem("country-unknown", "$", message, seen=", ".join(self._unknown)[:200])]
