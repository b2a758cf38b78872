"""The pages that a sitemap lists, one after the other, as robots.txt allows, and the datasets in them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from ckanext.aivision.errors import FetchRefused, Problem, SourceError
from ckanext.aivision.harvesters.http.page_addresses import MOST_PAGES
from ckanext.aivision.harvesters.http.robots import robots_file
from ckanext.aivision.harvesters.http.session import StatusError, describe_address
from ckanext.aivision.harvesters.mapping.mapper import refused
from ckanext.aivision.harvesters.protocols.api_pages import ROWS, ApiPages
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.schema_org import sitemap
from ckanext.aivision.harvesters.protocols.schema_org.documents import (
    is_whole_page,
    records_in_json,
    records_in_page,
    text_of,
)
from ckanext.aivision.record import Harvested

# The time between two requests if robots.txt asks for no other.
_PAUSE = 0.2  # seconds
_OVERLAP = datetime.timedelta(days=1)
_MOST_SITEMAPS = 1000
# So many pages one after the other that cannot be had mean that the site gives none.
_MOST_IN_A_ROW = 20
# Pages that are read at most if few records are asked for.
_SAMPLE = 20
_GONE = (404, 410)
_ACCEPT = "application/xml, text/xml, text/html, application/ld+json, */*;q=0.1"


class SitemapPages(ApiPages):
    """The datasets in the pages of a sitemap, or in those whose `lastmod` is new; or those in one page.

    A page that cannot be had may describe a dataset all the same, so nothing is taken for gone after such a reading.
    """

    def _prepare(self) -> None:
        self._delay, self._whole = _PAUSE, True
        self._asked = self._without = self._elsewhere = self._not_allowed = 0

    def __iter__(self) -> Iterator[Harvested]:
        """Raises SourceError if the sitemap cannot be read, or its pages cannot be had one after the other."""
        url = self._source.url
        parts = urlsplit(url)
        self._robots = robots_file(self._session, f"{parts.scheme}://{parts.netloc}")
        self._delay = max(_PAUSE, self._robots.delay)
        if refusal := self._robots.refusal(url):
            raise SourceError(f"{self._source.name}: {refusal} to read it; ask the publisher")
        self._hosts = {parts.hostname}
        text, came_from = self._text(url)
        self._hosts.add(urlsplit(came_from).hostname)
        if not sitemap.is_sitemap(text):
            yield from self._datasets(text, came_from)
            self.state = self.state.ended(self._clock.now(), full=True)
            return
        yield from self._crawl(list(self._pages(text)))
        self._tell()
        self.state = self.state.ended(self._clock.now(), full=not self.incremental)

    def _pages(self, text: str) -> Iterator[sitemap.Listed]:
        """The pages of a sitemap, or of all sitemaps of an index; those on other hosts left out."""
        seen: set[str] = set()
        if sitemap.is_index(text):
            listed = list(sitemap.entries(text, self._source.name))
            if len(listed) > _MOST_SITEMAPS:
                raise SourceError(f"{self._source.name}: more than {_MOST_SITEMAPS:,} sitemaps; give one of them")
            texts: Iterator[str] = (self._text(entry.url)[0] for entry in listed if self._is_ours(entry.url))
        else:
            texts = iter((text,))
        for one in texts:
            for entry in sitemap.entries(one, self._source.name):
                if entry.url in seen or not self._is_ours(entry.url):
                    continue
                seen.add(entry.url)
                if len(seen) > MOST_PAGES:
                    raise SourceError(f"{self._source.name}: more than {MOST_PAGES:,} pages; give one of its sitemaps")
                yield entry

    def _is_ours(self, url: str) -> bool:
        """Whether an address is on the host of the sitemap, and robots.txt allows it."""
        try:
            host = urlsplit(url).hostname
        except ValueError:
            host = None
        if host not in self._hosts:
            self._elsewhere += 1
            return False
        if self._robots.refusal(url):
            self._not_allowed += 1
            return False
        return True

    def _crawl(self, pages: list[sitemap.Listed]) -> Iterator[Harvested]:
        state, now = self.state, self._clock.now()
        rhythm = datetime.timedelta(days=self._source.full_every_days)
        addresses = [page.url for page in pages]
        if state.cursor in addresses and state.began is not None and now - state.began < rhythm:
            pages, self.incremental = pages[addresses.index(state.cursor) + 1 :], True
        else:
            state = msgspec.structs.replace(state, cursor="", began=now, newest=None)
            if state.watermark is not None and not state.full_is_due(self._source, now):
                until = state.watermark - _OVERLAP
                changed = [page for page in pages if page.changed is None or page.changed >= until]
                self.incremental = len(changed) < len(pages)
                pages = changed
        if self._most_rows < ROWS and len(pages) > _SAMPLE:
            # Whoever asks for a few records waits for a few pages.
            pages, self.incremental = pages[:_SAMPLE], True
        self.state = state
        failed = 0
        for page in pages:
            try:
                found = list(self._datasets(*self._text(page.url)))
                failed = 0
            except FetchRefused:
                raise
            except SourceError as error:
                if isinstance(error, StatusError) and error.status in _GONE:
                    continue
                failed += 1
                if failed == _MOST_IN_A_ROW:
                    raise SourceError(
                        f"{self._source.name}: {failed} pages in a row cannot be read; {error}"
                    ) from error
                self.incremental = True
                yield refused(describe_address(page.url), None, "page-unreadable", f"{error}: check the page")
                continue
            self._without += not found
            self.incremental = self.incremental or not self._whole
            yield from found
            # Two pages may describe one dataset.
            self.again = True
            newest = max((one for one in (self.state.newest, page.changed) if one is not None), default=None)
            self.state = msgspec.structs.replace(self.state, cursor=page.url, newest=newest)

    def _datasets(self, text: str, url: str) -> Iterator[Harvested]:
        if text.lstrip()[:1] in ("{", "["):
            yield from records_in_json(text, self._source, self._known, describe_address(url), url)
        else:
            yield from records_in_page(text, self._source, self._known, url)

    def _text(self, url: str) -> tuple[str, str]:
        """The text of an address, and where it came from."""
        if self._asked:
            self._clock.sleep(self._delay)
        self._asked += 1
        if self._budget is not None:
            self._budget.take()
            self.state = msgspec.structs.replace(self.state, requests=self._budget.spent)
        with self._session.stream(url, accept=_ACCEPT) as body:
            document = Document(body, self._source.name, url)
            text = text_of(document, describe_address(url))
            self._whole = document.is_delimited or is_whole_page(text)
            return text, body.url

    def _tell(self) -> None:
        """What is worth knowing of the pages that were not read, or had nothing to read."""
        counts = (
            (self._without, "pages-without-dataset", "pages describe no dataset in schema.org"),
            (self._elsewhere, "pages-elsewhere", "pages of the sitemap are on other hosts and were not read"),
            (self._not_allowed, "pages-not-allowed", "pages are not to be read by programs, as robots.txt says"),
        )
        for count, code, message in counts:
            if count:
                self.remarks.append(Problem(code, "$", f"{count:,} {message}"))
