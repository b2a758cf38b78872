"""DCAT-US 3.0, as JSON-LD."""

from __future__ import annotations

import json
from typing import Any

from ckanext.aivision.exemplars.snippets.words import (
    MAIL,
    day,
    description,
    ends,
    file_description,
    licence_address,
    name_of,
    polygon,
)
from ckanext.aivision.record import Agent, Dataset, Distribution, Location, PeriodOfTime
from ckanext.aivision.serialise.ckan_values import filled

_CONTEXT = "https://resources.data.gov/dcat-us/3.0/context.jsonld"
_FIELDS = ("uses", "provenance", "version", "version_notes", "access_procedure")
_OF_FILE = ("byte_size", "checksum")
# ISO 19115 words that accrualPeriodicity may say, by our interval.
_RHYTHMS = {
    "R/P1D": "daily",
    "R/P1W": "weekly",
    "R/P2W": "fortnightly",
    "R/P1M": "monthly",
    "R/P3M": "quarterly",
    "R/P6M": "biannually",
    "R/P1Y": "annually",
    "R/P2Y": "biennially",
    "irregular": "irregular",
    "continuous": "continual",
    "ended": "notPlanned",
}


def write(part: Dataset) -> str:
    """The members of a dataset that an excerpt has. A licence stands with a distribution: this edition has it there."""
    rhythm = part.accrual_periodicity
    distributions = [_file(item, part) for item in part.distribution] or (
        [_file(Distribution(), part)] if part.license else []
    )
    document = {
        "title": part.title,
        "description": description(part, _FIELDS),
        "keyword": part.keyword,
        "theme": [{"@type": "Concept", "prefLabel": term.original} for term in part.theme],
        "identifier": part.identifier,
        "modified": day(part.modified) if part.modified else "",
        "issued": day(part.issued) if part.issued else "",
        "accrualPeriodicity": _RHYTHMS.get(rhythm.id or "", "") if rhythm else "",
        "publisher": _publisher(part.publisher) if part.publisher else {},
        "contactPoint": [_contact(agent) for agent in part.contact_point[:1]],
        "accessRights": name_of(part.access_rights) if part.access_rights else "",
        "rights": [*part.rights, *([part.access_procedure] if part.access_procedure else [])],
        "temporal": [_period(period) for period in part.temporal[:1]],
        "spatial": [_place(place) for place in part.spatial[:1]],
        "language": [name_of(term)[:2].lower() for term in part.language],
        "page": [
            {"@type": "Document", "title": "Documentation", "accessURL": address}
            for address in (*part.page, *filter(None, (part.code_repository,)))
        ],
        "conformsTo": [
            {"@type": "Standard", "identifier": {"@type": "Identifier", "@id": one}} for one in part.conforms_to
        ],
        "describedBy": _dictionary(part.described_by) if part.described_by else {},
        "version": part.version,
        "versionNotes": part.version_notes,
        "provenance": [part.provenance] if part.provenance else [],
        "purpose": " ".join(filter(None, (part.uses, part.unsuitable_uses))) if part.uses else "",
        "distribution": distributions,
    }
    return json.dumps({"@context": _CONTEXT, "@type": "Dataset", **filled(document)}, indent=2, ensure_ascii=False)


def _publisher(agent: Agent) -> dict[str, Any]:
    above = [{"@type": "Organization", "name": name} for name in agent.sub_organization_of[:1]]
    return filled({"@type": "Organization", "name": agent.name, "subOrganizationOf": above})


def _contact(agent: Agent) -> dict[str, str]:
    return {"@type": "Kind", "fn": agent.name or "", "hasEmail": f"mailto:{MAIL}"}


def _period(period: PeriodOfTime) -> dict[str, str]:
    first, last = ends(period)
    return {"@type": "PeriodOfTime", **filled({"startDate": first, "endDate": last})}


def _place(place: Location) -> dict[str, str]:
    if place.bbox:
        return {"@type": "Location", "bbox": polygon(place.bbox)}
    return {"@type": "Location", "prefLabel": place.original}


def _dictionary(address: str) -> dict[str, str]:
    return {"@type": "Distribution", "title": "Data dictionary", "accessURL": address}


def _file(item: Distribution, part: Dataset) -> dict[str, Any]:
    licence = item.license or part.license
    checksum = {"@type": "Checksum", "checksumValue": item.checksum, "algorithm": item.checksum_algorithm}
    document = {
        "title": item.title,
        "description": file_description(item, _OF_FILE),
        "downloadURL": item.download_url,
        "accessURL": item.access_url,
        "mediaType": name_of(item.media_type) if item.media_type else "",
        "format": item.format.original if item.format else "",
        "byteSize": str(item.byte_size) if item.byte_size else "",
        "checksum": filled(checksum) if item.checksum else {},
        "license": (licence_address(licence) or licence.original) if licence else "",
        "conformsTo": [
            {"@type": "Standard", "identifier": {"@type": "Identifier", "@id": one}} for one in item.conforms_to
        ],
        "describedBy": _dictionary(item.described_by) if item.described_by else {},
    }
    return {"@type": "Distribution", **filled(document)}
