"""`--depth links`: the records of a source with what their addresses answer."""

from __future__ import annotations

import contextlib
import datetime
import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ckanext.aivision.links.answer import Target
from ckanext.aivision.links.check import Checker, Manners
from ckanext.aivision.links.due_checks import MAX_AGE, checked, due, utc_now
from ckanext.aivision.links.results_file import LinkResults, default_path
from ckanext.aivision.links.targets import targets_of
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.observations.observations import NOTHING, Link, Observed

# Records that are held back until their addresses are checked.
_BATCH = 2000
# Results that are written together: so many are lost at the most where a run is cut off.
_KEPT_TOGETHER = 50
_CHECKSUM_BYTES = 100 * 2**20

Command = Callable[..., Any]


class Links(NamedTuple):
    """How deep to look, and how: what the options of `link_options` come to."""

    results: Path
    manners: Manners
    max_age: datetime.timedelta


_MANNERS = Manners()
_OPTIONS = (
    click.option(
        "--depth",
        type=click.Choice(["metadata", "links", "content"]),
        multiple=True,
        default=("metadata",),
        show_default=True,
        help="What to look at: with `links` every address of the data is asked for, as its host allows; with "
        "`content` tables are fetched and looked into. Say it twice for both.",
    ),
    click.option(
        "--link-results",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Keep what links answer here, from one run to the next; among your caches where not given.",
    ),
    click.option(
        "--link-max-age",
        type=click.FloatRange(min=0),
        default=MAX_AGE.days,
        show_default=True,
        metavar="DAYS",
        help="Ask again for what answered so long ago.",
    ),
    click.option(
        "--link-pause",
        type=click.FloatRange(min=0),
        default=_MANNERS.pause,
        show_default=True,
        metavar="SECONDS",
        help="Least time between two addresses of one host.",
    ),
    click.option(
        "--link-at-once",
        type=click.IntRange(1, 16),
        default=_MANNERS.at_once,
        show_default=True,
        metavar="NUMBER",
        help="Addresses of one host that are asked for at once.",
    ),
    click.option(
        "--link-time",
        type=click.FloatRange(min=1),
        default=_MANNERS.seconds,
        show_default=True,
        metavar="SECONDS",
        help="Time for all links together; what is left then stays unknown.",
    ),
    click.option("--checksums", is_flag=True, help="Fetch files up to 100 MB whole, for their SHA-256."),
)


def link_options(command: Command) -> Command:
    """--depth and how links are checked; the command gets them as `links`, None where they are not looked at.

    It gets as `content` whether files are to be looked into.
    """

    @functools.wraps(command)
    def wrapped(
        *args: Any,
        depth: tuple[str, ...],
        link_results: Path | None,
        link_max_age: float,
        link_pause: float,
        link_at_once: int,
        link_time: float,
        checksums: bool,
        **others: Any,
    ) -> Any:
        links = None
        if "links" in depth:
            asked = Manners(
                at_once=link_at_once,
                pause=link_pause,
                seconds=link_time,
                checksum_bytes=_CHECKSUM_BYTES if checksums else 0,
            )
            links = Links(link_results or default_path(), asked, datetime.timedelta(days=link_max_age))
        return command(*args, links=links, content="content" in depth, **others)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def observing(
    records: Iterable[Harvested], links: Links | None, allow_hosts: Collection[str]
) -> Iterator[tuple[Harvested, Observed]]:
    """Each record with what was seen beyond its metadata. links: None for nothing."""
    if links is None:
        for harvested in records:
            yield harvested, NOTHING
        return
    with LinkResults(links.results) as results, Checker(links.manners, allow_hosts) as checker:
        left = iter(records)
        while batch := list(itertools.islice(left, _BATCH)):
            seen = Observed(links=_links_of(batch, links, results, checker))
            for harvested in batch:
                yield harvested, seen


def _links_of(batch: list[Harvested], links: Links, results: LinkResults, checker: Checker) -> dict[str, Link]:
    targets = targets_of(harvested.dataset for harvested in batch if harvested.dataset is not None)
    known = results.find([target.url for target in targets])
    to_check = due(targets, known, utc_now(), links.max_age)
    unwritten: list[Link] = []
    try:
        with _progress(to_check) as tick:
            for link in checked(to_check, known, checker):
                known[link.url] = link
                unwritten.append(link)
                tick()
                if len(unwritten) >= _KEPT_TOGETHER:
                    results.keep(unwritten)
                    unwritten = []
    finally:
        results.keep(unwritten)
    return known


@contextlib.contextmanager
def _progress(targets: list[Target]) -> Iterator[Callable[[], None]]:
    """Shows how far the checks are, on standard error where that is a terminal; gives what counts one more."""
    console = Console(stderr=True)
    columns = (TextColumn("checking links"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal or not targets) as bar:
        task = bar.add_task("", total=len(targets))
        yield lambda: bar.advance(task)
