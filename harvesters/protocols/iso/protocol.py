"""How ISO 19139 and ISO 19115-3 are recognised and read."""

from __future__ import annotations

import re
from typing import Any

from ckanext.aivision.harvesters.parsing.entries import Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.xml_records import root_of
from ckanext.aivision.harvesters.protocols.iso import KIND
from ckanext.aivision.harvesters.protocols.iso.iso_dataset import ISO
from ckanext.aivision.harvesters.protocols.iso.iso_tree import core, is_of_service
from ckanext.aivision.harvesters.protocols.xml_reader import XML, XmlProtocol

# The metadata of a resource (ISO 19139, ISO 19115-3), and that of imagery, which extends it (ISO 19115-2).
RECORDS = frozenset(("MD_Metadata", "MI_Metadata"))
_INSIDE = re.compile(r"<(?:[\w.-]+:)?M[DI]_Metadata[\s>]")
# Documents that hold records and are read as what they are.
_NOT_OURS = ("GetRecordsResponse", "GetRecordByIdResponse", "html", "RDF", "")


def is_iso(namespace: str, name: str) -> bool:
    """Whether an element is a record."""
    return name in RECORDS


class Iso(XmlProtocol):
    """One record, or any XML that holds several (a transfer dataset, an answer of OAI-PMH)."""

    def recognise(self, head: Head) -> Shape | None:
        root = root_of(head)
        if root in RECORDS:
            return XML
        return XML if root not in _NOT_OURS and _INSIDE.search(head.text) is not None else None

    def published(self, entry: Entry) -> Entry:
        """The properties of a record that are filled in, by the names that ISO 19139 gives them."""
        return entry if entry.fault else entry._replace(raw=core(entry.raw))

    def part_of(self, raw: Any) -> tuple[str, str]:
        return "", "service" if is_of_service(raw) else "dataset"


PROTOCOL = Iso(KIND, is_iso, ISO)
