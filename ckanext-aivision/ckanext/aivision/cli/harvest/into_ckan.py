"""A harvest into the CKAN whose configuration is loaded, for `aivision harvest` and `ckan aivision harvest`."""

from __future__ import annotations

from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.cli.harvest.dry_run import show_preview
from ckanext.aivision.cli.harvest.progress import HarvestProgress
from ckanext.aivision.harvesters.sources.source import Source


def into_ckan(
    source: Source, limit: int | None, allow_host: tuple[str, ...], confirm_removal: bool, dry_run: bool
) -> Run | None:
    """Harvests with a progress bar and returns the run; a dry run prints what would change and returns None."""
    if dry_run:
        show_preview(source, limit, allow_host)
        return None
    with HarvestProgress(source.name, limit) as progress:
        return harvest_into_ckan(source, limit, allow_host, progress, confirm_removal)
