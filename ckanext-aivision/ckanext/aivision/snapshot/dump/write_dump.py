"""Make a dump from the tables. A job of CKAN's worker, or `ckan aivision dump`."""

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
from ckanext.aivision.errors import AivisionError, ServiceError, UsageError
from ckanext.aivision.harvesters.http.clock import CLOCK
from ckanext.aivision.normalise import licences
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot import public_datasets
from ckanext.aivision.snapshot.dated_folders import State
from ckanext.aivision.snapshot.dump.describe import About, description, to_documents
from ckanext.aivision.snapshot.dump.dump_contents import sha256_of, write_contents
from ckanext.aivision.snapshot.dump.dump_files import DESCRIPTIONS, KEPT_DAYS, MANIFEST, SUMS, Dump, files
from ckanext.aivision.snapshot.dump.stored_datasets import one_session_state
from ckanext.aivision.snapshot.one_at_a_time import one_at_a_time

_LOCK = "aivision dump"


def write_dump(clock: Callable[[], datetime.datetime] = CLOCK.now) -> Dump:
    """Writes a new dump, whole or not at all, and removes those that are kept no longer. Waits while another process
    makes one.

    clock: gives the time (UTC); that of the dump is before the tables are read.
    Raises UsageError while public datasets are evaluated under several versions of the rubric, ServiceError where the
    storage cannot be written. Whatever ends it, the last dump stays, and the reason is kept beside it.
    """
    dump = write_where(lambda: True, clock)
    assert dump is not None
    return dump


def write_where(is_wanted: Callable[[], bool], clock: Callable[[], datetime.datetime] = CLOCK.now) -> Dump | None:
    """As `write_dump`, if one is wanted still once no other process makes one; None if not."""
    kept = files()
    with one_at_a_time(_LOCK):
        if not is_wanted():
            return None
        made = clock().replace(microsecond=0)
        try:
            with kept.new(made) as folder:
                dump = _write(folder, made)
            kept.keep_state(State(made))
        except Exception as error:
            model.Session.rollback()
            with contextlib.suppress(OSError):
                kept.keep_state(State(made, _reason(error), of_tables=isinstance(error, UsageError)))
            if isinstance(error, OSError | duckdb.IOException):
                raise ServiceError(f"the dump could not be written: {error}") from error
            raise
        kept.prune(made.date(), toolkit.config.get("ckanext.aivision.keep_dumps_days", KEPT_DAYS))
        return dump


def _write(folder: Path, made: datetime.datetime) -> Dump:
    started, rubric = time.monotonic(), load()
    with one_session_state() as connection:
        public_datasets.one_rubric(connection, rubric)
        counts, written = write_contents(folder, connection, rubric)
    dump = Dump(
        made=made,
        seconds=round(time.monotonic() - started, 1),
        software=__version__,
        rubric_version=rubric.version,
        title="",
        licence=_licence(),
        datasets=counts.datasets,
        coverage=counts.coverage,
        countries=sorted(counts.countries),
        files=written,
    )
    record, catalogued = description(dump, _about(dump))
    for name, text in to_documents(record, catalogued).items():
        (folder / name).write_bytes(text)
    dump = msgspec.structs.replace(dump, title=record.title)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(dump)))
    sums = {file.name: file.sha256 for file in written}
    sums |= {name: sha256_of(folder / name) for name in (*DESCRIPTIONS, MANIFEST)}
    (folder / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())))
    return dump


def _licence() -> str:
    """The setting, by the licence's id where it is a known one."""
    stated = str(toolkit.config.get("ckanext.aivision.dumps_licence") or "").strip()
    return licences.clean(stated).id or stated


def _about(dump: Dump) -> About:
    site = str(toolkit.config.get("ckan.site_title") or "").strip()
    address = toolkit.url_for("home.index", qualified=True, locale="default")
    return About(
        title=site or address,
        address=address,
        page=toolkit.url_for("aivision_dumps.show", day=dump.day, qualified=True, locale="default"),
        operator=_setting("operator") or site or address,
        contact=_setting("contact"),
        code=_setting("source_code"),
    )


def _setting(name: str) -> str:
    return str(toolkit.config.get(f"ckanext.aivision.{name}") or "").strip()


def _reason(error: Exception) -> str:
    """What readers are told: no path of the server and no statement of SQL, which its log has."""
    if isinstance(error, AivisionError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"the dump could not be written: {error.strerror.lower()}"
    return "the dump could not be made; the log of the job worker says why"
