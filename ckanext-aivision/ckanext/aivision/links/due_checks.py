"""A round of checks: of some addresses those that are due, with what is held of each afterwards."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping

from ckanext.aivision.links.answer import Target
from ckanext.aivision.links.check import Checker
from ckanext.aivision.links.state import after, is_due
from ckanext.aivision.scoring.observations.observations import Link

# An address that answered is not asked for again before this has gone by.
MAX_AGE = datetime.timedelta(days=30)

Now = Callable[[], datetime.datetime]


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def due(
    targets: Iterable[Target], known: Mapping[str, Link], now: datetime.datetime, max_age: datetime.timedelta = MAX_AGE
) -> list[Target]:
    """The addresses that are to be asked for now. known: what is held of them."""
    return [target for target in targets if is_due(known.get(target.url), now, max_age)]


def checked(
    targets: Iterable[Target], known: Mapping[str, Link], checker: Checker, now: Now = utc_now
) -> Iterator[Link]:
    """What is held of each address after one more check, as the answers come; see `Checker.check`."""
    for target, answer in checker.check(targets):
        yield after(known.get(target.url), target.url, answer, now())
