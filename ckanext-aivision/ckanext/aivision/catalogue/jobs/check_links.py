"""Check this catalogue's links: each batch is committed together with the new evaluations of its datasets."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter
from collections.abc import Callable, Collection

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import snapshot_queue
from ckanext.aivision.catalogue.observations import links
from ckanext.aivision.catalogue.rescore.run_rescore import evaluate_again
from ckanext.aivision.harvesters.http.clock import CLOCK
from ckanext.aivision.links.check import Checker, Manners
from ckanext.aivision.links.due_checks import MAX_AGE, checked

# Links that are stored together: an interrupted run loses at most this many.
BATCH = 100

Tick = Callable[[int, int], None]


def check_links(
    source: str | None = None,
    limit: int | None = None,
    max_age: datetime.timedelta = MAX_AGE,
    manners: Manners | None = None,
    allow_hosts: Collection[str] = (),
    tick: Tick = lambda done, total: None,
) -> Counter[str]:
    """Checks the links that are due, and counts them by state; `left`: those there was no time for.

    source: only links of datasets harvested from it. tick: called after each batch with the number done and the total.
    If a run is interrupted, the next one continues from there, because what was checked is not due.
    """
    targets = links.due(CLOCK.now(), max_age, source, limit)
    known = links.find([target.url for target in targets])
    model.Session.commit()
    counts: Counter[str] = Counter()
    configured = toolkit.config.get("ckanext.aivision.allow_hosts") or []
    with Checker(manners, [*configured, *allow_hosts]) as checker:
        answers = checked(targets, known, checker)
        while batch := list(itertools.islice(answers, BATCH)):
            links.keep(batch)
            model.Session.commit()
            evaluate_again(links.holders([link.url for link in batch]))
            counts.update(link.state for link in batch)
            tick(counts.total(), len(targets))
    snapshot_queue.request()
    counts["left"] = len(targets) - counts.total()
    return counts


def check_links_job(seconds: float) -> None:
    """The RQ job behind the rhythm of `ckanext.aivision.check_links_hours`."""
    check_links(manners=Manners(seconds=seconds))
