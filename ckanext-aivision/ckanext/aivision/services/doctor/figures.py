"""Whether the snapshot is of today's datasets, and the search index has the datasets of the database."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import ckan.model as model
import sqlalchemy as sa
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit

from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.services.doctor.finding import Finding, error, ok
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.dated_folders import moment
from ckanext.aivision.snapshot.due import read_tables, wait

_SNAPSHOT, _INDEX = "snapshot", "search index"
# One is built within minutes of a change; during a harvest or after a failure every ten minutes.
OLDEST = datetime.timedelta(hours=1)
_STORED = sa.text("SELECT count(*) FROM package WHERE state = 'active'")
_BUILD = "run `ckan aivision snapshot`"


def check_snapshot(clock: Clock) -> Iterator[Finding]:
    """Looks how old the newest snapshot is, if it is not of what the tables hold, and why the last one failed."""
    files = read.files()
    newest, state = files.newest(), files.state()
    if state is not None and state.problem:
        message = f"the last snapshot, of {state.tried:%Y-%m-%d %H:%M} UTC, failed: {state.problem}"
        yield error(_SNAPSHOT, message, f"remove the cause, then {_BUILD}, which says more")
    elif newest is None:
        yield error(_SNAPSHOT, "there is no snapshot, so pages show no figures", _BUILD)
    elif stale_snapshot(clock) is not None:
        message = f"the newest snapshot is of {moment(newest):%Y-%m-%d %H:%M} UTC, and datasets have changed since"
        advice = f"{_BUILD}; see that a worker takes the queue aivision-snapshot, and that cron runs `run-due`"
        yield error(_SNAPSHOT, message, advice)
    else:
        yield ok(_SNAPSHOT, f"the newest snapshot is of {moment(newest):%Y-%m-%d %H:%M} UTC")


def stale_snapshot(clock: Clock) -> Path | None:
    """The newest snapshot, if it is older than an hour and of something else than what the tables hold."""
    files, now = read.files(), clock.now()
    newest = files.newest()
    if newest is None or now - moment(newest) < OLDEST:
        return None
    due = wait(files, read_tables(model.Session.connection()), now) is not None
    model.Session.rollback()
    return newest if due else None


def check_index() -> Iterator[Finding]:
    """Compares the number of datasets in the database with that in the index."""
    stored = model.Session.execute(_STORED).scalar() or 0
    site = toolkit.config["ckan.site_id"]
    query = f'+site_id:"{site}" +entity_type:package +state:active'
    indexed = make_connection().search(query, rows=0).hits
    if indexed < stored:
        message = f"the search index lacks {stored - indexed:,} of {stored:,} datasets"
        yield error(_INDEX, message, "run `ckan search-index rebuild --only-missing`")
    elif indexed > stored:
        message = f"the search index has {indexed - stored:,} datasets that are not in the database any more"
        advice = "run `ckan search-index clear`, then `ckan search-index rebuild`; until it ends, searches find less"
        yield error(_INDEX, message, advice)
    else:
        yield ok(_INDEX, f"the search index has all {stored:,} datasets")
