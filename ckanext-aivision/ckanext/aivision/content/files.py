"""The files of a dataset, fetched one after the other as their hosts allow, and profiled."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from ckanext.aivision.content.inspection import Inspection, inspect_url
from ckanext.aivision.content.limits import ProfileLimits
from ckanext.aivision.content.profile import profile_url
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.links.robots import Robots
from ckanext.aivision.normalise.web.credentials import NOT_CHECKED, has_credentials
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.table_quality import tabular
from ckanext.aivision.scoring.observations.file_profile import FileProfile

# A file that does not arrive is profiled another day: no one file may hold up the others.
FETCHING = Limits(connect=10, read=30, total=180, retries=1, longest_wait=10)
# A site that asks for a longer pause than this between two requests does not want programs.
_LONGEST_PAUSE = 30.0  # seconds


def files_of(dataset: Dataset) -> list[Distribution]:
    """The distributions of a dataset that are worth fetching: tables at web addresses, each address once."""
    return [item for item in tabular(dataset) if urlsplit(str(item.url)).scheme in ("http", "https")]


class Files:
    """Profiles files from the net. What a host's robots.txt (RFC 9309) says is asked once, and kept to."""

    def __init__(
        self,
        session: Session,
        limits: ProfileLimits | None = None,
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.timezone.utc),
        robots: Robots | None = None,
    ) -> None:
        """now: gives the time of a profile, in UTC. robots: what was asked of hosts before."""
        self._session, self._limits, self._now = session, limits or ProfileLimits(), now
        self._robots, self._last = robots or Robots(), dict[str, float]()

    def profile(self, url: str) -> FileProfile:
        """The profile of what an address gives; never raises for what it answers."""
        refused = self._await_turn(url)
        return refused if refused is not None else profile_url(self._session, url, self._now(), self._limits)

    def inspect(self, url: str) -> Inspection:
        """What an address gives, with its size and checksum; never raises for what it answers."""
        refused = self._await_turn(url)
        if refused is not None:
            return Inspection(profile=refused)
        return inspect_url(self._session, url, self._now(), self._limits)

    def _await_turn(self, url: str) -> FileProfile | None:
        """Waits as long as the host asks for; gives why the address is not to be fetched, if it is not."""
        if has_credentials(url):
            return FileProfile(url=url, refusal="not-fetched", reason=NOT_CHECKED, profiled_at=self._now())
        rules = self._robots.of(url, self._session)
        refusal = rules.refusal(url) or ("its host asks for longer pauses" if rules.delay > _LONGEST_PAUSE else "")
        if refusal:
            return FileProfile(url=url, refusal="not-fetched", reason=refusal, profiled_at=self._now())
        host = urlsplit(url).netloc
        if rules.delay and host in self._last:
            time.sleep(max(0.0, self._last[host] + rules.delay - time.monotonic()))
        self._last[host] = time.monotonic()
        return None
