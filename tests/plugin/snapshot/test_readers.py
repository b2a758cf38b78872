"""What readers see before and after a snapshot is built, and that they neither compute, wait nor write."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.catalogue.history import OLD, rows
from tests.plugin.conftest import execute
from tests.plugin.snapshot.conftest import NOON, NOON_TEXT

from ckanext.aivision.errors import UsageError
from ckanext.aivision.snapshot.dated_folders import State
from ckanext.aivision.snapshot.files import SnapshotFiles

PAGES = ("/", "/best-practice", "/best-practice/frameworks/us-commerce", "/best-practice/frameworks/mqa")
FIGURES = (
    "/best-practice.json",
    "/best-practice.json?lens=us-commerce",
    "/api/3/action/aivision_compare",
    "/api/3/action/aivision_compare?country=GB&licence=open",
)
FILTERED = ("/best-practice?country=GB", "/best-practice/frameworks/us-commerce?licence=open")
TRENDS = "/api/3/action/aivision_trend_list"


def get_figures(reader: Any, path: str) -> dict[str, Any]:
    """What an address of figures gives."""
    answer = reader("").get(path).get_json()
    found: dict[str, Any] = answer.get("result") or answer
    return found


def test_after_a_save_readers_see_the_last_figures_with_their_time_until_the_job_has_run(
    published: Any, counted: Any, snapshot: Any, reader: Any
) -> None:
    published()
    snapshot(lambda: NOON)
    published()
    for path in (*PAGES, *FILTERED):
        assert NOON_TEXT in reader("").text(path), path
    assert {get_figures(reader, path)["as_of"] for path in FIGURES} == {"2026-11-29T14:05:30Z"}
    assert counted() == 1
    snapshot(lambda: NOON + datetime.timedelta(minutes=2))
    assert counted() == 2
    assert "Figures as of 29 November 2026, 14:07 UTC" in reader("").text("/best-practice")
    assert get_figures(reader, FIGURES[0])["problem"] == ""


def test_readers_at_the_same_time_wait_for_no_lock_and_write_nothing(
    published: Any, snapshot: Any, reader: Any, files: SnapshotFiles
) -> None:
    """Under a lock that lets through nothing but reading (PostgreSQL documentation, "Explicit Locking")."""
    import ckan.model as model
    import sqlalchemy as sa

    def on_disk() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in files.folder.rglob("*")}

    published()
    snapshot()
    published()
    before = on_disk()
    paths = [*PAGES, *FILTERED, *FIGURES, TRENDS]
    readers = [reader("") for _ in paths]
    tables = ("facets", "trend", "evaluation", "history", "record", "run", "rescore", "source")
    lock = f"LOCK TABLE package, {', '.join(f'aivision_{name}' for name in tables)} IN EXCLUSIVE MODE"
    with model.meta.engine.begin() as connection, ThreadPoolExecutor(len(paths)) as pool:
        connection.execute(sa.text(lock))
        answers = list(pool.map(lambda one, path: one.get(path), readers, paths, timeout=50))
    assert [answer.status_code for answer in answers] == [200] * len(paths)
    assert on_disk() == before


def none_at_all(files: SnapshotFiles) -> None:
    """As on a new site."""


def of_another_version(files: SnapshotFiles) -> None:
    """As after an update: what is there is read differently."""
    newest = files.newest()
    assert newest is not None
    for path in newest.glob("*.json"):
        path.write_text('{"made": "2026-11-29T14:05:30Z"}')


def half_gone(files: SnapshotFiles) -> None:
    newest = files.newest()
    assert newest is not None
    for path in newest.iterdir():
        path.unlink()


@pytest.mark.parametrize("state", [none_at_all, of_another_version, half_gone])
def test_while_there_are_no_figures_of_this_version_the_pages_say_at_once_that_they_are_being_computed(
    published: Any, snapshot: Any, reader: Any, files: SnapshotFiles, state: Any
) -> None:
    published()
    if state is not none_at_all:
        snapshot()
        state(files)
    for path in (*PAGES, *FILTERED):
        assert "figures are being computed" in reader("").text(path), path
    assert "ckan aivision snapshot" in reader("").text("/best-practice")
    for path in ("/best-practice.json", "/best-practice.json?country=GB"):
        assert "being computed" in reader("").get(path, 202).get_json()["message"]
    answer = get_figures(reader, FIGURES[2])
    assert answer["as_of"] is None
    assert "being computed" in answer["message"]
    snapshot()
    assert "Figures as of" in reader("").text("/best-practice")


def test_figures_alone_of_another_version_are_being_computed_too(
    published: Any, snapshot: Any, reader: Any, files: SnapshotFiles
) -> None:
    """The manifest can be read, and the rest cannot."""
    published()
    snapshot()
    newest = files.newest()
    assert newest is not None
    (newest / "figures.json").write_text("{}")
    assert "figures are being computed" in reader("").text("/best-practice")
    reader("").get("/best-practice.json", 202)


def test_a_fault_of_ours_keeps_the_last_figures_and_shows_no_more_than_that_there_is_one(
    published: Any, counted: Any, snapshot: Any, sysadmin: Any, reader: Any, files: SnapshotFiles
) -> None:
    package = published()
    snapshot(lambda: NOON)
    ((point,),) = rows("SELECT point FROM aivision_evaluation WHERE package_id = :id", id=package["id"])
    broken = "UPDATE aivision_evaluation SET point = :point WHERE package_id = :id"
    execute(broken, id=package["id"], point="{}")
    try:
        with pytest.raises(msgspec.ValidationError):
            snapshot()
    finally:
        execute(broken, id=package["id"], point=point)
    problem = "the figures could not be brought up to date; the log of the job worker says why"
    text = sysadmin.text("/best-practice")
    assert NOON_TEXT in text
    assert problem in text
    for path in FIGURES:
        assert get_figures(reader, path)["problem"] == "New figures are being prepared. Please come back later."
    assert counted() == 1
    state = files.state()
    assert state is not None
    assert not state.of_tables
    snapshot()
    assert problem not in reader("").text("/best-practice")
    mended = files.state()
    assert mended is not None
    assert mended.problem == ""


def test_evaluations_of_two_rubric_versions_are_a_message_beside_the_last_figures(
    published: Any, snapshot: Any, reader: Any, sysadmin: Any, ckan: Any, files: SnapshotFiles
) -> None:
    from ckanext.aivision.catalogue.evaluations.tallies import tallies

    package = published()
    snapshot(lambda: NOON)
    execute("UPDATE aivision_evaluation SET rubric_version = :old WHERE package_id = :id", old=OLD, id=package["id"])
    try:
        with pytest.raises(UsageError, match="run `ckan aivision rescore`"):
            snapshot()
        assert tallies() is None
        text = sysadmin.text("/best-practice")
        assert f"some datasets are evaluated under rubric {OLD}" in text
        assert "run `ckan aivision rescore`" in text
        assert NOON_TEXT in text
        for path in ("/best-practice", "/best-practice/trends", "/"):
            text = reader("").text(path)
            assert "New figures are being prepared" in text, path
            assert "rescore`" not in text, "readers cannot do anything about it"
        for path in FIGURES:
            assert "New figures are being prepared" in get_figures(reader, path)["problem"], path
            assert get_figures(reader, path)["as_of"] == "2026-11-29T14:05:30Z", path
        state = files.state()
        assert state is not None
        assert state.of_tables
    finally:
        execute("DELETE FROM aivision_evaluation WHERE package_id = :id", id=package["id"])
    snapshot()
    assert OLD not in reader("").text("/best-practice")
    assert tallies() is not None


def test_two_rubric_versions_before_the_first_snapshot_are_a_message_in_the_place_of_figures(
    published: Any, snapshot: Any, reader: Any, sysadmin: Any, files: SnapshotFiles
) -> None:
    package = published()
    execute("UPDATE aivision_evaluation SET rubric_version = :old WHERE package_id = :id", old=OLD, id=package["id"])
    try:
        with pytest.raises(UsageError):
            snapshot()
        assert f"under rubric {OLD}" in sysadmin.text("/best-practice")
        assert "New figures are being prepared" in reader("").text("/best-practice")
        assert "being prepared" in reader("").get("/best-practice.json", 202).get_json()["problem"]
        assert files.newest() is None
    finally:
        execute("DELETE FROM aivision_evaluation WHERE package_id = :id", id=package["id"])


def test_the_last_reason_stays_on_the_page_until_there_is_a_new_snapshot(
    published: Any, snapshot: Any, sysadmin: Any, files: SnapshotFiles
) -> None:
    published()
    snapshot(lambda: NOON)
    files.keep_state(State(NOON, "the figures could not be brought up to date: no space left on device"))
    seen: list[str] = []

    def clock() -> datetime.datetime:
        seen.append(sysadmin.text("/best-practice"))
        return NOON + datetime.timedelta(minutes=2)

    snapshot(clock)
    assert ["no space left on device" in text for text in seen] == [True]
    assert "no space left" not in sysadmin.text("/best-practice")


def test_a_site_without_a_storage_is_told_which_setting_is_missing(
    ckan: Any, monkeypatch: pytest.MonkeyPatch, snapshot: Any
) -> None:
    from ckan.exceptions import CkanConfigurationException

    monkeypatch.setitem(ckan.config, "ckan.storage_path", "")
    with pytest.raises(CkanConfigurationException, match="storage_path is not set"):
        snapshot()
