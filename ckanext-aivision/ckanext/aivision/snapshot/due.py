"""Whether a new snapshot is due: the tables say something else than the newest one, and it is time."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from ckanext.aivision import __version__
from ckanext.aivision.compare.table import facets
from ckanext.aivision.model import fingerprints
from ckanext.aivision.snapshot.files import LAYOUT, Manifest, SnapshotFiles

# From the beginning of one snapshot to that of the next while things change, less the time that building takes, so that
# what changes is shown after a minute; and while a harvest runs, and after a failure that changes do not mend.
LEAST_GAP = datetime.timedelta(minutes=1)
SHORTEST_GAP = LEAST_GAP / 2
LONG_GAP = datetime.timedelta(minutes=10)


class Tables(NamedTuple):
    """What the tables say. fingerprint: of the public datasets. harvesting, rescoring: whether one is running."""

    fingerprint: str
    harvesting: bool
    rescoring: bool


def read_tables(connection: sa.Connection) -> Tables:
    """connection: or a session."""
    return Tables(*connection.execute(fingerprints.STATE).one())


def wait(files: SnapshotFiles, tables: Tables, now: datetime.datetime) -> datetime.timedelta | None:
    """How long to wait with the next snapshot; None if none is due.

    now: UTC. During a rescore none is due, as datasets are evaluated under two versions of the rubric: the rescore asks
    for one when it ends.
    """
    newest = _newest(files)
    if tables.rescoring or (newest is not None and _is_current(newest, tables)):
        return None
    state = files.state()
    if state is None:
        return datetime.timedelta()
    failed = bool(state.problem) and not state.of_tables
    gap = LONG_GAP if failed or (tables.harvesting and files.newest() is not None) else _gap(newest)
    # However far ahead a clock was that has been set back.
    return min(max(state.tried + gap - now, datetime.timedelta()), gap)


def _gap(newest: Manifest | None) -> datetime.timedelta:
    if newest is None:
        return LEAST_GAP
    return min(max(LEAST_GAP - datetime.timedelta(seconds=newest.seconds), SHORTEST_GAP), LEAST_GAP)


def _newest(files: SnapshotFiles) -> Manifest | None:
    """What the newest one is of; None where there is none that can be read."""
    newest = files.newest()
    if newest is None:
        return None
    try:
        return msgspec.json.decode((newest / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def _is_current(manifest: Manifest, tables: Tables) -> bool:
    now = (tables.fingerprint, __version__, facets.version(), LAYOUT)
    return (manifest.fingerprint, manifest.software, manifest.facets, manifest.layout) == now
