"""A harvest into this CKAN, from the command line or as a job of `ckan jobs worker`."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from ckan.plugins import toolkit

from ckanext.aivision.catalogue import sources
from ckanext.aivision.catalogue.ckan_store import CkanStore
from ckanext.aivision.catalogue.control import Control, naive
from ckanext.aivision.catalogue.progress import KeptProgress
from ckanext.aivision.catalogue.run import Listener, Run, harvest
from ckanext.aivision.harvesters.reading import open_source
from ckanext.aivision.harvesters.session import Session
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.scoring.rubric import load


def harvest_into_ckan(
    source: Source,
    limit: int | None = None,
    allow_hosts: Collection[str] = (),
    listener: Listener | None = None,
    confirm_removal: bool = False,
) -> Run:
    """Harvests a source into this CKAN and returns the run's account.

    allow_hosts: hosts on private networks that may be read, beside those of the setting
    `ckanext.aivision.allow_hosts`. Raises SourceError where the source cannot be opened at all; a source that breaks
    off later ends as an `incomplete` run. Whatever is raised, the run is marked as failed.
    """
    started = datetime.datetime.now(datetime.timezone.utc)
    configured = toolkit.config.get("ckanext.aivision.allow_hosts") or []
    with Session(allow_hosts=[*configured, *allow_hosts]) as session, Control(source.name, started) as control:
        sources.note(source, naive(started))
        store = CkanStore(source, control)
        try:
            records = open_source(source, session, limit)
            kept = KeptProgress(control.run_id, limit, listener)
            return harvest(source, records, store, load(), started, kept, confirm_removal)
        except BaseException as error:
            store.fail(str(error) or type(error).__name__)
            raise


def harvest_job(target: str, kind: str | None, limit: int | None) -> None:
    """The RQ job behind the action `aivision_harvest`."""
    harvest_into_ckan(sources.resolved(target, kind), limit)
