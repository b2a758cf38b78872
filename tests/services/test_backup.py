"""`aivision backup` and `aivision restore`: what was lost is there again, equal, and can be searched."""

from __future__ import annotations

import datetime
import io
import json
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import waiting
from tests.catalogue.services import documents
from tests.processes import QuickStack
from tests.records import record
from tests.small_disk import small_disk

from ckanext.aivision.errors import UsageError
from ckanext.aivision.services.backup.archive import Archive, Manifest, TableSum, read_archive
from ckanext.aivision.services.postgres import PROGRAMS
from ckanext.aivision.services.stack import Stack

RECORDS = 60
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_INSERT = "INSERT INTO \"group\" (id, name, type, state) VALUES (%s, %s, 'organization', 'active')"
_SUM = 'SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM public."{}" t'


def aivision(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ckanext.aivision.cli.main", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)


def rows(services: Stack) -> dict[str, Any]:
    """The number of rows of each table and the sum of their hashes, by another client than the backup's."""
    with psycopg2.connect(services.database_url) as connection, connection.cursor() as cursor:
        cursor.execute(_TABLES)
        sums = {}
        for (name,) in cursor.fetchall():
            cursor.execute(_SUM.format(name))
            sums[name] = cursor.fetchone()
    connection.close()
    return sums


def files(data: Path) -> dict[str, bytes]:
    """The files of a catalogue that are not made again, by their paths."""
    storage = data / "storage"
    found = {str(path.relative_to(data)): path.read_bytes() for path in storage.rglob("*") if path.is_file()}
    settings = ("ckan-extra.ini", "secrets.json", "admin-password")
    return {name: body for name, body in found.items() if "webassets" not in name} | {
        name: (data / name).read_bytes() for name in settings
    }


def shown(services: Stack) -> dict[str, Any]:
    """What package_show gives of each dataset that a search finds."""
    found = documents(services, "id,validated_data_dict")
    return {document["id"]: json.loads(document["validated_data_dict"]) for document in found}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A directory that PostgreSQL's system user may enter, as root's runs need."""
    with tempfile.TemporaryDirectory(prefix="aivision-backup-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


def test_what_was_destroyed_is_restored_equal_and_can_be_searched(
    folder: Path, first_start: Callable[[Path], None]
) -> None:
    data, backup, source = folder / "data", folder / "catalogue.backup", folder / "data.json"
    first_start(data)
    (data / "ckan-extra.ini").write_text("ckan.site_title = Rivers\n")
    source.write_text(json.dumps({"dataset": [record(number) for number in range(RECORDS)]}))
    services = QuickStack(data, port=5450)
    services.start()
    try:
        services.ckan("aivision", "harvest", str(source), "--kind", "dcat-us")
        (data / "storage" / "resources").mkdir()
        (data / "storage" / "resources" / "upload é.csv").write_bytes(b"station,level\n" * 1000)
        before = rows(services), files(data), shown(services)
        written = aivision("backup", backup, "--data", data)
        assert written.returncode == 0, written.stderr
        assert f"{RECORDS} packages" in written.stdout
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    finally:
        services.stop()
    shutil.rmtree(data)
    restored = aivision("restore", backup, "--data", data)
    assert restored.returncode == 0, restored.stderr
    assert "start it with `aivision up --data" in restored.stdout
    again = QuickStack(data, port=5450)
    again.start()
    try:
        assert rows(again) == before[0]
        assert files(data) == before[1]
        assert shown(again) == before[2]
        assert len(before[2]) == RECORDS
        assert "ckan.site_title = Rivers" in (data / "ckan.ini").read_text()
    finally:
        again.stop()
    modes = {name: stat.S_IMODE((data / name).stat().st_mode) for name in ("secrets.json", "admin-password")}
    assert set(modes.values()) == {0o600}
    assert not (data / ".restoring").exists()


def test_a_backup_while_others_write_is_of_one_state(stack: Any, ckan: Any, tmp_path: Path) -> None:
    from ckanext.aivision.services.backup import database

    url, stop, written = stack.database_url, threading.Event(), 0

    def write() -> None:
        nonlocal written
        connection = psycopg2.connect(url)
        while not stop.is_set():
            with connection, connection.cursor() as cursor:
                # Two rows that are always there together.
                for _ in range(2):
                    cursor.execute(_INSERT, [str(uuid.uuid4()), uuid.uuid4().hex])
            written += 2
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        waiting.until(lambda: written > 0)
        with database.one_state(url) as connection:
            sums = database.sum_tables(connection)
            seen = written
            waiting.until(lambda: written >= seen + 20)
            database.write_dump(connection, tmp_path / "dump")
    finally:
        stop.set()
        thread.join()
    program = str(PROGRAMS / "pg_restore")
    words = ["--data-only", "--table=group", "--file=-", str(tmp_path / "dump")]
    listed = subprocess.run([program, *words], capture_output=True, text=True, check=True)
    body = listed.stdout.split("FROM stdin;\n")[1].split("\n\\.\n")[0]
    assert len(body.splitlines()) == sums["group"].rows
    assert sums["group"].rows % 2 == 0
    assert sums["group"].rows > 0


def test_a_full_disk_leaves_no_half_of_a_backup_and_is_named(stack: Any, ckan: Any, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "64k") as disk:
        done = aivision("backup", disk / "catalogue.backup", "--data", stack.data)
        assert done.returncode == 2
        assert "No space left on device" in done.stderr
        assert list(disk.iterdir()) == []


def test_a_backup_replaces_no_file_and_needs_a_catalogue_that_runs(stack: Any, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")
    done = aivision("backup", tmp_path / "there", "--data", stack.data)
    assert (done.returncode, (tmp_path / "there").read_text()) == (2, "kept")
    assert "exists already: give another name" in done.stderr
    done = aivision("backup", tmp_path / "new", "--data", tmp_path / "nothing")
    assert done.returncode == 2
    assert "there is no catalogue; give its directory with --data" in done.stderr
    assert not (tmp_path / "new").exists()
    done = aivision("backup", stack.data / "storage" / "new", "--data", stack.data)
    assert done.returncode == 2
    assert "would be part of the next backup: choose a place outside" in done.stderr


def a_backup(path: Path, **changed: Any) -> Path:
    """A file with the form of a backup, but without a database."""
    body = path.with_name("body")
    body.write_bytes(b"x" * 20_000)
    fields = {"migration": "0016", "software": "0.2.0", **changed}
    with path.open("wb") as stream:
        archive = Archive(stream)
        archive.add("database.dump", body)
        archive.add("storage/uploads/a.csv", body)
        made, tables = datetime.datetime(2026, 11, 30), {"package": TableSum(0, "0")}
        archive.close(Manifest(made=made, ckan="2.12", tables=tables, members=dict(archive.members), **fields))
    return path


@pytest.mark.long
def test_a_restore_replaces_no_catalogue(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ckan-extra.ini").write_text("kept")
    done = aivision("restore", a_backup(tmp_path / "backup"), "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "is not empty: give a new directory with --data, or move it away first" in done.stderr
    assert (tmp_path / "data" / "ckan-extra.ini").read_text() == "kept"


@pytest.mark.long
def test_a_backup_of_a_newer_version_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    path = a_backup(tmp_path / "backup", migration="9999", software="9.0.0")
    done = aivision("restore", path, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "was made by version 9.0.0, a newer one than this" in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return a_backup(tmp_path_factory.mktemp("whole") / "backup").read_bytes()


@given(st.data())
def test_a_backup_that_was_cut_off_or_changed_anywhere_is_refused_in_a_sentence(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "backup"
    # Behind the end of the archive there is only padding.
    end = whole.rindex(b"}") + 1
    place = data.draw(st.integers(0, end - 1))
    if data.draw(st.booleans()):
        path.write_bytes(whole[:place])
    else:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
    try:
        manifest = read_archive(path)
    except UsageError:
        return
    # What may change without harm: times and the like in the heads of members, and words of the manifest.
    assert set(manifest.members) == {"database.dump", "storage/uploads/a.csv"}


@pytest.mark.parametrize("name", ["../out", "/etc/out", "storage/../../out", "settings/ckan.ini", "storage"])
def test_a_member_that_would_be_written_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "backup"
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo(name)
        info.size = 3
        archive.addfile(info, io.BytesIO(b"out"))
    with pytest.raises(UsageError, match="is not part of a backup"):
        read_archive(path, tmp_path)
    assert {entry.name for entry in tmp_path.iterdir()} == {"backup"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_a_member_that_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "backup"
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo("storage/uploads/a.csv")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    with pytest.raises(UsageError, match="is not part of a backup"):
        read_archive(path, tmp_path)
    assert {entry.name for entry in tmp_path.iterdir()} == {"backup"}
