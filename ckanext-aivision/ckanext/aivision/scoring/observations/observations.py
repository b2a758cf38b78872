"""Results of link checks and file profiles. Plain values, no I/O.

`links` and `content` make them; a criterion of their depth reads them from its `Context`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Literal

import msgspec

from ckanext.aivision.scoring.observations.file_profile import FileProfile

Depth = Literal["links", "content"]
DEPTHS: tuple[Depth, ...] = ("links", "content")

State = Literal["reachable", "broken", "unknown"]
Fault = Literal[
    "",
    # Nothing answers, or the answer is that there is nothing.
    "name-not-found",
    "refused",
    "timeout",
    "tls",
    "connection",
    "redirects",
    "not-found",
    "http-error",
    "server-error",
    # Something answers, and will not tell a program.
    "forbidden",
    # Nothing is said of the address.
    "lookup-failed",
    "too-many-requests",
    "disallowed-by-robots",
    "not-allowed",
    # Something answers, but not with the data.
    "page-instead-of-data",
    "login-page",
    "empty",
]
# A fault lasts where it was met on two checks that lie so far apart.
LASTING = datetime.timedelta(days=1)


class Link(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What checks of one address have told so far.

    url: as the metadata write it.
    state: `broken` only after two failures at least a day apart, before that `unknown`.
    fault: of the last check, empty if there was none; that of a `reachable` address is about what it gives.
    detail: the fault in words. status: of HTTP. location: where redirects led, None if to nowhere else.
    media_type: as served, without parameters.
    form: what the first bytes are: `html` or `other`; empty if they were not read.
    byte_size: of the whole file, as served; None if the server does not say.
    checksum: SHA-256 of the whole file in hexadecimal digits, where it was asked for.
    failing_with, failing_since, failures: the last fault that counts, since when and how often its like was met.
    checked_at, failing_since, due: UTC. Before `due` it is not asked for again.
    """

    url: str
    state: State = "unknown"
    fault: Fault = ""
    detail: str = ""
    status: int | None = None
    location: str | None = None
    media_type: str | None = None
    form: Literal["", "html", "other"] = ""
    byte_size: int | None = None
    etag: str = ""
    last_modified: str = ""
    checksum: str | None = None
    checked_at: datetime.datetime | None = None
    failing_with: Fault = ""
    failing_since: datetime.datetime | None = None
    failures: int = 0
    due: datetime.datetime | None = None

    @property
    def lasts(self) -> bool:
        """Whether the fault was met twice, at least a day apart."""
        if not self.fault or self.failures < 2 or self.checked_at is None or self.failing_since is None:
            return False
        return self.checked_at - self.failing_since >= LASTING


class Observed(msgspec.Struct, frozen=True):
    """What was seen of the addresses of a dataset, by address; None if that was not looked at."""

    links: Mapping[str, Link] | None = None
    files: Mapping[str, FileProfile] | None = None

    @property
    def depths(self) -> tuple[Depth, ...]:
        """What was looked at beyond the metadata; the key of `Rubric.at`."""
        if self.links is None and self.files is None:
            return ()
        seen = {"links": self.links, "content": self.files}
        return tuple(depth for depth in DEPTHS if seen[depth] is not None)


NOTHING = Observed()
