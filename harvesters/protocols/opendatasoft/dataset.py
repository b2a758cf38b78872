"""A dataset of Opendatasoft's Explore API to the record, as tables (https://help.opendatasoft.com/apis/ods-explore-v2/)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.nested import flatten, read_rows, tell_odd_levels
from ckanext.aivision.harvesters.mapping.table import (
    TEXTS,
    Raw,
    Row,
    meaningful_text,
    objects,
    read,
    stripped,
    table,
    term,
)
from ckanext.aivision.harvesters.mapping.values import contact_of, locations, periods, statements, terms
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
from ckanext.aivision.record import Agent, Distribution

_LEVELS = ("metas", "metas.default", "metas.dcat", "metas.dcat_ap", "metas.custom", "metas.explore")
EXPORTS = "/api/explore/v2.1/catalog/datasets"


def _agent(value: str) -> Agent | None:
    name = one(value)
    return Agent(name=name) if name else None


def _agents(value: Any) -> list[Agent]:
    return [contact_of(text) for text in many(value)]


# `metas.default` are the basic metadata that every portal has, `metas.dcat` those for DCAT.
DATASET = table(
    Row("description", "metas.default.description", stripped),
    Row("keyword", "metas.default.keyword", many, TEXTS),
    Row("theme", "metas.default.theme", terms(themes.clean), TEXTS),
    Row("language", "metas.default.language", terms(languages.clean), TEXTS),
    Row("modified", "metas.default.modified", dates.moment),
    Row("metadata_modified", "metas.default.metadata_processed", dates.moment),
    Row("publisher", "metas.default.publisher", _agent),
    Row("page", "metas.default.references", many, TEXTS),
    Row("rights", "metas.default.attributions", statements, TEXTS),
    Row("accrual_periodicity", "metas.default.update_frequency", term(frequencies.clean)),
    Row("spatial", "metas.default.territory", locations, TEXTS),
    Row("issued", "metas.dcat.issued", dates.moment),
    Row("metadata_issued", "metas.dcat.created", dates.moment),
    Row("creator", "metas.dcat.creator", _agents, TEXTS),
    Row("contact_name", "metas.dcat.contact_name", meaningful_text),
    Row("contact_email", "metas.dcat.contact_email", contacts.email),
    Row("accrual_periodicity", "metas.dcat.accrualperiodicity", term(frequencies.clean)),
    Row("spatial", "metas.dcat.spatial", locations, TEXTS),
    Row("temporal", "metas.dcat.temporal", periods, TEXTS),
    Row("spatial_resolution", "metas.dcat.granularity", meaningful_text),
    Row("quality", "metas.dcat.dataquality", meaningful_text),
    Row("conforms_to", "metas.dcat.conforms_to", many, TEXTS),
    Row("access_rights", "metas.dcat.accessrights", term(access_rights.clean)),
    Row("rights", "metas.dcat.rights", statements, TEXTS),
    Row("version", "metas.dcat.version", stripped),
    Row("provenance", "metas.dcat.provenance", meaningful_text),
    Row("limitations", "metas.custom.limitations", meaningful_text),
)
_LICENCE = table(
    Row("address", "metas.default.license_url", term(licences.clean)),
    Row("name", "metas.default.license", term(licences.clean)),
)
_PERIOD = ("metas.dcat.temporal_coverage_start", "metas.dcat.temporal_coverage_end")
ATTACHMENT = table(
    Row("identifier", "id", stripped),
    Row("title", "title", stripped),
    Row("media_type", "mimetype", term(media_types.clean)),
    Row("access_url", "url", stripped),
)
_COLUMN = table(Row("name", "name", stripped))
_EXPORTS = (("CSV", "csv"), ("JSON", "json"))
_EXPORTS_OF_PLACES = (("GeoJSON", "geojson"),)


def mapper_of(portal: str) -> Mapper:
    """How the datasets of a portal are read. portal: its address; empty for a saved answer, which does not tell it."""
    return Mapper(
        ("dataset_id", "datasetid"),
        ("metas.default.title", "dataset_id"),
        functools.partial(_build, portal=portal),
        prepared=_prepare,
    )


def _prepare(raw: dict[str, Any]) -> dict[str, Any]:
    inner = raw.get("dataset")
    # Version 2.0 of the API put each dataset into an object with its links.
    return flatten(inner if isinstance(inner, dict) and "dataset_id" in inner else raw, _LEVELS)


def _build(raw: Raw, where: str, problems: list[Problem], portal: str) -> dict[str, Any]:
    """The fields of a dataset; everything is read as far as it goes."""
    tell_odd_levels(raw, _LEVELS, where, problems)
    fields = read_rows(raw, DATASET.values(), where, problems)
    name, address = fields.pop("contact_name", None), fields.pop("contact_email", None)
    if name or address:
        fields["contact_point"] = [Agent(name=name, email=address)]
    _add_licence(fields, raw, where, problems)
    _add_period(fields, raw, where, problems)
    identifier = one(raw.get("dataset_id"))
    if portal and identifier:
        fields["landing_page"] = f"{portal}/explore/dataset/{quote(identifier, safe='')}/"
    columns = [
        name
        for index, item in objects(raw.get("fields"), f"{where}.fields", problems)
        if (name := read(item, _COLUMN, f"{where}.fields[{index}]", problems).get("name"))
    ]
    files = list(_exports(raw, portal, identifier, columns))
    for key in ("attachments", "alternative_exports"):
        for index, item in objects(raw.get(key), f"{where}.{key}", problems):
            read_fields = read(item, ATTACHMENT, f"{where}.{key}[{index}]", problems)
            if str(read_fields.get("access_url", "")).startswith("odsfile:"):
                del read_fields["access_url"]  # a name inside the portal
            files.append(Distribution(**read_fields))
    fields["distribution"] = files
    return fields


def _add_licence(fields: dict[str, Any], raw: Raw, where: str, problems: list[Problem]) -> None:
    """The address of a licence says more than its name, if it is one that is known."""
    written = read(raw, _LICENCE, where, problems)
    address, name = written.get("address"), written.get("name")
    if address is not None and (address.id is not None or name is None):
        fields["license"] = address
    elif name is not None:
        fields["license"] = name
    left_out = name if fields.get("license") is address else address
    if left_out is not None and fields.get("license") is not None:
        fields["rights"] = [*fields.get("rights", ()), left_out.original]
    fields["unread"] = {**fields.get("unread", {}), **written.get("unread", {})}


def _add_period(fields: dict[str, Any], raw: Raw, where: str, problems: list[Problem]) -> None:
    """A period in two fields, of which either may be missing."""
    ends = [one(raw.get(key)) for key in _PERIOD]
    if any(ends) and "temporal" not in fields:
        row = table(Row("temporal", "period", periods))
        fields |= read({"period": "/".join(end or ".." for end in ends)}, row, f"{where}.metas.dcat", problems)


def _exports(raw: Raw, portal: str, identifier: str | None, columns: list[str]) -> Iterator[Distribution]:
    """The exports that each dataset with records has (Explore API, Dataset, exports)."""
    if not (portal and identifier and raw.get("has_records") is True):
        return
    features = raw.get("features")
    places = isinstance(features, list) and "geo" in features
    for title, ending in (*_EXPORTS, *(_EXPORTS_OF_PLACES if places else ())):
        yield Distribution(
            title=title,
            download_url=f"{portal}{EXPORTS}/{quote(identifier, safe='')}/exports/{ending}",
            format=media_types.from_format(title),
            columns=columns,
        )
