"""The record as a CKAN package in the fields of `config/schemas/ai_ready_dataset.yaml`, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.aivision.normalise import contacts, dates, frequencies, languages, licences, media_types, places, themes
from ckanext.aivision.normalise.text import many, one, plain, repaired
from ckanext.aivision.record import Agent, Dataset, Distribution, Location, Moment, PeriodOfTime, Term
from ckanext.aivision.serialise.tags import to_tags

PROFILE = "aivision"
EU_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
_COUNTRIES = ("US", "GB")
_ACCESS = ("public", "restricted", "non-public")
_PERSONAL_DATA = ("none", "aggregated", "pseudonymised", "anonymised", "present")
_FETCHED_KINDS = ("data", "archive", "document", "image")
# Solr takes no longer single value; a text of this length is read by nobody in a form.
LONGEST_VALUE = 30_000

# (field of the record, field of the package): text to text.
_TEXTS = (
    ("type", "dcat_type"),
    ("access_procedure", "access_procedure"),
    ("ai_use_terms", "ai_use_terms"),
    ("temporal_resolution", "temporal_resolution"),
    ("spatial_resolution", "spatial_resolution_in_meters"),
    ("landing_page", "url"),
    ("described_by", "described_by"),
    ("in_series", "in_series"),
    ("version", "version"),
    ("version_notes", "version_notes"),
    ("bibliographic_citation", "citation"),
    ("provenance", "provenance"),
    ("code_repository", "code_repository"),
    ("quality", "quality_statement"),
    ("collection", "collection_method"),
    ("preprocessing", "preprocessing"),
    ("annotation", "annotation"),
    ("limitations", "limitations"),
    ("biases", "biases"),
    ("uncertainty", "uncertainty"),
    ("personal_data_measures", "personal_data_measures"),
    ("uses", "intended_uses"),
    ("unsuitable_uses", "unsuitable_uses"),
    ("social_impact", "social_impact"),
    ("maintenance_plan", "maintenance_plan"),
)
_LISTS = (
    ("page", "documentation"),
    ("conforms_to", "conforms_to"),
    ("other_identifier", "alternate_identifier"),
    ("derived_from", "source"),
)
_RESOURCE_TEXTS = (
    ("title", "name"),
    ("description", "description"),
    ("described_by", "described_by"),
    ("checksum", "hash"),
    ("checksum_algorithm", "hash_algorithm"),
)
# CKAN keeps 100 characters of a version.
_LONGEST_VERSION = 100


def to_package(dataset: Dataset) -> dict[str, Any]:
    """A package for CKAN, without `name` and `owner_org`, which the catalogue gives.

    What the form cannot hold (an unreadable date, an unknown rhythm) stays in the source's record in the ledger.
    """
    package: dict[str, Any] = {
        "type": "dataset",
        "title": _text(dataset.title),
        "notes": _markdown(dataset.description),
        "identifier": _text(dataset.identifier),
        "tags": to_tags(dataset.keyword),
        "country": dataset.country if dataset.country in _COUNTRIES else "XX",
        "license_id": dataset.license.id if dataset.license and dataset.license.id else "none",
        "theme": [_text(theme.original) for theme in dataset.theme],
        "language": [language.id or _text(language.original) for language in dataset.language],
        "rights": _text("\n\n".join(dataset.rights)),
        "access_rights": dataset.access_rights.id if dataset.access_rights else None,
        "frequency": _frequency(dataset.accrual_periodicity),
        "issued": _date(dataset.issued),
        "modified": _date(dataset.modified),
        "temporal_coverage": [_period(period) for period in dataset.temporal if period.start or period.end],
        "spatial_coverage": [_place(place) for place in dataset.spatial],
        "contact": [_agent(agent, ("name", "email", "url")) for agent in dataset.contact_point],
        "creator": [_agent(agent, ("name", "identifier")) for agent in dataset.creator],
        "personal_data": dataset.personal_data if dataset.personal_data in _PERSONAL_DATA else None,
        "resources": [resource for item in dataset.distribution if (resource := _resource(item)) is not None],
    }
    if dataset.publisher is not None and dataset.publisher.name:
        package["publisher"] = [_agent(dataset.publisher, ("name", "url", "identifier"))]
    package |= {key: _text(getattr(dataset, field)) for field, key in _TEXTS}
    package |= {key: [_text(text) for text in getattr(dataset, field)] for field, key in _LISTS}
    if package.get("version"):
        package["version"] = package["version"][:_LONGEST_VERSION]
    return {key: value for key, value in package.items() if value not in (None, "", []) or key == "resources"}


def from_package(package: Mapping[str, Any]) -> Dataset:
    """The record of a package, as package_show gives it or the form saves it."""
    texts = {field: one(package.get(key)) for field, key in _TEXTS}
    lists = {field: _texts(package.get(key)) for field, key in _LISTS}
    rhythm, access = one(package.get("frequency")), one(package.get("access_rights"))
    licence, rights = one(package.get("license_id")), one(package.get("rights"))
    identifier = one(package.get("identifier")) or one(package.get("id")) or one(package.get("name")) or ""
    return Dataset(
        identifier=identifier,
        title=one(package.get("title")) or one(package.get("name")) or "",
        profile=PROFILE,
        country=one(package.get("country")) or "XX",
        description=one(package.get("notes")),
        keyword=_keywords(package),
        theme=[themes.clean(text) for text in _texts(package.get("theme"))],
        language=[languages.clean(text) for text in _texts(package.get("language"))],
        issued=dates.moment(package.get("issued")),
        modified=dates.moment(package.get("modified")),
        metadata_issued=dates.moment(package.get("metadata_created")),
        metadata_modified=dates.moment(package.get("metadata_modified")),
        accrual_periodicity=frequencies.clean(rhythm) if rhythm else None,
        publisher=_publisher(package),
        creator=[_to_agent(item) for item in _subfields(package, "creator")],
        contact_point=_contacts(package),
        license=licences.clean(licence) if licence else None,
        rights=[rights] if rights else [],
        access_rights=Term(access, access if access in _ACCESS else None, "id") if access else None,
        temporal=_periods(package),
        spatial=[place for item in _subfields(package, "spatial_coverage") if (place := _to_place(item))],
        personal_data=one(package.get("personal_data")),
        distribution=[_distribution(item) for item in package.get("resources") or [] if isinstance(item, Mapping)],
        raw={},
        **texts,
        **lists,
    )


def _text(value: str | None) -> str | None:
    """Text that PostgreSQL and Solr take: no U+0000, no lone surrogates, not without end."""
    return repaired(value).replace("\0", "")[:LONGEST_VALUE] if value else None


def _markdown(description: str | None) -> str | None:
    """A description for CKAN, which shows Markdown: markup of the source comes out as plain paragraphs."""
    if description is None:
        return None
    if "<" not in description:
        return _text(description)
    return _text("\n\n".join(text for part in description.split("</p>") if (text := plain(part))))


def _date(moment: Moment | None) -> str | None:
    """As exact as it was written."""
    if moment is None or moment.value is None:
        return None
    return moment.value.isoformat()[: {"year": 4, "month": 7}.get(moment.precision, 10)]


def _frequency(rhythm: Term | None) -> str | None:
    code = frequencies.eu_code(rhythm.id) if rhythm is not None and rhythm.id else None
    return f"{EU_FREQUENCY}{code}" if code else None


def _period(period: PeriodOfTime) -> dict[str, str]:
    days = {"start": period.start, "end": period.end}
    return {key: day.isoformat() for key, day in days.items() if day is not None}


def _place(place: Location) -> dict[str, str]:
    if place.bbox is not None:
        west, south, east, north = place.bbox
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"bbox": json.dumps({"type": "Polygon", "coordinates": [ring]})}
    text = _text(place.original) or ""
    if place.form == "geometry" and text.startswith("{") and len(place.original) <= LONGEST_VALUE:
        return {"geom": text}
    return {"uri": text} if place.form == "uri" else {"text": text}


def _agent(agent: Agent, fields: Sequence[str]) -> dict[str, str]:
    return {field: text for field in fields if (text := _text(getattr(agent, field)))}


def _resource(item: Distribution) -> dict[str, Any] | None:
    url = _text(item.url)
    if url is None:
        return None
    resource: dict[str, Any] = {key: _text(getattr(item, field)) for field, key in _RESOURCE_TEXTS}
    resource |= {
        "url": url,
        "format": _format(item, url),
        "mimetype": item.media_type.id or _text(item.media_type.original) if item.media_type else None,
        "size": item.byte_size,
        "license": item.license.id if item.license else None,
        "download_url": _text(item.download_url),
        "access_url": _text(item.access_url),
        "issued": _date(item.issued),
        "modified": _date(item.modified),
        "conforms_to": [_text(text) for text in item.conforms_to],
        "columns": "\n".join(item.columns),
    }
    return {key: value for key, value in resource.items() if value not in (None, "", [])}


def _format(item: Distribution, url: str) -> str | None:
    if item.format is not None:
        return item.format.id or _text(item.format.original)
    declared = media_types.from_format(item.media_type.original).id if item.media_type is not None else None
    return declared or media_types.of_url(url).id


def _texts(value: Any) -> list[str]:
    """A multiple-text field: a list, or the JSON of one as it is stored."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return many(value)
    return many(value)


def _subfields(package: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    """A repeating field: a list of objects, or the JSON of one as it is stored."""
    value = package.get(field)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _keywords(package: Mapping[str, Any]) -> list[str]:
    tags = package.get("tags")
    if tags:
        return many([tag.get("name") if isinstance(tag, Mapping) else tag for tag in tags])
    return many((one(package.get("tag_string")) or "").split(","))


def _to_agent(item: Mapping[str, Any]) -> Agent:
    return Agent(
        name=one(item.get("name")),
        email=contacts.email(item.get("email")),
        url=one(item.get("url")),
        identifier=one(item.get("identifier")) or one(item.get("uri")),
    )


def _contacts(package: Mapping[str, Any]) -> list[Agent]:
    agents = [_to_agent(item) for item in _subfields(package, "contact")]
    for name, address in (("maintainer", "maintainer_email"), ("author", "author_email")):
        agents.append(Agent(name=one(package.get(name)), email=contacts.email(package.get(address))))
    return [agent for agent in agents if agent != Agent()]


def _publisher(package: Mapping[str, Any]) -> Agent | None:
    given = next((_to_agent(item) for item in _subfields(package, "publisher")), None)
    if given is not None and given.name:
        return given
    organization = package.get("organization")
    if isinstance(organization, Mapping):
        return Agent(name=one(organization.get("title")) or one(organization.get("name")), identifier=one(organization.get("name")))
    return None


def _periods(package: Mapping[str, Any]) -> list[PeriodOfTime]:
    items = _subfields(package, "temporal_coverage")
    return [period for item in items if (period := dates.between(item.get("start"), item.get("end")))]


def _to_place(item: Mapping[str, Any]) -> Location | None:
    """The most telling of what a place's subfields say."""
    for field in ("bbox", "geom", "uri", "text"):
        if (place := places.location(item.get(field))) is not None:
            return place
    return None


def _distribution(resource: Mapping[str, Any]) -> Distribution:
    url, access = one(resource.get("url")), one(resource.get("access_url"))
    download = one(resource.get("download_url"))
    given, media = one(resource.get("format")), one(resource.get("mimetype"))
    form = media_types.from_format(given) if given else None
    if download is None and url is not None and url != access:
        key = media_types.of_url(url).id or (form.id if form else None)
        traits = media_types.traits(key) if key else None
        is_file = resource.get("url_type") == "upload" or (traits is not None and traits.kind in _FETCHED_KINDS)
        download, access = (url, access) if is_file else (None, access or url)
    size, licence = one(resource.get("size")), one(resource.get("license"))
    columns = [line.split("|")[0].strip() for line in (one(resource.get("columns")) or "").splitlines()]
    return Distribution(
        identifier=one(resource.get("id")),
        access_url=access,
        download_url=download,
        media_type=media_types.clean(media) if media else None,
        format=form,
        byte_size=int(size) if size and size.isdecimal() else None,
        license=licences.clean(licence) if licence else None,
        issued=dates.moment(resource.get("issued")),
        modified=dates.moment(resource.get("modified")),
        conforms_to=_texts(resource.get("conforms_to")),
        columns=[name for name in columns if name],
        datastore_active=resource.get("datastore_active") is True,
        **{field: one(resource.get(key)) for field, key in _RESOURCE_TEXTS},
    )


