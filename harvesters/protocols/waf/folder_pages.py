"""A folder on the web read file by file: all of it, or what was changed since the last time."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import msgspec

from ckanext.aivision.errors import Problem, SourceError
from ckanext.aivision.harvesters.mapping.mapper import refused
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.parsing.xml_records import XmlRecords
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.csw.csw_records import is_of_fgdc, is_record, read_record
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.waf.listing import Item, is_listing, items
from ckanext.aivision.record import Harvested

# Folders of one source, and how deep they lie in each other.
_MOST_FOLDERS, _DEEPEST = 20_000, 20
# A server dates its files in its own zone.
_OVERLAP = datetime.timedelta(days=1)
# Seconds between two files.
_PAUSE = 0.1
# The end of a page, and how many characters may hold it.
_CLOSED, _TAIL = re.compile(r"</(?:html|body|pre|table)\s*>", re.IGNORECASE), 1000
_ACCEPT = "application/xml, text/xml;q=0.9, */*;q=0.1"


class FolderPages(ApiPages):
    """The records of a folder and of those inside it: of all files, or of those changed since the state's watermark.

    A file that cannot be read is refused by its name; nothing is removed then, and it is asked for again the next time.
    A reading that broke off goes on behind the last file it had.
    """

    def _prepare(self) -> None:
        self._root = ""
        self._since: datetime.datetime | None = None
        self._failed = 0

    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError if a folder cannot be listed, or there are more of them than belong."""
        now, watermark = self._clock.now(), self.state.watermark
        behind = self._begin(now)
        if watermark is not None and not self.state.full_is_due(self._source, self.state.began or now):
            self._since, self.incremental = watermark - _OVERLAP, True
        for item in self._files():
            if behind:
                behind = "" if item.url == behind else behind
                continue
            yield from self._file(item)
            self.state = msgspec.structs.replace(self.state, cursor=item.url)
        if behind:
            message = "the file at which the last reading broke off is gone, so the folder is read anew the next time"
            self.remarks.append(Problem("cursor-refused", "$", message, seen=behind[:200]))
        if self._failed:
            message = f"{self._failed:,} files could not be read, so no dataset was removed; the problems name them"
            self.remarks.append(Problem("files-unreadable", "$", message))
            self.incremental = True
        ended = self.state.ended(self._clock.now(), full=not self.incremental)
        self.state = msgspec.structs.replace(ended, watermark=watermark) if self._failed or behind else ended

    def _begin(self, now: datetime.datetime) -> str:
        """The file behind which to go on; empty for a reading from the first one on."""
        state, rhythm = self.state, datetime.timedelta(days=self._source.full_every_days)
        if state.began and state.cursor and now - state.began < rhythm:
            self.incremental = True
            return state.cursor
        self.state = msgspec.structs.replace(state, cursor="", began=now, newest=None)
        return ""

    def _files(self) -> Iterator[Item]:
        """The files that are to be read, folder by folder, in the order of their addresses."""
        waiting, had = [self._source.url], set[str]()
        while waiting:
            folder = waiting.pop()
            if folder in had:
                continue
            if len(had) > _MOST_FOLDERS:
                message = f"more than {_MOST_FOLDERS:,} folders; give one of them as a source"
                raise SourceError(f"{self._source.name}: {message}")
            address, inside = self._listed(folder)
            had.update((folder, address))
            yield from (item for item in inside if not item.is_folder and self._is_due(item))
            depth = unquote(address).count("/") - unquote(self._root).count("/")
            deeper = [item.url for item in inside if item.is_folder]
            if deeper and depth >= _DEEPEST:
                raise SourceError(f"{folder}: folders lie more than {_DEEPEST} deep in each other; check the server")
            waiting += reversed(deeper)

    def _listed(self, folder: str) -> tuple[str, list[Item]]:
        """Where a folder is, after redirects, and what lies in it. The first one is the root of all others."""
        with self._session.stream(folder, budget=self._budget) as body:
            document = Document(body, folder, folder)
            self._root = self._root or _folder_of(body.url)
            page = _Whole(document)
            found = items(page, body.url, self._root)
        if not found and not is_listing(document.head.text):
            message = "no list of files; check the address, and whether the server lists folders"
            raise SourceError(f"{folder}: {message}")
        if not document.is_delimited and not page.is_closed:
            raise SourceError(f"{folder}: the list of files ends in the middle; try again later")
        return body.url, found

    def _is_due(self, item: Item) -> bool:
        if item.changed is not None and (self.state.newest is None or item.changed > self.state.newest):
            self.state = msgspec.structs.replace(self.state, newest=item.changed)
        return self._since is None or item.changed is None or item.changed >= self._since

    def _file(self, item: Item) -> Iterator[Harvested]:
        name = unquote(item.url.removeprefix(self._root))
        try:
            yield from self._records(item.url, name)
        except SourceError as error:
            self._failed += 1
            yield refused(name, None, "file-unreadable", str(error))
        finally:
            if self._budget is None:
                self._clock.sleep(_PAUSE)
            else:
                self.state = msgspec.structs.replace(self.state, requests=self._budget.spent)

    def _records(self, url: str, name: str) -> Iterator[Harvested]:
        with self._session.stream(url, accept=_ACCEPT, budget=self._budget) as body:
            document = Document(body, name, url)
            records = XmlRecords(document.xml_text(), is_record, name)
            # A file is held until its end has shown that it came whole.
            entries = list(records)
        if not entries:
            message = f"no metadata record in this file, whose root is <{records.root}>; take it out of the folder"
            yield refused(name, None, "file-not-metadata", message)
        for entry in entries:
            yield self._record(entry, url, name, len(entries) == 1)

    def _record(self, entry: Entry, url: str, name: str, is_alone: bool) -> Harvested:
        if is_alone and is_of_fgdc(entry.raw):
            # What the standard has no identifier for is known by its address.
            entry = entry._replace(raw={**entry.raw, "@address": url})
        return read_record(entry._replace(where=f"{name}: {entry.where}"), self._source, self._known)


class _Whole:
    """The text of a page as it passes by. is_closed: whether it came to its end."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.is_closed = False

    def __iter__(self) -> Iterator[str]:
        tail = ""
        for chunk in self._document.text():
            tail = (tail + chunk)[-_TAIL:]
            yield chunk
        self.is_closed = _CLOSED.search(tail) is not None


def _folder_of(url: str) -> str:
    """The folder that an address is, or that a page of it lies in."""
    parts = urlsplit(url)
    path = parts.path if parts.path.endswith("/") else f"{parts.path.rpartition('/')[0]}/"
    return parts._replace(path=path, query="", fragment="").geturl()
