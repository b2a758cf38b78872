"""DCAT-US 1.1 fields to the record's, as tables (https://resources.data.gov/resources/dcat-us/)."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.table import (
    ANY,
    OBJECT,
    OBJECTS,
    SCALAR,
    TEXTS,
    Raw,
    Row,
    cut,
    keep_unread_items,
    meaningful_text,
    objects,
    read,
    stripped,
    table,
    term,
)
from ckanext.aivision.harvesters.mapping.values import (
    add_rights,
    agents,
    checksum,
    contact_points,
    keywords,
    label,
    locations,
    organization,
    periods,
    statements,
    terms,
)
from ckanext.aivision.harvesters.protocols.dcat_us.extensions import (
    CHECKSUM,
    DATASET_EXTENSIONS,
    DISTRIBUTION_EXTENSIONS,
    tell_catalog_record,
    with_source_values,
)
from ckanext.aivision.normalise import access_rights, dates, frequencies, languages, licences, media_types, themes
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, Distribution

DATASET = DATASET_EXTENSIONS | table(
    Row("description", "description", stripped),
    Row("keyword", "keyword", keywords, TEXTS),
    Row("theme", "theme", terms(themes.clean), TEXTS),
    Row("language", "language", terms(languages.clean), TEXTS),
    Row("issued", "issued", dates.moment),
    Row("modified", "modified", dates.moment),
    Row("accrual_periodicity", "accrualPeriodicity", term(frequencies.clean)),
    # Of no version of the standard, and written by agencies that follow Commerce 2.1.1.
    Row("next_update", "nextUpdateDate", dates.moment),
    Row("publisher", "publisher", organization, OBJECT),
    Row("creator", "creator", agents, ANY),
    Row("contact_point", "contactPoint", contact_points, OBJECTS),
    Row("license", "license", term(licences.clean)),
    Row("rights", "rights", statements, TEXTS),
    Row("access_rights", "accessLevel", term(access_rights.clean)),
    Row("temporal", "temporal", periods, ANY),
    Row("spatial", "spatial", locations, ANY),
    Row("landing_page", "landingPage", stripped),
    Row("page", "references", many, TEXTS),
    Row("conforms_to", "conformsTo", many, TEXTS),
    Row("described_by", "describedBy", stripped),
    Row("described_by_type", "describedByType", stripped),
    Row("in_series", "isPartOf", stripped),
    Row("bibliographic_citation", "citation", meaningful_text),
    Row("system_of_records", "systemOfRecords", meaningful_text),
    Row("quality", "dataQuality", one, SCALAR),
    Row("collection", "collectionInstrument", meaningful_text),
)

DISTRIBUTION = DISTRIBUTION_EXTENSIONS | table(
    Row("identifier", "@id", stripped),
    Row("title", "title", stripped),
    Row("description", "description", stripped),
    Row("access_url", "accessURL", stripped),
    Row("download_url", "downloadURL", stripped),
    Row("media_type", "mediaType", term(media_types.clean)),
    Row("format", "format", term(media_types.from_format)),
    Row("conforms_to", "conformsTo", many, TEXTS),
    Row("described_by", "describedBy", stripped),
    Row("described_by_type", "describedByType", stripped),
    Row("issued", "issued", dates.moment),
    Row("modified", "modified", dates.moment),
    Row("license", "license", term(licences.clean)),
)

_LABEL = ("prefLabel", "label", "name", "@value", "value", "notation", "@id")


def _algorithm(value: Any) -> str | None:
    """`SHA-256`, or the end of SPDX's `http://spdx.org/rdf/terms#checksumAlgorithm_sha256`."""
    text = label(value, _LABEL)
    return text.rpartition("#")[2].removeprefix("checksumAlgorithm_") if text else None


_CHECKSUM = table(
    Row("checksum", "checksumValue", checksum),
    Row("checksum_algorithm", "algorithm", _algorithm, ANY),
)


def _build(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of a dataset; everything is read as far as it goes."""
    raw = with_source_values(raw)
    fields = read(raw, DATASET, where, problems)
    files = objects(raw.get("distribution") or _of_dataset(raw), f"{where}.distribution", problems)
    fields["distribution"] = [_distribution(item, f"{where}.distribution[{index}]", problems) for index, item in files]
    keep_unread_items(fields, "distribution", raw.get("distribution"))
    if "keyword" in fields:
        fields["keyword"] = cut(fields["keyword"], f"{where}.keyword", problems)
    name_bureau(fields, raw)
    _tell_procedure(fields)
    add_rights(fields, [text for _, item in files for text in statements(item.get("rights"))])
    tell_catalog_record(fields, raw)
    return fields


def _distribution(raw: Raw, where: str, problems: list[Problem]) -> Distribution:
    fields = read(with_source_values(raw), DISTRIBUTION, where, problems)
    read_checksum(fields, raw.get(CHECKSUM), f"{where}.{CHECKSUM}", problems)
    return Distribution(**fields)


def read_checksum(fields: dict[str, Any], value: Any, where: str, problems: list[Problem]) -> None:
    """Adds a checksum (spdx:Checksum) to the fields of a distribution."""
    if isinstance(value, dict):
        of_checksum = read(value, _CHECKSUM, where, problems)
        unread = {**fields.get("unread", {}), **of_checksum.get("unread", {})}
        fields |= {**of_checksum, "unread": unread}


def _of_dataset(raw: Raw) -> list[Raw]:
    """The distribution that a dataset names in its own members: the form of Project Open Data's schema 1.0 of 2013."""
    own = {member: raw[member] for member in ("accessURL", "downloadURL", "format", "mediaType") if raw.get(member)}
    return [own] if "accessURL" in own or "downloadURL" in own else []


DCAT_US = Mapper(("identifier",), ("title",), _build)


def name_bureau(fields: dict[str, Any], raw: Raw) -> None:
    """The bureau code (OMB Circular A-11, appendix C) identifies a federal publisher."""
    publisher = fields.get("publisher")
    codes = many(raw.get("bureauCode"))
    if publisher is not None and publisher.identifier is None and codes:
        fields["publisher"] = Agent(
            name=publisher.name,
            url=publisher.url,
            identifier=codes[0],
            sub_organization_of=publisher.sub_organization_of,
        )


def _tell_procedure(fields: dict[str, Any]) -> None:
    """Where access is not public, `rights` says why and how to get it (DCAT-US 1.1, rights)."""
    level, rights = fields.get("access_rights"), fields.get("rights")
    is_limited = level is not None and level.id in ("restricted", "non-public")
    if is_limited and rights and "access_procedure" not in fields:
        fields["access_procedure"] = rights[0]
