"""Requests to a CSW: GetCapabilities and GetRecords, in the query of an address or as XML that is posted.

CSW 2.0.2 (OGC 07-006r1), 10.8, has GetRecords posted as XML, and by query as an option; CSW 3.0 (OGC 12-176r7), 7.3,
has it by query.
"""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.sax.saxutils import quoteattr

# Record schemas that are read, the best first.
SCHEMAS = (
    "http://www.isotc211.org/2005/gmd",
    "http://www.isotc211.org/2005/gmi",
    "http://standards.iso.org/iso/19115/-3/mdb/2.0",
    "http://standards.iso.org/iso/19115/-3/mdb/1.0",
    "http://www.opengis.net/cat/csw/csdgm",
    "http://www.fgdc.gov",
)
# The query of an address that narrows a catalogue down; everything else of CSW is asked for by us.
_NARROWING = ("constraint", "constraintlanguage", "constraint_language_version", "typenames")
_OURS = frozenset(
    (
        *("service", "version", "request", "acceptversions", "outputschema", "outputformat", "elementsetname"),
        *("resulttype", "startposition", "maxrecords", "sortby", "namespace", "namespaces"),
        *_NARROWING,
    )
)
_OR = re.compile(r"\bOR\b", re.IGNORECASE)
_CSW = "http://www.opengis.net/cat/csw/2.0.2"


class Dialect(NamedTuple):
    """How a catalogue is asked. is_posted: by XML. is_sorted: by identifier, so that pages stay what they are."""

    version: str
    schema: str
    is_posted: bool
    is_sorted: bool


class Ask(NamedTuple):
    """A request: its address, and what is posted there (nothing: GET)."""

    url: str
    content: bytes = b""


class Endpoint:
    """The address of a catalogue, without what is CSW's own in its query, and the part of it that is meant."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=True)
        self._parts = parts
        self._own = [(key, value) for key, value in query if key.lower() not in _OURS]
        self._narrowing = {key.lower(): value for key, value in query if key.lower() in _NARROWING and value}

    @property
    def is_narrowed(self) -> bool:
        """Whether it is a part of a catalogue, which its query says."""
        return "constraint" in self._narrowing

    def dialects(self, version: str, schema: str) -> list[Dialect]:
        """How it may be asked, the best first."""
        ways = [False] if self.is_narrowed or version.startswith("3") else [True, False]
        return [Dialect(version, schema, posted, ordered) for posted in ways for ordered in (True, False)]

    def capabilities(self) -> Ask:
        return self._get({"service": "CSW", "request": "GetCapabilities", "acceptVersions": "2.0.2,3.0.0"})

    def records(self, dialect: Dialect, start: int, rows: int, since: datetime.datetime | None) -> Ask:
        """GetRecords from number `start` on. since: only what was modified at that time or later (dct:modified)."""
        day = f"{since:%Y-%m-%d}" if since is not None else ""
        if dialect.is_posted:
            return Ask(self._url([]), _posted(dialect, start, rows, day).encode())
        is_2 = dialect.version.startswith("2")
        query: dict[str, str] = {
            "service": "CSW",
            "version": dialect.version,
            "request": "GetRecords",
            "typeNames": self._narrowing.get("typenames", "csw:Record" if is_2 else "Record"),
            "outputSchema": dialect.schema,
            "outputFormat": "application/xml",
            "elementSetName": "full",
            "resultType": "results",
            "startPosition": str(start),
            "maxRecords": str(rows),
        }
        if is_2:
            query["namespace"] = f"xmlns(csw={_CSW}),xmlns(dc=http://purl.org/dc/elements/1.1/)"
        if dialect.is_sorted:
            query["sortBy"] = "dc:identifier:A"
        constraint = self._narrowing.get("constraint", "")
        if day:
            changed = f"dct:modified >= '{day}'"
            # Not every catalogue reads brackets.
            whole = f"({constraint})" if _OR.search(constraint) else constraint
            constraint = f"{whole} AND {changed}" if constraint else changed
        if constraint:
            query["constraintLanguage"] = self._narrowing.get("constraintlanguage", "CQL_TEXT")
            query["constraint_language_version"] = "1.1.0"
            query["constraint"] = constraint
        return self._get(query)

    def _get(self, query: dict[str, str]) -> Ask:
        return Ask(self._url(list(query.items())))

    def _url(self, query: list[tuple[str, str]]) -> str:
        scheme, netloc, path, _, _ = self._parts
        return urlunsplit((scheme, netloc, path, urlencode([*self._own, *query]), ""))


def _posted(dialect: Dialect, start: int, rows: int, day: str) -> str:
    """GetRecords in XML (OGC 07-006r1, 10.8.3), with a filter of OGC 04-095."""
    changed = (
        '<csw:Constraint version="1.1.0"><ogc:Filter><ogc:PropertyIsGreaterThanOrEqualTo>'
        f"<ogc:PropertyName>dct:modified</ogc:PropertyName><ogc:Literal>{day}</ogc:Literal>"
        "</ogc:PropertyIsGreaterThanOrEqualTo></ogc:Filter></csw:Constraint>"
    )
    ordered = (
        "<ogc:SortBy><ogc:SortProperty><ogc:PropertyName>dc:identifier</ogc:PropertyName>"
        "<ogc:SortOrder>ASC</ogc:SortOrder></ogc:SortProperty></ogc:SortBy>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<csw:GetRecords xmlns:csw="{_CSW}" xmlns:ogc="http://www.opengis.net/ogc" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/" service="CSW" '
        f'version={quoteattr(dialect.version)} resultType="results" outputFormat="application/xml" '
        f'outputSchema={quoteattr(dialect.schema)} startPosition="{start}" maxRecords="{rows}">'
        '<csw:Query typeNames="csw:Record"><csw:ElementSetName>full</csw:ElementSetName>'
        f"{changed if day else ''}{ordered if dialect.is_sorted else ''}</csw:Query></csw:GetRecords>"
    )
