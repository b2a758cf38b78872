"""`aivision doctor`: each fault is made, found, and gone once its advice is followed."""

from __future__ import annotations

import contextlib
import datetime
import json
import re
import stat
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rq
import sqlalchemy as sa
from click.testing import CliRunner
from tests import waiting
from tests.small_disk import enlarge, fill, small_disk

from ckanext.aivision.harvesters.http.clock import Clock

_COMMAND = re.compile(r"`([^`]+)`")
_SETTING = re.compile(r"`([\w.]+) = ([^`]+)`")


def faults(check: str, clock: Clock | None = None) -> list[Any]:
    """What is wrong by one check."""
    import ckan.model as model

    from ckanext.aivision.services.doctor.examine import examine

    model.Session.rollback()
    found = examine(clock) if clock is not None else examine()
    assert check in {finding.check for finding in found}
    return [finding for finding in found if finding.check == check and finding.level != "ok"]


def the_fault(check: str, clock: Clock | None = None) -> Any:
    (fault,) = faults(check, clock)
    return fault


def follow(advice: str) -> None:
    """Runs the commands of a piece of advice that begin with `ckan`."""
    import ckan.model as model
    from ckan.cli import db, jobs, search_index

    from ckanext.aivision.cli.ckan.group import aivision

    groups = {"aivision": aivision, "search-index": search_index.search_index, "jobs": jobs.jobs, "db": db.db}
    commands = [command.split()[1:] for command in _COMMAND.findall(advice) if command.startswith("ckan ")]
    assert commands, advice
    for group, *words in commands:
        model.Session.remove()
        done = CliRunner().invoke(groups[group], words)
        assert done.exit_code == 0, f"{words}: {done.output} {done.exception!r}"


@pytest.fixture
def dataset(ckan: Any) -> Callable[[], str]:
    """Adds a dataset and gives its id."""
    user = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    office = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "River office"}
    owner = ckan.get_action("organization_create")(dict(user), office)["id"]

    def add() -> str:
        package = {"name": f"levels-{uuid.uuid4().hex[:8]}", "title": "Levels", "owner_org": owner, "country": "GB"}
        made: str = ckan.get_action("package_create")(dict(user), package)["id"]
        return made

    return add


def execute(statement: str, **values: Any) -> None:
    import ckan.model as model

    model.Session.execute(sa.text(statement), values)
    model.Session.commit()


def test_a_setting_that_does_not_exist_is_named_with_the_one_that_is_alike(
    ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as fault:
        fault.setitem(ckan.config, "ckanext.aivision.allow_host", "data.intranet.example")
        assert "did you mean `ckanext.aivision.allow_hosts`?" in the_fault("settings").advice
    assert faults("settings") == []


@pytest.mark.parametrize(
    ("check", "key", "wrong"),
    [
        ("settings", "ckanext.aivision.keep_runs", "many"),
        ("settings", "debug", "true"),
        ("settings", "ckan.site_url", ""),
        ("settings", "ckan.jobs.timeout", "180"),
        ("time zone", "ckan.display_timezone", "Europe/Leeds"),
    ],
)
def test_a_value_that_is_wrong_is_named_and_the_right_one_is_taken(
    ckan: Any, monkeypatch: pytest.MonkeyPatch, check: str, key: str, wrong: str
) -> None:
    with monkeypatch.context() as fault:
        fault.setitem(ckan.config, key, wrong)
        found = faults(check)
        assert any(key in f"{finding.message} {finding.advice}" for finding in found)
        for setting, value in _SETTING.findall(found[0].advice):
            fault.setitem(ckan.config, setting, value)
            assert faults(check) == []
    assert faults(check) == []


def test_cookies_of_a_site_on_https_are_for_https_only(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan.config, "ckan.site_url", "https://data.example.gov")
    for name in ("SESSION_COOKIE_SECURE", "REMEMBER_COOKIE_SECURE"):
        monkeypatch.setitem(ckan.config, name, False)
    settings = _SETTING.findall(the_fault("cookies").advice)
    assert len(settings) == 2
    for name, value in settings:
        monkeypatch.setitem(ckan.config, name, value)
    assert faults("cookies") == []


def test_storage_that_is_not_set_cannot_be_written_or_is_full(
    ckan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckan.storage_path", None)
    assert "set `ckan.storage_path`" in the_fault("permissions").advice
    with small_disk(tmp_path / "disk", "2m") as disk:
        monkeypatch.setitem(ckan.config, "ckan.storage_path", str(disk))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert "how it is mounted" in the_fault("permissions").advice
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        assert faults("permissions") == []
        filler = fill(disk)
        assert "0 MB left" in the_fault("disk").message
        filler.unlink()
        enlarge(disk, "3g")
        assert faults("disk") == []


def test_a_configuration_file_that_others_can_read_is_named_with_the_command_that_closes_it(stack: Any) -> None:
    from ckanext.aivision.services.doctor.storage import private_files

    stack.ini.chmod(0o644)
    (fault,) = [finding for finding in private_files([stack.ini]) if finding.level == "error"]
    (command,) = _COMMAND.findall(fault.advice)
    subprocess.run(command.split(), check=True)
    assert stat.S_IMODE(stack.ini.stat().st_mode) == 0o600
    assert [finding.level for finding in private_files([stack.ini])] == ["ok"]


def test_tables_of_an_earlier_version_are_migrated(ckan: Any) -> None:
    import ckan.model as model
    from ckan.cli.db import db

    model.Session.remove()
    model.meta.engine.dispose()
    assert CliRunner().invoke(db, ["downgrade", "-p", "aivision", "--version=-1"]).exit_code == 0
    follow(the_fault("migrations").advice)
    assert faults("migrations") == []


@pytest.fixture
def quiet_queues(ckan: Any) -> Iterator[None]:
    """Queues without workers and jobs, as the tests of this file need them."""
    from ckan.lib.jobs import get_all_queues, get_queue

    def clear() -> None:
        for queue in get_all_queues():
            for id in queue.failed_job_registry.get_job_ids():
                queue.failed_job_registry.remove(id, delete_job=True)
            queue.empty()
        for worker in rq.Worker.all(connection=get_queue().connection):
            worker.register_death()

    clear()
    yield
    clear()


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


@pytest.mark.usefixtures("quiet_queues")
def test_queues_without_a_worker_get_one(stack: Any, ckan: Any) -> None:
    found = faults("queues")
    commands = [command for finding in found for command in _COMMAND.findall(finding.advice)]
    assert commands == ["ckan jobs worker", "ckan jobs worker aivision-short aivision-snapshot"]
    ckan_program = [sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()", "-c", str(stack.ini)]
    first, second = ([*ckan_program, *command.split()[1:]] for command in commands)
    with running(first), running(second):
        waiting.until(lambda: faults("queues") == [])


@pytest.mark.usefixtures("quiet_queues")
def test_a_job_that_waits_long_and_one_that_failed_are_named(ckan: Any) -> None:
    from ckan.lib.jobs import get_queue

    queue = get_queue("aivision-short")
    job = queue.enqueue("os.no_such_function")
    later = Clock(now=lambda: datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=2))
    assert any("1 jobs wait in the queue aivision-short" in finding.message for finding in faults("queues", later))
    rq.SimpleWorker([queue], connection=queue.connection).work(burst=True)
    (failed,) = [finding for finding in faults("queues") if "have failed" in finding.message]
    assert job.id in failed.message
    follow(failed.advice)
    assert not any("failed" in finding.message for finding in faults("queues"))


@pytest.mark.usefixtures("quiet_queues")
def test_a_source_that_is_overdue_is_queued(ckan: Any) -> None:
    from ckanext.aivision.catalogue.sources.source_store import save
    from ckanext.aivision.catalogue.tables.moments import now
    from ckanext.aivision.harvesters.sources.source import Source

    row = {"schedule": "daily", "priority": 0, "owner_org": None}
    save(Source(name="doctor", url="https://doctor.example/data.json"), row, now())
    try:
        fault = the_fault("schedule")
        assert "doctor" in fault.message
        follow(fault.advice)
        assert faults("schedule") == []
    finally:
        execute("DELETE FROM aivision_source WHERE name = 'doctor'")


def test_a_snapshot_is_missing_stale_or_failed(ckan: Any, dataset: Callable[[], str]) -> None:
    from ckanext.aivision.snapshot import read
    from ckanext.aivision.snapshot.dated_folders import State

    for path in read.files().all():
        read.files().remove(path)
    dataset()
    assert "there is no snapshot" in the_fault("snapshot").message
    follow(the_fault("snapshot").advice)
    assert faults("snapshot") == []
    newest = read.files().newest()
    assert newest is not None
    dataset()
    newest.rename(newest.with_name("20260101T120000Z"))
    assert "datasets have changed since" in the_fault("snapshot").message
    read.files().keep_state(State(datetime.datetime.now(datetime.timezone.utc), "no space left on the disk"))
    assert "failed: no space left on the disk" in the_fault("snapshot").message
    follow(the_fault("snapshot").advice)
    assert faults("snapshot") == []


def test_an_index_with_less_or_more_than_the_database_is_rebuilt(ckan: Any, dataset: Callable[[], str]) -> None:
    from ckan.lib.search.common import make_connection

    id = dataset()
    make_connection().delete(q=f"id:{id}", commit=True)
    assert "lacks 1 of" in the_fault("search index").message
    follow(the_fault("search index").advice)
    assert faults("search index") == []
    execute("UPDATE package SET state = 'deleted' WHERE id = :id", id=id)
    assert "has 1 datasets that are not in the database" in the_fault("search index").message
    follow(the_fault("search index").advice)
    assert faults("search index") == []


def test_evaluations_under_another_rubric_are_rescored(ckan: Any, dataset: Callable[[], str]) -> None:
    id = dataset()
    execute("UPDATE aivision_evaluation SET rubric_version = '0.0.1' WHERE package_id = :id", id=id)
    assert "1 datasets are evaluated under another rubric" in the_fault("evaluations").message
    follow(the_fault("evaluations").advice)
    assert faults("evaluations") == []


def test_clocks_that_differ_are_named_with_the_difference(ckan: Any) -> None:
    wrong = Clock(now=lambda: datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1))
    found = faults("clock", wrong)
    assert {"the clock of the database is 3,600 s behind", "the clock of Redis is 3,600 s behind"} <= {
        re.sub(r"3,(599|600)", "3,600", finding.message.removesuffix(" that of this machine")) for finding in found
    }
    assert faults("clock") == []


def test_a_package_that_is_too_old_is_named_with_the_version_that_is_needed(
    ckan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ckanext_dcat-1.0.dist-info").mkdir()
    (tmp_path / "ckanext_dcat-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: ckanext-dcat\nVersion: 1.0\n"
    )
    with monkeypatch.context() as fault:
        fault.syspath_prepend(str(tmp_path))
        assert "ckanext-dcat is 1.0, and <3,>=2.4 is needed" in the_fault("versions").message
        assert "pip install --upgrade" in the_fault("versions").advice
    assert faults("versions") == []


def test_a_server_that_does_not_answer_is_a_finding_of_what_could_not_be_checked(
    ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "solr_url", "http://127.0.0.1:9/solr/ckan")
    fault = the_fault("search index")
    assert fault.message.startswith("could not be checked: Solr does not answer")
    assert "start Solr" in fault.advice


def doctor(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ckanext.aivision.cli.main", "doctor", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.long
def test_a_catalogue_that_does_not_run_is_told_how_to_start_it(tmp_path: Path) -> None:
    done = doctor("--data", str(tmp_path / "nothing"))
    assert done.returncode == 1
    assert f"run `aivision up --data {tmp_path / 'nothing'}`, then check again" in done.stdout
    assert "1 errors, 0 warnings, 0 ok" in done.stdout


def test_the_report_of_a_running_catalogue_is_json_for_a_monitor(stack: Any) -> None:
    done = doctor("--data", str(stack.data), "--format", "json")
    found = json.loads(done.stdout)
    assert {"versions", "clock", "queues", "snapshot", "permissions"} <= {finding["check"] for finding in found}
    assert done.returncode == int(any(finding["level"] == "error" for finding in found))


def test_the_table_has_the_advice_below_each_fault_and_the_exit_status_follows_the_errors(
    ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.cli.ckan.group import aivision

    monkeypatch.setitem(ckan.config, "debug", "true")
    done = CliRunner().invoke(aivision, ["doctor"])
    assert done.exit_code == 1
    assert "error   settings: debug is on" in done.stdout
    assert "        set `debug = false` in ckan.ini, then restart CKAN" in done.stdout
