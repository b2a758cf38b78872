"""The record in the UK Cross-Government Metadata Exchange Model."""

from __future__ import annotations

from typing import Any

import msgspec

from ckanext.aivision.agencies.placement import place
from ckanext.aivision.harvesters.mapping.values import as_list
from ckanext.aivision.harvesters.protocols.dcat_us.extensions import PROFILE
from ckanext.aivision.harvesters.protocols.uk_metadata_exchange.model import organisations
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Agent, Dataset, Distribution
from ckanext.aivision.serialise.json_standards.compose import composers
from ckanext.aivision.serialise.json_standards.forms import GOV_UK

NAME = "uk-metadata-exchange"
_NATIVE = ("uk-metadata-exchange", "uk-metadata-exchange-service", "uk-metadata-exchange-distribution")


def to_uk_model(dataset: Dataset) -> list[dict[str, Any]]:
    """The record of a dataset, and those of its distributions, which are records of their own in the model."""
    if dataset.profile in _NATIVE and "title" in dataset.raw and PROFILE not in dataset.raw:
        return _native(dataset)
    of_dataset, of_distribution = composers(NAME)
    record = of_dataset.compose(_with_known_publisher(dataset))
    names: list[str] = []
    parts = []
    for number, item in enumerate(dataset.distribution, 1):
        name = _name(item, dataset, number)
        names.append(f"{name}#distribution-{number}" if name in names else name)
        licence = item.license or dataset.license
        part = of_distribution.compose(msgspec.structs.replace(item, license=licence))
        parts.append({**part, "identifier": names[-1]})
    if names:
        record["distribution"] = names
    return [record, *parts]


def _with_known_publisher(dataset: Dataset) -> Dataset:
    """A publisher that the table of agencies knows, with its page on GOV.UK if the model has the page's name."""
    placed, agent = place(dataset).publisher, dataset.publisher
    name = placed.id.removeprefix("gb-") if placed is not None and placed.id.startswith("gb-") else ""
    if agent is None or name not in organisations():
        return dataset
    return msgspec.structs.replace(dataset, publisher=Agent(name=agent.name, identifier=f"{GOV_UK}{name}"))


def _name(item: Distribution, dataset: Dataset, number: int) -> str:
    """What the dataset names a distribution by.

    The model has no access address: where there is no address to download from, the access address is the
    distribution's name, by which it is read. So no other name may look like one.
    """
    if item.access_url and not item.download_url:
        return item.access_url
    if item.identifier and (item.download_url or not addresses.is_address(item.identifier)):
        return item.identifier
    return f"distribution-{number}-of-{dataset.identifier}"


def _native(dataset: Dataset) -> list[dict[str, Any]]:
    """What the source said, each distribution as a record of its own."""
    given = dataset.raw.get("distribution")
    if not any(isinstance(item, dict) for item in as_list(given)):
        return [dataset.raw]
    names: list[Any] = []
    parts: list[dict[str, Any]] = []
    for number, item in enumerate(as_list(given), 1):
        if isinstance(item, dict):
            name = item.get("identifier") or f"distribution-{number}-of-{dataset.identifier}"
            parts.append({**item, "identifier": name})
            names.append(name)
        else:
            names.append(item)
    return [{**dataset.raw, "distribution": names}, *parts]
