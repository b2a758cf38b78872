"""An asset of Socrata's catalogue to the record, as tables (https://dev.socrata.com/docs/other/discovery)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.nested import flatten, merge_fields, read_rows, tell_odd_levels
from ckanext.aivision.harvesters.mapping.table import (
    TEXTS,
    Raw,
    Row,
    describe_value,
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

_LEVELS = ("resource", "classification", "metadata")
_CUSTOM = "classification.domain_metadata"
# Assets that show data of others, or are no data: all that Socrata's own data.json leaves out.
_NO_DATASETS = (
    "calendar",
    "chart",
    "datalens",
    "filter",
    "form",
    "measure",
    "story",
    "visualization",
    "gateway_plugin",
)
_TABLES = ("dataset", "map", "geo", "tabular")

DATASET = table(
    Row("description", "resource.description", stripped),
    Row("keyword", "classification.domain_tags", many, TEXTS),
    Row("theme", "classification.domain_category", terms(themes.clean)),
    Row("issued", "resource.publication_date", dates.moment),
    Row("modified", "resource.data_updated_at", dates.moment),
    Row("metadata_issued", "resource.createdAt", dates.moment),
    Row("metadata_modified", "resource.metadata_updated_at", dates.moment),
    Row("license", "metadata.license", term(licences.clean)),
    Row("landing_page", "permalink", stripped),
)


def _contact_named(value: str) -> list[Agent]:
    text = one(value)
    return [contact_of(text)] if text else []


# Fields that each portal defines for itself, most of them after Project Open Data: the end of their name shows which.
CUSTOM = table(
    Row("publisher_name", "publisher", meaningful_text),
    Row("contact_name", "contact-name", meaningful_text),
    Row("contact_email", "contact-email", contacts.email),
    Row("access_rights", "public-access-level", term(access_rights.clean)),
    Row("rights", "access-level-comment", statements),
    Row("accrual_periodicity", "update-frequency", term(frequencies.clean)),
    Row("accrual_periodicity", "frequency", term(frequencies.clean)),
    Row("accrual_periodicity", "posting-frequency", term(frequencies.clean)),
    Row("temporal", "temporal-applicability", periods),
    Row("temporal", "time-period", periods),
    Row("temporal", "period-of-time", periods),
    Row("spatial", "spatial-applicability", locations),
    Row("spatial", "geographic-coverage", locations),
    Row("page", "references", many),
    Row("described_by", "data-dictionary", stripped),
    Row("described_by", "data-dictionary-url", stripped),
    Row("language", "language", terms(languages.clean)),
    Row("license", "license", term(licences.clean)),
    Row("quality", "data-quality", meaningful_text),
    Row("limitations", "limitations", meaningful_text),
    Row("collection", "collection-method", meaningful_text),
    Row("bibliographic_citation", "citation", meaningful_text),
    Row("bureau_code", "bureau-code", stripped),
    Row("issued", "issued", dates.moment),
)


def _prepare(raw: dict[str, Any]) -> dict[str, Any]:
    return flatten(raw, _LEVELS)


def _build(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of an asset; everything is read as far as it goes."""
    tell_odd_levels(raw, _LEVELS, where, problems)
    fields = read(raw, DATASET, where, problems)
    custom = _custom(raw, f"{where}.{_CUSTOM}", problems)
    names = {
        name: custom.pop(name, None) for name in ("publisher_name", "contact_name", "contact_email", "bureau_code")
    }
    fields = merge_fields(fields, custom, f"{where}.{_CUSTOM}", problems)
    publisher = names["publisher_name"] or _text(raw, "resource.attribution", where, problems)
    link = _text(raw, "resource.attribution_link", where, problems)
    if publisher or link or names["bureau_code"]:
        fields["publisher"] = Agent(name=publisher, url=link, identifier=names["bureau_code"])
    address = names["contact_email"] or contacts.email(_text(raw, "resource.contact_email", where, problems))
    if address or names["contact_name"]:
        fields["contact_point"] = [Agent(name=names["contact_name"], email=address)]
    if "metadata_modified" not in fields and (
        updated := dates.moment(_text(raw, "resource.updatedAt", where, problems) or "")
    ):
        fields["metadata_modified"] = updated
    fields["distribution"] = list(_files(raw, where, problems))
    return fields


def _text(raw: Raw, key: str, where: str, problems: list[Problem]) -> str | None:
    value = raw.get(key)
    return read({key: value}, table(Row("text", key, stripped)), where, problems).get("text")


def _custom(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields that a portal defines for itself, by the ends of their names (`Common-Core_Publisher`)."""
    named: dict[str, Any] = {}
    for index, item in objects(raw.get(_CUSTOM), where, problems):
        name = (one(item.get("key")) or "").lower().rpartition("_")[2].replace(" ", "-")
        if name not in CUSTOM:
            continue
        if name in named:
            message = "the same field twice, of which the first one was read: fill in one of them"
            problems.append(
                Problem("member-repeated", f"{where}[{index}]", message, seen=describe_value(item.get("value")))
            )
        else:
            named[name] = item.get("value")
    return read_rows(named, CUSTOM.values(), where, problems)


def _files(raw: Raw, where: str, problems: list[Problem]) -> list[Distribution]:
    """What an asset is had by: its rows as a file and by the API that each table has, a file, or another's page.

    The addresses are those of https://dev.socrata.com/docs/endpoints and of the export on each table's page.
    """
    identifier, kind = one(raw.get("resource.id")), one(raw.get("resource.type"))
    host = one(raw.get("metadata.domain")) or _host_of(one(raw.get("permalink")) or "")
    link = one(raw.get("link"))
    if kind in ("href", "federated_href"):
        return [Distribution(access_url=link)] if link else []
    if not (identifier and host):
        return []
    place = f"https://{host}"
    if kind == "file":
        media_type = one(raw.get("resource.blob_mime_type"))
        url = f"{place}/download/{identifier}/{quote(media_type or 'application/octet-stream', safe='')}"
        return [Distribution(download_url=url, media_type=media_types.clean(media_type) if media_type else None)]
    if kind not in _TABLES:
        return []
    columns = many(read({"names": raw.get("resource.columns_name")}, _COLUMNS, where, problems).get("columns"))
    csv, json = (media_types.from_format(name) for name in ("CSV", "JSON"))
    return [
        Distribution(
            title="CSV",
            download_url=f"{place}/api/views/{identifier}/rows.csv?accessType=DOWNLOAD",
            format=csv,
            columns=columns,
        ),
        Distribution(title="API", access_url=f"{place}/resource/{identifier}.json", format=json, columns=columns),
    ]


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


_COLUMNS = table(Row("columns", "names", many, TEXTS))

MAPPER = Mapper(
    identifier=("resource.id",),
    title=("resource.name",),
    build=_build,
    prepared=_prepare,
    left_out=(("resource.type", _NO_DATASETS, "not-a-dataset", "this shows data of another dataset, or none"),),
)


def is_dataset(item: Any) -> bool:
    """Whether an asset is one that the catalogue's own list of datasets (data.json) would have."""
    resource = item.get("resource") if isinstance(item, dict) else None
    return not (isinstance(resource, dict) and resource.get("type") in _NO_DATASETS)
