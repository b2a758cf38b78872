"""What a protocol can do: recognise its sources, and read them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.parsing.entries import LIST, Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.reader import Reader, RecordReader
from ckanext.aivision.harvesters.sources.kind import Kind
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested


class Protocol:
    """How the sources of one kind are recognised and read. The `protocol.py` of its folder has it as PROTOCOL.

    One that has documents defines `recognise` and `records`; `reader` instead of `records` if a document is more than
    record after record. One that is an API (`Kind.is_api`) defines `pages`. All else has a default.

    standards: the kind whose rows of config/standards.yaml its records are validated by; its own if empty.
    no_standard: what to tell those who validate its documents if no row is for it.
    """

    standards = ""
    no_standard = "there is no official schema for it; use `aivision score`"

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def has_address(self, url: str) -> bool:
        """Whether an address can be of nothing but this API, so that no document is fetched from it."""
        return False

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        """Whether this API is behind the address of a source of no stated kind. head: of the document that it gives.

        Raises SourceError where it should be and is not.
        """
        return False

    def recognise(self, head: Head) -> Shape | None:
        """The shape of a document of this kind; None for any other."""
        return None

    def bare_shape(self, head: Head) -> Shape | None:
        """The shape of records of this kind without a document around them: one, a list of them or one a line."""
        return None

    def stated_shape(self, head: Head) -> Shape:
        """The shape of a document that somebody says is of this kind, and whose beginning does not show it."""
        return LIST

    def records(self, entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
        """The records of a document. entries: what stands in it, in its order."""
        raise NotImplementedError

    def reader(
        self, source: Source, session: Session, seen: Container[str] = (), known: Known = NOTHING_KNOWN
    ) -> Reader:
        """Reads the documents of a source.

        seen: the identifiers that the reading has had; it is looked at again for each record. known: the content hashes
        of records that need not be read again.
        """
        return RecordReader(self.kind.name, source, self.records, self.missing)

    def missing(self, beside: Mapping[str, Any], count: int) -> str:
        """What a saved page of an API says that it does not hold, in words; empty if it is the whole answer.

        beside: the texts and numbers beside the records. count: of the records.
        """
        return ""

    def pages(self) -> type[ApiPages]:
        """Reads the API page by page."""
        raise NotImplementedError

    def members(self) -> Iterable[tuple[str, str]]:
        """Fields of the record, each with a member that may hold it, so that reports can point at its line."""
        return ()

    def validated_shape(self, head: Head, is_stated: bool) -> Shape | None:
        """The shape in which a document is validated that `recognise` does not know; None if it is not of this kind.

        is_stated: whether somebody says so.
        """
        return self.stated_shape(head) if is_stated else None

    def entries(self, document: Document, shape: Shape) -> Iterator[Entry]:
        """The records of a document as they are validated. Raises SourceError as `Document.entries`."""
        return document.entries(shape)

    def published(self, entry: Entry) -> Entry:
        """The record as its publisher wrote it, without what a document puts around it."""
        return entry

    def part_of(self, raw: Any) -> tuple[str, str]:
        """The edition of the standard that a record shows, and which part of it the record is."""
        return "", "dataset"
