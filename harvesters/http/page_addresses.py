"""The addresses of a catalogue's pages, as one page names the next: on the catalogue's host, each once, with an end."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from ckanext.aivision.errors import SourceError

# No catalogue has more pages than this: one that never ends is broken.
MOST_PAGES = 20_000


class PageAddresses:
    """The addresses that a reading has been at."""

    def __init__(self, name: str, *first: str) -> None:
        """name: of the source. first: where its first page was asked for, and where it came from after redirects.

        A first page in a file has no address.
        """
        self._name, self._had, self._count = name, {*first}, 1
        # A portal behind a proxy may name itself with another scheme or port than it is reached at.
        self._hosts = {urlsplit(address).hostname for address in first if "://" in address}

    def resolve(self, written: str, base: str) -> str:
        """The address of the next page. written: as the page at `base` names it.

        Raises SourceError if it cannot be read, lies on another host, was read before, or is one too many.
        """
        if not self._hosts:
            raise SourceError(
                f"{self._name}: this file is one page of a catalogue that continues elsewhere; give the address of the "
                "catalogue in its place"
            )
        try:
            address = urljoin(base, written)
            host = urlsplit(address).hostname
        except ValueError as error:
            raise SourceError(f"{self._name}: the address of the next page cannot be read: {written[:200]}") from error
        if host not in self._hosts:
            raise SourceError(
                f"{self._name}: its next page is on another host ({(host or address)[:100]}) and was not fetched; "
                "to harvest it, use the address of that catalogue"
            )
        return self.count(address)

    def count(self, address: str) -> str:
        """The same address, as that of one page more. Raises SourceError if it was read before, or is too many."""
        if address in self._had:
            raise SourceError(
                f"{self._name}: page {self._count:,} leads back to a page that was already read; check the source, or "
                "try again later"
            )
        if self._count >= MOST_PAGES:
            raise SourceError(f"{self._name}: more than {MOST_PAGES:,} pages; the catalogue does not end")
        self._had.add(address)
        self._count += 1
        return address
