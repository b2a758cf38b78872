"""How the FGDC's Content Standard for Digital Geospatial Metadata is recognised and read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known, harvested
from ckanext.aivision.harvesters.mapping.xml_table import listed
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.xml_records import XmlRecords, root_of
from ckanext.aivision.harvesters.protocols.fgdc import KIND
from ckanext.aivision.harvesters.protocols.fgdc.fgdc_dataset import FGDC
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.protocols.xml_reader import XML, XmlReader
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

_IDENTIFICATION = re.compile(r"<idinfo[\s>]")


def is_fgdc(namespace: str, name: str) -> bool:
    """Whether an element is a record. The standard has no namespace."""
    return name == "metadata" and not namespace


class Fgdc(Protocol):
    """One record."""

    def recognise(self, head: Head) -> Shape | None:
        is_record = root_of(head) == "metadata" and _IDENTIFICATION.search(head.text) is not None
        return XML if is_record else None

    def stated_shape(self, head: Head) -> Shape:
        return XML

    def reader(
        self, source: Source, session: Session, seen: Collection[str] = (), known: Known = NOTHING_KNOWN
    ) -> Reader:
        return XmlReader(self.kind.name, source, is_fgdc, _read, known)

    def entries(self, document: Document, shape: Shape) -> Iterator[Entry]:
        return iter(XmlRecords(document.xml_text(), is_fgdc, document.name))

    def published(self, entry: Entry) -> Entry:
        return entry if entry.fault else entry._replace(raw=listed(entry.raw))


def _read(entry: Entry, source: Source, known: Known) -> Harvested:
    return harvested(entry, source, FGDC, known)


PROTOCOL = Fgdc(KIND)
