"""Servers that are killed in a harvest, while people save, while a snapshot is written; a full disk, a wrong clock."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import requests
from tests import waiting
from tests.catalogue.services import documents, pid_of, rows
from tests.harvesters.session_requests import reply
from tests.portal import serve_answers
from tests.processes import QuickStack
from tests.records import record
from tests.small_disk import fill, small_disk

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.stack import Stack

pytestmark = [pytest.mark.services, pytest.mark.nightly, pytest.mark.timeout(600)]
RECORDS = 1500
SERVERS = {"postgres": "PostgreSQL", "solr": "Solr", "valkey": "Valkey"}
# Builds a snapshot as the command does, and kills a server at a statement of it.
BUILD = """
import os, signal, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
make_app(load_config(sys.argv[1]))
import ckan.model as model
import sqlalchemy as sa
from click.testing import CliRunner
from ckanext.aivision.cli.ckan.group import aivision
pid, left = int(sys.argv[2]), int(sys.argv[3])
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(pid, signal.SIGKILL)
sa.event.listen(model.meta.engine, "before_cursor_execute", count)
done = CliRunner().invoke(aivision, ["snapshot"])
if done.exception is not None and not isinstance(done.exception, SystemExit):
    raise done.exception
print("refused:" if done.exit_code else "built:", done.stderr)
print("left:", left)
"""
# Harvests with a clock that is wrong by some days.
MOVED = """
import datetime, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
app = make_app(load_config(sys.argv[1]))._wsgi_app
days = datetime.timedelta(days=float(sys.argv[3]))
class Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + days
    @classmethod
    def utcnow(cls):
        return super().utcnow() + days
from ckanext.aivision.catalogue.tables import moments
moments.datetime = type("clock", (), {"datetime": Moved, "timezone": datetime.timezone})
with app.test_request_context():
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import resolve
    run = harvest_into_ckan(resolve(sys.argv[2], "dcat-us", None, "US"))
    print(run.state, run.counts.new, run.counts.changed, run.counts.unchanged, run.counts.gone)
"""


class Site:
    """A catalogue with its site, and somebody who can write to it."""

    def __init__(self, services: QuickStack) -> None:
        self.services = services
        self._token = services.ckan("user", "token", "add", "admin", "faults", "-q").split()[-1]
        self.organization = self.call("organization_create", name="office", title="Office").json()["result"]["id"]

    def call(self, action: str, timeout: float = 60, **data: Any) -> requests.Response:
        headers, address = {"Authorization": self._token}, f"{self.services.site_url}/api/3/action/{action}"
        return requests.post(address, json=data, headers=headers, timeout=timeout)

    def upload(self, package: str, body: bytes) -> requests.Response:
        headers, files = {"Authorization": self._token}, {"upload": ("levels.csv", body)}
        address = f"{self.services.site_url}/api/3/action/resource_create"
        data = {"package_id": package, "name": "Levels", "format": "CSV"}
        return requests.post(address, data=data, files=files, headers=headers, timeout=60)

    def dataset(self) -> str:
        name = f"levels-{uuid.uuid4().hex[:8]}"
        fields = {"title": "River levels", "country": "US", "license_id": "CC0-1.0", "owner_org": self.organization}
        answer = self.call("package_create", name=name, **fields)
        assert answer.ok, (self.services.run_dir / "web.log").read_text()[-6000:]
        id: str = answer.json()["result"]["id"]
        return id

    def mend(self, server: str) -> None:
        """As `aivision up` does when a server has ended."""
        (part,) = [part for part in self.services.ended() if part.name == SERVERS[server]]
        part.start()

    def worker_ended(self) -> bool:
        return any(part.name == "the job worker" for part in self.services.ended())

    def supervise(self) -> None:
        """As `aivision up` does: starts again what has ended, workers too."""
        for part in self.services.ended():
            with contextlib.suppress(ServiceError):
                part.start()

    def kill(self, server: str) -> None:
        os.kill(pid_of(self.services, server), signal.SIGKILL)
        waiting.until(lambda: any(part.name == SERVERS[server] for part in self.services.ended()))


@pytest.fixture(scope="module")
def site(first_start: Callable[[Path], None]) -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="aivision-faults-", ignore_cleanup_errors=True) as folder:
        first_start(Path(folder))
        (Path(folder) / "ckan-extra.ini").write_text("ckanext.aivision.allow_hosts = 127.0.0.1\n")
        running = QuickStack(Path(folder), port=5700)
        running.start()
        running.start_web()
        try:
            yield Site(running)
        finally:
            running.stop()


@pytest.fixture(scope="module")
def portal() -> Iterator[str]:
    """The address of a catalogue."""
    body = json.dumps({"dataset": [record(number) for number in range(RECORDS)]}).encode()

    def answer(request: BaseHTTPRequestHandler) -> None:
        reply(request, body, 200 if request.path.endswith("data.json") else 404, Content_Type="application/json")

    with serve_answers(answer) as address:
        yield address


class Harvests:
    """A source of this catalogue, which its worker harvests."""

    def __init__(self, site: Site, name: str, address: str) -> None:
        self._site, self._name = site, name
        source = {"name": name, "title": name, "url": f"{address}/{name}/data.json", "kind": "dcat-us", "country": "US"}
        assert site.call("aivision_source_create", **source).ok

    def queue(self) -> bool:
        """Asks for a harvest. Returns False while one is queued or running."""
        answer = self._site.call("aivision_harvest", source=self._name)
        assert answer.status_code in (200, 409), answer.text
        return answer.ok

    def stored(self, condition: str = "true") -> int:
        query = f"SELECT count(*) FROM aivision_record WHERE source = '{self._name}' AND {condition}"
        number: int = rows(self._site.services, query)[0][0]
        return number

    def states(self) -> list[str]:
        """Of the runs, the newest last."""
        query = f"SELECT state FROM aivision_run WHERE source = '{self._name}' ORDER BY started"
        return [state for (state,) in rows(self._site.services, query)]


@pytest.mark.parametrize("server", SERVERS)
def test_a_harvest_in_which_a_server_is_killed_is_finished_by_the_workers_and_so_is_the_next(
    site: Site, portal: str, server: str
) -> None:
    harvests = Harvests(site, f"killed-{server}", portal)
    assert harvests.queue()
    waiting.until(lambda: harvests.stored() > 0, 120)
    site.kill(server)
    if server == "valkey":
        # Away until the worker gives up, or the harvest is at its end and cannot note it in the queue.
        waiting.until(lambda: site.worker_ended() or harvests.states()[-1:] == ["finished"], 240)
    time.sleep(2)
    site.mend(server)

    def finished() -> bool:
        site.supervise()
        return harvests.states()[-1:] == ["finished"]

    waiting.until(finished, 300)
    assert harvests.stored() == harvests.stored("indexed AND state = 'active'") == RECORDS
    # A worker that could not note the end of its job takes it up again.
    runs: list[int] = []

    def queued() -> bool:
        runs.append(len(harvests.states()))
        return finished() and harvests.queue()

    waiting.until(queued, 300)
    waiting.until(lambda: len(harvests.states()) > runs[-1] and finished(), 300)
    assert harvests.stored() == harvests.stored("indexed AND state = 'active'") == RECORDS
    print(f"{server}: {harvests.states()}")


@pytest.mark.parametrize("server", SERVERS)
def test_what_a_steward_was_told_is_saved_is_there_after_a_server_was_killed_and_saving_goes_on(
    site: Site, server: str
) -> None:
    id, stop, told, statuses = site.dataset(), threading.Event(), [""], list[int]()

    def save() -> None:
        for number in range(10_000):
            if stop.is_set():
                return
            text = f"Gauges can be dry in summer ({number})."
            try:
                answer = site.call("package_patch", id=id, limitations=text)
            except requests.RequestException:
                continue
            statuses.append(answer.status_code)
            if answer.ok:
                told.append(text)

    thread = threading.Thread(target=save)
    thread.start()
    try:
        waiting.until(lambda: len(told) > 3)
        site.kill(server)
        time.sleep(3)
        site.mend(server)
        saved = len(told)
        waiting.until(lambda: len(told) > saved + 2, 120)
    finally:
        stop.set()
        thread.join(120)
    print(f"{server}: {len(told) - 1} saved, {sum(status != 200 for status in statuses)} refused meanwhile")
    assert site.call("package_show", id=id).json()["result"]["limitations"] == told[-1]
    (indexed,) = [one for one in documents(site.services, "id,extras_limitations") if one["id"] == id]
    assert told[-1] in str(indexed)
    assert rows(site.services, f"SELECT count(*) FROM aivision_evaluation WHERE package_id = '{id}'") == [(1,)]


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_that_is_killed_while_a_snapshot_is_written_takes_none_away(site: Site, server: str) -> None:
    site.dataset()
    site.services.ckan("aivision", "snapshot")
    folder = site.services.data / "storage" / "aivision" / "snapshots"
    first = newest(folder)
    site.dataset()
    for statement in (1, 4):
        pid = pid_of(site.services, server)
        command = [sys.executable, "-c", BUILD, site.services.ini, str(pid), str(statement)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        site.mend(server)
        assert done.returncode == 0, done.stderr
        # The figures come from the database alone.
        assert ("refused: Error: " in done.stdout) == (server == "postgres"), done.stdout
        assert (newest(folder) == first) == (server == "postgres")
        assert "left: 0" in done.stdout or "left: -" in done.stdout
    site.services.ckan("aivision", "snapshot")
    assert newest(folder) > first
    assert [path.name for path in folder.iterdir() if path.name.startswith(".building-")] == []


def newest(folder: Path) -> str:
    """The newest snapshot that is whole."""
    return max(path.parent.name for path in folder.glob("*/manifest.json"))


def test_a_full_storage_refuses_an_upload_and_loses_no_dataset(site: Site) -> None:
    id = site.dataset()
    storage = site.services.data / "storage" / "resources"
    with small_disk(storage, "1m") as disk:
        filler = fill(disk)
        refused = site.upload(id, b"station,level\n" * 20_000)
        assert refused.status_code == 409, refused.text[:500]
        assert "The disk of this site is full" in refused.text
        assert site.call("package_show", id=id).json()["result"]["resources"] == []
        filler.unlink()
        assert site.upload(id, b"station,level\n" * 20_000).ok
    assert site.call("package_patch", id=id, limitations="None known").ok


def harvested(services: Stack, source: Path, days: float) -> list[str]:
    command = [sys.executable, "-c", MOVED, services.ini, source, str(days)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_clock_that_is_set_forward_and_back_neither_loses_a_record_nor_stops_the_next_run(
    site: Site, tmp_path: Path
) -> None:
    source = tmp_path / "data.json"

    def write(edition: int, first: int = 0) -> None:
        records = [record(number, title=f"Levels at {number}, {edition}") for number in range(first, first + 20)]
        source.write_text(json.dumps({"dataset": records}))

    write(1)
    assert harvested(site.services, source, 0) == ["finished", "20", "0", "0", "0"]
    write(2)
    assert harvested(site.services, source, 400) == ["finished", "0", "20", "0", "0"]
    write(3, 1)
    # The clock is right again: the run before is of next year.
    assert harvested(site.services, source, 0) == ["finished", "1", "19", "0", "1"]
    write(4, 1)
    assert harvested(site.services, source, -400) == ["finished", "0", "20", "0", "0"]
    assert harvested(site.services, source, 0) == ["finished", "0", "0", "20", "0"]
    kept = "SELECT state, count(*) FROM aivision_record WHERE source LIKE 'data-json%' GROUP BY 1 ORDER BY 1"
    assert sum(number for _, number in rows(site.services, kept)) in (0, 21)
    titles = rows(site.services, "SELECT title FROM package WHERE title LIKE 'Levels at %, 4' AND state = 'active'")
    assert len(titles) == 20
