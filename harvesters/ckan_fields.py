"""CKAN's `package_show` to the record: core fields, and data.gov.uk's three generations of its own, as tables.

The generations: fields of organisations that publish there (`update_frequency`, `contact-email`, top level), of
harvested DCAT (`UpdateFrequency`, `data_issued`), and of GEMINI / INSPIRE (`frequency-of-update`, `bbox-*`, `licence`).
The latter two stand in `extras`, some as JSON in a string.
"""

from __future__ import annotations

import json
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping import (
    Raw,
    Row,
    cut,
    harvested,
    oddities,
    read,
    refused,
    said,
    shown,
    title_of,
    unwritable,
)
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.normalise import contacts, dates, frequencies, languages, licences, media_types, places, themes
from ckanext.aivision.normalise.text import many, one
from ckanext.aivision.record import Agent, Dataset, Distribution, Harvested, Location, Moment, PeriodOfTime, Term

# For each field of the record: where it may stand, the first that says something counts.
_FIRST: dict[str, tuple[str, ...]] = {
    "accrual_periodicity": ("update_frequency", "frequency-of-update", "UpdateFrequency", "frequency"),
    "issued": ("data_issued", "date_released", "issued"),
    "modified": ("data_modified", "date_updated", "modified"),
    "version": ("version",),
    "landing_page": ("url",),
    "provenance": ("lineage", "provenance"),
    "bibliographic_citation": ("citation",),
    "collection": ("collection_method",),
    "quality": ("data_quality", "quality"),
}
_LICENCE = ("license_id", "license_url", "licence", "license_title")
_THEMES = ("theme-primary", "theme-secondary", "theme", "topic-category")
_IDENTIFIERS = ("guid", "doi", "DOI", "identifier")
_STANDARDS = ("schema", "spatial-reference-system", "conforms_to")
_CONTACTS = (
    ("contact-name", "contact-email"),
    ("contact_name", "contact_email"),
    ("maintainer", "maintainer_email"),
    ("author", "author_email"),
)
_PERIODS = (
    ("temporal_coverage-from", "temporal_coverage-to"),
    ("temporal-extent-begin", "temporal-extent-end"),
    ("temporal_start", "temporal_end"),
)
_BOX = ("bbox-west-long", "bbox-south-lat", "bbox-east-long", "bbox-north-lat")
# GEMINI's types of reference dates (ISO 19115 CI_DateTypeCode).
_REFERENCE_DATES = {"issued": ("publication", "creation"), "modified": ("revision",)}
_TYPES: dict[str, tuple[type, ...]] = {
    "notes": (str,),
    "tags": (list,),
    "resources": (list,),
    "extras": (list,),
    "organization": (dict,),
    "groups": (list,),
}
# A file can be fetched from its address; a page or a service needs a person or a protocol.
_FETCHED_KINDS = ("data", "archive", "document", "image")


def _size(value: Any) -> int | None:
    text = one(value)
    return int(text) if text is not None and text.isdecimal() and len(text) < 16 and int(text) > 0 else None


def _columns(value: Any) -> list[str]:
    fields = value.get("fields") if isinstance(value, dict) else None
    items = fields if isinstance(fields, list) else []
    return [name for item in items if isinstance(item, dict) and (name := one(item.get("name") or item.get("id")))]


_RESOURCE: tuple[Row, ...] = (
    ("identifier", "id", one),
    ("title", "name", one),
    ("description", "description", one),
    ("media_type", "mimetype", lambda value: media_types.clean(text) if (text := one(value)) else None),
    ("format", "format", lambda value: media_types.from_format(text) if (text := one(value)) else None),
    ("byte_size", "size", _size),
    ("checksum", "hash", one),
    ("checksum_algorithm", "hash_algorithm", one),
    ("issued", "created", dates.moment),
    ("modified", "last_modified", dates.moment),
    ("described_by", "describedBy", one),
    ("columns", "schema", _columns),
)


def to_harvested(raw: Any, source: Source, where: str) -> Harvested:
    """One package as a record, or refused with the reason.

    where: its JSON path. A record needs an id (or name) and a title; everything else is read as far as it goes.
    """
    if not isinstance(raw, dict):
        return refused(where, raw, "record-not-object", "not an object; a package must be one", seen=raw)
    if (reason := unwritable(raw)) is not None:
        return refused(where, shown(raw), "record-not-writable", f"cannot be kept as JSON: {reason}; simplify it")
    identifier = one(raw.get("id")) or one(raw.get("name"))
    if identifier is None:
        return refused(where, raw, "identifier-missing", "no id, so the data set cannot be known again", "id")
    problems: list[Problem] = []
    title = title_of(raw, where, problems)
    if title is None:
        message = "no title; give the data set one that says what the data are"
        return refused(where, raw, "title-missing", message, "title", raw.get("title", ""))
    problems += oddities(raw, _TYPES, where)
    facts = _facts(raw)
    tags = cut(_keywords(raw), where, "tags", problems)
    distributions = _distributions(raw, where, problems)
    dataset = Dataset(
        identifier=identifier,
        title=title,
        profile=source.profile,
        country=source.country,
        source=source.name,
        raw=raw,
        description=one(raw.get("notes")),
        keyword=tags,
        distribution=distributions,
        **_described(raw, facts),
        **_dated(raw, facts, distributions),
        **_placed(facts),
    )
    return harvested(dataset, where, problems)


def _facts(raw: Raw) -> dict[str, Any]:
    """Top level and extras as one table; JSON in a string is read. The top level goes first."""
    facts: dict[str, Any] = {}
    extras = raw.get("extras")
    for extra in extras if isinstance(extras, list) else []:
        if isinstance(extra, dict) and (key := one(extra.get("key"))) is not None:
            facts[key] = _unpacked(extra.get("value"))
    for key, value in raw.items():
        unpacked = _unpacked(value)
        if unpacked not in (None, "", []):
            facts[key] = unpacked
    return facts


def _unpacked(value: Any) -> Any:
    if isinstance(value, str) and value[:1] == "[" and len(value) < 100_000:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _text(facts: Raw, keys: tuple[str, ...]) -> str | None:
    """The first of the fields that says something; of a list, its first entry."""
    return next((text for key in keys for item in many(facts.get(key)) if (text := said(item))), None)


def _described(raw: Raw, facts: Raw) -> dict[str, Any]:
    texts = {field: _text(facts, keys) for field, keys in _FIRST.items() if field not in ("issued", "modified")}
    rhythm = texts.pop("accrual_periodicity")
    names = [text for key in _THEMES for text in many(facts.get(key))] + _group_titles(raw)
    constraints = [text for item in many(facts.get("access_constraints")) if (text := said(item))]
    return {
        **texts,
        "accrual_periodicity": frequencies.clean(rhythm) if rhythm else None,
        "publisher": _publisher(raw, facts),
        "contact_point": _contact_points(facts),
        "license": _license(facts),
        "rights": [text for item in many(facts.get("licence")) if (text := said(item))],
        "access_rights": Term(constraints[0]) if constraints else None,
        "theme": [themes.clean(name) for name in dict.fromkeys(names)],
        "language": [languages.clean(text) for text in many(facts.get("language"))],
        "other_identifier": [text for key in _IDENTIFIERS for text in many(facts.get(key))],
        "conforms_to": [text for key in _STANDARDS for text in _addresses(facts.get(key))],
        "page": _addresses(facts.get("additional_resources")),
    }


def _keywords(raw: Raw) -> list[str]:
    tags = raw.get("tags")
    names = [tag.get("name") if isinstance(tag, dict) else tag for tag in tags] if isinstance(tags, list) else tags
    return many(names)


def _group_titles(raw: Raw) -> list[str]:
    groups = raw.get("groups")
    listed = groups if isinstance(groups, list) else []
    return [text for group in listed if isinstance(group, dict) and (text := one(group.get("title") or group.get("name")))]


def _publisher(raw: Raw, facts: Raw) -> Agent | None:
    organization = raw.get("organization")
    if isinstance(organization, dict) and (name := one(organization.get("title")) or one(organization.get("name"))):
        return Agent(name=name, identifier=one(organization.get("id")) or one(organization.get("name")))
    parties = facts.get("responsible-party")
    listed = parties if isinstance(parties, list) else []
    party = next((one(item.get("name")) for item in listed if isinstance(item, dict)), None)
    name = _text(facts, ("dcat_publisher_name", "publisher")) or party
    return Agent(name=name) if name else None


def _contact_points(facts: Raw) -> list[Agent]:
    found = []
    for name_key, email_key in _CONTACTS:
        name, address = one(facts.get(name_key)), contacts.email(facts.get(email_key))
        if name or address:
            found.append(Agent(name=name, email=address))
    return found


def _license(facts: Raw) -> Term | None:
    """The first statement that names a licence, else the first one there is."""
    terms = [licences.clean(text) for key in _LICENCE for text in many(facts.get(key)) if text != "[]"]
    named = (term for term in terms if term.id not in (None, "none"))
    return next(named, terms[0] if terms else None)


def _addresses(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := one(item.get("url") if isinstance(item, dict) else item))]


def _dated(raw: Raw, facts: Raw, distributions: list[Distribution]) -> dict[str, Any]:
    found: dict[str, Moment | None] = {
        field: dates.moment(_text(facts, _FIRST[field])) or _reference_date(facts, kinds)
        for field, kinds in _REFERENCE_DATES.items()
    }
    if found["modified"] is None:
        changed = [item.modified for item in distributions if item.modified and item.modified.value]
        found["modified"] = max(changed, key=lambda moment: str(moment.value), default=None)
    return {
        **found,
        "metadata_issued": dates.moment(raw.get("metadata_created")),
        "metadata_modified": dates.moment(raw.get("metadata_modified")),
    }


def _reference_date(facts: Raw, kinds: tuple[str, ...]) -> Moment | None:
    listed = facts.get("dataset-reference-date")
    for kind in kinds:
        for item in listed if isinstance(listed, list) else []:
            if isinstance(item, dict) and item.get("type") == kind:
                return dates.moment(item.get("value"))
    return None


def _placed(facts: Raw) -> dict[str, Any]:
    periods: list[PeriodOfTime] = []
    for start_key, end_key in _PERIODS:
        start, end = many(facts.get(start_key)), many(facts.get(end_key))
        period = dates.between(start[0] if start else None, end[0] if end else None)
        if period is not None:
            periods.append(period)
    spatial: list[Location] = []
    if (box := places.box(*(facts.get(key) for key in _BOX))) is not None:
        spatial.append(box)
    for key in ("spatial", "geographic_coverage", "spatial_coverage"):
        place = places.location(facts.get(key)) if said(facts.get(key)) or isinstance(facts.get(key), dict) else None
        if place is not None:
            spatial.append(place)
    return {"temporal": periods, "spatial": spatial}


def _distributions(raw: Raw, where: str, problems: list[Problem]) -> list[Distribution]:
    resources = raw.get("resources")
    found = []
    for index, item in enumerate(cut(resources if isinstance(resources, list) else [], where, "resources", problems)):
        if isinstance(item, dict):
            found.append(_distribution(item))
        elif item is not None:
            message = "not an object; a resource must be one; it was left out"
            problems.append(Problem("distribution-not-object", f"{where}.resources[{index}]", message))
    return found


def _distribution(resource: Raw) -> Distribution:
    fields = read(resource, _RESOURCE)
    url = one(resource.get("url"))
    active = resource.get("datastore_active") is True
    if url is not None:
        key = media_types.of_url(url).id or (fields["format"].id if "format" in fields else None)
        traits = media_types.traits(key) if key else None
        fetched = active or (traits is not None and traits.kind in _FETCHED_KINDS)
        fields["download_url" if fetched else "access_url"] = url
    return Distribution(datastore_active=active, **fields)
