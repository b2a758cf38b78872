"""The same facts about one dataset, written as publishers write them in each of six metadata formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.scoring.fairness.facts import Facts

_INTERVALS = {"daily": "R/P1D", "monthly": "R/P1M", "yearly": "R/P1Y", "decennial": "R/P10Y"}
_EU = "http://publications.europa.eu/resource/authority/"
# The two lists that the UK formats take a theme from.
_UK_TOPICS = {"ENVI": "Environment"}
_CKAN_LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": ("cc-by-4.0", "Creative Commons Attribution 4.0"),
    "https://creativecommons.org/licenses/by-nc/4.0/": (
        "cc-by-nc-4.0",
        "Creative Commons Attribution-NonCommercial 4.0",
    ),
}


class Document(NamedTuple):
    """A document in one format. name: its file name. stated: what a source says of itself beside its address."""

    name: str
    content: Any
    stated: Mapping[str, str] = MappingProxyType({})


def _without_nothing(value: Any) -> Any:
    """A JSON value without members that are empty."""
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := _without_nothing(item)) not in (None, "", [], {})}
    if isinstance(value, list):
        return [kept for item in value if (kept := _without_nothing(item)) not in (None, "", [], {})]
    return value


def _theme(theme: str | None) -> str | None:
    """The address of a theme of the EU's list, or the publisher's own words."""
    return f"{_EU}data-theme/{theme}" if theme == "ENVI" else theme


def dcat_us_1(facts: Facts) -> Document:
    """DCAT-US 1.1, a `data.json`."""
    box, period, theme = facts.get("box"), facts.get("period"), facts.get("theme")
    frequency, (name, email) = facts.get("frequency", ""), facts.get("contact") or ("", "")
    dataset = {
        "@type": "dcat:Dataset",
        "bureauCode": ["010:12"],
        "programCode": ["010:001"],
        **{key: facts.get(key) for key in ("title", "description", "keyword", "identifier", "issued", "modified")},
        "theme": [_theme(theme)],
        "license": facts.get("license"),
        "rights": facts.get("rights"),
        "accessLevel": {"restricted": "restricted public"}.get(facts.get("access", ""), facts.get("access")),
        "contactPoint": {"@type": "vcard:Contact", "fn": name, "hasEmail": email and f"mailto:{email}"},
        "accrualPeriodicity": _INTERVALS.get(frequency, frequency),
        "publisher": {"@type": "org:Organization", "name": facts.get("publisher")},
        "spatial": ",".join(map(str, box)) if box else facts.get("place"),
        "temporal": "/".join(period) if period else "",
        "describedBy": facts.get("dictionary"),
        "references": [facts.get("documentation")],
        "landingPage": facts.get("landing_page"),
        "conformsTo": facts.get("standard"),
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "downloadURL": facts.get("url"),
                "mediaType": facts.get("media_type"),
                "format": facts.get("format"),
                "title": facts.get("file_title"),
            }
            if facts.get("url")
            else {}
        ],
    }
    conforms_to = "https://project-open-data.cio.gov/v1.1/schema"
    return Document("us1.json", {"conformsTo": conforms_to, "dataset": [_without_nothing(dataset)]})


def _polygon(box: tuple[float, ...]) -> str:
    west, south, east, north = box
    return f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"


def dcat_us_3(facts: Facts) -> Document:
    """DCAT-US 3.0 in JSON."""
    box, period, theme = facts.get("box"), facts.get("period"), facts.get("theme")
    frequency, (name, email) = facts.get("frequency", ""), facts.get("contact") or ("", "")
    access = facts.get("access")
    dataset = {
        "@type": "Dataset",
        **{key: facts.get(key) for key in ("title", "description", "keyword", "identifier", "issued", "modified")},
        "version": facts.get("version"),
        "theme": [
            {"@type": "Concept", "@id": f"{_EU}data-theme/{theme}", "prefLabel": "Environment"}
            if theme == "ENVI"
            else theme and {"@type": "Concept", "prefLabel": theme}
        ],
        "rights": facts.get("rights"),
        "accessRights": access and f"{_EU}access-right/{access.upper()}",
        "contactPoint": {"@type": "Kind", "fn": name, "hasEmail": email and f"mailto:{email}"},
        "accrualPeriodicity": _INTERVALS.get(frequency, frequency),
        "publisher": {"@type": "Organization", "name": facts.get("publisher")},
        "spatial": [
            {"@type": "Location", "bbox": _polygon(box)} if box else {"prefLabel": facts.get("place")},
        ],
        "temporal": [
            {"@type": "PeriodOfTime", "startDate": period[0], "endDate": period[1]} if period else {},
        ],
        "describedBy": facts.get("dictionary")
        and {"@type": "Distribution", "accessURL": facts["dictionary"], "mediaType": "application/json"},
        "conformsTo": [
            facts.get("standard") and {"@type": "Standard", "identifier": facts["standard"], "title": "A standard"}
        ],
        "page": [facts.get("documentation") and {"@type": "Document", "accessURL": facts["documentation"]}],
        "landingPage": facts.get("landing_page") and {"@type": "Document", "accessURL": facts["landing_page"]},
        "provenance": [facts.get("lineage")],
        "distribution": [_file_of_dcat_us_3(facts) if facts.get("url") else {}],
    }
    if not facts.get("url"):
        dataset["license"] = facts.get("license")
    catalogue = {
        "@context": "https://resources.data.gov/dcat-us/3.0/context.jsonld",
        "@type": "Catalog",
        "conformsTo": "https://resources.data.gov/dcat-us/3.0",
        "title": "Catalogue",
        "description": "Catalogue",
        "publisher": {"@type": "Organization", "name": "Catalogue"},
        "dataset": [_without_nothing(dataset)],
    }
    return Document("us3.json", catalogue)


def _file_of_dcat_us_3(facts: Facts) -> Facts:
    checksum = {
        "@type": "Checksum",
        "algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
        "checksumValue": facts.get("checksum"),
    }
    return {
        "@type": "Distribution",
        "downloadURL": facts["url"],
        "mediaType": facts.get("media_type"),
        "format": facts.get("format"),
        "title": facts.get("file_title"),
        "license": facts.get("license"),
        "byteSize": str(facts.get("size") or ""),
        "checksum": facts.get("checksum") and checksum,
    }


def _package(facts: Facts, extras: dict[str, Any]) -> dict[str, Any]:
    """What both CKAN formats have: the core of a package, and extras."""
    name, email = facts.get("contact") or ("", "")
    licence = facts.get("license", "")
    id, title = _CKAN_LICENCES.get(licence, (licence, licence))
    resource = {
        "id": "a4e02d9e-bbee-53c5-a960-3f79ec70279f",
        "url": facts.get("url"),
        "name": facts.get("file_title"),
        "format": facts.get("format"),
        "mimetype": facts.get("media_type"),
        "hash": facts.get("checksum"),
        "size": facts.get("size"),
        "last_modified": facts.get("modified"),
    }
    dictionary = {
        "id": "a4e02d9e-bbee-53c5-a960-3f79ec702790",
        "url": facts.get("dictionary"),
        "name": "Data dictionary of the columns",
        "format": "JSON",
        "mimetype": "application/json",
        "last_modified": facts.get("modified"),
    }
    listed = {key: value for key, value in extras.items() if value not in (None, "", "[null]")}
    return {
        "id": "5b9e2f3a-1111-5c53-a6c6-5156d8a20d96",
        "name": "air-quality",
        "type": "dataset",
        "state": "active",
        "private": False,
        "title": facts.get("title"),
        "notes": facts.get("description"),
        "license_id": id,
        "license_title": title,
        "maintainer": name,
        "maintainer_email": email,
        "version": facts.get("version"),
        "url": facts.get("landing_page"),
        "metadata_created": "2016-04-01T10:00:00.123456",
        "metadata_modified": "2026-11-10T10:00:00.123456",
        "tags": [{"name": word, "display_name": word} for word in facts.get("keyword", ())],
        "resources": [
            *([resource] if facts.get("url") else []),
            *([dictionary] if facts.get("dictionary") else []),
        ],
        "organization": {
            "id": "416dee32-f758-53a8-b84c-99d6b4b8ee28",
            "name": "council",
            "title": facts.get("publisher"),
            "is_organization": True,
        }
        if facts.get("publisher")
        else None,
        "extras": [{"key": key, "value": value} for key, value in listed.items()],
    }


def _answer(package: dict[str, Any]) -> Any:
    return {"success": True, "result": {"count": 1, "results": [package]}}


def data_gov_uk(facts: Facts) -> Document:
    """data.gov.uk's CKAN, with its own extras."""
    box, (start, end) = facts.get("box") or (None,) * 4, facts.get("period") or (None, None)
    open_words = "There are no public access constraints to this data."
    # ISO 19115 has a list here: a code (`restricted`), and the constraint in words.
    constraints = {"public": [open_words]}.get(facts.get("access", ""), [facts.get("access"), facts.get("rights")])
    extras = {
        "guid": facts.get("identifier"),
        "theme-primary": _UK_TOPICS.get(facts.get("theme", ""), facts.get("theme")),
        **dict(zip(("bbox-west-long", "bbox-south-lat", "bbox-east-long", "bbox-north-lat"), box, strict=True)),
        "geographic_coverage": facts.get("place"),
        "temporal-extent-begin": start,
        "temporal-extent-end": end,
        "licence": json.dumps([facts.get("license")]),
        "access_constraints": json.dumps([text for text in constraints if text] or [None]),
        "issued": facts.get("issued"),
        "modified": facts.get("modified"),
        "frequency-of-update": facts.get("frequency"),
        "documentation": facts.get("documentation"),
        "conforms_to": json.dumps([facts.get("standard")]),
        "lineage": facts.get("lineage"),
    }
    return Document("dgu.json", _answer(_package(facts, extras)), {"profile": "data-gov-uk"})


def plain_ckan(facts: Facts) -> Document:
    """A CKAN without a schema of its own: core fields, groups, and the extras that ckanext-dcat writes."""
    box, (start, end) = facts.get("box"), facts.get("period") or (None, None)
    west, south, east, north = box or (0, 0, 0, 0)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    theme = facts.get("theme")
    extras = {
        "identifier": facts.get("identifier"),
        "theme": json.dumps([_theme(theme)]),
        "spatial": json.dumps({"type": "Polygon", "coordinates": [ring]}) if box else facts.get("place"),
        "temporal_start": start,
        "temporal_end": end,
        "access_rights": facts.get("access") and f"{_EU}access-right/{facts['access'].upper()}",
        "rights": facts.get("rights"),
        "issued": facts.get("issued"),
        "modified": facts.get("modified"),
        "frequency": facts.get("frequency"),
        "documentation": json.dumps([facts.get("documentation")]),
        "conforms_to": json.dumps([facts.get("standard")]),
        "provenance": facts.get("lineage"),
    }
    return Document("ckan.json", _answer(_package(facts, extras)), {"profile": "ckan"})


def _literal(text: Any) -> str:
    return json.dumps(str(text), ensure_ascii=False)


def dcat_ap(facts: Facts) -> Document:
    """DCAT-AP 3 in Turtle."""
    box, period, theme = facts.get("box"), facts.get("period"), facts.get("theme")
    name, email = facts.get("contact") or ("", "")
    frequency, licence = facts.get("frequency"), facts.get("license")
    access, lineage = facts.get("access"), facts.get("lineage")
    rights = facts.get("rights")
    says = [
        facts.get("title") and f"dct:title {_literal(facts['title'])}@en",
        facts.get("description") and f"dct:description {_literal(facts['description'])}@en",
        *(f"dcat:keyword {_literal(word)}@en" for word in facts.get("keyword", ())),
        theme and (f"dcat:theme <{_EU}data-theme/{theme}>" if theme == "ENVI" else f"dcat:theme {_literal(theme)}"),
        facts.get("identifier") and f"dct:identifier {_literal(facts['identifier'])}",
        box and f"dct:spatial [ a dct:Location ; dcat:bbox {_literal(_polygon(box))}^^gsp:wktLiteral ]",
        facts.get("place") and f"dct:spatial [ a dct:Location ; rdfs:label {_literal(facts['place'])} ]",
        period
        and f'dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "{period[0]}"^^xsd:date ; '
        f'dcat:endDate "{period[1]}"^^xsd:date ]',
        access and f"dct:accessRights <{_EU}access-right/{access.upper()}>",
        rights and f"dct:rights {_literal(rights)}",
        (name or email)
        and f"dcat:contactPoint [ a vcard:Kind ; vcard:fn {_literal(name)}"
        + (f" ; vcard:hasEmail <mailto:{email}> ]" if email else " ]"),
        *(f'dct:{key} "{facts[key]}"^^xsd:date' for key in ("issued", "modified") if facts.get(key)),
        frequency and f"dct:accrualPeriodicity <{_EU}frequency/{_EU_FREQUENCIES.get(frequency, frequency.upper())}>",
        facts.get("publisher") and f"dct:publisher [ a foaf:Agent ; foaf:name {_literal(facts['publisher'])} ]",
        facts.get("standard") and f"dct:conformsTo <{facts['standard']}>",
        facts.get("documentation") and f"foaf:page <{facts['documentation']}>",
        facts.get("landing_page") and f"dcat:landingPage <{facts['landing_page']}>",
        lineage and f"dct:provenance [ a dct:ProvenanceStatement ; rdfs:label {_literal(lineage)} ]",
        facts.get("version") and f'dcat:version "{facts["version"]}"',
        licence and (f"dct:license <{licence}>" if licence.startswith("http") else f"dct:license {_literal(licence)}"),
        facts.get("url") and f"dcat:distribution [ {_distribution(facts)} ]",
    ]
    body = " ;\n  ".join(part for part in says if part)
    dataset = "https://data.bristol.gov.uk/id/air"
    turtle = f"{_PREFIXES}<https://data.bristol.gov.uk/cat> a dcat:Catalog ; dcat:dataset <{dataset}> .\n"
    return Document("ap.ttl", f"{turtle}<{dataset}> a dcat:Dataset ;\n  {body} .\n")


_EU_FREQUENCIES = {"yearly": "ANNUAL", "decennial": "DECENNIAL"}
_PREFIXES = "".join(
    f"@prefix {prefix}: <{address}> .\n"
    for prefix, address in {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "spdx": "http://spdx.org/rdf/terms#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "gsp": "http://www.opengis.net/ont/geosparql#",
    }.items()
)


def _distribution(facts: Facts) -> str:
    says = [
        "a dcat:Distribution",
        f"dcat:downloadURL <{facts['url']}>",
        f"dcat:accessURL <{facts['url']}>",
        facts.get("media_type")
        and f"dcat:mediaType <https://www.iana.org/assignments/media-types/{facts['media_type']}>",
        facts.get("format") and f"dct:format <{_EU}file-type/{facts['format'].upper()}>",
        facts.get("file_title") and f"dct:title {_literal(facts['file_title'])}@en",
        facts.get("size") and f'dcat:byteSize "{facts["size"]}"^^xsd:nonNegativeInteger',
        facts.get("checksum")
        and "spdx:checksum [ a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ; "
        f'spdx:checksumValue "{facts["checksum"]}"^^xsd:hexBinary ]',
        facts.get("dictionary") and f"dct:conformsTo <{facts['dictionary']}>",
    ]
    return " ; ".join(part for part in says if part)


def uk_metadata_exchange(facts: Facts) -> Document:
    """The UK Cross-Government Metadata Exchange Model in JSON: it has no place for a period, an area or documents."""
    theme, (name, email) = facts.get("theme", ""), facts.get("contact") or ("", "")
    topic = _UK_TOPICS.get(theme)
    access = {"public": "OPEN", "restricted": "INTERNAL"}.get(facts.get("access", ""))
    frequency = {"yearly": "annual", "decennial": "decennial"}.get(facts.get("frequency", ""), facts.get("frequency"))
    dataset = {
        "type": "dcat:Dataset",
        "securityClassification": "OFFICIAL",
        "creator": [facts.get("publisher")],
        "publisher": facts.get("publisher"),
        **{key: facts.get(key) for key in ("title", "description", "keyword", "identifier", "issued", "modified")},
        "version": facts.get("version"),
        "theme": [f"https://www.data.gov.uk/search?filters%5Btopic%5D={topic}" if topic else theme],
        "licence": facts.get("license"),
        "accessRights": access,
        "contactPoint": {"contactName": name, "email": email},
        "updateFrequency": frequency and f"freq:{frequency}",
        "distribution": [facts.get("url") and f"{facts['url']}#d"],
    }
    media_type = facts.get("media_type")
    distribution = {
        "identifier": f"{facts.get('url')}#d",
        "type": "dcat:Distribution",
        "downloadURL": facts.get("url"),
        "mediaType": media_type and f"https://www.iana.org/assignments/media-types/{media_type}",
        "title": facts.get("file_title"),
        "licence": facts.get("license"),
        "byteSize": facts.get("size"),
    }
    rows = [dataset, distribution] if facts.get("url") else [dataset]
    return Document("uk.json", _without_nothing(rows), {"kind": "uk-metadata-exchange"})


FORMATS: dict[str, Callable[[Facts], Document]] = {
    "DCAT-US 1.1": dcat_us_1,
    "DCAT-US 3.0": dcat_us_3,
    "data.gov.uk": data_gov_uk,
    "CKAN": plain_ckan,
    "DCAT-AP": dcat_ap,
    "UK Metadata Exchange": uk_metadata_exchange,
}
