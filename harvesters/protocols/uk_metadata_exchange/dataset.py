"""Map records of the UK Cross-Government Metadata Exchange Model to the record, by tables; see `model` for its values.

In the model a dataset names its distributions, which are records of their own. Distributions in the same document are
put into their dataset, and the others stay names. A distribution that no dataset names is a record of its own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper, harvested, refused
from ckanext.aivision.harvesters.mapping.table import (
    OBJECT,
    SCALAR,
    TEXTS,
    Raw,
    Row,
    Table,
    cut,
    read,
    stripped,
    table,
    term,
)
from ckanext.aivision.harvesters.mapping.values import as_list, byte_size, contact_of
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.protocols.uk_metadata_exchange.model import class_of, departures, organisations, values
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.normalise import access_rights, contacts, dates, frequencies, licences, media_types, themes
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.normalise.web.credentials import mask
from ckanext.aivision.record import Agent, Distribution, Harvested, Term

# A dataset and a distribution that it names find each other over as many records at least.
TOGETHER = 5000
_PAGE = "https://www.gov.uk/government/organisations/"
# The themes of data.gov.uk have no address but that of a search.
_TOPIC = re.compile(r"[?&]filters(?:%5B|\[)topic(?:%5D|\])=([^&#]{1,100})", re.IGNORECASE)


def _organisation(value: str) -> Agent | None:
    name = value.strip()
    return Agent(name=name, identifier=f"{_PAGE}{name}" if name in organisations() else None) if name else None


def _organisations(value: Any) -> list[Agent]:
    return [agent for name in many(value) if (agent := _organisation(name)) is not None]


def _contact(value: Any) -> list[Agent]:
    if not isinstance(value, dict):
        return [contact_of(value)]
    agent = Agent(name=one(value.get("contactName")), email=contacts.email(value.get("email")))
    return [agent] if agent != Agent() else []


def _themes(value: Any) -> list[Term]:
    return [_theme(text) for text in many(value)]


def _theme(text: str) -> Term:
    topic = _TOPIC.search(text)
    known = themes.clean(topic[1].replace("+", " ").replace("%20", " ")) if topic else themes.clean(text)
    return Term(text, known.id, "uri") if known.id else Term(text)


def _classification(text: str) -> Term:
    return Term(text, text, "id") if text in values("securityClassification") else Term(text)


RESOURCE = table(
    Row("description", "description", stripped),
    Row("keyword", "keyword", many, TEXTS),
    Row("theme", "theme", _themes, TEXTS),
    Row("issued", "issued", dates.moment),
    Row("modified", "modified", dates.moment),
    Row("publisher", "publisher", _organisation),
    Row("creator", "creator", _organisations, TEXTS),
    Row("contact_point", "contactPoint", _contact, OBJECT),
    Row("license", "licence", term(licences.clean)),
    Row("access_rights", "accessRights", term(access_rights.clean)),
    Row("security_classification", "securityClassification", term(_classification)),
    Row("version", "version", one, SCALAR),
)

DATASET = RESOURCE | table(Row("accrual_periodicity", "updateFrequency", term(frequencies.clean)))

SERVICE = RESOURCE | table(
    Row("described_by", "endpointDescription", stripped),
    Row("serves_dataset", "servesData", many, TEXTS),
)

DISTRIBUTION = table(
    Row("identifier", "identifier", stripped),
    Row("title", "title", stripped),
    Row("description", "description", stripped),
    Row("download_url", "downloadURL", stripped),
    Row("media_type", "mediaType", term(media_types.clean)),
    Row("byte_size", "byteSize", byte_size, SCALAR),
    Row("license", "licence", term(licences.clean)),
    Row("issued", "issued", dates.moment),
    Row("modified", "modified", dates.moment),
)

_OF_A_DISTRIBUTION: Table = {
    key: row for key, row in RESOURCE.items() if key in ("description", "issued", "modified", "licence", "accessRights")
}


def _dataset(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    fields = read(raw, DATASET, where, problems)
    _describe(fields, raw)
    place = f"{where}.distribution"
    given = raw.get("distribution")
    items = cut([item for item in as_list(given) if item is not None], place, problems)
    fields["distribution"] = [
        found for index, item in enumerate(items) if (found := _distribution(item, f"{place}[{index}]", problems))
    ]
    return fields


def _describe(fields: dict[str, Any], raw: Raw) -> None:
    """Without a description, the summary is what there is to read (model, summary)."""
    if "description" not in fields and (summary := one(raw.get("summary"))):
        fields["description"] = summary


def _distribution(item: Any, where: str, problems: list[Problem]) -> Distribution | None:
    """A distribution: by its name alone, which may be its address, or as a record."""
    if not isinstance(item, dict):
        name = one(item)
        return Distribution(identifier=name, access_url=_address(name)) if name else None
    fields = read(item, DISTRIBUTION, where, problems)
    if "download_url" not in fields:
        fields["access_url"] = _address(fields.get("identifier"))
    return Distribution(**fields)


def _address(name: str | None) -> str | None:
    return name if name is not None and name.startswith(("http://", "https://")) else None


def _service(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """A service is reached at its endpoint; its type says how."""
    fields = read(raw, SERVICE, where, problems)
    _describe(fields, raw)
    kind, endpoint = one(raw.get("serviceType")), one(raw.get("endpointURL"))
    form = media_types.from_format(kind) if kind else None
    reached = Distribution(access_url=endpoint, format=form, described_by=fields.get("described_by"))
    return fields | {"type": "service", "distribution": [reached] if endpoint else []}


def _alone(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """A distribution by itself: what it says is all that is known of its dataset."""
    # One complaint for each member is enough.
    fields = read(raw, _OF_A_DISTRIBUTION, where, [])
    found = _distribution(dict(raw), where, problems)
    return fields | {"type": "distribution", "distribution": [found] if found else []}


def _mapper(build: Callable[[Raw, str, list[Problem]], dict[str, Any]], profile: str) -> Mapper:
    message = "records with this classification are not harvested: only OFFICIAL metadata can be in a catalogue"
    return Mapper(
        ("identifier", "@id"),
        ("title",),
        build,
        (("securityClassification", ("SECRET", "TOP_SECRET"), "not-public", message),),
        profile,
    )


MAPPERS = {
    "Dataset": _mapper(_dataset, "uk-metadata-exchange"),
    "DataService": _mapper(_service, "uk-metadata-exchange-service"),
    "Distribution": _mapper(_alone, "uk-metadata-exchange-distribution"),
}


def records(entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
    """The records of a document. entries: what stands in it, in its order.

    A dataset whose distribution has not come yet, and a distribution that nothing has named yet, wait once.
    """
    before: _Distributions = {}
    waiting: list[Entry] = []
    last = False
    while not last:
        following = list(itertools.islice(entries, TOGETHER))
        last = len(following) < TOGETHER
        together = [*waiting, *following]
        own = _distributions(together)
        distributions = {**before, **own}
        named = {name for entry in together for name in _named(entry.raw)}
        had, waiting = len(waiting), []
        for place, entry in enumerate(together):
            name = _name_of_distribution(entry.raw)
            lacks = name not in named if name is not None else not distributions.keys() >= set(_named(entry.raw))
            if lacks and place >= had and not last:
                waiting.append(entry)
            elif name is None or name not in named:
                yield _record(entry, source, _nearest(entry.raw, place, distributions))
        before = {name: [(-1, raw) for _, raw in found[-1:]] for name, found in own.items()}


# The records of distributions by their names, each with its place among the entries.
_Distributions = dict[str, list[tuple[int, Any]]]


def _distributions(entries: list[Entry]) -> _Distributions:
    found: _Distributions = {}
    for place, entry in enumerate(entries):
        if (name := _name_of_distribution(entry.raw)) is not None:
            found.setdefault(name, []).append((place, entry.raw))
    return found


def _nearest(raw: Any, place: int, distributions: _Distributions) -> dict[str, Any]:
    """The distributions that a dataset names. Of several with one name the first after the dataset, else the last."""
    found = {}
    for name in _named(raw):
        if records_of_name := distributions.get(name):
            after = (record for at, record in records_of_name if at > place)
            found[name] = next(after, records_of_name[-1][1])
    return found


def _name_of_distribution(raw: Any) -> str | None:
    """The identifier by which datasets name a distribution; None of any other record."""
    return one(raw.get("identifier")) if isinstance(raw, dict) and class_of(raw) == "Distribution" else None


def _named(raw: Any) -> list[str]:
    """The distributions that a dataset names."""
    return many(raw.get("distribution")) if isinstance(raw, dict) and class_of(raw) == "Dataset" else []


def _record(entry: Entry, source: Source, distributions: dict[str, Any]) -> Harvested:
    raw = entry.raw
    if entry.fault or not isinstance(raw, dict):
        return harvested(entry, source, MAPPERS["Dataset"])
    name = class_of(raw)
    told = [msgspec.structs.replace(one, seen=mask(one.seen)) for one in departures(raw, name, entry.where)]
    if name == "ContactPoint":
        message = "a contact by itself is not a dataset: put it into the `contactPoint` of a dataset"
        record = refused(entry.where, raw, "not-a-dataset", message)
    else:
        if _named(raw):
            entry = entry._replace(raw={**raw, "distribution": _placed(raw["distribution"], distributions)})
        record = harvested(entry, source, MAPPERS[name])
    if name == "Dataset" and any(isinstance(item, dict) for item in as_list(raw.get("distribution"))):
        message = "an object instead of the identifier of a Distribution; it was read: list it beside the dataset"
        told.append(Problem("distribution-embedded", f"{entry.where}.distribution", message))
    return msgspec.structs.replace(record, problems=[*told, *record.problems]) if told else record


def _placed(named: Any, distributions: dict[str, Any]) -> list[Any]:
    """The distributions of a dataset, each name replaced by its record where that is known."""
    return [item if isinstance(item, dict) else distributions.get(one(item) or "", item) for item in as_list(named)]
