"""Build a snapshot from the tables. A job of the snapshots' own worker, or `ckan aivision snapshot`."""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Callable
from pathlib import Path

import ckan.model as model
import duckdb
import msgspec
from ckan.plugins import toolkit

from ckanext.aivision import __version__
from ckanext.aivision.catalogue.evaluations import trends
from ckanext.aivision.catalogue.tables.server_faults import describe_storage, is_disk_full
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.table import facets
from ckanext.aivision.compare.table.build import write_files
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.groups import read_groups, write_groups
from ckanext.aivision.compare.table.members import read_members, write_members
from ckanext.aivision.compare.table.table_files import read_files
from ckanext.aivision.compare.table_comparison import compare, samples_of, tallies_of
from ckanext.aivision.errors import AivisionError, ServiceError, UsageError
from ckanext.aivision.gc_tuning import collecting_rarely
from ckanext.aivision.harvesters.http.clock import CLOCK
from ckanext.aivision.model import fingerprints
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot import public_datasets, read, stored_facets
from ckanext.aivision.snapshot.coverage import described_sources, write_coverage
from ckanext.aivision.snapshot.dated_folders import State
from ckanext.aivision.snapshot.examples import exemplar_file
from ckanext.aivision.snapshot.files import KEPT_DAYS, KEPT_WHOLE, LAYOUT, Manifest, Size, SnapshotFiles
from ckanext.aivision.snapshot.one_at_a_time import one_at_a_time
from ckanext.aivision.snapshot.trend.trend_files import write_trends

_LOCK = "aivision snapshot"


def build(clock: Callable[[], datetime.datetime] = CLOCK.now) -> Manifest:
    """Writes a new snapshot, whole or not at all, and keeps the day's trends. Commits.

    clock: gives the time (UTC); that of the snapshot is before the tables are read. Waits while another process
    builds one. Raises UsageError while public datasets are evaluated under several versions of the rubric,
    ServiceError where the storage cannot be written. Whatever ends it, the last snapshot stays, and the reason is kept
    beside it where the storage can take it.
    """
    files = read.files()
    with one_at_a_time(_LOCK):
        made = clock().replace(microsecond=0)
        try:
            # The last reason stays until there is a new snapshot.
            files.keep_state(_begun(files.state(), made))
            # Facets of a large catalogue take minutes where all are new: a snapshot that cannot be is refused before.
            with public_datasets.one_state() as connection:
                public_datasets.one_rubric(connection, load())
            stored_facets.bring_up_to_date()
            # Rows stream by; Python would look through all of CKAN for cycles, for a quarter of the time.
            with files.new(made) as folder, collecting_rarely():
                manifest = _write(folder, made, files)
            files.keep_state(State(made))
        except Exception as error:
            model.Session.rollback()
            with contextlib.suppress(OSError):
                files.keep_state(State(made, _reason(error), of_tables=isinstance(error, UsageError)))
            if isinstance(error, OSError):
                raise ServiceError(f"the snapshot could not be written: {describe_storage(error)}") from error
            if isinstance(error, duckdb.IOException):
                advice = "; free space on its disk" if is_disk_full(error) else ""
                raise ServiceError(f"the snapshot could not be written: {error}{advice}") from error
            raise
        _prune(files, made.date())
        return manifest


def _prune(files: SnapshotFiles, today: datetime.date) -> None:
    whole = toolkit.config.get("ckanext.aivision.keep_whole_snapshots", KEPT_WHOLE)
    files.prune(today, whole, toolkit.config.get("ckanext.aivision.keep_snapshot_tables_days", KEPT_DAYS))


def _begun(last: State | None, made: datetime.datetime) -> State:
    return msgspec.structs.replace(last, tried=made) if last is not None else State(made)


def _reason(error: Exception) -> str:
    """What readers are told: no path of the server and no statement of SQL, which its log has."""
    if isinstance(error, AivisionError):
        return str(error)
    if is_disk_full(error):
        return "the figures could not be brought up to date: no space left on the disk"
    if isinstance(error, OSError) and error.strerror:
        return f"the figures could not be brought up to date: {error.strerror.lower()}"
    return "the figures could not be brought up to date; the log of the job worker says why"


def _write(folder: Path, made: datetime.datetime, files: SnapshotFiles) -> Manifest:
    started, rubric = time.monotonic(), load()
    with public_datasets.one_state() as connection:
        public_datasets.one_rubric(connection, rubric)
        fingerprint = connection.execute(fingerprints.NOW).scalar() or ""
        asked = public_datasets.list_criteria(rubric)
        number = write_files(public_datasets.entries(connection, rubric), asked, folder)
        sources = described_sources(connection)
        criteria = [row.id for row in asked]
        write_members(folder, write_groups(folder, criteria))
        datasets, table = read_files(folder, criteria), read_groups(folder, criteria)
        with contextlib.closing(datasets.connection):
            exemplar_file.write(folder, datasets, read_members(folder, table), connection, files.newest())
    own = _write_figures(folder, table)
    samples, _ = samples_of(table.cells(), rubric.version)
    write_coverage(folder, own, samples, sources)
    write_trends(folder, files, made.date(), own, samples)
    tallies = tallies_of(table, rubric.version)
    manifest = Manifest(
        made=made,
        seconds=round(time.monotonic() - started, 1),
        software=__version__,
        facets=facets.version(),
        rubric_version=rubric.version,
        fingerprint=fingerprint,
        data_sets=number,
        samples=sum(tally.data_sets for tally in tallies if tally.sample),
        countries=[Size(row.code, row.data_sets, row.publishers) for row in own.countries],
        criteria=criteria,
        layout=LAYOUT,
    )
    (folder / "manifest.json").write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    trends.keep(made.date(), tallies)
    model.Session.commit()
    return manifest


def _write_figures(folder: Path, table: DatasetTable) -> Overview:
    """Writes the figures, those of each lens, and the lenses side by side. Returns the figures."""
    # The groups of the first lens are our own dimensions, which the figures have anyway.
    lenses, rubric = [load_lens(name) for name in names()[1:]], load()
    own, *others = compare(table, rubric.criteria, rubric.version, lenses=lenses)
    (folder / "figures.json").write_bytes(msgspec.json.encode(own))
    for lens, found in zip(lenses, others, strict=True):
        (folder / f"lens-{lens.name}.json").write_bytes(msgspec.json.encode(found))
    (folder / "frameworks.json").write_bytes(msgspec.json.encode([found.lens for found in others]))
    return own
