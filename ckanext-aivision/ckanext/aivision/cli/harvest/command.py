"""`aivision harvest`: harvest a source into the running catalogue, or into a directory without any server."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.cli.harvest.into_directory import into_directory
from ckanext.aivision.cli.harvest.progress import summary
from ckanext.aivision.cli.options.data_directory import data_option
from ckanext.aivision.cli.options.source import source_options
from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.sources.source import resolve


@click.command()
@click.argument("source")
@source_options
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="Write to this directory; needs no server."
)
@data_option()
@click.option("--dry-run", is_flag=True, help="Write nothing; show what would change in the running catalogue.")
@click.option("--confirm-removal", is_flag=True, help="Remove all records missing from the source, without a limit.")
def harvest(
    source: str,
    kind: str | None,
    profile: str | None,
    country: str | None,
    limit: int | None,
    allow_host: tuple[str, ...],
    into: Path | None,
    data: Path,
    dry_run: bool,
    confirm_removal: bool,
) -> None:
    """Harvest SOURCE: a name from config/sources.yaml, an http(s) address, a file or a directory."""
    if into is not None:
        if dry_run:
            raise UsageError("--dry-run compares with the running catalogue: omit --into, or use `aivision score`")
        resolved = resolve(source, kind, profile, country)
        report(*into_directory(resolved, limit, allow_host, into, confirm_removal))
        return
    from ckanext.aivision.cli.harvest.running_catalogue import load_running_catalogue

    load_running_catalogue(data)
    from ckanext.aivision.catalogue.sources import source_store as sources
    from ckanext.aivision.cli.harvest.into_ckan import into_ckan

    resolved = sources.resolve_source(source, kind, profile, country)
    run = into_ckan(resolved, limit, allow_host, confirm_removal, dry_run)
    if run is not None:
        report(run)


def report(run: Run, failure: SourceError | None = None) -> None:
    """Prints the report of a run. Raises SourceError if the source stopped early, so that the exit status shows it.

    failure: why it stopped.
    """
    if run.state == "incomplete":
        click.echo(summary(run)[0])
        raise SourceError(f"{run.message}; the records read so far are kept, nothing was removed") from failure
    for line in summary(run):
        click.echo(line)
