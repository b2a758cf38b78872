"""How the FGDC's Content Standard for Digital Geospatial Metadata is recognised and read."""

from __future__ import annotations

import re

from ckanext.aivision.harvesters.mapping.xml_table import listed
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.xml_records import root_of
from ckanext.aivision.harvesters.protocols.fgdc import KIND
from ckanext.aivision.harvesters.protocols.fgdc.fgdc_dataset import FGDC
from ckanext.aivision.harvesters.protocols.xml_reader import XML, XmlProtocol

_IDENTIFICATION = re.compile(r"<idinfo[\s>]")


def is_fgdc(namespace: str, name: str) -> bool:
    """Whether an element is a record. The standard has no namespace."""
    return name == "metadata" and not namespace


class Fgdc(XmlProtocol):
    """One record."""

    def recognise(self, head: Head) -> Shape | None:
        is_record = root_of(head) == "metadata" and _IDENTIFICATION.search(head.text) is not None
        return XML if is_record else None

    def published(self, entry: Entry) -> Entry:
        return entry if entry.fault else entry._replace(raw=listed(entry.raw))


PROTOCOL = Fgdc(KIND, is_fgdc, FGDC)
