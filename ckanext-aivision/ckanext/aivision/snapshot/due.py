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

# Between two snapshots while things change; while a harvest runs, and after a failure that changes do not mend.
LEAST_GAP = datetime.timedelta(minutes=1)
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
    if tables.rescoring or _is_current(files, tables):
        return None
    state = files.state()
    if state is None:
        return datetime.timedelta()
    failed = bool(state.problem) and not state.of_tables
    gap = LONG_GAP if failed or (tables.harvesting and files.newest() is not None) else LEAST_GAP
    # However far ahead a clock was that has been set back.
    return min(max(state.tried + gap - now, datetime.timedelta()), gap)


def _is_current(files: SnapshotFiles, tables: Tables) -> bool:
    newest = files.newest()
    if newest is None:
        return False
    try:
        manifest = msgspec.json.decode((newest / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return False
    now = (tables.fingerprint, __version__, facets.version(), LAYOUT)
    return (manifest.fingerprint, manifest.software, manifest.facets, manifest.layout) == now
