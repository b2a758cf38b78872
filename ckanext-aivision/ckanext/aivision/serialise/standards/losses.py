"""Which values of a dataset are not in what a standard says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from ckanext.aivision.normalise import frequencies, licences, media_types
from ckanext.aivision.normalise.geography.countries import iri_of
from ckanext.aivision.normalise.vocabulary import folded
from ckanext.aivision.record import Agent, Dataset, Distribution, Location, Moment, PeriodOfTime, Term
from ckanext.aivision.serialise.ckan_values import day
from ckanext.aivision.serialise.json_standards.dcat_us import to_dcat_us
from ckanext.aivision.serialise.json_standards.places import NAMES, table
from ckanext.aivision.serialise.json_standards.uk_model import to_uk_model
from ckanext.aivision.serialise.rdf import authorities, literals
from ckanext.aivision.serialise.rdf.catalogue import Entry, dataset_triples
from ckanext.aivision.serialise.rdf.mapping import Standard as RdfStandard
from ckanext.aivision.serialise.rdf.terms import names_licence
from ckanext.aivision.serialise.standards.fields import Place, form_fields, places_of
from ckanext.aivision.serialise.web.catalogued import Catalogued
from ckanext.aivision.serialise.web.croissant import to_croissant
from ckanext.aivision.serialise.web.schema_org import to_schema_org

# What only this catalogue has of a record.
_OURS = ("raw", "beside", "source", "profile", "distribution")
# What every record of a standard says without a word.
_IMPLIED = {"uk-metadata-exchange": {("country", "GB")}}
_DIGESTS = ("md5", "sha256")
# A shorter text within another one is there by chance.
_LEAST_WITHIN = 6
_AUTHORITIES: tuple[Callable[[Term], str | None], ...] = (
    authorities.of_access,
    authorities.of_format,
    authorities.of_frequency,
    authorities.of_language,
    authorities.of_licence,
    authorities.of_media_type,
    authorities.of_theme,
)


class Loss(NamedTuple):
    """A value that is not given out.

    part: `dataset` or `distribution`. number: which distribution, from 1; None for the dataset. field: of the record.
    form_fields: the fields of the form that it is from. value: as text. reason: in words.
    """

    part: str
    number: int | None
    field: str
    form_fields: list[str]
    value: str
    reason: str


def losses(dataset: Dataset, standard: str, catalogued: Catalogued) -> list[Loss]:
    """The values of a dataset that its document in a standard does not have, in the order of the record's fields.

    standard: a key of `fields.STANDARDS`. A value is there if the document has it as the source wrote it, or as the
    standard writes it: a licence by its address, a date in ISO 8601.
    """
    given_out = set(_texts(dataset, standard, catalogued))
    found = list(_lost(dataset, "dataset", None, standard, given_out))
    for number, item in enumerate(dataset.distribution, 1):
        found += _lost(item, "distribution", number, standard, given_out)
    return found


def _lost(
    owner: Dataset | Distribution, part: str, number: int | None, standard: str, given_out: set[str]
) -> Iterator[Loss]:
    for field in owner.__struct_fields__:
        if field in _OURS and part == "dataset":
            continue
        place = places_of(standard).get((part, field))
        # What cannot be read has its place with the field that it is written in.
        if place is None and field != "unread":
            continue
        where, note, without = place if place is not None else Place("unread")
        names = [row.form_field for row in form_fields() if (row.part, row.field) == (part, field)]
        if field == "license" and not names_licence(owner.license):
            # That there is none is said by leaving it out.
            continue
        for words, ways in ways_of(getattr(owner, field), field):
            if (field, words) in _IMPLIED.get(standard, ()):
                continue
            if not where or not _is_in(ways, given_out):
                reason = without or _BESIDE if where else note
                yield Loss(part, number, field, names, words, reason)


_BESIDE = "the standard's member has another value of this field, or the value in other words"


def ways_of(value: Any, field: str) -> Iterator[tuple[str, set[str]]]:
    """What a field says: each thing in the source's words, and all the ways in which a standard may write it."""
    for words, ways in _values(value):
        if field == "country":
            ways.add(iri_of(words) or words)
        elif field == "checksum_algorithm":
            ways |= {folded(words), f"http://spdx.org/rdf/terms#checksumAlgorithm_{folded(words)}"}
        yield words, ways


def _is_in(ways: set[str], given_out: set[str]) -> bool:
    if ways & given_out:
        return True
    long = [way for way in ways if len(way) >= _LEAST_WITHIN]
    return any(way in text for text in given_out for way in long)


def _values(value: Any) -> Iterator[tuple[str, set[str]]]:
    if isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _values(item)
    elif isinstance(value, Agent):
        yield from _values([value.name, value.email, value.url, value.identifier, *value.sub_organization_of])
    elif value not in (None, "", False) or type(value) is int:
        yield _words(value), _ways(value)


def _words(value: Any) -> str:
    return value.original if isinstance(value, Term | Moment | PeriodOfTime | Location) else str(value)


def _ways(value: Any) -> set[str]:
    """All the ways in which one thing may be written."""
    match value:
        case Term():
            return _of_term(value)
        case Moment():
            return {value.original, value.original.strip(), day(value) or ""} - {""}
        case PeriodOfTime():
            return _of_period(value)
        case Location():
            return _of_place(value)
        case bool():
            return {"true", "True"}
        case int():
            return {str(value), f"{value} B"}
    return {str(value), str(value).strip()}


def _of_term(term: Term) -> set[str]:
    ways = {term.original, term.original.strip(), term.id or ""}
    ways |= {address for authority in _AUTHORITIES if (address := authority(term))}
    if term.id is None:
        return ways - {""}
    known, traits = licences.info(term.id), media_types.traits(term.id)
    ways |= {known.uri if known else "", (traits.media_type or "") if traits else "", str(frequencies.eu_code(term.id))}
    ways |= {word for name in NAMES for place in table(name).dataset.places if (word := place.values.get(term.id))}
    return ways - {"", "None"}


def _of_period(period: PeriodOfTime) -> set[str]:
    ends = [end.isoformat() for end in (period.start, period.end) if end is not None]
    return {period.original, *ends, f"{period.start or '..'}/{period.end or '..'}"}


def _of_place(place: Location) -> set[str]:
    ways = {place.original, place.original.strip()}
    if (shape := literals.geometry(place)) is not None:
        ways.add(shape[1].value)
    if place.bbox is not None:
        west, south, east, north = place.bbox
        ways |= {f"{south} {west} {north} {east}", f"{south}"}
    return ways


def _texts(dataset: Dataset, standard: str, catalogued: Catalogued) -> Iterator[str]:
    """All values of the document."""
    match standard:
        case "dcat-ap-3" | "dcat-us-3-rdf":
            name: RdfStandard = "dcat-ap-3" if standard == "dcat-ap-3" else "dcat-us-3"
            for triple in dataset_triples(Entry(dataset, NamedNode(catalogued.id)), name):
                yield getattr(triple.object, "value", "")
        case "dcat-us-1.1" | "dcat-us-3":
            yield from _leaves(to_dcat_us(dataset, standard)[1])
        case "uk-metadata-exchange":
            yield from _leaves(to_uk_model(dataset))
        case _:
            write = to_schema_org if standard == "schema-org" else to_croissant
            yield from _leaves(write(dataset, catalogued))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        # Of a checksum, schema.org and Croissant have the algorithm as the name of the member.
        value = [*value.values(), *(name for name in _DIGESTS if name in value)]
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None:
        yield str(value)
