"""A source that is a document, or a first page with others behind it: what it is shows in its beginning."""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import AbstractContextManager

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.http.body import Body, Validators
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.parsing.decoding import Opened
from ckanext.aivision.harvesters.protocols import recognition
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested


class Documents:
    """The documents of one source, read by the protocol that the first of them shows.

    unchanged: the document is the one that was asked about (304): nothing is read.
    behind: the kind of the API that an address of no stated kind turned out to belong to; nothing is read then.
    """

    def __init__(self, source: Source, session: Session, seen: Container[str], known: Known = NOTHING_KNOWN) -> None:
        """seen: the identifiers of the records that the reading has had; it is looked at again for each record.

        known: of records that need not be read again.
        """
        self._stated, self._session, self._seen, self._known = source, session, seen, known
        self.unchanged = False
        self.behind = ""
        self._first: Opened | None = None
        self._remarks: list[Problem] = []
        self._reader: Reader | None = None

    @property
    def source(self) -> Source:
        """The source, with its kind, profile and country once the first record has come."""
        return self._stated if self._reader is None else self._reader.source

    @property
    def expected(self) -> int | None:
        """The number of records that the documents say there are, or None."""
        return None if self._reader is None else self._reader.expected

    @property
    def is_open_ended(self) -> bool:
        """Whether nothing shows that a document came whole.

        Its syntax has no end of its own (Turtle, N-Triples, JSON lines, YAML), and neither compression nor its
        transport tells of one.
        """
        return self._reader is not None and self._reader.is_open_ended

    @property
    def is_part(self) -> bool:
        """Whether the documents say that there is more than they hold; known when they have been read."""
        return self._reader is not None and self._reader.is_part

    @property
    def several(self) -> bool:
        """Whether there are, or may be, other documents than the first one, as far as it has been read."""
        return self._reader is not None and self._reader.several

    @property
    def validators(self) -> Validators:
        """Those of the document, where one that came over HTTP is the whole source; a first page tells of no other."""
        if self.several or not isinstance(self._first, Body):
            return Validators()
        return self._first.validators

    def read(self, opening: AbstractContextManager[Opened]) -> Iterator[Harvested]:
        """All records. opening: gives the first document, open.

        Raises SourceError if a document is not what it should be, breaks off, or cannot be had.
        """
        with opening as opened:
            self._first = opened
            self.unchanged = isinstance(opened, Body) and opened.unchanged
            if self.unchanged:
                return
            document = Document(opened, self._stated.name, self._stated.url, self._remarks)
            self.behind = recognition.api_behind(self._stated, document.head, self._session)
            if self.behind:
                return
            found = recognition.document_of(self._stated, document.head)
            self._reader = found.protocol.reader(self._stated, self._session, self._seen, self._known)
            yield from self._reader.first(document, found.shape)
        # What follows is asked for when the first one is closed.
        yield from self._reader.following()

    def remarks(self, complete: bool) -> list[Problem]:
        """Problems of the documents as a whole. complete: whether they were read to their end."""
        if self.behind:
            return []
        return [*self._remarks, *(self._reader.remarks(complete) if self._reader is not None else ())]
