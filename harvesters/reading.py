"""From a source to its records, whatever it speaks and wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from ckanext.aivision.errors import Problem, SourceError, UsageError
from ckanext.aivision.harvesters import directory, entries, files
from ckanext.aivision.harvesters.catalogue_pages import CataloguePages
from ckanext.aivision.harvesters.ckan_api import ROWS, CkanPages, action_address, is_action_address
from ckanext.aivision.harvesters.collections import Collections
from ckanext.aivision.harvesters.datagov_search import DatagovSearch
from ckanext.aivision.harvesters.dcat_us_catalogue import DcatUsCatalogues
from ckanext.aivision.harvesters.decoding import text_chunks
from ckanext.aivision.harvesters.json_text import JsonText
from ckanext.aivision.harvesters.mapping import refused
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import Source, completed
from ckanext.aivision.record import Harvested

_PAGED: dict[str, type[CkanPages] | type[DatagovSearch]] = {"ckan": CkanPages, "datagov-search": DatagovSearch}


class Harvest:
    """One reading of a source. Iterate once.

    source: with its kind, profile and country once the first record has come.
    expected: the number of records that the source says it has, or None.
    complete: True once the whole source has been read; a limit that cut it, or an error, leaves it False.
    remarks: problems of the source as a whole, known when the reading has ended.
    """

    def __init__(
        self, source: Source, session: Session, limit: int | None = None, seen: set[str] | None = None
    ) -> None:
        """seen: the identifiers of records that came before, where this is a part of a larger reading."""
        self.source = source
        self.expected: int | None = None
        self.complete = False
        self.remarks: list[Problem] = []
        self._seen: set[str] = set() if seen is None else seen
        self._collections = Collections()
        self._catalogues = DcatUsCatalogues(source, self._seen)
        self._session, self._limit = session, limit

    def __iter__(self) -> Iterator[Harvested]:
        """Yields each record once; an identifier that comes again is refused, named and kept out.

        Raises SourceError where the source cannot be read (any further), and UsageError where a file cannot be opened.
        """
        try:
            yield from self._once_each()
        finally:
            self.remarks += self._catalogues.remarks(self.complete)
            self.remarks += self._collections.remarks(self._seen, self.complete)

    def _once_each(self) -> Iterator[Harvested]:
        seen, count = self._seen, 0
        for harvested in self._records():
            if harvested.dataset is None:
                yield harvested
            elif (identifier := harvested.dataset.identifier) in seen:
                message = "the identifier stands twice in the source and the first one was kept: give each its own"
                place = f"{harvested.where}.identifier"
                yield refused(
                    place, harvested.raw, "identifier-repeated", message, identifier, identifier, harvested.where
                )
            else:
                seen.add(identifier)
                self._collections.add(harvested.dataset)
                yield harvested
            count += 1
            if count == self._limit:
                return
        if count < self.source.min_records:
            raise SourceError(
                f"{self.source.name}: gave {count:,} records where at least {self.source.min_records:,} belong "
                "(min_records in config/sources.yaml); look at the source"
            )
        self.complete = True

    def _records(self) -> Iterator[Harvested]:
        source = self.source
        if not _is_remote(source):
            folder = Path(source.url)
            if folder.is_dir():
                return self._harvested(folder) if directory.is_harvested(folder) else self._directory(folder)
            return self._document(files.open_file(source.url))
        if source.kind in _PAGED:
            return self._paged(source.kind)
        if not source.kind and is_action_address(source.url):
            return self._paged("ckan")
        return self._document(self._session.stream(source.url))

    def _harvested(self, folder: Path) -> Iterator[Harvested]:
        stated, self.source = self.source, directory.of_account(self.source)
        with files.open_file(str(folder / directory.HARVESTED)) as file:
            yield from directory.harvested_records(file, stated)

    def _directory(self, folder: Path) -> Iterator[Harvested]:
        """The records of each file. One that cannot be read (any further) is told at once, and again at the end."""
        stated, failed = self.source, []
        for path in directory.saved_files(folder):
            source = msgspec.structs.replace(stated, name=str(path), url=str(path))
            part, read = Harvest(source, self._session, seen=self._seen), False
            try:
                for record in part._records():
                    self._be_of(part.source)
                    yield directory.placed(record, path.name, stated.name)
                read = True
            except (SourceError, UsageError) as error:
                failed.append(path.name)
                yield refused(path.name, None, "file-unreadable", str(error))
            finally:
                told = (*part.remarks, *part._catalogues.remarks(read))
                self.remarks += [directory.problem_in(path.name, problem) for problem in told]
        if failed:
            some = ", ".join(failed[:5])
            raise SourceError(f"{stated.name}: {len(failed):,} files could not be read to their end: {some}")

    def _be_of(self, source: Source) -> None:
        """Takes over the kind and the country of a directory's first file, where nobody has named them."""
        if not self.source.kind:
            self.source = msgspec.structs.replace(self.source, kind=source.kind, country=source.country)

    def _paged(self, kind: str) -> Iterator[Harvested]:
        self.source = completed(self.source, kind)
        rows = ROWS if self._limit is None else min(self._limit, ROWS)
        pages = _PAGED[kind](self.source, self._session, rows)
        for harvested in pages:
            self.expected = pages.expected
            yield harvested
        self.expected = pages.expected

    def _document(self, opened: AbstractContextManager[BinaryIO]) -> Iterator[Harvested]:
        pages: CataloguePages | None = None
        with opened as raw:
            head, chunks = files.looked_at(self._text(raw))
            other = self._pages_behind(head)
            if other is None:
                shape = _shape(self.source, head)
                self.source = completed(self.source, shape.kind)
                self._catalogues.source = self.source
                found = files.records(chunks, self.source, shape, self._catalogues)
                if shape == entries.CATALOGUE and _is_remote(self.source):
                    pages = CataloguePages(
                        self.source.name, self.source.url, self._session.stream, self._page, self._seen
                    )
                    found = pages.first(found)
                yield from found
        if pages is not None:
            yield from pages.following(lambda: self._catalogues.next_page)
        if other is not None:
            yield from self._paged(other)

    def _page(self, raw: BinaryIO, number: int) -> Iterator[Harvested]:
        return self._catalogues.read(JsonText(self._text(raw), self.source.name), number)

    def _text(self, raw: BinaryIO) -> Iterator[str]:
        unpacked = cast(BinaryIO, files.Unpacked(raw, self.source.name))
        return text_chunks(unpacked, getattr(raw, "charset", ""), self.remarks)

    def _pages_behind(self, head: str) -> str | None:
        """The kind of paged source that an address of no stated kind turns out to be; None for a document."""
        if self.source.kind or not _is_remote(self.source):
            return None
        if entries.shape_of(head) == entries.SEARCH:
            return "datagov-search"
        if not head.lstrip().startswith("<"):
            return None
        # A web page: a portal's front door, when CKAN's API is behind it.
        url, params = action_address(self.source.url, "package_search")
        try:
            answer = self._session.json(url, {**params, "rows": 0})
        except SourceError as error:
            raise SourceError(
                f"{self.source.name}: a web page came instead of JSON, and no CKAN API is behind it ({error}); "
                "give the address of a data.json"
            ) from error
        return "ckan" if isinstance(answer, dict) and answer.get("success") is True else None


def _is_remote(source: Source) -> bool:
    return source.url.startswith(("http://", "https://"))


def _shape(source: Source, head: str) -> entries.Shape:
    """What the document is. Where it cannot be told, it is read as a catalogue, which says what is missing."""
    shape = entries.shape_of(head)
    if source.kind and shape.kind and shape.kind != source.kind:
        raise SourceError(f"{source.name}: this is {shape.kind}, not {source.kind}; say --kind {shape.kind}")
    if shape is entries.UNKNOWN:
        return entries.stated(source.kind, head)
    return shape


def open_source(source: Source, session: Session, limit: int | None = None) -> Harvest:
    """A reading of a source.

    limit: read this many records at the most. Nothing is fetched before the first record is asked for.
    """
    return Harvest(source, session, limit)
