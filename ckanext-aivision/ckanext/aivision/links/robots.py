"""What robots.txt says to us, asked of each origin once a run."""

from __future__ import annotations

import threading
from urllib.parse import urlsplit, urlunsplit

from ckanext.aivision.harvesters.http.robots import RobotsFile, robots_file
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.links.faults import Disallowed


class Robots:
    """The robots.txt of every origin that was met, for several threads."""

    def __init__(self) -> None:
        self._rules: dict[str, RobotsFile] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def of(self, url: str, session: Session) -> RobotsFile:
        """The robots.txt for an address, asked for once. Never raises for what is answered."""
        parts = urlsplit(url)
        origin = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2].lower(), "", "", ""))
        with self._lock:
            lock = self._locks.setdefault(origin, threading.Lock())
        with lock:
            if origin not in self._rules:
                self._rules[origin] = robots_file(session, origin)
            return self._rules[origin]

    def admit(self, url: str, session: Session) -> None:
        """Raises Disallowed if an address is not to be asked for."""
        if refusal := self.of(url, session).refusal(url):
            raise Disallowed(refusal)
