"""Sources that the national catalogues harvest, as rows for config/sources.yaml.

United States: the harvester's public API (https://harvest.data.gov/api/v1/, harvest_sources and organizations).
United Kingdom: the harvest sources of data.gov.uk, which ckanext-harvest keeps as packages of type `harvest`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session, StatusError
from ckanext.aivision.harvesters.protocols.ckan.addresses import action_address
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.normalise.text import one

WHERE = {"us": "https://harvest.data.gov", "uk": "https://ckan.publishing.service.gov.uk"}
MOST_PAGES = 1000
_ROWS = 100

# What the catalogues call it -> (kind, profile). We cannot read what is in neither table.
_US_TYPES = {
    ("document", "dcatus1.1: federal"): ("dcat-us", "dcat-us-1.1"),
    ("document", "dcatus1.1: non-federal"): ("dcat-us", "dcat-us-1.1"),
    ("document", "dcatus3.0"): ("dcat-us", "dcat-us-3.0"),
    ("document", "iso19115_1"): ("iso", "iso-19115"),
    ("document", "iso19115_2"): ("iso", "iso-19115"),
    ("waf", "iso19115_1"): ("waf", "iso-19115"),
    ("waf", "iso19115_2"): ("waf", "iso-19115"),
    ("waf-collection", "iso19115_1"): ("waf", "iso-19115"),
    ("waf-collection", "iso19115_2"): ("waf", "iso-19115"),
}
_UK_TYPES = {
    "ckan": ("ckan", "ckan"),
    "dcat_rdf": ("dcat-rdf", "dcat-ap"),
    "gemini_csw": ("csw", "iso-19115"),
    "gemini_waf": ("waf", "iso-19115"),
    "gemini_single": ("iso", "iso-19115"),
}


class Found(NamedTuple):
    """A source that a catalogue harvests. readable: whether it speaks a protocol of ours."""

    title: str
    url: str
    kind: str
    profile: str
    country: str
    publisher: str
    license: str

    @property
    def readable(self) -> bool:
        return self.kind in KINDS


def discover(country: str, session: Session, base: str = "") -> Iterator[Found]:
    """The sources of a national catalogue, page by page. country: a key of WHERE. base: its address, if another.

    Raises SourceError if the catalogue cannot be read.
    """
    reader = {"us": _american, "uk": _british}[country]
    return reader((base or WHERE[country]).rstrip("/"), session)


def new(found: Iterable[Found], known: Iterable[Source]) -> Iterator[tuple[str, Found]]:
    """The readable sources that are not known yet, each once, with a name that no other has."""
    sources = list(known)
    # What is no address is not new.
    addresses = {"", *(comparable_address(source.url) for source in sources)}
    names = {source.name for source in sources}
    for item in found:
        address = comparable_address(item.url)
        if not item.readable or address in addresses:
            continue
        addresses.add(address)
        name = _name(item, names)
        names.add(name)
        yield name, item


def row(name: str, found: Found) -> str:
    """One line in the form of config/sources.yaml."""
    usual = KINDS[found.kind].profile
    members = {key: value for key, value in found._asdict().items() if key != "profile" or value != usual}
    # A JSON object is a YAML flow mapping too (YAML 1.2, 1.3).
    # The name is quoted, for `no` alone would be the opposite of true.
    return f"{json.dumps(name)}: {json.dumps(members, ensure_ascii=False)}"


def _american(base: str, session: Session) -> Iterator[Found]:
    publishers = {
        str(item.get("id")): (plain_line(item.get("name")), item.get("organization_type"))
        for item in _numbered(f"{base}/api/v1/organizations/", session)
    }
    for item in _numbered(f"{base}/api/v1/harvest_sources/", session):
        kind, profile = _US_TYPES.get((str(item.get("source_type")), str(item.get("schema_type"))), ("", ""))
        name, sort = publishers.get(str(item.get("organization_id")), ("", None))
        title = plain_line(item.get("name"))
        # 17 U.S.C. 105 concerns works of the federal government only.
        license = "us-pd" if sort == "Federal Government" else "notspecified"
        yield Found(title, plain_line(item.get("url")), kind, profile, "US", name or title, license)


def _numbered(url: str, session: Session) -> Iterator[dict[str, Any]]:
    """The objects of a list that is paged by number from 0 and ends with 404 or an empty page."""
    seen: set[str] = set()
    for number in range(MOST_PAGES):
        try:
            page = session.json(url, {"page": number, "per_page": _ROWS})
        except StatusError as error:
            if error.status == 404 and number:
                return
            raise
        items = _objects(page, url)
        fresh = [item for item in items if str(item.get("id")) not in seen]
        if not fresh:
            return
        seen.update(str(item.get("id")) for item in fresh)
        yield from fresh
    raise SourceError(f"{url}: more than {MOST_PAGES:,} pages; the list does not end")


def _british(base: str, session: Session) -> Iterator[Found]:
    url, _ = action_address(base, "package_search")
    start = 0
    for _ in range(MOST_PAGES):
        answer = session.json(url, {"fq": "dataset_type:harvest", "sort": "id asc", "start": start, "rows": _ROWS})
        result = answer.get("result") if isinstance(answer, dict) else None
        items = _objects(result.get("results") if isinstance(result, dict) else None, url)
        if not items:
            return
        start += len(items)
        for item in items:
            organization = item.get("organization")
            publisher = plain_line(organization.get("title")) if isinstance(organization, dict) else ""
            kind, profile = _UK_TYPES.get(str(item.get("source_type")).replace("-", "_"), ("", ""))
            title = plain_line(item.get("title")) or plain_line(item.get("name"))
            yield Found(title, plain_line(item.get("url")), kind, profile, "GB", publisher or title, "notspecified")
    raise SourceError(f"{url}: more than {MOST_PAGES:,} pages; the list does not end")


def _objects(value: Any, url: str) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise SourceError(f"{url}: this is not a list of harvest sources; check the address")
    return [item for item in value if isinstance(item, dict)]


def plain_line(value: Any) -> str:
    """Text of strangers, as it may stand on one line of a file."""
    return "".join(character for character in one(value) or "" if character.isprintable())[:300].strip()


def comparable_address(url: str) -> str:
    """The same text for all spellings of one address; empty if it cannot be used in a list."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:
        return ""
    path = parts.path.partition("/api/3/action")[0].rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname}:{parts.port or ''}{path}{query}".lower() if sound else ""


def _name(found: Found, taken: Collection[str]) -> str:
    name = _slug(found.title) or _slug(urlsplit(found.url).hostname or "") or "source"
    if name not in taken:
        return name
    return next(f"{name}-{number}" for number in range(2, len(taken) + 3) if f"{name}-{number}" not in taken)


def _slug(text: str) -> str:
    """Begins with a letter: a YAML key of digits alone would be a number."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).lstrip("-0123456789")[:60].strip("-")
