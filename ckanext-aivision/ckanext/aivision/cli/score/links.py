"""`--depth links`: check the links of the records of a source."""

from __future__ import annotations

import contextlib
import datetime
import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ckanext.aivision.cli.output.log_lines import LogLines
from ckanext.aivision.harvesters.http.clock import CLOCK
from ckanext.aivision.links.answer import Target
from ckanext.aivision.links.check import Checker, Manners
from ckanext.aivision.links.due_checks import MAX_AGE, checked, due
from ckanext.aivision.links.results_file import LinkResults, default_path
from ckanext.aivision.links.robots import Robots
from ckanext.aivision.links.targets import targets_of
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.observations.observations import NOTHING, Link, Observed

# Records that wait until their links are checked.
_BATCH = 2000
# Results that are written together: at most this many are lost if a run is interrupted.
_KEPT_TOGETHER = 50
_CHECKSUM_BYTES = 100 * 2**20

Command = Callable[..., Any]


class Links(NamedTuple):
    """The values of the options in `link_options`."""

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
        help="What to check: `links` requests every link of the datasets, as its host allows; `content` fetches and "
        "profiles tables. Give the option twice for both.",
    ),
    click.option(
        "--link-results",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Keep the results of link checks in this file for the next run (default: in your cache directory).",
    ),
    click.option(
        "--link-max-age",
        type=click.FloatRange(min=0),
        default=MAX_AGE.days,
        show_default=True,
        metavar="DAYS",
        help="Check links again whose last check is older than this.",
    ),
    click.option(
        "--link-pause",
        type=click.FloatRange(min=0),
        default=_MANNERS.pause,
        show_default=True,
        metavar="SECONDS",
        help="Minimum time between requests to one host.",
    ),
    click.option(
        "--link-at-once",
        type=click.IntRange(1, 16),
        default=_MANNERS.at_once,
        show_default=True,
        metavar="NUMBER",
        help="Maximum number of requests to one host at a time.",
    ),
    click.option(
        "--link-time",
        type=click.FloatRange(min=1),
        default=_MANNERS.seconds,
        show_default=True,
        metavar="SECONDS",
        help="Stop checking links after this time; the rest stay unknown.",
    ),
    click.option("--checksums", is_flag=True, help="Fetch whole files of up to 100 MB to compute their SHA-256."),
)


def link_options(command: Command) -> Command:
    """Adds --depth and the options of link checks. The command gets them as `links`, or None without `--depth links`.

    `content` says whether to profile files.
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


class LinkChecks:
    """The link checks of one run. Each address is requested once, however many sources name it.

    Use as a context: leaving it, by an exception too, ends what is still under way.
    """

    def __init__(self, links: Links | None, allow_hosts: Collection[str], robots: Robots) -> None:
        """links: None for no checks. robots: of all that the run asks for."""
        self._links, self._allow_hosts, self._robots = links, allow_hosts, robots
        self._stack = contextlib.ExitStack()
        self._asked: set[str] = set()

    def __enter__(self) -> LinkChecks:
        if self._links is not None:
            self._results = self._stack.enter_context(LinkResults(self._links.results))
            self._checker = self._stack.enter_context(Checker(self._links.manners, self._allow_hosts, self._robots))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def of(self, records: Iterable[Harvested]) -> Iterator[tuple[Harvested, Observed]]:
        """Each record with its link checks."""
        if self._links is None:
            for harvested in records:
                yield harvested, NOTHING
            return
        left = iter(records)
        while batch := list(itertools.islice(left, _BATCH)):
            seen = Observed(links=self._links_of(batch, self._links))
            for harvested in batch:
                yield harvested, seen

    def _links_of(self, batch: list[Harvested], links: Links) -> dict[str, Link]:
        targets = targets_of(harvested.dataset for harvested in batch if harvested.dataset is not None)
        known = self._results.find([target.url for target in targets])
        new = [target for target in targets if target.url not in self._asked or target.url not in known]
        to_check = due(new, known, CLOCK.now(), links.max_age)
        self._asked.update(target.url for target in to_check)
        unwritten: list[Link] = []
        try:
            with _progress(to_check) as tick:
                for link in checked(to_check, known, self._checker):
                    known[link.url] = link
                    unwritten.append(link)
                    tick()
                    if len(unwritten) >= _KEPT_TOGETHER:
                        self._results.keep(unwritten)
                        unwritten = []
        finally:
            self._results.keep(unwritten)
        return known


@contextlib.contextmanager
def _progress(targets: list[Target]) -> Iterator[Callable[[], None]]:
    """Shows the progress of link checks on standard error; gives a function that counts one more."""
    console = Console(stderr=True)
    lines, count = LogLines("checking links", not console.is_terminal), itertools.count(1)
    columns = (TextColumn("checking links"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal or not targets) as bar:
        task = bar.add_task("", total=len(targets))

        def tick() -> None:
            bar.advance(task)
            lines.tell(next(count), len(targets))

        yield tick
