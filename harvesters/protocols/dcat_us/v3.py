"""DCAT-US 3.0 fields to the record's, as tables (https://resources.data.gov/dcat-us/3.0.0/definitions/).

What 3.0 has in common with 1.1 is read as there; the rows here go before those of 1.1, which agencies that change over
leave in their records. 3.0 writes nearly everything as an object or as its text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.table import (
    ANY,
    SCALAR,
    Raw,
    Row,
    Table,
    cut,
    describe_value,
    keep_unread_items,
    objects,
    read,
    table,
)
from ckanext.aivision.harvesters.mapping.values import (
    agents,
    as_list,
    byte_size,
    contact_points,
    label,
    labels,
    locations,
    organization,
    statements,
)
from ckanext.aivision.harvesters.protocols.dcat_us import v1_1 as dcat_us
from ckanext.aivision.harvesters.protocols.dcat_us.extensions import tell_catalog_record, with_source_values
from ckanext.aivision.harvesters.protocols.dcat_us.v3_restrictions import tell_restrictions
from ckanext.aivision.normalise import access_rights, licences, media_types, themes
from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Distribution, Location, Term

# Where the text of an object is, the best first: a name for people, a name for machines, an address to go to.
_LABEL = ("prefLabel", "label", "title", "name", "fn", "altLabel", "@value", "value", "notation", "@id")
IDENTIFIER = ("@id", "identifier", "notation", "@value", "value")
_STANDARD = ("@id", "identifier", "title", "name")
_ADDRESS = ("downloadURL", "accessURL", "endpointURL", "@id", "url")
_PAGE = ("accessURL", "downloadURL", "@id", "url")

# Roles of a related resource (dcat:Relationship) -> the field that has a place for it.
_ROLES = {
    "source": "derived_from",
    "original": "derived_from",
    "derivedfrom": "derived_from",
    "isderivedfrom": "derived_from",
    "wasderivedfrom": "derived_from",
    "describedby": "page",
    "documentation": "page",
    "isdocumentedby": "page",
}

# Members that the JSON Schemas call mandatory, beyond identifier and title, without which no record is taken.
MANDATORY = {
    "Dataset": ("description", "contactPoint"),
    "DataService": ("contactPoint", "endpointURL", "publisher"),
    "DatasetSeries": ("description",),
}


def _labelled(keys: tuple[str, ...]) -> Callable[[Any], str | None]:
    return lambda value: label(value, keys)


def _all_labelled(keys: tuple[str, ...]) -> Callable[[Any], list[str]]:
    return lambda value: labels(value, keys)


def _term(reader: Callable[[str], Term], keys: tuple[str, ...]) -> Callable[[Any], Term | None]:
    return lambda value: reader(text) if (text := label(value, keys)) else None


def _themes(value: Any) -> list[Term]:
    """Concepts: by their address where that is of a vocabulary, else by their label."""
    return [term for item in as_list(value) if (term := _theme(item)) is not None]


def _theme(value: Any) -> Term | None:
    address = one(value.get("@id")) if isinstance(value, dict) else None
    if address is not None and (found := themes.clean(address)).id:
        return found
    text = label(value, _LABEL)
    return themes.clean(text) if text else None


def _places(value: Any) -> list[Location]:
    """Locations; a `bbox` may be a GeoJSON object with four degrees of its own (RFC 7946, 5)."""
    return locations([_box(item) for item in as_list(value)])


def _box(value: Any) -> Any:
    box = value.get("bbox") if isinstance(value, dict) else None
    if isinstance(box, dict) and not isinstance(box.get("coordinates"), list):
        box = box.get("bbox")
    return box if isinstance(box, list) else value


def _text(value: Any) -> str | None:
    """One statement, or several as lines of one text."""
    return "\n".join(labels(value, _LABEL)) or None


def _measurements(value: Any) -> str | None:
    """Quality measurements (dqv:QualityMeasurement) in words: `completeness: 98.5 percent; ...`."""
    measured = []
    for item in as_list(value):
        if not isinstance(item, dict):
            measured.append(one(item))
        elif figure := one(item.get("value")):
            metric = label(item.get("isMeasurementOf"), ("definition", "inDimension", "prefLabel", "title", "@id"))
            name = metric.rstrip("/#").rpartition("/")[2].rpartition("#")[2] if metric and "://" in metric else metric
            unit = label(item.get("unitMeasure"), _LABEL)
            measured.append(" ".join(part for part in (f"{name}:" if name else "", figure, unit) if part))
    return "; ".join(text for text in measured if text) or None


DATASET = dcat_us.DATASET | table(
    Row("theme", "theme", _themes, ANY),
    Row("publisher", "publisher", organization, ANY),
    Row("creator", "creator", agents, ANY),
    Row("contact_point", "contactPoint", contact_points, ANY),
    Row("license", "license", _term(licences.clean, ("@id", *_LABEL)), ANY),
    Row("rights", "rights", lambda value: statements(labels(value, _LABEL)), ANY),
    Row("access_rights", "accessRights", _term(access_rights.clean, _LABEL), ANY),
    Row("temporal_resolution", "temporalResolution", one, SCALAR),
    Row("spatial", "spatial", _places, ANY),
    Row("spatial_resolution", "spatialResolutionInMeters", one, SCALAR),
    Row("landing_page", "landingPage", _labelled(_PAGE), ANY),
    Row("page", "page", _all_labelled((*_PAGE, "title")), ANY),
    Row("conforms_to", "conformsTo", _all_labelled(_STANDARD), ANY),
    Row("described_by", "describedBy", _labelled(_ADDRESS), ANY),
    Row("in_series", "inSeries", _labelled((*IDENTIFIER, "title")), ANY),
    Row("version", "version", one, SCALAR),
    Row("version_notes", "versionNotes", _text, ANY),
    Row("other_identifier", "otherIdentifier", _all_labelled(IDENTIFIER), ANY),
    Row("provenance", "provenance", _text, ANY),
    Row("derived_from", "source", _all_labelled((*IDENTIFIER, "title")), ANY),
    Row("quality", "hasQualityMeasurement", _measurements, ANY),
    Row("collection", "wasGeneratedBy", _text, ANY),
    Row("uses", "purpose", _text, ANY),
    Row("limitations", "liabilityStatement", _text, ANY),
)

SERVICE = DATASET | table(
    Row("described_by", "endpointDescription", _labelled(_ADDRESS), ANY),
    Row("serves_dataset", "servesDataset", _all_labelled(IDENTIFIER), ANY),
)

DISTRIBUTION = dcat_us.DISTRIBUTION | table(
    Row("identifier", "identifier", _labelled(IDENTIFIER), ANY),
    Row("access_url", "accessURL", _labelled(("@id", "url")), ANY),
    Row("download_url", "downloadURL", _labelled(("@id", "url")), ANY),
    Row("media_type", "mediaType", _term(media_types.clean, ("@id", *_LABEL)), ANY),
    Row("format", "format", _term(media_types.from_format, _LABEL), ANY),
    Row("byte_size", "byteSize", byte_size, SCALAR),
    Row("license", "license", _term(licences.clean, ("@id", *_LABEL)), ANY),
    Row("conforms_to", "conformsTo", _all_labelled(_STANDARD), ANY),
    Row("described_by", "describedBy", _labelled(_ADDRESS), ANY),
)


def _resource(rows: Table, type_name: str) -> Callable[[Raw, str, list[Problem]], dict[str, Any]]:
    """What datasets, services and series have in common."""

    def build(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
        fields = read(raw, rows, where, problems)
        dcat_us.name_bureau(fields, raw)
        tell_catalog_record(fields, raw)
        for key in MANDATORY[type_name]:
            if raw.get(key) in (None, "", [], {}):
                message = f"there is no `{key}`, which DCAT-US 3.0 requires for every {type_name}: fill it in"
                problems.append(Problem("mandatory-missing", f"{where}.{key}", message))
        for field in ("keyword", "theme", "page", "other_identifier"):
            if field in fields:
                fields[field] = cut(fields[field], f"{where}.{field}", problems)
        _read_described_type(fields, raw)
        _relate(fields, raw)
        _compare_dates(fields, where, problems)
        return fields

    return build


def _read_described_type(fields: dict[str, Any], raw: Raw) -> None:
    described = raw.get("describedBy")
    if isinstance(described, dict) and (media_type := label(described.get("mediaType"), _LABEL)):
        fields["described_by_type"] = media_type


def _relate(fields: dict[str, Any], raw: Raw) -> None:
    """Related resources whose role says that the data come from them, or that they document the data."""
    for item in as_list(raw.get("qualifiedRelation")):
        role = label(item.get("hadRole"), _LABEL) if isinstance(item, dict) else None
        target = label(item.get("relation"), (*IDENTIFIER, "title")) if role else None
        field = _ROLES.get(role.rstrip("/#").rpartition("/")[2].rpartition("#")[2].lower()) if role else None
        if field is not None and target is not None and target not in fields.get(field, ()):
            fields[field] = [*fields.get(field, ()), target]


def _compare_dates(fields: dict[str, Any], where: str, problems: list[Problem]) -> None:
    issued, modified = fields.get("issued"), fields.get("modified")
    if issued and modified and issued.value and modified.value and issued.value > modified.value:
        message = "modified before it was issued: one of the two dates is wrong"
        problems.append(
            Problem("dates-out-of-order", f"{where}.modified", message, seen=f"{issued.original}, {modified.original}")
        )


_common_dataset = _resource(DATASET, "Dataset")
_common_service = _resource(SERVICE, "DataService")
_common_series = _resource(DATASET, "DatasetSeries")


def _dataset(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    raw = with_source_values(raw)
    fields = _common_dataset(raw, where, problems)
    place = f"{where}.distribution"
    items = [(item, f"{place}[{index}]") for index, item in objects(raw.get("distribution"), place, problems)]
    fields["distribution"] = [_distribution(item, at, problems) for item, at in items]
    keep_unread_items(fields, "distribution", raw.get("distribution"))
    tell_restrictions(fields, [item for item, _ in items])
    return fields


def _distribution(raw: Raw, where: str, problems: list[Problem]) -> Distribution:
    raw = with_source_values(raw)
    fields = read(raw, DISTRIBUTION, where, problems)
    dcat_us.read_checksum(fields, raw.get("checksum"), f"{where}.checksum", problems)
    _read_described_type(fields, raw)
    media_type = fields.get("media_type")
    if media_type is not None and media_type.id is None:
        message = "not a media type in IANA's registry: use one, such as text/csv"
        problems.append(
            Problem("media-type-unknown", f"{where}.mediaType", message, seen=describe_value(media_type.original))
        )
    _reach_by_service(fields, raw.get("accessService"))
    return Distribution(**fields)


def _reach_by_service(fields: dict[str, Any], services: Any) -> None:
    """Data that only a service gives out are reached at its endpoint (dcat:accessService)."""
    service = next((item for item in as_list(services) if isinstance(item, dict)), None)
    if service is None:
        return
    if "access_url" not in fields and (endpoint := label(service.get("endpointURL"), _ADDRESS)):
        fields["access_url"] = endpoint
    if "described_by" not in fields and (description := label(service.get("endpointDescription"), _ADDRESS)):
        fields["described_by"] = description


def _service(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """A service is reached at its endpoints, each of them a distribution of it, whose format is what the type says."""
    fields = _common_service(raw, where, problems)
    tell_restrictions(fields, [])
    endpoints = cut(labels(raw.get("endpointURL"), _ADDRESS), f"{where}.endpointURL", problems)
    described, form = fields.get("described_by"), media_types.from_format("DataService")
    distribution = [Distribution(access_url=endpoint, format=form, described_by=described) for endpoint in endpoints]
    return fields | {"type": "service", "distribution": distribution}


def _series(raw: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    return _common_series(raw, where, problems) | {"type": "series"}


def _identified(value: Any) -> str | None:
    """An Identifier: its text, its address, or its code."""
    return label(value, IDENTIFIER) if isinstance(value, (dict, list)) else None


DCAT_US_3 = Mapper(("identifier", "@id"), ("title",), _dataset, profile="dcat-us-3.0", identify=_identified)
DATA_SERVICE = Mapper(("identifier", "@id"), ("title",), _service, profile="dcat-us-3.0-service", identify=_identified)
# A series has no other identifier than its address.
DATASET_SERIES = Mapper(("@id", "identifier"), ("title",), _series, profile="dcat-us-3.0-series", identify=_identified)
