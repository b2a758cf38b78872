"""ISO 19115 metadata to the record, as a table: ISO 19139, ISO 19115-3, UK GEMINI 2.3, INSPIRE.

The mapping is that of GeoDCAT-AP 2.0.0 (https://semiceu.github.io/GeoDCAT-AP/releases/2.0.0/), whose clauses (B.6) the
rows name. Paths are of the tree that `iso_tree` gives, where both encodings look alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.table import Raw, note_unread
from ckanext.aivision.harvesters.mapping.xml_table import (
    Element,
    Field,
    Values,
    address,
    addresses,
    elements,
    find,
    first_address,
    first_text,
    joined,
    leaves,
    read_fields,
    term,
    terms,
    text,
    texts,
)
from ckanext.aivision.harvesters.protocols.iso import iso_constraints, iso_extents, iso_parties
from ckanext.aivision.harvesters.protocols.iso.iso_links import links
from ckanext.aivision.harvesters.protocols.iso.iso_tree import simplified
from ckanext.aivision.normalise import dates, frequencies, languages, themes
from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Moment

_RESOURCE = "identificationInfo"
_CITATION = f"{_RESOURCE}/citation"
# What a record is of (MD_ScopeCode) that is a dataset; other codes are its type.
_DATASETS = ("dataset", "nonGeographicDataset", "")
_SERVICE = "service"
# Properties by which a result of a quality report is told from a reference system.
_RESULT = frozenset(("specification", "pass", "value", "valueUnit", "explanation", "statement", "errorStatistic"))
_PARTIES = (f"{_CITATION}/citedResponsibleParty", f"{_RESOURCE}/pointOfContact", "contact")
_MAINTENANCE = f"{_RESOURCE}/resourceMaintenance"
_RHYTHMS = ("maintenanceAndUpdateFrequency", "userDefinedMaintenanceFrequency")
_NEXT = (f"{_MAINTENANCE}/dateOfNextUpdate", f"{_MAINTENANCE}/maintenanceDate")
# DS_AssociationTypeCode of what a dataset is part of.
_WHOLES = ("largerWorkCitation", "isComposedOf", "series", "partOfSeamlessDatabase")
_METRE = re.compile(r"(?:^|[#:/_])(?:m|met(?:re|er)s?|9001)$", re.IGNORECASE)
_CONFORMANT = ("true", "1")


def _lineage(name: str) -> tuple[str, ...]:
    """Where a part of the lineage stands: ISO 19139, ISO 19115-3."""
    return f"dataQualityInfo/lineage/{name}", f"resourceLineage/{name}"


def _dated(*kinds: str) -> Callable[[Values], Moment | None]:
    """A reader of CI_Date: the latest date of the first of these types that there is."""

    def read(values: Values) -> Moment | None:
        for kind in kinds:
            written = [
                found
                for value in values
                if isinstance(value, dict) and kind in texts(find(value, "dateType"))
                for found in texts(find(value, "date"))
            ]
            moments = [moment for item in written if (moment := dates.moment(item)) is not None]
            if moments:
                return max(moments, key=lambda moment: (moment.value is not None, str(moment.value)))
        return None

    return read


def _of_record(values: Values) -> Moment | None:
    """The date of the metadata: a text in ISO 19139, CI_Date in ISO 19115-3."""
    plain = [value for value in values if not isinstance(value, dict)]
    if plain:
        return dates.moment(plain[0])
    return _dated("revision", "lastUpdate", "lastRevision", "publication", "creation")(values)


def _type(values: Values) -> str | None:
    code = first_text(values) or ""
    return None if code in _DATASETS else code


def _conformance(values: Values) -> list[str]:
    """The specifications that the data conform to. A result that does not say so tells of none."""
    found = [
        value["specification"][0]
        for value in values
        if isinstance(value, dict)
        and value.get("specification")
        and (first_text(find(value, "pass")) or "").lower() in _CONFORMANT
    ]
    return _titles(found)


def _titles(values: Values) -> list[str]:
    """What cites a document: the address that its title has, or its title."""
    found: list[str] = []
    for value in values:
        titles = find(value, "title") if isinstance(value, dict) else []
        found += addresses(titles[:1] or [value])
    return list(dict.fromkeys(found))


def _standards(values: Values) -> list[str]:
    """Specifications that the data conform to, and coordinate reference systems."""
    systems = [value for value in values if isinstance(value, dict) and not _RESULT & value.keys()]
    coded = (_coded(inner) for value in systems for inner in value.get("referenceSystemIdentifier", [value]))
    return list(dict.fromkeys([*_conformance(values), *(found for found in coded if found)]))


def _coded(value: Any) -> str:
    """An identifier with its code space, where the code is not one by itself."""
    if not isinstance(value, dict):
        return text(value)
    code = next((found for item in find(value, "code") if (found := address(item))), "")
    space = first_text(find(value, "codeSpace")) or ""
    if not code or not space or ":" in code or code.startswith(space):
        return code
    return f"{space}{code}" if space.endswith(("/", ":", "#")) else f"{space}:{code}"


def _identifiers(values: Values) -> list[str]:
    return list(dict.fromkeys(found for value in values if (found := _coded(value))))


def _quality(values: Values) -> str | None:
    """Each report in one sentence: its measure, and the value or whether the data conform."""
    return joined(_report(value) for value in values if isinstance(value, dict))


def _report(report: Element) -> str:
    name = first_text([*find(report, "nameOfMeasure"), *find(report, "measure/nameOfMeasure")])
    told = first_text([*find(report, "measureDescription"), *find(report, "measure/measureDescription")])
    said = []
    for result in elements(report, "result"):
        values = texts(find(result, "value"))
        unit = first_text(find(result, "valueUnit"))
        passed = (first_text(find(result, "pass")) or "").lower()
        specification = "".join(_titles(find(result, "specification"))[:1])
        if values:
            said.append(" ".join([*values, *([unit] if unit else [])]))
        elif specification and passed:
            said.append(f"{specification}: {'conformant' if passed in _CONFORMANT else 'not conformant'}")
        said += texts(find(result, "statement"))
    head = ", ".join(part for part in (name, told) if part)
    return ": ".join(part for part in (head, "; ".join(said)) if part) if said or told else ""


def _sources(values: Values) -> list[str]:
    """What the data were made from: the address or the title of each source, or its description."""
    found = []
    for value in values:
        cited = find(value, "sourceCitation") if isinstance(value, dict) else []
        found += _titles(cited) or (texts(find(value, "description")) if isinstance(value, dict) else texts([value]))
    return list(dict.fromkeys(found))


def _series(values: Values) -> str | None:
    """The identifier of the record, or of the larger work, that a dataset is part of."""
    for value in values:
        if not isinstance(value, dict):
            return first_text([value])
        if find(value, "associationType") and first_text(find(value, "associationType")) not in _WHOLES:
            continue
        codes = [
            *find(value, "aggregateDataSetIdentifier"),
            *find(value, "aggregateDataSetName/identifier"),
            *([value] if "code" in value else find(value, "identifier")),
        ]
        if found := next((coded for item in codes if (coded := _coded(item))), None) or one(value.get("@uuidref")):
            return found
    return None


def _coupled(values: Values) -> list[str]:
    """The identifiers of what a service gives out: of records (uuidref), else where they are (xlink:href)."""
    found = ((one(value.get("@uuidref")) if isinstance(value, dict) else None) or address(value) for value in values)
    return list(dict.fromkeys(filter(None, found)))


def _catalogues(values: Values) -> str | None:
    """The address of the feature catalogue that describes the attributes (ISO 19110), or its title."""
    pages = (item for value in values if isinstance(value, dict) for item in find(value, "onlineResource/linkage"))
    return first_address(pages) or next(iter(_titles(values)), None)


def _next_update(values: Values) -> Moment | None:
    plain = [value for value in values if not isinstance(value, dict)]
    return dates.moment(plain[0]) if plain else _dated("nextUpdate")(values)


def _resolution(values: Values) -> str | None:
    """Metres as a number, another distance with its unit, a scale as `1:10000`."""
    for value in values:
        if not isinstance(value, dict):
            continue
        for distance in find(value, "distance"):
            unit = (distance.get("@uom") or "") if isinstance(distance, dict) else ""
            if number := text(distance):
                return number if not unit or _METRE.search(unit) else f"{number} {unit.rpartition('#')[2]}"
        if scale := first_text(find(value, "equivalentScale/denominator")):
            return f"1:{scale}"
        if detail := first_text(find(value, "levelOfDetail")):
            return detail
    return None


_TABLE = (
    # B.6.2, B.6.3: abstract, type.
    Field("description", joined, (f"{_RESOURCE}/abstract",)),
    Field("type", _type, ("hierarchyLevel", "metadataScope/resourceScope"), several=False, unread=False),
    # B.6.5, B.6.6: unique resource identifier, coupled resource.
    Field(
        "other_identifier", _identifiers, (f"{_CITATION}/identifier", f"{_CITATION}/ISBN", f"{_CITATION}/ISSN"), True
    ),
    Field(
        "serves_dataset",
        _coupled,
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
    Field("issued", _dated("publication", "released", "creation"), (f"{_CITATION}/date",), several=False, unread=False),
    Field(
        "modified",
        _dated("revision", "lastUpdate", "lastRevision"),
        (f"{_CITATION}/date",),
        several=False,
        unread=False,
    ),
    Field("metadata_modified", _of_record, ("dateStamp", "dateInfo"), several=False, unread=False),
    Field("metadata_issued", _dated("creation", "publication"), ("dateInfo",), several=False, unread=False),
    # B.6.12 to B.6.14: lineage, spatial resolution, conformity and data quality; B.6.23: reference systems.
    Field("provenance", joined, (*_lineage("statement"), *_lineage("processStep/description"))),
    Field("preprocessing", joined, _lineage("processStep/description")),
    Field("derived_from", _sources, _lineage("source"), True),
    Field("spatial_resolution", _resolution, (f"{_RESOURCE}/spatialResolution",)),
    Field("quality", _quality, ("dataQualityInfo/report",), several=False, unread=False),
    Field(
        "conforms_to",
        _standards,
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
    Field("next_update", _next_update, _NEXT, several=False, unread=False),
    # What GeoDCAT-AP has no mapping of, by the definitions of ISO 19115, B.2.
    Field("version", first_text, (f"{_CITATION}/edition",)),
    Field("bibliographic_citation", joined, (f"{_CITATION}/otherCitationDetails",)),
    Field(
        "in_series",
        _series,
        ("parentIdentifier", "parentMetadata", f"{_RESOURCE}/aggregationInfo"),
        several=False,
        unread=False,
    ),
    Field("uses", joined, (f"{_RESOURCE}/purpose", f"{_RESOURCE}/resourceSpecificUsage/specificUsage"), True),
    Field("limitations", joined, (f"{_RESOURCE}/resourceSpecificUsage/userDeterminedLimitations",)),
    Field("described_by", _catalogues, ("contentInfo/featureCatalogueCitation",), several=False),
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
    of_resource = next(iter(_identifiers(find(tree, f"{_CITATION}/identifier"))), None)
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
