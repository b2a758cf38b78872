"""How a CSW and its saved answers are recognised and read."""

from __future__ import annotations

import re
from collections.abc import Container
from urllib.parse import parse_qsl, urlsplit

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.parsing.entries import Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.xml_records import root_of
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.csw import KIND
from ckanext.aivision.harvesters.protocols.csw.csw_answers import ANSWERS, is_capabilities
from ckanext.aivision.harvesters.protocols.csw.csw_records import is_record, read_record
from ckanext.aivision.harvesters.protocols.iso.iso_dataset import ISO
from ckanext.aivision.harvesters.protocols.iso.protocol import Iso, is_iso
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.protocols.xml_reader import XML, XmlReader
from ckanext.aivision.harvesters.sources.source import Source

_PATH = re.compile(r"/csw(?:-[\w-]{1,40})?/?$", re.IGNORECASE)
# A request for one record gives a document.
_ONE = "getrecordbyid"


class Csw(Iso):
    """A catalogue by its address, or an answer to GetRecords or GetRecordById that was saved."""

    standards = "iso"

    def has_address(self, url: str) -> bool:
        parts = urlsplit(url)
        query = {key.lower(): value.lower() for key, value in parse_qsl(parts.query)}
        if query.get("request") == _ONE:
            return False
        return query.get("service") == "csw" or _PATH.search(parts.path) is not None

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        """A description of a catalogue (GetCapabilities) is that of its address."""
        return is_capabilities(root_of(head), head.text)

    def recognise(self, head: Head) -> Shape | None:
        return XML if root_of(head) in ANSWERS else None

    def reader(
        self, source: Source, session: Session, seen: Container[str] = (), known: Known = NOTHING_KNOWN
    ) -> Reader:
        return XmlReader(self.kind.name, source, is_record, read_record, known)

    def pages(self) -> type[ApiPages]:
        from ckanext.aivision.harvesters.protocols.csw.csw_pages import CswPages

        return CswPages


PROTOCOL = Csw(KIND, is_iso, ISO)
