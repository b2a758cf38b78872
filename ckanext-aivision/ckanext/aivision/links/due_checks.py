"""Check those addresses that are due, and give the result to store for each."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping

from ckanext.aivision.harvesters.http.clock import CLOCK
from ckanext.aivision.links.answer import Target
from ckanext.aivision.links.check import Checker
from ckanext.aivision.links.link_state import after, is_due
from ckanext.aivision.scoring.observations.observations import Link

# An address that answered is not checked again within this time.
MAX_AGE = datetime.timedelta(days=30)

Now = Callable[[], datetime.datetime]


def due(
    targets: Iterable[Target], known: Mapping[str, Link], now: datetime.datetime, max_age: datetime.timedelta = MAX_AGE
) -> list[Target]:
    """The addresses to check now. known: their stored results."""
    return [target for target in targets if is_due(known.get(target.url), now, max_age)]


def checked(
    targets: Iterable[Target], known: Mapping[str, Link], checker: Checker, now: Now = CLOCK.now
) -> Iterator[Link]:
    """The result to store for each address after one more check, as the answers come; see `Checker.check`."""
    for target, answer in checker.check(targets):
        yield after(known.get(target.url), target.url, answer, now())
