"""What is measured at one site: pages at rest, after a harvest, after a save, and while a harvest runs."""

from __future__ import annotations

import datetime
import itertools
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.pages import catalogue
from bench.pages.addresses import JSON, Kind
from bench.pages.readers import Asked, Reader, ask_all
from bench.pages.site import Site, environment_of

from ckanext.aivision.services.process import with_us
from ckanext.aivision.services.stack import ckan_command

READERS = 4
# Requests of each kind of page by all readers together, and the seconds after which there are no more.
EACH, LONGEST = 40, 180
_LONGEST_WAIT = 900  # seconds for a new snapshot
_LOOK_EVERY = 0.5
_QUIET = 10  # seconds
_LONGEST_HARVEST = 3600  # seconds


def settle(site: Site) -> None:
    """Waits until the site's worker builds no snapshot any more, as it may at its start."""
    folder = site.data / "storage" / "aivision" / "snapshots"
    quiet, end = 0, time.monotonic() + _LONGEST_WAIT
    while quiet < _QUIET and time.monotonic() < end:
        quiet = 0 if any(folder.glob(".building-*")) else quiet + 1
        time.sleep(1)


class Behind(NamedTuple):
    """Seconds from the answer to a save until the figures have it. rested: where the last snapshot was older than a
    minute; at_once: where one had just been made."""

    rested: float
    at_once: float


def first(site: Site, kinds: Sequence[Kind]) -> dict[str, list[Asked]]:
    """Each address once, by one reader."""
    reader = Reader(site.address)
    return {kind.name: [reader.ask(path) for path in kind.paths] for kind in kinds}


def at_rest(site: Site, kind: Kind, number: int) -> tuple[list[Asked], float]:
    """So many requests of a kind by one reader, and the processor seconds of each."""
    reader = Reader(site.address)
    before = site.processor_seconds()
    paths = itertools.islice(itertools.cycle(kind.paths), max(number, len(kind.paths)))
    asked = [reader.ask(path) for path in paths]
    return asked, (site.processor_seconds() - before) / len(asked)


def busy(site: Site, kinds: Sequence[Kind], counts: Callable[[Asked], bool] = lambda asked: True) -> list[Asked]:
    """Requests by all readers at once: `EACH` of each kind, the kinds and their addresses in turn; fewer where that
    takes longer than `LONGEST`.

    counts: whether an answer is one of them; those that are not are asked for again, and left out.
    """
    kind_of = {path: kind.name for kind in kinds for path in kind.paths}
    missing = Counter({kind.name: EACH for kind in kinds})
    end = time.monotonic() + LONGEST

    def is_enough(asked: Asked) -> bool:
        if counts(asked):
            missing[kind_of[asked.path]] -= 1
        return time.monotonic() > end or max(missing.values()) <= 0

    return [asked for asked in ask_all(site.address, _in_turn(kinds), READERS, is_enough) if counts(asked)]


def _in_turn(kinds: Sequence[Kind]) -> Iterator[str]:
    turns = [itertools.cycle(kind.paths) for kind in kinds]
    while True:
        yield from (next(turn) for turn in turns)


def while_harvesting(
    site: Site, kinds: Sequence[Kind], agency: str, corpus: Path, folder: Path
) -> tuple[list[Asked], str]:
    """As `busy`, while an agency's records, each with another title each time, are harvested again and again.

    Only requests count during which a harvest ran. Returns also what ran. folder: of the files that the catalogue was
    harvested from.
    """
    harvests = _Harvests(site)
    with catalogue.changed(corpus, folder, agency) as change:
        thread = threading.Thread(target=harvests.run, args=(change,))
        thread.start()
        try:
            harvests.wait()
            asked = busy(site, kinds, harvests.ran_during)
        finally:
            harvests.stop()
            thread.join()
    ran = f"{len(harvests.statuses)} harvests of {agency}'s records, all of them changed, one after the other"
    return [one for one in asked if harvests.ran_during(one)], f"{ran} (status {set(harvests.statuses)})"


class _Harvests:
    """Harvests of one file, each in a process of its own, until they are stopped; the last one is finished."""

    def __init__(self, site: Site) -> None:
        self.statuses: list[int] = []
        self._site = site
        self._times: list[tuple[float, float]] = []
        self._runs, self._stopped = threading.Event(), threading.Event()

    def run(self, change: Callable[[], Path]) -> None:
        """change: changes the file and gives its path."""
        while not self._stopped.is_set():
            process = subprocess.Popen(
                [*ckan_command(self._site.ini), "aivision", "harvest", str(change()), "--country", "US"],
                env={**os.environ, **environment_of(self._site.checkout)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=with_us(),
            )
            try:
                _wait_until_running(self._site, process)
                self._times.append((time.perf_counter(), float("inf")))
                self._runs.set()
                self.statuses.append(process.wait(_LONGEST_HARVEST))
                self._times[-1] = (self._times[-1][0], time.perf_counter())
            finally:
                process.kill()

    def wait(self) -> None:
        """Until the first one runs."""
        self._runs.wait(_LONGEST_HARVEST)

    def stop(self) -> None:
        self._stopped.set()

    def ran_during(self, asked: Asked) -> bool:
        end = asked.began + asked.seconds
        return any(first <= asked.began and end <= last for first, last in self._times)


def _wait_until_running(site: Site, process: subprocess.Popen[bytes]) -> None:
    import psycopg2

    with psycopg2.connect(site.database_url) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        while process.poll() is None:
            cursor.execute("SELECT count(*) FROM aivision_run WHERE state = 'running'")
            if (cursor.fetchone() or (0,))[0]:
                return
            time.sleep(_LOOK_EVERY)


class Saver:
    """Saves a dataset again and again, as a steward does."""

    def __init__(self, site: Site, dataset: str) -> None:
        self._reader = Reader(site.address)
        self._token = site.token()
        self._dataset = dataset

    def save(self) -> datetime.datetime:
        """Saves; returns the time (UTC) at which it was done."""
        content: dict[str, object] = {"id": self._dataset, "version": str(time.time_ns())}
        self._reader.post("/api/3/action/package_patch", content, self._token)
        return datetime.datetime.now(datetime.timezone.utc)

    def shown_after(self, saved: datetime.datetime) -> float:
        """Seconds from a save until the figures are of a later moment. Raises RuntimeError if it takes too long."""
        start = time.monotonic()
        while time.monotonic() - start < _LONGEST_WAIT:
            if self.as_of() >= saved.replace(microsecond=0):
                return (datetime.datetime.now(datetime.timezone.utc) - saved).total_seconds()
            time.sleep(_LOOK_EVERY)
        raise RuntimeError(f"no snapshot within {_LONGEST_WAIT} s of a save")

    def as_of(self) -> datetime.datetime:
        told = str(self._reader.json(JSON).get("as_of") or "1970-01-01T00:00:00Z")
        return datetime.datetime.fromisoformat(told.replace("Z", "+00:00"))


def behind(site: Site, saver: Saver) -> Behind:
    """How far the figures are behind a save, with the site's job worker."""
    # A snapshot that is being built may have this save, though its moment is before it.
    settle(site)
    time.sleep(60)
    rested = saver.shown_after(saver.save())
    return Behind(rested, saver.shown_after(saver.save()))
