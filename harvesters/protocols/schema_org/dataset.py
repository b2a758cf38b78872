"""schema.org's Dataset to the record, as tables (https://schema.org/Dataset; Google, Dataset structured data)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.nested import read_rows
from ckanext.aivision.harvesters.mapping.table import (
    ANY,
    SCALAR,
    TEXTS,
    Raw,
    Row,
    keep_unread_items,
    meaningful_text,
    objects,
    stripped,
    term,
)
from ckanext.aivision.harvesters.mapping.values import (
    as_list,
    checksum,
    keywords,
    label,
    labels,
    locations,
    periods,
    statements,
)
from ckanext.aivision.harvesters.protocols.schema_org.json_ld import Node, plain
from ckanext.aivision.normalise import (
    access_rights,
    contacts,
    dates,
    frequencies,
    languages,
    licences,
    media_types,
    themes,
)
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, Distribution, Location, Term

_NAME = ("name", "title", "legalName", "url", "@id")
_ADDRESS = ("url", "@id", "contentUrl", "name")
_IDENTIFIER = ("value", "@id", "url", "name")
_CODE = ("alternateName", "identifier", "name", "@id")
_LICENCE = ("url", "@id", "name", "text")
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([KMGT]?i?B|bytes?|)", re.IGNORECASE)
_UNITS = {"": 1, "b": 1, "byte": 1, "bytes": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_BINARY_UNITS = {"kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}


def _labels(*keys: str) -> Callable[[Any], list[str]]:
    return lambda value: labels(value, keys)


def _label(*keys: str) -> Callable[[Any], str | None]:
    return lambda value: label(value, keys)


def agents(value: Any) -> list[Agent]:
    """Persons and organisations as objects or names."""
    return [agent for item in as_list(value) if (agent := agent_of(item)) is not None]


def agent_of(value: Any) -> Agent | None:
    """A person or an organisation, with those that it is part of; the first of several."""
    value = value[0] if isinstance(value, list) and value else value
    if not isinstance(value, dict):
        name = one(value)
        return Agent(name=name) if name else None
    contact = value.get("contactPoint")
    address = contacts.email(value.get("email") or (contact.get("email") if isinstance(contact, dict) else None))
    found = Agent(
        name=label(value, ("name", "legalName", "alternateName")),
        email=address,
        url=label(value.get("url"), _ADDRESS),
        identifier=label(value.get("identifier"), _IDENTIFIER) or _iri(value.get("@id")),
        sub_organization_of=labels(value.get("parentOrganization") or [], _NAME),
    )
    return found if found != Agent() else None


def _iri(value: Any) -> str | None:
    text = one(value)
    return text if text and "://" in text else None


def _places(value: Any) -> list[Location]:
    """Places by their box or point, or else by their name."""
    return [place for item in as_list(value) for place in _boxes(item) or locations(_place(item))]


def _boxes(item: Any) -> list[Location]:
    """The box of a GeoShape, whose corners have the latitude first, and the point of GeoCoordinates."""
    geo = item.get("geo") if isinstance(item, dict) else None
    geo = geo[0] if isinstance(geo, list) and geo else geo
    if not isinstance(geo, dict):
        return []
    written = one(geo.get("box")) or ""
    corners = re.split(r"[\s,]+", written.strip())
    if len(corners) == 4:
        degrees = [corners[1], corners[0], corners[3], corners[2]]
    else:
        point = [one(geo.get("longitude")), one(geo.get("latitude"))]
        degrees = [text for text in point if text]
        written = ", ".join(reversed(degrees)) if len(degrees) == 2 else ""
    found = locations(",".join(degrees)) if written else []
    return [msgspec.structs.replace(place, original=written) for place in found]


def _place(item: Any) -> Any:
    geo = item.get("geo") if isinstance(item, dict) else None
    geo = geo[0] if isinstance(geo, list) and geo else geo
    if isinstance(geo, dict):
        return label(geo, ("box", "polygon", "name")) or label(item, _NAME) or geo
    return label(item, (*_NAME, "address", "identifier")) or item if isinstance(item, dict) else item


def _periods(value: Any) -> list[Any]:
    found: list[Any] = []
    for item in as_list(value):
        if isinstance(item, dict) and (item.get("startDate") or item.get("endDate")):
            period = dates.between(item.get("startDate"), item.get("endDate"))
            found += [period] if period is not None else []
        else:
            found += periods(item)
    return found


def _size(value: Any) -> int | None:
    match = _SIZE.fullmatch((label(value, ("value", "name")) or "").replace(",", "").strip())
    if match is None:
        return None
    unit = match[2].lower()
    return round(float(match[1]) * (_UNITS.get(unit) or _BINARY_UNITS.get(unit) or 1))


def _languages(value: Any) -> list[Term]:
    return [languages.clean(text) for text in labels(value, _CODE)]


def _themes(value: Any) -> list[Term]:
    return [themes.clean(text) for text in labels(value, ("name", "termCode", "@id"))]


def _licence(value: Any) -> Term | None:
    text = label(value, _LICENCE)
    return licences.clean(text) if text else None


def _access(value: Any) -> Term | None:
    text = label(value, _NAME)
    return access_rights.clean(text) if text else None


def _frequency(value: Any) -> Term | None:
    text = label(value, ("@id", "name", "repeatFrequency"))
    return frequencies.clean(text) if text else None


def _keywords(value: Any) -> list[str]:
    return keywords(labels(value, ("name", "termCode", "@id")))


DATASET = (
    Row("description", "description", stripped),
    Row("keyword", "keywords", _keywords, ANY),
    Row("theme", "about", _themes, ANY),
    Row("language", "inLanguage", _languages, ANY),
    Row("issued", "datePublished", dates.moment),
    Row("modified", "dateModified", dates.moment),
    Row("accrual_periodicity", "dct:accrualPeriodicity", _frequency, ANY),
    Row("publisher", "publisher", agent_of, ANY),
    Row("publisher", "provider", agent_of, ANY),
    Row("publisher", "sourceOrganization", agent_of, ANY),
    Row("creator", "creator", agents, ANY),
    Row("creator", "author", agents, ANY),
    Row("contact_point", "contactPoint", agents, ANY),
    Row("contact_point", "dcat:contactPoint", agents, ANY),
    Row("contact_point", "maintainer", agents, ANY),
    Row("license", "license", _licence, ANY),
    Row("rights", "dct:rights", statements, TEXTS),
    Row("rights", "usageInfo", _labels("text", *_ADDRESS), ANY),
    Row("rights", "creditText", statements, TEXTS),
    Row("access_rights", "dct:accessRights", _access, ANY),
    Row("access_procedure", "conditionsOfAccess", meaningful_text),
    Row("temporal", "temporalCoverage", _periods, ANY),
    Row("spatial", "spatialCoverage", _places, ANY),
    Row("landing_page", "sameAs", _label(*_ADDRESS), ANY),
    Row("page", "subjectOf", _labels(*_ADDRESS), ANY),
    Row("page", "citation", _labels(*_ADDRESS), ANY),
    Row("conforms_to", "dct:conformsTo", _labels(*_ADDRESS), ANY),
    Row("in_series", "isPartOf", _label(*_NAME), ANY),
    Row("version", "version", meaningful_text, SCALAR),
    Row("provenance", "dct:provenance", meaningful_text),
    Row("derived_from", "isBasedOn", _labels(*_ADDRESS), ANY),
    Row("bibliographic_citation", "dct:bibliographicCitation", meaningful_text),
    Row("collection", "measurementTechnique", _label(*_NAME), ANY),
    Row("columns", "variableMeasured", _labels(*_NAME), ANY),
)
FILE = (
    Row("title", "name", stripped),
    Row("description", "description", stripped),
    Row("download_url", "contentUrl", _label(*_ADDRESS), ANY),
    Row("access_url", "url", _label(*_ADDRESS), ANY),
    Row("access_url", "dcat:accessURL", _label(*_ADDRESS), ANY),
    Row("media_type", "encodingFormat", term(media_types.clean)),
    Row("media_type", "fileFormat", term(media_types.clean)),
    Row("byte_size", "contentSize", _size, ANY),
    Row("checksum", "sha256", checksum),
    Row("checksum", "md5", checksum),
    Row("license", "license", _licence, ANY),
    Row("issued", "datePublished", dates.moment),
    Row("issued", "uploadDate", dates.moment),
    Row("modified", "dateModified", dates.moment),
)
_ALGORITHMS = (("sha256", "SHA-256"), ("md5", "MD5"))


def mapper_of(named: dict[str, Node], page: str = "") -> Mapper:
    """How the datasets of a document are read. named: its nodes by name. page: its address, if it is a page."""
    return Mapper(("identifier",), ("name", "headline", "alternateName"), _build, prepared=_preparation(named, page))


def _preparation(named: dict[str, Node], page: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def prepare(raw: dict[str, Any]) -> dict[str, Any]:
        return with_identifier(plain(raw, named), page)

    return prepare


def with_identifier(node: Node, page: str) -> Node:
    """The node with its identifier as text: what it calls so, else its `@id`, its address or that of its page."""
    stated = label(node.get("identifier"), _IDENTIFIER)
    found = stated or _iri(node.get("@id")) or label(node.get("url"), _ADDRESS) or page
    others = labels(node.get("identifier") or [], _IDENTIFIER)[1:]
    # The address of the page where the dataset is described, if the record does not say another.
    url = label(node.get("url"), _ADDRESS) or page
    same = {"sameAs": node.get("sameAs") or url} if url else {}
    return {**node, **same, **({"identifier": found} if found else {}), "@identifiers": others}


def _build(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    return build_dataset(raw, where, problems, DATASET)


def build_dataset(raw: Raw, where: str, problems: list[Problem], rows: tuple[Row, ...]) -> dict[str, Any]:
    """The fields of a dataset; everything is read as far as it goes. rows: its table."""
    fields = read_rows(raw, rows, where, problems)
    columns = fields.pop("columns", [])
    fields["other_identifier"] = many(raw.get("@identifiers"))
    files = [
        file_of(item, f"{where}.distribution[{index}]", problems)
        for index, item in objects(_listed(raw.get("distribution")), f"{where}.distribution", problems)
    ]
    fields["distribution"] = _with_columns([file for file in files if file != Distribution()], columns)
    keep_unread_items(fields, "distribution", raw.get("distribution"))
    return fields


def _listed(value: Any) -> Any:
    """One file needs no list in JSON-LD, and an address alone is a file."""
    if value in (None, ""):
        return None
    items = as_list(value)
    return [{"contentUrl": item} if isinstance(item, str) and "://" in item else item for item in items]


def file_of(item: Raw, where: str, problems: list[Problem]) -> Distribution:
    """A DataDownload or a FileObject."""
    fields = read_rows(_one_media_type(item), FILE, where, problems)
    if "checksum" in fields:
        fields["checksum_algorithm"] = next(name for key, name in _ALGORITHMS if item.get(key))
    if "encodingFormat" in item and "media_type" in fields and fields["media_type"].id is None:
        # Many write the name of the format here.
        fields["format"] = media_types.from_format(fields["media_type"].original)
    return Distribution(**fields)


def _one_media_type(item: Raw) -> Raw:
    value = item.get("encodingFormat")
    text = label(value, _NAME) if isinstance(value, dict) else value
    return {**item, "encodingFormat": text or value} if "encodingFormat" in item else item


def _with_columns(files: list[Distribution], columns: list[str]) -> list[Distribution]:
    """The variables of a dataset are the columns of its only file; of several, nothing tells which has which."""
    if len(files) == 1 and columns and not files[0].columns:
        return [msgspec.structs.replace(files[0], columns=columns)]
    return files
