"""DCAT-US 1.1 (Project Open Data), as JSON."""

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
)
from ckanext.aivision.record import Agent, Dataset, Distribution, PeriodOfTime
from ckanext.aivision.serialise.ckan_values import filled

_FIELDS = ("access_procedure", "system_of_records")
# What accessLevel may say.
_LEVELS = {"public": "public", "restricted": "restricted public", "non-public": "non-public"}


def write(part: Dataset) -> str:
    """The members of a dataset that an excerpt has."""
    rights = " ".join(filter(None, (*part.rights, part.access_procedure)))
    access = part.access_rights
    document = {
        "title": part.title,
        "description": description(part, _FIELDS),
        "keyword": part.keyword,
        "theme": [term.original for term in part.theme],
        "identifier": part.identifier,
        "modified": day(part.modified) if part.modified else "",
        "issued": day(part.issued) if part.issued else "",
        "accrualPeriodicity": name_of(part.accrual_periodicity) if part.accrual_periodicity else "",
        "publisher": _publisher(part.publisher) if part.publisher else {},
        "contactPoint": _contact(part.contact_point[0]) if part.contact_point else {},
        "accessLevel": _LEVELS.get(access.id or "", access.original) if access else "",
        "rights": rights,
        "license": (licence_address(part.license) or part.license.original) if part.license else "",
        "temporal": _period(part.temporal[0]) if part.temporal else "",
        "spatial": _place(part),
        "language": [name_of(term) for term in part.language],
        "references": [*part.page, *([part.code_repository] if part.code_repository else [])],
        "landingPage": part.landing_page,
        "conformsTo": part.conforms_to[0] if part.conforms_to else "",
        "describedBy": part.described_by,
        "describedByType": part.described_by_type,
        "systemOfRecords": part.system_of_records,
        "distribution": [_file(item) for item in part.distribution],
    }
    return json.dumps({"@type": "dcat:Dataset", **filled(document)}, indent=2, ensure_ascii=False)


def _publisher(agent: Agent) -> dict[str, Any]:
    above: dict[str, Any] = {}
    for name in reversed(agent.sub_organization_of):
        above = filled({"@type": "org:Organization", "name": name, "subOrganizationOf": above})
    return filled({"@type": "org:Organization", "name": agent.name, "subOrganizationOf": above})


def _contact(agent: Agent) -> dict[str, str]:
    return {"@type": "vcard:Contact", "fn": agent.name or "", "hasEmail": f"mailto:{MAIL}"}


def _period(period: PeriodOfTime) -> str:
    first, last = ends(period)
    return f"{first}/{last}" if first and last else period.original


def _place(part: Dataset) -> str:
    if not part.spatial:
        return ""
    place = part.spatial[0]
    return ",".join(f"{number:g}" for number in place.bbox) if place.bbox else place.original


def _file(item: Distribution) -> dict[str, Any]:
    document = {
        "title": item.title,
        "description": file_description(item, ()),
        "downloadURL": item.download_url,
        "accessURL": item.access_url,
        "mediaType": name_of(item.media_type) if item.media_type else "",
        "format": item.format.original if item.format else "",
        "conformsTo": item.conforms_to[0] if item.conforms_to else "",
        "describedBy": item.described_by,
        "describedByType": item.described_by_type,
    }
    return {"@type": "dcat:Distribution", **filled(document)}
