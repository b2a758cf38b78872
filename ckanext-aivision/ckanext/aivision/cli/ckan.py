"""`ckan aivision`: the same commands in an existing CKAN, whose configuration `ckan -c` has loaded."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from ckanext.aivision.cli.options import source_options
from ckanext.aivision.cli.terminal import error_line
from ckanext.aivision.errors import AivisionError


def one_line_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """What this project raises on purpose becomes one line and exit status 2."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except AivisionError as error:
            click.echo(error_line(error), err=True)
            sys.exit(2)

    return wrapped


@click.group()
def aivision() -> None:
    """Harvest, evaluate and compare data sets."""


@aivision.command()
@click.argument("source")
@source_options
@click.option("--confirm-removal", is_flag=True, help="Remove what is gone from the source, however much it is.")
@click.option("--account", type=click.Path(dir_okay=False, path_type=Path), help="Write the run's account (JSON) here.")
@one_line_errors
def harvest(
    source: str,
    kind: str | None,
    profile: str | None,
    country: str | None,
    limit: int | None,
    allow_host: tuple[str, ...],
    confirm_removal: bool,
    account: Path | None,
) -> None:
    """Harvest SOURCE: a name of config/sources.yaml, an http(s) address, a file or a directory."""
    from ckanext.aivision.catalogue.jobs import harvest_into_ckan
    from ckanext.aivision.cli.harvest import report
    from ckanext.aivision.cli.progress import HarvestProgress
    from ckanext.aivision.harvesters.source import resolve

    resolved = resolve(source, kind, profile, country)
    with HarvestProgress(resolved.name, limit) as progress:
        run = harvest_into_ckan(resolved, limit, allow_host, progress, confirm_removal)
    if account is not None:
        account.write_bytes(msgspec.json.encode(run))
    report(run)


@aivision.command()
@one_line_errors
def rescore() -> None:
    """Evaluate every data set again, under the present rubric and as of today."""
    from ckanext.aivision.catalogue.rescore import rescore_all

    click.echo(f"{rescore_all()} data sets evaluated")


@aivision.command()
@click.option("--format", "form", type=click.Choice(["table", "json", "html"]), default="table", show_default=True)
@one_line_errors
def compare(form: str) -> None:
    """Compare the countries' data sets in this catalogue."""
    from ckanext.aivision.catalogue.evaluations import tallies
    from ckanext.aivision.cli.compare import show

    show(tallies(), form)
