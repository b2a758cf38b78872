"""The state of an address after each check, and when it is checked again. Pure: no I/O, no clock.

One failure proves little: servers restart, networks break. So an address is `broken` only where it failed twice, at
least a day apart, with no success between; before that it is `unknown`.
"""

from __future__ import annotations

import datetime
from typing import Any, Literal

from ckanext.aivision.links.answer import Answer
from ckanext.aivision.scoring.observations.observations import LASTING, Fault, Link, State

# dead: the address does not work. withheld: something is there, and not for us. other: it works, but does not give the
# data. silent: nothing is learnt of the address.
Kind = Literal["none", "dead", "withheld", "other", "silent"]
KINDS: dict[Fault, Kind] = {
    "": "none",
    "name-not-found": "dead",
    "refused": "dead",
    "timeout": "dead",
    "tls": "dead",
    "connection": "dead",
    "redirects": "dead",
    "not-found": "dead",
    "http-error": "dead",
    "server-error": "dead",
    "forbidden": "withheld",
    "page-instead-of-data": "other",
    "login-page": "other",
    "empty": "other",
    "lookup-failed": "silent",
    "too-many-requests": "silent",
    "disallowed-by-robots": "silent",
    "not-allowed": "silent",
}
_STATES: dict[Kind, State] = {"none": "reachable", "other": "reachable", "withheld": "unknown", "silent": "unknown"}

# The first repetition is due as soon as it can decide; then each is twice as far off as the one before.
FIRST_PAUSE = LASTING
LONGEST_PAUSE = datetime.timedelta(days=32)
# What a server may ask us to wait counts up to this.
LONGEST_RETRY_AFTER = datetime.timedelta(days=7)


def after(before: Link | None, url: str, answer: Answer, now: datetime.datetime) -> Link:
    """The result to store for an address after one more check. before: None if it was never checked. now: UTC.

    A clock that was set back does not make a failure older than it is.
    """
    if before is not None and before.checked_at is not None:
        now = max(now, before.checked_at)
    facts = {name: getattr(answer, name) for name in answer.__struct_fields__ if name != "retry_after"}
    return Link(url=url, checked_at=now, **facts, **_standing(before, answer, now))


def _standing(before: Link | None, answer: Answer, now: datetime.datetime) -> dict[str, Any]:
    """state, failing_with, failing_since, failures and due."""
    kind = KINDS[answer.fault]
    if kind == "none":
        return {"state": "reachable"}
    failing_with: Fault = before.failing_with if before is not None else ""
    since = before.failing_since if before is not None else None
    failures = before.failures if before is not None else 0
    if kind == "silent":
        # It neither adds to what was met before nor clears it.
        return {
            "state": "unknown",
            "failing_with": failing_with,
            "failing_since": since,
            "failures": failures,
            "due": now + _pause(max(1, failures), answer.retry_after),
        }
    if since is None or KINDS[failing_with] != kind:
        since, failures = now, 0
    failures += 1
    lasts = failures >= 2 and now - since >= LASTING
    return {
        "state": "broken" if kind == "dead" and lasts else _STATES.get(kind, "unknown"),
        "failing_with": answer.fault,
        "failing_since": since,
        "failures": failures,
        "due": now + _pause(failures, answer.retry_after),
    }


def _pause(failures: int, retry_after: float | None) -> datetime.timedelta:
    pause = min(FIRST_PAUSE * (1 << min(failures - 1, 10)), LONGEST_PAUSE)
    if retry_after is None:
        return pause
    return max(pause, min(datetime.timedelta(seconds=min(retry_after, 1e9)), LONGEST_RETRY_AFTER))


def is_due(link: Link | None, now: datetime.datetime, max_age: datetime.timedelta) -> bool:
    """Whether an address is to be asked for: it never was, its failure is to be profiled, or its success is old."""
    if link is None or link.checked_at is None:
        return True
    if link.due is not None:
        return now >= link.due
    return now - link.checked_at >= max_age
