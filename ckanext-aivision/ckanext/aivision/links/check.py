"""Many addresses at once: threads that ask, and the queue that sees to it that no host is asked too much."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from types import TracebackType

import msgspec

from ckanext.aivision import __version__
from ckanext.aivision.errors import FetchRefused
from ckanext.aivision.harvesters.http import session as http
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import PRODUCT, Session
from ckanext.aivision.links.answer import Answer, Target
from ckanext.aivision.links.faults import Disallowed
from ckanext.aivision.links.hosts import Host, Hosts
from ckanext.aivision.links.probe import Asking, probe
from ckanext.aivision.links.robots import Robots
from ckanext.aivision.normalise.web.credentials import NOT_CHECKED, has_credentials

USER_AGENT = f"{PRODUCT}/{__version__} (checker of links in public metadata)"
# The size as stored is what is to be known, so no compression is asked for.
_HEADERS = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
# How long the end of a run waits for threads that are in the middle of looking a name up.
_LAST_WAIT = 5.0  # seconds


class Manners(msgspec.Struct, frozen=True):
    """How links are checked. threads: addresses at once, of all hosts. at_once, pause: of one host, see `Hosts`.

    seconds: of all checking together; what is not checked by then is left. checksum_bytes: up to this size a whole file
    is fetched for its SHA-256; 0 for none. limits: of one request.
    """

    threads: int = 32
    at_once: int = 2
    pause: float = 0.5
    seconds: float = 3600
    checksum_bytes: int = 0
    limits: Limits = Limits(connect=10, read=15, total=30, retries=0)


class Checker:
    """Asks for addresses. Use as a context: leaving it, by an exception too, ends what is still under way."""

    def __init__(
        self, manners: Manners | None = None, allow_hosts: Collection[str] = (), robots: Robots | None = None
    ) -> None:
        """robots: what was asked of hosts before."""
        self._manners, self._allow_hosts = manners or Manners(), allow_hosts
        self._hosts = Hosts(self._manners.at_once, self._manners.pause)
        self._robots = robots or Robots()
        self._work: queue.SimpleQueue[tuple[Host, Target] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Host, Target, Answer, float]] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._sessions: list[Session] = []
        self._at_work = 0
        self._deadline: float | None = None
        self._stopped = False

    def __enter__(self) -> Checker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = True
        for _ in self._threads:
            self._work.put(None)
        end = time.monotonic() + _LAST_WAIT
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < end:
            for session in self._sessions:
                # A connection that is just being made changes what is gone through; the next round has it.
                with contextlib.suppress(RuntimeError):
                    session.cut()
            for thread in self._threads:
                thread.join(0.02)

    def check(self, targets: Iterable[Target]) -> Iterator[tuple[Target, Answer]]:
        """Each target with its answer, as they come; each address is to be among them once.

        What there is no time left for, and what a host that is too slow keeps waiting, is not among the answers.
        """
        for target in targets:
            if has_credentials(target.url):
                yield target, Answer(fault="not-allowed", detail=NOT_CHECKED)
                continue
            try:
                http.check(target.url)
            except FetchRefused as error:
                yield target, Answer(fault="not-allowed", detail=str(error))
            else:
                self._hosts.add(target)
        if self._deadline is None:
            self._deadline = time.monotonic() + self._manners.seconds
        while (now := time.monotonic()) < self._deadline:
            self._hand_out(now)
            turn = min(self._hosts.next_turn() or self._deadline, self._deadline)
            if turn >= self._deadline and not self._at_work:
                break
            yield from self._take_in(turn)

    def _hand_out(self, now: float) -> None:
        while self._at_work < self._manners.threads and (turn := self._hosts.take(now)) is not None:
            self._at_work += 1
            if len(self._threads) < min(self._at_work, self._manners.threads):
                self._start()
            self._work.put(turn)

    def _take_in(self, until: float) -> Iterator[tuple[Target, Answer]]:
        """The answers that there are; where there are none, waits for one until the next turn comes."""
        busy = self._at_work >= self._manners.threads
        wait = self._manners.limits.total if busy else max(0.001, until - time.monotonic())
        try:
            host, target, answer, delay = self._done.get(timeout=min(wait, 0.5))
        except queue.Empty:
            return
        self._at_work -= 1
        yield target, answer
        for other in self._hosts.heard(host, answer, delay, time.monotonic()):
            yield other, answer

    def _start(self) -> None:
        session = Session(self._allow_hosts, self._manners.limits, _HEADERS)
        self._sessions.append(session)
        thread = threading.Thread(target=self._run, args=(session,), name="aivision-links", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self, session: Session) -> None:
        with session:
            asking = Asking(
                session, self._manners.limits, lambda url: self._admit(url, session), self._manners.checksum_bytes
            )
            while (turn := self._work.get()) is not None and not self._stopped:
                answer, delay = Answer(fault="lookup-failed", detail="the check itself failed"), 0.0
                try:
                    answer, delay = self._asked(asking, turn[1])
                finally:
                    # Whoever waits for it must not wait in vain.
                    self._done.put((*turn, answer, delay))

    def _asked(self, asking: Asking, target: Target) -> tuple[Answer, float]:
        """The answer, and the delay that the host asks for. robots.txt comes first, on time of its own."""
        delay = self._robots.of(target.url, asking.session).delay
        return probe(asking, target), delay

    def _admit(self, url: str, session: Session) -> None:
        if self._stopped:
            raise Disallowed("the check was stopped")
        self._robots.admit(url, session)
