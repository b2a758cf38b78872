"""ISO 19115 metadata to the record, as a table: ISO 19139, ISO 19115-3, UK GEMINI 2.3, INSPIRE.

The mapping is that of GeoDCAT-AP 2.0.0 (https://semiceu.github.io/GeoDCAT-AP/releases/2.0.0/), whose clauses (B.6) the
rows name. Paths are of the tree that `iso_tree` gives, where both encodings look alike.
"""

from __future__ import annotations

from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.table import Raw, note_unread
from ckanext.aivision.harvesters.mapping.xml_table import (
    Element,
    Field,
    find,
    first_text,
    joined,
    leaves,
    read_fields,
    term,
    terms,
    texts,
)
from ckanext.aivision.harvesters.protocols.iso import iso_constraints, iso_extents, iso_parties, iso_values
from ckanext.aivision.harvesters.protocols.iso.iso_links import links
from ckanext.aivision.harvesters.protocols.iso.iso_tree import simplified
from ckanext.aivision.normalise import frequencies, languages, themes

_RESOURCE = "identificationInfo"
_CITATION = f"{_RESOURCE}/citation"
_SERVICE = "service"
_PARTIES = (f"{_CITATION}/citedResponsibleParty", f"{_RESOURCE}/pointOfContact", "contact")
_MAINTENANCE = f"{_RESOURCE}/resourceMaintenance"
_RHYTHMS = ("maintenanceAndUpdateFrequency", "userDefinedMaintenanceFrequency")
_NEXT = (f"{_MAINTENANCE}/dateOfNextUpdate", f"{_MAINTENANCE}/maintenanceDate")


def _lineage(name: str) -> tuple[str, ...]:
    """Where a part of the lineage stands: ISO 19139, ISO 19115-3."""
    return f"dataQualityInfo/lineage/{name}", f"resourceLineage/{name}"


_TABLE = (
    # B.6.2, B.6.3: abstract, type.
    Field("description", joined, (f"{_RESOURCE}/abstract",)),
    Field("type", iso_values.kind, ("hierarchyLevel", "metadataScope/resourceScope"), several=False, unread=False),
    # B.6.5, B.6.6: unique resource identifier, coupled resource.
    Field(
        "other_identifier",
        iso_values.identifiers,
        (f"{_CITATION}/identifier", f"{_CITATION}/ISBN", f"{_CITATION}/ISSN"),
        True,
    ),
    Field(
        "serves_dataset",
        iso_values.coupled,
        (f"{_RESOURCE}/operatesOn", f"{_RESOURCE}/coupledResource/identifier"),
        merged=True,
        unread=False,
    ),
    # B.6.7, B.6.8: resource language, topic category and keyword.
    Field("language", terms(languages.clean), (f"{_RESOURCE}/language", f"{_RESOURCE}/defaultLocale/language")),
    Field("theme", terms(themes.clean), (f"{_RESOURCE}/topicCategory",)),
    Field("keyword", texts, (f"{_RESOURCE}/descriptiveKeywords/keyword",)),
    # B.6.10, B.6.11: geographic location, temporal reference and metadata date.
    Field("spatial", iso_extents.spatial, (f"{_RESOURCE}/extent/geographicElement",), several=False),
    Field("temporal", iso_extents.temporal, (f"{_RESOURCE}/extent/temporalElement/extent",), several=False),
    Field(
        "issued",
        iso_values.dated("publication", "released", "creation"),
        (f"{_CITATION}/date",),
        several=False,
        unread=False,
    ),
    Field(
        "modified",
        iso_values.dated("revision", "lastUpdate", "lastRevision"),
        (f"{_CITATION}/date",),
        several=False,
        unread=False,
    ),
    Field("metadata_modified", iso_values.of_record, ("dateStamp", "dateInfo"), several=False, unread=False),
    Field("metadata_issued", iso_values.dated("creation", "publication"), ("dateInfo",), several=False, unread=False),
    # B.6.12 to B.6.14: lineage, spatial resolution, conformity and data quality; B.6.23: reference systems.
    Field("provenance", joined, (*_lineage("statement"), *_lineage("processStep/description"))),
    Field("preprocessing", joined, _lineage("processStep/description")),
    Field("derived_from", iso_values.sources, _lineage("source"), True),
    Field("spatial_resolution", iso_values.resolution, (f"{_RESOURCE}/spatialResolution",)),
    Field("quality", iso_values.quality, ("dataQualityInfo/report",), several=False, unread=False),
    Field(
        "conforms_to",
        iso_values.standards,
        ("dataQualityInfo/report/result", "referenceSystemInfo"),
        merged=True,
        several=False,
        unread=False,
    ),
    # B.6.15: conditions for access and use, limitations on public access.
    Field("license", iso_constraints.licence, (f"{_RESOURCE}/resourceConstraints",), several=False, unread=False),
    Field("rights", iso_constraints.rights, (f"{_RESOURCE}/resourceConstraints",), several=False, unread=False),
    Field("access_rights", iso_constraints.access, (f"{_RESOURCE}/resourceConstraints",), several=False, unread=False),
    # B.6.16, B.6.20: responsible parties, metadata point of contact.
    Field("publisher", iso_parties.publisher, _PARTIES, True, False, False),
    Field("creator", iso_parties.creators, _PARTIES[:2], merged=True, several=False, unread=False),
    Field(
        "contact_point",
        iso_parties.contact_points,
        (f"{_RESOURCE}/pointOfContact", "contact"),
        several=False,
        unread=False,
    ),
    # B.6.27: maintenance information.
    Field("accrual_periodicity", term(frequencies.clean), tuple(f"{_MAINTENANCE}/{name}" for name in _RHYTHMS)),
    Field("next_update", iso_values.next_update, _NEXT, several=False, unread=False),
    # What GeoDCAT-AP has no mapping of, by the definitions of ISO 19115, B.2.
    Field("version", first_text, (f"{_CITATION}/edition",)),
    Field("bibliographic_citation", joined, (f"{_CITATION}/otherCitationDetails",)),
    Field(
        "in_series",
        iso_values.series,
        ("parentIdentifier", "parentMetadata", f"{_RESOURCE}/aggregationInfo"),
        several=False,
        unread=False,
    ),
    Field("uses", joined, (f"{_RESOURCE}/purpose", f"{_RESOURCE}/resourceSpecificUsage/specificUsage"), True),
    Field("limitations", joined, (f"{_RESOURCE}/resourceSpecificUsage/userDeterminedLimitations",)),
    Field("described_by", iso_values.catalogues, ("contentInfo/featureCatalogueCitation",), several=False),
)


def _build(tree: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of a record. tree: as `_prepared` gives it."""
    element: Element = dict(tree)
    fields = read_fields(element, _TABLE, where, problems)
    if not _is_own_preprocessing(fields):
        fields.pop("preprocessing", None)
    dated = find(element, f"{_CITATION}/date")
    if dated and not {"issued", "modified"} & fields.keys():
        written = [found for value in dated for found in leaves(value)]
        note_unread(fields, "issued", written, f"{where} {_CITATION}/date", problems)
    found = links(element, where, problems)
    fields |= {"distribution": found.distribution, "landing_page": found.landing_page, "page": found.page}
    if fields.get("type") == _SERVICE:
        fields["profile"] = "iso-19115-service"
    elif "serves_dataset" in fields:
        # What a dataset is coupled with is no dataset that it gives out.
        fields.pop("serves_dataset")
    return fields


def _is_own_preprocessing(fields: dict[str, Any]) -> bool:
    """Whether the process steps say something beside the lineage, and do not stand in its place."""
    return fields.get("preprocessing") != fields.get("provenance")


def _prepared(raw: dict[str, Any]) -> dict[str, Any]:
    """The tree that is read, with the members by which every record is known.

    The record is known by the identifier of its metadata (B.6.17), by which a CSW gives it out too.
    """
    tree = simplified(raw)
    stated = first_text([*find(tree, "fileIdentifier"), *find(tree, "metadataIdentifier/code")])
    of_resource = next(iter(iso_values.identifiers(find(tree, f"{_CITATION}/identifier"))), None)
    return {
        **tree,
        "fileIdentifier": stated,
        "identifier": of_resource,
        "title": first_text(find(tree, f"{_CITATION}/title")),
        "alternateTitle": first_text(find(tree, f"{_CITATION}/alternateTitle")),
    }


ISO = Mapper(
    identifier=("fileIdentifier", "identifier"),
    title=("title", "alternateTitle"),
    build=_build,
    prepared=_prepared,
)
