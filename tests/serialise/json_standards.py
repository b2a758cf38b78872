"""The way of a record through a JSON standard and back, and what the standard can carry of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from tests.serialise.conftest import read

from ckanext.aivision.harvesters.protocols.uk_metadata_exchange.model import organisations
from ckanext.aivision.normalise import media_types
from ckanext.aivision.record import Agent, Dataset, Distribution, Term
from ckanext.aivision.serialise.json_standards.documents import DOCUMENTS, About
from ckanext.aivision.serialise.json_standards.places import table

ABOUT = About("Rivers", "https://rivers.example.gov/data.json")
_GOV_UK = "https://www.gov.uk/government/organisations/"
# What a reader has of a source, and no document.
_OF_A_READER = ("source", "profile", "raw", "beside", "unread")


def written_and_read(dataset: Dataset, form: str) -> Dataset:
    """The record as our own reader reads it in a document of this form."""
    kind = "uk-metadata-exchange" if form.startswith("uk") else "dcat-us"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / form
        path.write_bytes(b"".join(DOCUMENTS[form].write([dataset], ABOUT)))
        (found,) = [one for one in read(path, kind, dataset.country) if one.identifier == dataset.identifier]
    return found


def carried(dataset: Dataset, standard: str) -> Dataset:
    """The record without what its reader alone knows, and without what the standard has no place for."""
    lost = table(standard).lost
    blank = Dataset(identifier="", title="", profile="", country="")
    gone = {name: getattr(blank, name) for name in lost if "." not in name and name not in ("country", *_OF_A_READER)}
    of_distributions = [name.partition(".")[2] for name in lost if name.startswith("distribution.")]
    found = msgspec.structs.replace(
        dataset,
        **gone,
        raw={},
        beside=[],
        source="",
        distribution=[_reduced(item, of_distributions) for item in dataset.distribution],
    )
    return _of_uk_model(found) if standard == "uk-metadata-exchange" else _by_id(found)


def _reduced(item: Distribution, lost: list[str]) -> Distribution:
    return msgspec.structs.replace(item, **{name: getattr(Distribution(), name) for name in lost})


def _by_id(dataset: Dataset) -> Dataset:
    """Terms without the rule by which they were found: a form's choice is its own word."""
    terms = {
        name: msgspec.structs.replace(term, rule="")
        for name in ("accrual_periodicity", "access_rights")
        if isinstance(term := getattr(dataset, name), Term)
    }
    return msgspec.structs.replace(dataset, **terms)


def _of_uk_model(dataset: Dataset) -> Dataset:
    """The notes of config/serialise/uk-metadata-exchange.yaml: what a member holds of a field, where it is not all."""
    publisher = dataset.publisher
    contacts = [agent for agent in dataset.contact_point if agent.name and agent.email] or dataset.contact_point
    return msgspec.structs.replace(
        dataset,
        publisher=_named(publisher) if publisher is not None and publisher.name else None,
        creator=[_named(agent) for agent in dataset.creator if agent.name],
        contact_point=[Agent(agent.name, agent.email) for agent in contacts[:1] if agent.name or agent.email],
        distribution=[_distribution(item, dataset.license) for item in dataset.distribution],
        unread={name: text for name, text in dataset.unread.items() if name not in table("uk-metadata-exchange").lost},
    )


def _named(agent: Agent) -> Agent:
    slug = "-".join((agent.name or "").lower().split())
    is_known = slug in organisations()
    return Agent(name=slug, identifier=f"{_GOV_UK}{slug}") if is_known else Agent(name=agent.name)


def _distribution(item: Distribution, licence: Term | None) -> Distribution:
    """Without a media type, that of the format is in its place, or the format; without a licence, that of the dataset.

    The access address is the name where nothing else is.
    """
    by_format = media_types.clean(_media_type(item.format)) if item.format is not None else None
    access = None if item.download_url else item.access_url
    return msgspec.structs.replace(
        item,
        identifier=None,
        format=None,
        media_type=item.media_type or by_format,
        license=item.license or licence,
        access_url=access,
    )


def _media_type(term: Term) -> str:
    traits = media_types.traits(term.id) if term.id else None
    return traits.media_type if traits is not None and traits.kind != "service" else term.original


def repeats_an_address(dataset: Dataset) -> bool:
    """Whether several distributions are at one access address alone: in the UK model, all but one get a longer name."""
    names = [item.access_url for item in dataset.distribution if item.access_url and not item.download_url]
    return len(names) > len(set(names))


def leaves(value: Any) -> Iterator[str]:
    """All texts of a value of JSON types; numbers as text."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif value is not None:
        yield str(value).lower() if isinstance(value, bool) else str(value)
