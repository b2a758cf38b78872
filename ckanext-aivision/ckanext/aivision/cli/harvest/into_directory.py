"""A harvest into a directory, without any server."""

from __future__ import annotations

import datetime
from pathlib import Path

from ckanext.aivision.catalogue.harvest.directory_store import DirectoryStore
from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.catalogue.harvest.run_harvest import run_harvest
from ckanext.aivision.cli.harvest.progress import HarvestProgress
from ckanext.aivision.cli.output.source_remarks import tell_remarks
from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.scoring.rubric import load


def into_directory(
    source: Source, limit: int | None, allow_hosts: tuple[str, ...], folder: Path, confirm_removal: bool
) -> tuple[Run, SourceError | None]:
    """Harvests a source into a directory. Returns the account, and why the source could not be read to the end.

    Raises UsageError if the directory cannot be used.
    """
    started = datetime.datetime.now(datetime.timezone.utc)
    with Session(allow_hosts=allow_hosts) as session:
        records = open_source(source, session, limit)
        store = DirectoryStore(folder, source.name)
        try:
            with HarvestProgress(source.name, limit) as progress:
                run = run_harvest(source, records, store, load(), started, progress, confirm_removal)
            tell_remarks(source.name, records.remarks)
            return run, records.failure
        except BaseException:
            store.discard()
            raise
