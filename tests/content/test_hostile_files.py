"""Files that were made to harm, or are no tables at all: each ends in a refusal with a reason, or in a profile."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tempfile
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.content.conftest import NOW, URL, profiled, workbook, zipped
from tests.examples import share_of

from ckanext.aivision.content import profile, worker
from ckanext.aivision.content.limits import ProfileLimits
from ckanext.aivision.content.table import connected
from ckanext.aivision.scoring.observations.file_profile import FAULTS_OF_THE_FILE, FileProfile

pytestmark = pytest.mark.long
MIB = 2**20


def zip_bomb(content: bytes, times: int, name: str = "levels.csv") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(times):
            member.write(content)
    return out.getvalue()


def workbook_bomb() -> bytes:
    """A small workbook whose sheet says that it is large."""
    small = zipfile.ZipFile(io.BytesIO(workbook(Data=[["a"], [1]])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in small.namelist():
            archive.writestr(name, small.read(name))
        archive.writestr("xl/media/padding.bin", bytes(20 * MIB))
    return out.getvalue()


REFUSED: dict[str, tuple[bytes | str, str]] = {
    "nothing": (b"", "no-records"),
    "blank lines": ("\n\n \n", "no-records"),
    "a header alone": ("a,b,c\n", "no-records"),
    "zero bytes": (b"a,b\n1,\x00\n" + bytes(1000), "not-text"),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not-a-table"),
    "a PDF": (b"%PDF-1.7\n", "not-a-table"),
    "a web page": ("<!DOCTYPE html><html><body>Log in</body></html>", "page-instead-of-data"),
    "a web page with a comment": ("<!-- cached --> <html lang='en'>", "page-instead-of-data"),
    "XML": ("<?xml version='1.0'?><rows/>", "not-a-table"),
    "a million columns": (",".join(map(str, range(1_000_000))) + "\n" + "1," * 1_000_000 + "\n", "too-wide"),
    "a million names": (json.dumps([{str(number): 1 for number in range(100_000)}]), "too-wide"),
    "a quote that is never closed": ('a,"b\n' + "1,2\n" * 1_000_000, "line-too-long"),
    "a cell of 10 MB": ("a,b\n1," + "x" * 10 * MIB + "\n", "line-too-long"),
    "half a ZIP archive": (zipped(levels_csv="a,b\n1,2\n" * 100)[:60], "damaged"),
    # The directory of the archive says that version 6.4 is needed to unpack it.
    "an archive of a ZIP to come": (
        zipped(levels_csv="a,b\n1,2\n").replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x40"),
        "damaged",
    ),
    "an archive without a table": (zipped(map_shp=b"1", readme_md="x"), "not-a-table"),
    "an archive in an archive": (zipped(levels_csv=zipped(levels_csv="a,b\n1,2\n")), "not-a-table"),
    "half a workbook": (zipped(**{"xl/workbook_xml": "<workbook"}), "damaged"),
    "a workbook that unpacks to too much": (workbook_bomb(), "too-large"),
    "an empty workbook": (workbook(Notes=[]), "no-records"),
    "an old workbook that is none": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
    "no Parquet": (b"PAR1" + bytes(100) + b"PAR1", "damaged"),
    "broken JSON": ('[{"a": 1}, {"a": ', "damaged"),
    "JSON without records": ("[1, 2, 3]", "no-records"),
    "deep JSON": ("[" * 100_000, "out-of-memory"),
    "a gzip file that breaks off": (b"\x1f\x8b\x08\x00" + bytes(20), "damaged"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_profiled_is_refused_with_a_reason(what: str) -> None:
    content, refusal = REFUSED[what]
    found = profiled(content, workbook=10 * MIB)
    assert found.refusal == refusal, found
    assert found.reason
    assert found.columns == []


def test_no_more_of_a_zip_bomb_is_unpacked_than_the_limit() -> None:
    bomb = zip_bomb(b"1,2\n" * 250_000, 300)
    assert len(bomb) < 2 * MIB
    found = profiled(bomb, fetched=2 * MIB)
    assert (found.whole, found.rows) == (False, 2 * MIB // 4)


def test_what_can_be_read_only_whole_is_refused_above_the_limit() -> None:
    for content in (
        workbook(Data=[["a", "b"], *[[number, number] for number in range(2000)]]),
        zip_bomb(os.urandom(MIB), 1),
    ):
        assert profiled(content, fetched=5000).refusal == "too-large"


def test_a_file_that_takes_too_long_is_given_up() -> None:
    rows = "".join(f"{number},{number},{number}\n" for number in range(300_000))
    found = profiled("a,b,c\n" + rows, seconds=0.4)
    assert found.refusal == "out-of-time"


def test_a_file_that_takes_too_much_memory_is_given_up() -> None:
    rows = "".join(f"{number:0>200},{number:0>200}\n" for number in range(50_000))
    assert profiled("a,b\n" + rows, memory=4 * MIB).refusal == "out-of-memory"


def test_a_reader_that_breaks_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "_WORKER", "ckanext.aivision.content.no_such_module")
    assert profiled("a,b\n1,2\n").refusal == "out-of-memory"


def test_the_database_reads_one_file_and_no_other() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"1,2\n")
        file.flush()
        connection = connected([file], ProfileLimits())
        read = f"SELECT * FROM read_csv('/dev/fd/{file.fileno()}', header = false)"
        assert connection.execute(read).fetchall() == [(1, 2)]
        for statement in (
            "SELECT * FROM read_text('/etc/hostname')",
            "SELECT * FROM read_csv('https://rivers.example.gov/levels.csv')",
            "COPY (SELECT 1) TO '/tmp/out.csv'",
            "ATTACH '/tmp/other.db'",
            "INSTALL httpfs",
            "SET enable_external_access = true",
            "SET allowed_paths = ['/etc/hostname']",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)


def test_a_file_on_the_way_has_no_name_and_only_we_may_open_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(descriptor: int, task: worker.Task) -> FileProfile:
        seen.append(os.fstat(descriptor))
        return FileProfile(url=task.url)

    monkeypatch.setattr(profile, "_by_worker", look)
    before = set(os.listdir(tempfile.gettempdir()))
    profiled("a,b\n1,2\n")
    assert seen[0].st_mode & 0o777 == 0o600
    assert seen[0].st_nlink == 0
    assert not [name for name in set(os.listdir(tempfile.gettempdir())) - before if name.startswith("tmp")]


def test_the_worker_inherits_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given_to: dict[str, object] = {}
    real = subprocess.run

    def run(*words: object, **options: object) -> object:
        given_to.update(options)
        return real(*words, **options)  # type: ignore[call-overload]

    monkeypatch.setenv("CKAN_SQLALCHEMY_URL", "postgresql://secret")
    monkeypatch.setattr(subprocess, "run", run)
    profiled("a,b\n1,2\n")
    assert set(given_to["env"]) == {"LC_ALL", "TMPDIR"}  # type: ignore[call-overload]


def looked_at(content: bytes) -> FileProfile:
    """In this process, which is quicker; the bounds of a process of its own are tested above."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        task = worker.Task(URL, True, len(content), ProfileLimits())
        return worker.profile(file, task)


TEXTS = st.text(st.sampled_from('ab1,;\t|"\n\r -/:.£{}[]\x00é'), max_size=300).map(lambda text: text.encode("utf-8"))
MAGIC = st.sampled_from(
    [
        b"PK\x03\x04",
        b"PAR1",
        b"\x1f\x8b",
        b"\xff\xfe",
        b"\xfe\xff",
        b"{",
        b"[{",
        b'{"a":',
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
    ]
)


@settings(max_examples=share_of(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(TEXTS, st.builds(bytes.__add__, MAGIC, st.binary(max_size=400)), st.builds(bytes.__add__, MAGIC, TEXTS))
)
def test_any_bytes_are_a_profile_or_a_refusal(content: bytes) -> None:
    found = looked_at(content)
    assert bool(found.refusal) == bool(found.reason) != bool(found.columns)
    assert found.refusal in ("", "encrypted", "too-wide", "too-large", *FAULTS_OF_THE_FILE)
    assert all(0 <= column.missing <= 1 and 0 <= column.exceptions <= 1 for column in found.columns)


@settings(max_examples=share_of(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2000), st.binary(min_size=1, max_size=4), st.sampled_from(["xlsx", "zip", "json"]))
def test_any_damage_is_a_profile_or_a_refusal(place: int, damage: bytes, form: str) -> None:
    whole = {
        "xlsx": workbook(Data=[["a", "b"], [1, "x"], [2, "y"]]),
        "zip": zipped(levels_csv="a,b\n1,2\n" * 50),
        "json": json.dumps([{"a": 1, "b": ["x"]}] * 20).encode(),
    }[form]
    place %= len(whole)
    found = looked_at(whole[:place] + damage + whole[place + len(damage) :])
    assert bool(found.refusal) == bool(found.reason)


def test_the_time_is_that_of_the_caller(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    path.write_text("a,b\n1,2\n")
    assert profile.profile_path(str(path), NOW).profiled_at == NOW
