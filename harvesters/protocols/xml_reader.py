"""Records in XML, read one after another, whatever stands around them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known, Mapper, harvested
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.xml_records import IsRecord, XmlRecords
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.sources.kind import Kind
from ckanext.aivision.harvesters.sources.source import Source, complete_source
from ckanext.aivision.record import Harvested

# Makes a record of what stands in a document.
ReadRecord = Callable[[Entry, Source, Known], Harvested]
# A document whose root element or what it holds are records.
XML = Shape((), "xml")
# The roots of documents that may have no record: answers of a catalogue.
_ANSWERS = ("GetRecordsResponse", "GetRecordByIdResponse")


class XmlReader(Reader):
    """Holds one record at a time. A document that ends before its root does is an error (XML 1.0, 2.1)."""

    def __init__(self, kind: str, source: Source, is_record: IsRecord, read: ReadRecord, known: Known) -> None:
        super().__init__(source)
        self._kind, self._is_record, self._read, self._known = kind, is_record, read, known

    def first(self, document: Document, shape: Shape) -> Iterator[Harvested]:
        self._source = complete_source(self._source, self._kind)
        records = XmlRecords(document.xml_text(), self._is_record, document.name)
        is_empty = True
        for entry in records:
            is_empty = False
            yield self._read(entry, self._source, self._known)
        if is_empty and records.root not in _ANSWERS:
            raise SourceError(
                f"{document.name}: no metadata record in this XML, whose root is <{records.root}>; check the file or "
                "the address, and the kind of the source"
            )


class XmlProtocol(Protocol):
    """A kind whose documents are XML with records in it, and whose reports show the part of a record that says it."""

    def __init__(self, kind: Kind, is_record: IsRecord, mapper: Mapper) -> None:
        """mapper: of a record as `XmlRecords` gives it."""
        super().__init__(kind)
        self._is_record, self._mapper = is_record, mapper

    def stated_shape(self, head: Head) -> Shape:
        return XML

    def reader(
        self, source: Source, session: Session, seen: Container[str] = (), known: Known = NOTHING_KNOWN
    ) -> Reader:
        return XmlReader(self.kind.name, source, self._is_record, self._read, known)

    def entries(self, document: Document, shape: Shape) -> Iterator[Entry]:
        return iter(XmlRecords(document.xml_text(), self._is_record, document.name))

    def _read(self, entry: Entry, source: Source, known: Known) -> Harvested:
        return harvested(entry, source, self._mapper, known)
