"""The robots.txt of a host (RFC 9309): what it asks programs not to read, and how long to wait between requests."""

from __future__ import annotations

import weakref
from typing import NamedTuple

from protego import Protego

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import PRODUCT, Session, StatusError
from ckanext.aivision.harvesters.parsing.decoding import text_of

# Crawlers need read no more of it (RFC 9309, 2.5).
_LONGEST = 500 * 1024  # bytes


class RobotsFile(NamedTuple):
    """The rules of an origin.

    rules: None if there is no file, or none that could be read. status: of the answer if it was an error; 0 if it was
    none, and if there was no answer.
    """

    rules: Protego | None = None
    status: int = 0

    @property
    def is_missing(self) -> bool:
        """Whether the host says that it has no such file: all may be read then (RFC 9309, 2.3.1.3)."""
        return 400 <= self.status < 500 and self.status != 429

    @property
    def is_in_trouble(self) -> bool:
        """Whether the host cannot say: nothing may be read then (RFC 9309, 2.3.1.4)."""
        return self.status == 429 or self.status >= 500

    def refusal(self, url: str) -> str:
        """Why an address of this origin is not to be read; empty if it may be.

        If there was no answer it may be: the address itself will show what is wrong.
        """
        if self.is_in_trouble:
            return f"its host responds with {self.status} to the request for robots.txt"
        if self.rules is None or self.rules.can_fetch(url, PRODUCT):
            return ""
        return "the robots.txt of its host does not allow programs"

    @property
    def delay(self) -> float:
        """Seconds between two requests that the rules ask for."""
        return max(0.0, float(self.rules.crawl_delay(PRODUCT) or 0)) if self.rules is not None else 0.0


_known: weakref.WeakKeyDictionary[Session, dict[str, RobotsFile]] = weakref.WeakKeyDictionary()


def robots_file(session: Session, origin: str) -> RobotsFile:
    """Asks an origin (`https://host:port`) for its robots.txt, once a session. Never raises for what is answered."""
    known = _known.setdefault(session, {})
    if origin not in known:
        known[origin] = _fetch(session, origin)
    return known[origin]


def share_robots(session: Session, other: Session) -> None:
    """Lets two sessions of one run know the same of robots.txt, so that no host is asked for it twice."""
    _known[other] = _known.setdefault(session, {})


def _fetch(session: Session, origin: str) -> RobotsFile:
    try:
        with session.stream(f"{origin}/robots.txt") as body:
            return RobotsFile(Protego.parse(text_of(body.read(_LONGEST))))
    except StatusError as error:
        return RobotsFile(status=error.status)
    except SourceError:
        return RobotsFile()
