"""Tests of single properties, for lenses whose framework asks what our criteria do not ask exactly.

A property is named as DCAT names it; one of a distribution is reached over `dcat:distribution/`, as in a SPARQL
property path. A test asks whether the property is there, not whether it says anything: that is what criteria are for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from ckanext.aivision.normalise.vocabulary import folded, local_name
from ckanext.aivision.record import Agent, Dataset, Distribution, Moment, Term
from ckanext.aivision.scoring.facts.link_quality import line
from ckanext.aivision.scoring.observations.observations import Link

Kind = Literal["given", "known", "one-of", "written-as", "answers"]
NEEDS_VALUES = ("one-of", "written-as")
OF_DISTRIBUTION = "dcat:distribution/"
# What tables and programs write where there is no value. A word of a person's, as `none`, is one.
_NO_VALUE = ("", "null", "nan", "[]", "{}")


class Metric(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One test of one property.

    of: `property` in a file, a key of PROPERTIES. test: `given` (it has a value), `known` (a value that our vocabulary
    knows by its address, identifier or name), `one-of` (one that the vocabulary reads as one of `values`),
    `written-as` (one whose text is one of `values`, upper and lower case, spaces and signs apart), `answers` (its
    address does, by the checks of links: unknown where there are none). unless: ids of our vocabulary that are not
    `known` to the framework's.
    """

    of: str = msgspec.field(name="property")
    test: Kind
    values: list[str] = []
    unless: list[str] = []

    @property
    def of_distribution(self) -> bool:
        return self.of.startswith(OF_DISTRIBUTION)


class Seen(msgspec.Struct, frozen=True):
    """passed: None if it cannot be known from the metadata. evidence: the value that decided it, or what is not."""

    passed: bool | None
    evidence: str


OfDataset = Callable[[Dataset], Sequence[Term]]
OfDistribution = Callable[[Dataset, Distribution], Sequence[Term]]


def _text(*values: object) -> list[Term]:
    return [Term(str(value)) for value in values if value is not None]


def _term(value: Term | None) -> list[Term]:
    return [value] if value is not None else []


def _moment(value: Moment | None) -> list[Term]:
    return [Term(value.original)] if value is not None else []


def _agents(agents: Sequence[Agent | None]) -> list[Term]:
    found = (agent and (agent.name or agent.email or agent.url) for agent in agents)
    return [Term(text) for text in found if text]


_DATASET: dict[str, OfDataset] = {
    "dct:title": lambda dataset: _text(dataset.title),
    "dct:description": lambda dataset: _text(dataset.description),
    "dct:identifier": lambda dataset: _text(dataset.identifier),
    "adms:identifier": lambda dataset: _text(*dataset.other_identifier),
    "dcat:keyword": lambda dataset: _text(*dataset.keyword),
    "dcat:theme": lambda dataset: dataset.theme,
    "dct:language": lambda dataset: dataset.language,
    "dct:type": lambda dataset: _text(dataset.type),
    "dct:issued": lambda dataset: _moment(dataset.issued),
    "dct:modified": lambda dataset: _moment(dataset.modified),
    "dct:accrualPeriodicity": lambda dataset: _term(dataset.accrual_periodicity),
    "dct:publisher": lambda dataset: _agents([dataset.publisher]),
    "dct:creator": lambda dataset: _agents(dataset.creator),
    "dcat:contactPoint": lambda dataset: _agents(dataset.contact_point),
    "dct:license": lambda dataset: _term(dataset.license),
    "dct:rights": lambda dataset: _text(*dataset.rights),
    "dct:accessRights": lambda dataset: _term(dataset.access_rights),
    "dct:temporal": lambda dataset: _text(*(period.original for period in dataset.temporal)),
    "dct:spatial": lambda dataset: _text(*(place.original for place in dataset.spatial)),
    "dcat:landingPage": lambda dataset: _text(dataset.landing_page),
    "foaf:page": lambda dataset: _text(*dataset.page),
    "dct:conformsTo": lambda dataset: _text(*dataset.conforms_to),
    "dcat:inSeries": lambda dataset: _text(dataset.in_series),
    "dcat:version": lambda dataset: _text(dataset.version),
    "adms:versionNotes": lambda dataset: _text(dataset.version_notes),
    "dct:provenance": lambda dataset: _text(dataset.provenance),
    "dct:source": lambda dataset: _text(*dataset.derived_from),
    "dct:bibliographicCitation": lambda dataset: _text(dataset.bibliographic_citation),
}
# DCAT-US 1.1 and CKAN state licence and rights once, for the dataset: they hold for each of its distributions.
_DISTRIBUTION: dict[str, OfDistribution] = {
    "dct:title": lambda _, item: _text(item.title),
    "dct:description": lambda _, item: _text(item.description),
    "dcat:accessURL": lambda _, item: _text(item.access_url),
    "dcat:downloadURL": lambda _, item: _text(item.download_url),
    "dcat:mediaType": lambda _, item: _term(item.media_type),
    "dct:format": lambda _, item: _term(item.format),
    "dcat:byteSize": lambda _, item: _text(item.byte_size),
    "spdx:checksum": lambda _, item: _text(item.checksum),
    "dct:license": lambda dataset, item: _term(item.license or dataset.license),
    "dct:rights": lambda dataset, _: _text(*dataset.rights),
    "dct:issued": lambda _, item: _moment(item.issued),
    "dct:modified": lambda _, item: _moment(item.modified),
    "dct:conformsTo": lambda _, item: _text(*item.conforms_to),
}
PROPERTIES: tuple[str, ...] = (*_DATASET, *(OF_DISTRIBUTION + name for name in _DISTRIBUTION))


def ask(
    metric: Metric, dataset: Dataset, distribution: Distribution | None, links: Mapping[str, Link] | None = None
) -> Seen:
    """Puts one test to a dataset, and to one of its distributions where the property is a distribution's.

    links: what addresses answered, by address; None if that was not looked at.
    Pure. Without a distribution nothing of a distribution is given. Raises KeyError for a property not in PROPERTIES.
    """
    if not metric.of_distribution:
        terms = _DATASET[metric.of](dataset)
    elif distribution is None:
        return Seen(False, "there is no distribution")
    else:
        terms = _DISTRIBUTION[metric.of.removeprefix(OF_DISTRIBUTION)](dataset, distribution)
    written = [term for term in terms if term.original.strip().lower() not in _NO_VALUE]
    if not written:
        return Seen(False, f"{metric.of}: not given")
    if metric.test == "answers":
        return _answers(written[0].original, links)
    passing = next((term for term in written if _passes(metric, term)), None)
    return Seen(passing is not None, (passing or written[0]).original)


def _answers(address: str, links: Mapping[str, Link] | None) -> Seen:
    if links is None:
        return Seen(None, f"{address}: not checked; only a link check shows whether it works")
    if (link := links.get(address)) is None:
        return Seen(None, f"{address}: not checked yet")
    if link.state == "unknown":
        return Seen(None, f"{line(link)}: not known yet")
    return Seen(link.state == "reachable", address if link.state == "reachable" else line(link))


def _passes(metric: Metric, term: Term) -> bool:
    if metric.test == "known":
        # What a pattern found within a sentence is no term of a vocabulary.
        return term.id is not None and term.rule != "pattern" and term.id not in metric.unless
    if metric.test == "one-of":
        return term.id in metric.values
    if metric.test == "written-as":
        return folded(local_name(term.original) or term.original) in _folded(tuple(metric.values))
    return True


@functools.lru_cache(maxsize=256)
def _folded(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(folded(value) for value in values)
