"""What robots.txt (RFC 9309) says to us, asked of each origin once a run."""

from __future__ import annotations

import threading
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session, StatusError
from ckanext.aivision.harvesters.parsing.decoding import text_of
from ckanext.aivision.links.faults import Disallowed

# The name that robots.txt may speak to (RFC 9309, 2.2.1).
PRODUCT = "ckanext-aivision"
# Crawlers need read no more of it (RFC 9309, 2.5).
_LONGEST = 500 * 1024  # bytes


class Rules(NamedTuple):
    """closed: why nothing may be asked for, empty if robots.txt could be read. delay: seconds, of Crawl-delay."""

    parsed: Protego | None = None
    closed: str = ""
    delay: float = 0.0

    def refusal(self, url: str) -> str:
        """Why an address is not asked for; empty if it may be."""
        if self.closed:
            return self.closed
        if self.parsed is None or self.parsed.can_fetch(url, PRODUCT):
            return ""
        return "the robots.txt of its host does not allow programs"


class Robots:
    """The rules of every origin that was met, for several threads."""

    def __init__(self) -> None:
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def of(self, url: str, session: Session) -> Rules:
        """The rules for an address, asked for where that was not done yet. Never raises for what is answered."""
        parts = urlsplit(url)
        origin = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2].lower(), "", "", ""))
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._rules:
                self._rules[origin] = _asked(session, origin)
            return self._rules[origin]

    def admit(self, url: str, session: Session) -> None:
        """Raises Disallowed if an address is not to be asked for."""
        if refusal := self.of(url, session).refusal(url):
            raise Disallowed(refusal)


def _asked(session: Session, origin: str) -> Rules:
    try:
        with session.stream(f"{origin}/robots.txt") as body:
            text = text_of(body.read(_LONGEST))
    except StatusError as error:
        # RFC 9309, 2.3.1.3 and 2.3.1.4: no such file, no rules; but a server in trouble is left in peace.
        if error.status == 429 or error.status >= 500:
            return Rules(closed=f"its host responds with {error.status} to the request for robots.txt")
        return Rules()
    except SourceError:
        # Nothing to learn here: the address itself will show what is wrong.
        return Rules()
    parsed = Protego.parse(text)
    return Rules(parsed, delay=max(0.0, float(parsed.crawl_delay(PRODUCT) or 0)))
