"""`--depth content`: profile the files of the records of a source."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

import click
import msgspec

from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.content.files import FETCHING, Files, files_of
from ckanext.aivision.content.limits import MEBIBYTE, ProfileLimits
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.links.robots import Robots
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.observations.file_profile import FileProfile
from ckanext.aivision.scoring.observations.observations import Observed

Command = Callable[..., Any]
Seen = tuple[Harvested, Observed]


class FilesAsked(NamedTuple):
    """most: files altogether. megabytes: of each."""

    most: int
    megabytes: int


def content_options(command: Command) -> Command:
    """Adds --max-files and --max-size. The command gets them as `files`, or None without `--depth content`.

    Use it inside `link_options`, which has --depth.
    """

    @functools.wraps(command)
    def wrapped(*args: Any, content: bool, max_files: int, max_size: int, **others: Any) -> Any:
        return command(*args, files=FilesAsked(max_files, max_size) if content else None, **others)

    options = (
        click.option(
            "--max-files",
            type=click.IntRange(min=1),
            default=20,
            show_default=True,
            help="With `--depth content`: profile at most this many files; the others stay unknown.",
        ),
        click.option(
            "--max-size",
            type=click.IntRange(1, 2000),
            default=ProfileLimits().fetched // MEBIBYTE,
            show_default=True,
            metavar="MB",
            help="With `--depth content`: fetch at most this much of each file.",
        ),
    )
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def looking_into(
    rows: Iterable[Seen], asked: FilesAsked, allow_hosts: Collection[str], robots: Robots
) -> Iterator[Seen]:
    """Each record with the profiles of its files. robots: of all that the run asks for.

    On a terminal, prints which file is being profiled, and at the end how many were skipped.
    """
    passed_over, most = 0, asked.most
    with Session(allow_hosts=allow_hosts, limits=FETCHING) as session:
        files = Files(session, ProfileLimits(fetched=asked.megabytes * MEBIBYTE), robots=robots)
        for harvested, seen in rows:
            wanted = files_of(harvested.dataset) if harvested.dataset is not None else []
            chosen = wanted[:most]
            most -= len(chosen)
            passed_over += len(wanted) - len(chosen)
            held = {url: _profile_with_note(files, url) for url in (str(item.url) for item in chosen)}
            yield harvested, msgspec.structs.replace(seen, files=held)
    if passed_over:
        click.echo(f"{passed_over} files were not profiled; raise --max-files to include them", err=True)


def _profile_with_note(files: Files, url: str) -> FileProfile:
    if sys.stderr.isatty():
        click.echo(f"Profiling {printable(url)}", err=True)
    return files.profile(url)
