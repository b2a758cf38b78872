"""A harvest into this CKAN, from the command line or as a job of `ckan jobs worker`."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Collection, Iterator

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.ckan import stored_previews as previews
from ckanext.aivision.catalogue.ckan.ckan_store import CkanStore
from ckanext.aivision.catalogue.ckan.dry_run_store import DryRunStore, Previewed
from ckanext.aivision.catalogue.ckan.harvest_lease import HarvestLease
from ckanext.aivision.catalogue.ckan.memory import return_large_blocks
from ckanext.aivision.catalogue.ckan.outages import outlast
from ckanext.aivision.catalogue.ckan.stored_progress import KeptProgress
from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.catalogue.harvest.run_harvest import run_harvest
from ckanext.aivision.catalogue.harvest.store import Listener
from ckanext.aivision.catalogue.lease import Heartbeat
from ckanext.aivision.catalogue.sources import source_store as sources
from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.catalogue.tables.server_faults import DATABASE_AWAY, database_outage
from ckanext.aivision.errors import AivisionError
from ckanext.aivision.gc_tuning import collecting_rarely
from ckanext.aivision.harvesters.http.clock import CLOCK, Clock
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.harvesters.sources.source_state import SourceState
from ckanext.aivision.model import preview as preview_table
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
    `ckanext.aivision.allow_hosts`. Raises SourceError if the source cannot be opened at all; a source that breaks
    off later ends as an `incomplete` run. Raises UsageError while another run of the source is running, Outage
    where the database or Solr breaks off. Whatever is raised, the run is marked as failed.
    """
    return_large_blocks()
    with collecting_rarely(), _session(allow_hosts) as session:
        return _harvest(source, session, limit, listener, confirm_removal)


@contextlib.contextmanager
def _session(allow_hosts: Collection[str]) -> Iterator[Session]:
    configured = toolkit.config.get("ckanext.aivision.allow_hosts") or []
    try:
        with Session(allow_hosts=[*configured, *allow_hosts]) as session:
            yield session
    except DATABASE_AWAY as error:
        raise database_outage(error) from error


def _harvest(
    source: Source, session: Session, limit: int | None, listener: Listener | None, confirm_removal: bool
) -> Run:
    started = datetime.datetime.now(datetime.timezone.utc)
    with HarvestLease(source.name, started) as lease:
        sources.note_attempt(source, naive(started))
        store = CkanStore(source, lease)
        try:
            clock = Clock(sleep=lease.sleep)
            records = open_source(source, session, limit, sources.state(source.name), clock)
            kept = KeptProgress(lease.id, limit, listener)
            return run_harvest(source, records, store, load(), started, kept, confirm_removal)
        except BaseException as error:
            store.fail(str(error) or type(error).__name__)
            raise


def harvest_job(target: str, kind: str | None, limit: int | None) -> None:
    """The RQ job behind the action `aivision_harvest` and behind schedules. It outlasts a restart of the servers."""
    outlast(lambda: _resolve_and_harvest(target, kind, limit))


def _resolve_and_harvest(target: str, kind: str | None, limit: int | None) -> None:
    try:
        harvest_into_ckan(sources.resolve_source(target, kind), limit)
    except DATABASE_AWAY as error:
        raise database_outage(error) from error


def preview(
    source: Source,
    limit: int | None = None,
    allow_hosts: Collection[str] = (),
    listener: Listener | None = None,
    heartbeat: Heartbeat | None = None,
) -> tuple[Run, list[Previewed]]:
    """What a harvest would change: the account of a run that writes nothing, and the first records of each kind.

    Everything is read, whatever the last reading left; only the requests that are counted for an hour are counted on.
    heartbeat: of this preview, where it can be cancelled. Raises as `harvest_into_ckan`.
    """
    started, known = datetime.datetime.now(datetime.timezone.utc), sources.state(source.name) or SourceState()
    store = DryRunStore(source.name, heartbeat.check) if heartbeat is not None else DryRunStore(source.name)
    clock = Clock(sleep=heartbeat.sleep) if heartbeat is not None else CLOCK
    spent = SourceState(address=known.address, requests=known.requests)
    with _session(allow_hosts) as session:
        records = open_source(source, session, limit, spent, clock)
        try:
            return run_harvest(source, records, store, load(), started, listener), store.records
        finally:
            sources.keep_requests(source.name, records.state)


def preview_job(preview_id: str) -> None:
    """The RQ job behind the action `aivision_source_preview`. Where it fails, that is what the preview says."""
    name = previews.begin(preview_id)
    if name is None:
        return
    with previews.alive(preview_id, name) as heartbeat:
        try:
            kept = KeptProgress(preview_id, table=preview_table)
            run, records = preview(sources.resolve_source(name), listener=kept, heartbeat=heartbeat)
        except BaseException as error:
            previews.fail(preview_id, str(error) or type(error).__name__)
            if not isinstance(error, AivisionError):
                raise
        else:
            previews.end(preview_id, run, records)
