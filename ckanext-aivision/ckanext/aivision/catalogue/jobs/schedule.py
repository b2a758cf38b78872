"""Queue jobs for `ckan jobs worker`: requested and due harvests, and previews.

What is due is queued by one line of cron, or by the timer of `aivision up`.
"""

from __future__ import annotations

import datetime
import hashlib

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import audit_log
from ckanext.aivision.catalogue.changes import feed
from ckanext.aivision.catalogue.ckan import stored_previews as previews
from ckanext.aivision.catalogue.ckan.harvest_job import harvest_job, preview_job
from ckanext.aivision.catalogue.jobs.check_links import check_links_job
from ckanext.aivision.catalogue.lease import DEAD_AFTER
from ckanext.aivision.catalogue.observations import links
from ckanext.aivision.catalogue.queued_jobs import is_queued_or_running
from ckanext.aivision.catalogue.sources.source_store import SCHEDULES
from ckanext.aivision.links.due_checks import MAX_AGE
from ckanext.aivision.model import run as run_table
from ckanext.aivision.model import source as source_table

# One check of links at a time, and of half an hour at most: harvests wait behind it.
_LINKS_JOB, _LINKS_SECONDS = "aivision-check-links", 1800.0


def due(now: datetime.datetime) -> list[str]:
    """The names of the sources to harvest now, the most urgent first. now: UTC without a time zone.

    A scheduled run that died is due at once: the next one goes on from where it stopped.
    """
    columns, runs = source_table.c, run_table.c
    last = sa.select(runs.state, runs.heartbeat).where(runs.source == columns.name)
    latest = last.order_by(runs.started.desc()).limit(1).lateral()
    query = (
        sa.select(columns.name, columns.schedule, columns.last_started, latest.c.state, latest.c.heartbeat)
        .select_from(sa.outerjoin(source_table, latest, sa.true()))
        .where(columns.schedule != "manual")
        .order_by(columns.priority.desc(), columns.last_started.nulls_first(), columns.name)
    )
    names = []
    for row in model.Session.execute(query):
        interval = SCHEDULES.get(row.schedule)
        if row.state == "running":
            is_due = row.heartbeat is None or now - row.heartbeat > DEAD_AFTER
        else:
            is_due = interval is not None and (row.last_started is None or now - row.last_started >= interval)
        if is_due:
            names.append(row.name)
    model.Session.rollback()
    return names


def queue_due(now: datetime.datetime) -> list[str]:
    """Queues a harvest of each source that is due and not queued yet. Returns their names."""
    return [name for name in due(now) if queue(name)]


def queue_link_checks(now: datetime.datetime) -> bool:
    """Queues a check of the links that are due, where the rhythm of the setting says so. Returns whether it did.

    now: UTC without a time zone.
    """
    hours = toolkit.config.get("ckanext.aivision.check_links_hours") or 0
    if hours <= 0:
        return False
    last, moment = links.last_check(), now.replace(tzinfo=datetime.timezone.utc)
    if last is not None and now - last < datetime.timedelta(hours=hours):
        return False
    if is_queued_or_running(_LINKS_JOB) or not links.due(moment, MAX_AGE, limit=1):
        return False
    kept = {"job_id": _LINKS_JOB, "timeout": int(_LINKS_SECONDS) + 600}
    toolkit.enqueue_job(check_links_job, [_LINKS_SECONDS], title="check links", rq_kwargs=kept)
    return True


def prune_changes(now: datetime.datetime) -> int:
    """Deletes changes of datasets that are older than the setting says. Returns their number.

    now: UTC without a time zone.
    """
    return feed.prune(now, max(1, toolkit.config.get("ckanext.aivision.keep_changes_days") or 1))


def prune_audit_log(now: datetime.datetime) -> int:
    """Deletes entries of the audit log that are older than the setting says. Returns their number.

    now: UTC without a time zone.
    """
    return audit_log.prune(now, max(1, toolkit.config.get("ckanext.aivision.keep_audit_days") or 1))


def queue(name: str, kind: str | None = None, limit: int | None = None) -> str | None:
    """Queues one harvest. Returns the id of its job, or None if one of that source waits already."""
    job_id = _harvest_job_id(name)
    if is_queued_or_running(job_id):
        return None
    toolkit.enqueue_job(harvest_job, [name, kind, limit], title=f"harvest {name}", rq_kwargs={"job_id": job_id})
    return job_id


def is_queued(name: str) -> bool:
    """Whether a harvest of a source waits or is running."""
    return is_queued_or_running(_harvest_job_id(name))


def _harvest_job_id(source: str) -> str:
    # RQ takes no address for an id.
    return f"aivision-harvest-{hashlib.sha256(source.encode()).hexdigest()[:32]}"


def queue_preview(source: str) -> str | None:
    """Queues a preview of a source. Returns the id of its job, or None if one waits or is being made already."""
    row = previews.find(source, with_records=False)
    if (
        row is not None
        and previews.state(row) in ("queued", "running")
        and is_queued_or_running(_preview_job_id(row.id))
    ):
        return None
    preview_id = previews.ask(source)
    job_id = _preview_job_id(preview_id)
    toolkit.enqueue_job(preview_job, [preview_id], title=f"preview {source}", rq_kwargs={"job_id": job_id})
    return job_id


def _preview_job_id(preview_id: str) -> str:
    return f"aivision-preview-{preview_id}"
