"""How the documents of a source are read: the first one, and those that follow it."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.parsing.entries import OPEN_ENDED, Entry, Shape
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.sources.source import Source, complete_source
from ckanext.aivision.record import Harvested

# The code of the remark on documents that hold less than they say there is.
PART = "answer-partial"


class Reader(abc.ABC):
    """The documents of one source. Its properties are valid with each record, and at the end."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._is_open_ended = False

    @property
    def source(self) -> Source:
        """The source, with its kind, profile and country once the first record has come."""
        return self._source

    @property
    def expected(self) -> int | None:
        """The number of records that the documents say there are; None where they do not say."""
        return None

    @property
    def several(self) -> bool:
        """Whether there are, or may be, other documents than the first one, as far as it has been read."""
        return False

    @property
    def is_open_ended(self) -> bool:
        """Whether nothing shows that a document came whole, neither its syntax nor compression nor its transport."""
        return self._is_open_ended

    @property
    def is_part(self) -> bool:
        """Whether the documents say that there is more than they hold; known when they have been read."""
        return False

    @abc.abstractmethod
    def first(self, document: Document, shape: Shape) -> Iterator[Harvested]:
        """The records of the first document, which is closed when they have been taken.

        shape: as the protocol recognised it. Raises SourceError where it is not of that shape, or breaks off.
        """

    def following(self) -> Iterator[Harvested]:
        """The records of the documents that follow it. Raises SourceError where one of them cannot be had or read."""
        return iter(())

    def remarks(self, complete: bool) -> list[Problem]:
        """What is to be told of the documents as a whole. complete: whether they were read to their end."""
        return []


class RecordReader(Reader):
    """One document with record after record."""

    def __init__(
        self,
        kind: str,
        source: Source,
        records: Callable[[Iterator[Entry], Source], Iterator[Harvested]],
        missing: Callable[[Mapping[str, Any], int], str],
    ) -> None:
        """records: makes records of what stands in a document. missing: as `Protocol.missing`."""
        super().__init__(source)
        self._kind, self._records, self._missing = kind, records, missing
        self._beside: dict[str, Any] = {}
        self._count = 0

    @property
    def is_part(self) -> bool:
        return bool(self._missing(self._beside, self._count))

    def first(self, document: Document, shape: Shape) -> Iterator[Harvested]:
        self._is_open_ended = shape.layout in OPEN_ENDED and not document.is_delimited
        self._source = complete_source(self._source, self._kind)
        yield from self._records(self._counted(document.entries(shape, self._beside)), self._source)

    def _counted(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self._count += 1
            yield entry

    def remarks(self, complete: bool) -> list[Problem]:
        missing = self._missing(self._beside, self._count) if complete else ""
        if not missing:
            return []
        message = f"{missing}, so the others are not taken for gone: save them all, or give the address of the API"
        return [Problem(PART, "$", message)]
