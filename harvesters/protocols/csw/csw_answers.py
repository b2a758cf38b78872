"""Answers of a CSW: its capabilities, a page of records, and exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.mapping.xml_table import elements, find, listed, texts
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.parsing.xml_records import XmlRecords, root_of
from ckanext.aivision.harvesters.protocols.csw.csw_records import is_dublin_core, is_record
from ckanext.aivision.harvesters.protocols.csw.csw_requests import SCHEMAS
from ckanext.aivision.harvesters.protocols.open_document import Document

_CATALOGUE = re.compile(r"opengis\.net/cat/csw")
ANSWERS = frozenset(("GetRecordsResponse", "GetRecordByIdResponse"))
_EXCEPTIONS = frozenset(("ExceptionReport", "ServiceExceptionReport"))


class Refused(SourceError):
    """The catalogue answers a request with an exception, or with no answer of a catalogue."""


class Capabilities(NamedTuple):
    """version: that the catalogue speaks. schema: of its records, the best that is read; empty if none is."""

    version: str
    schema: str


def capabilities_of(document: Document) -> Capabilities:
    """Raises SourceError if it is no answer of a catalogue to GetCapabilities."""
    check_answer(document, frozenset(("Capabilities",)))
    whole = next(iter(XmlRecords(document.xml_text(), lambda _, name: name == "Capabilities", document.name)))
    tree = listed(whole.raw)
    # The names of parameters are written in any case.
    offered = [
        schema
        for operation in find(tree, "OperationsMetadata/Operation")
        if isinstance(operation, dict) and operation.get("@name") == "GetRecords"
        for parameter in find(operation, "Parameter")
        if isinstance(parameter, dict) and str(parameter.get("@name")).lower() == "outputschema"
        for schema in texts([*find(parameter, "Value"), *find(parameter, "AllowedValues/Value")])
    ]
    schema = next((schema for schema in SCHEMAS if schema in offered), SCHEMAS[0] if not offered else "")
    return Capabilities(str(tree.get("@version") or "2.0.2"), schema)


class Page:
    """A page of records. Iterate once. matched, returned, following: as the catalogue counts; known with a record.

    count: of the records that have come.
    """

    def __init__(self, document: Document) -> None:
        """Raises Refused if the document is no answer to GetRecords."""
        check_answer(document, ANSWERS)
        self._name = document.name
        self._records = XmlRecords(document.xml_text(), is_record, document.name)
        self.count = 0

    def __iter__(self) -> Iterator[Entry]:
        """Raises SourceError if the page breaks off, or has records of another schema than was asked for."""
        for entry in self._records:
            self.count += 1
            if is_dublin_core(entry.raw):
                raise SourceError(
                    f"{self._name}: the catalogue returns records in Dublin Core (csw:Record) though another schema "
                    "was asked for; give the catalogue's DCAT or its folder of ISO files"
                )
            yield entry

    @property
    def matched(self) -> int | None:
        return self._number("numberOfRecordsMatched")

    @property
    def returned(self) -> int | None:
        return self._number("numberOfRecordsReturned")

    @property
    def following(self) -> int | None:
        """The number of the next record; 0 at the end (OGC 07-006r1, 10.8.4.3)."""
        return self._number("nextRecord")

    def _number(self, name: str) -> int | None:
        written = self._records.outer.get("SearchResults", {}).get(name, "").strip()
        return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else None


def is_capabilities(root: str, text: str) -> bool:
    """Whether a document is what a CSW answers to a bare address."""
    return root == "Capabilities" and _CATALOGUE.search(text) is not None


def check_answer(document: Document, roots: frozenset[str]) -> None:
    """Raises Refused where the root of a document is none of these, with what an exception says (OWS Common, 8)."""
    root = root_of(document.head)
    if root in roots:
        return
    if root in _EXCEPTIONS:
        records = XmlRecords(document.xml_text(), lambda _, name: name in _EXCEPTIONS, document.name)
        said = " ".join(text for entry in records for text in _texts(entry))[:300]
        raise Refused(f"{document.name}: the catalogue answers with an exception: {said or 'without a text'}")
    what = "a web page" if root.lower() == "html" else (f"<{root}>" if root else "no XML")
    raise Refused(
        f"{document.name}: {what} instead of an answer of a CSW; check the address and the kind of the source, or try "
        "again later"
    )


def _texts(entry: Entry) -> list[str]:
    tree = listed(entry.raw)
    exceptions = elements(tree, "Exception")
    codes = [str(item["@exceptionCode"]) for item in exceptions if "@exceptionCode" in item]
    said = [*find(tree, "Exception/ExceptionText"), *find(tree, "ServiceException"), tree.get("#text", "")]
    return [*codes, *texts(said)]
