"""`aivision up`: starts, answers, stops, and leaves nothing behind."""

from __future__ import annotations

import configparser
import contextlib
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
import redis
import requests
import rq
from tests import waiting

from ckanext.aivision.queues import SHORT

pytestmark = pytest.mark.services
_READY = re.compile(r"Open (http://127\.0\.0\.1:\d+)")
_LONGEST_START = 240
_LONGEST_STOP = 120
_SECRET = ("admin-password", "secrets.json", "ckan.ini")
_PRIVATE = ("postgres", "valkey", "solr", "storage", "run")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


_PORT = _free_port()
_started: list[subprocess.Popen[bytes]] = []


class Up:
    """One `aivision up` as a user runs it."""

    def __init__(self, data: Path, *words: str) -> None:
        self.data = data
        options = ["--data", str(data), "--port", str(_PORT), *words]
        command = [sys.executable, "-m", "ckanext.aivision.cli.main", "up", *options]
        self._output = tempfile.TemporaryFile("w+b")  # noqa: SIM115
        self.process = subprocess.Popen(
            command, stdout=self._output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        _started.append(self.process)

    def said(self) -> str:
        """What it has printed, its lines joined."""
        size = os.fstat(self._output.fileno()).st_size
        return " ".join(os.pread(self._output.fileno(), size, 0).decode().split())

    def wait_until_ready(self) -> str:
        """The site's address."""
        _wait(lambda: _READY.search(self.said()) is not None or self.process.poll() is not None, _LONGEST_START)
        ready = _READY.search(self.said())
        assert ready is not None, self.said()
        return ready[1]

    def family(self) -> list[psutil.Process]:
        """Every process it has started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(_LONGEST_STOP)

    @contextlib.contextmanager
    def queue(self, name: str = "default") -> Iterator[rq.Queue]:
        """A queue that one of its job workers takes jobs from."""
        ini = configparser.RawConfigParser()
        ini.read(self.data / "ckan.ini")
        settings = ini["app:main"]
        with redis.Redis.from_url(settings["ckan.redis.url"]) as connection:
            yield rq.Queue(f"ckan:{settings['ckan.site_id']}:{name}", connection=connection)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A directory that PostgreSQL's system user may enter, as root's runs need."""
    with tempfile.TemporaryDirectory(prefix="aivision-up-", ignore_cleanup_errors=True) as name:
        yield Path(name)
        for process in _started:
            process.terminate()
            process.wait(_LONGEST_STOP)


@pytest.fixture(scope="module")
def odd(folder: Path) -> Path:
    """A data directory with a name that a shell, an address or a template would take apart."""
    return folder / "steward's $data é"


@pytest.fixture(scope="module")
def deep(folder: Path, first_start: Callable[[Path], None]) -> Path:
    """A data directory with a path too long for a socket."""
    data = folder / "/".join(["department-of-administrative-affairs"] * 4)
    first_start(data)
    return data


class First(NamedTuple):
    """What was seen of the first start in a directory, and of its stop."""

    said: str
    status: int | None
    answered: bool
    modes: dict[str, int]
    family: list[psutil.Process]
    temporary: set[Path]


@pytest.fixture(scope="module")
def first(odd: Path) -> First:
    """The first start in a directory, and its stop by SIGTERM."""
    before = _temporary()
    up = Up(odd)
    answered = _answers(up.wait_until_ready())
    modes = {name: _mode(odd / name) for name in (*_SECRET, *_PRIVATE)}
    family = up.family()
    up.end(signal.SIGTERM)
    return First(up.said(), up.process.returncode, answered, modes, family, _temporary() - before)


@pytest.fixture(scope="module")
def started() -> list[Up]:
    """What `again` has started."""
    return []


@pytest.fixture
def again(first: First, odd: Path, started: list[Up]) -> Up:
    """A later start in the first directory, ready: one for all tests, and another after one that ends it."""
    if not started or started[-1].process.poll() is not None:
        started.append(Up(odd))
    started[-1].wait_until_ready()
    return started[-1]


@pytest.fixture
def other(deep: Path) -> Iterator[Up]:
    """One in a directory of its own, ready."""
    up = Up(deep)
    up.wait_until_ready()
    yield up
    up.end(signal.SIGTERM)


def _wait(happened: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def _sleeping(queue: rq.Queue) -> list[str]:
    """The ids of the long jobs of these tests that a worker has begun with."""
    ids = queue.started_job_registry.get_job_ids(cleanup=False)
    return [id for id in ids if (job := queue.fetch_job(id)) is not None and job.func_name == "time.sleep"]


def _services(up: Up) -> list[psutil.Process]:
    """The processes that run as long as the whole does: not those of a job, a query or a command."""
    found = psutil.Process(up.process.pid).children()
    return [one for one in found if not any("ckan.cli" in word for word in one.cmdline())]


# What is killed, by the name that is told.
_SERVERS = ("Valkey", "PostgreSQL", "Solr", "process 1 of the site", "the job worker", "the job worker for short jobs")


def _servers(up: Up) -> list[psutil.Process]:
    """The processes of all names in _SERVERS; the servers that others need come last."""
    found = _services(up)
    return [one for one in found if one.name().startswith("python")] + [
        one for one in found if one.name() in ("java", "postgres", "valkey-server")
    ]


def _alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def _answers(address: str) -> bool:
    return requests.get(f"{address}/api/3/action/status_show", timeout=20).ok


def _temporary() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob(f"aivision-{os.getuid()}-*"))


def _forget(queue: rq.Queue) -> None:
    """Takes the long jobs of these tests away, so that no other test waits behind them."""
    for id in _sleeping(queue):
        if (job := queue.fetch_job(id)) is not None:
            job.delete()


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_starts_keeps_its_secrets_and_stops_at_sigterm_without_a_trace(first: First, odd: Path) -> None:
    assert first.answered
    assert first.modes == {**dict.fromkeys(_SECRET, 0o600), **dict.fromkeys(_PRIVATE, 0o700)}
    assert first.said.count((odd / "admin-password").read_text().strip()) == 1
    assert len(first.family) > 5
    assert first.status == 0
    assert _alive(first.family) == []
    assert "Traceback" not in first.said
    assert first.temporary == set()


def test_a_second_start_is_ready_at_the_same_address(again: Up) -> None:
    assert again.wait_until_ready() == f"http://127.0.0.1:{_PORT}"
    assert (again.data / "admin-password").read_text().strip() not in again.said()


def test_the_shipped_entries_of_the_registers_are_loaded(again: Up) -> None:
    address = f"{again.wait_until_ready()}/api/3/action/package_search?rows=0&fq=dataset_type:guidance"
    waiting.until(lambda: requests.get(address, timeout=30).json()["result"]["count"] >= 12, 120)


@pytest.mark.nightly
def test_two_directories_at_once_do_not_collide(again: Up, other: Up) -> None:
    addresses = {again.wait_until_ready(), other.wait_until_ready()}
    assert len(addresses) == 2
    assert all(_answers(address) for address in addresses)


def test_one_directory_is_not_taken_twice(again: Up) -> None:
    family = _services(again)
    assert len(family) >= 4  # the site, its workers, the search engine and the queue
    twice = Up(again.data)
    assert twice.process.wait(_LONGEST_START) == 2
    assert "another `aivision up` is running there" in twice.said()
    assert _alive(family) == family
    assert _answers(again.wait_until_ready())


@pytest.mark.nightly
def test_a_service_that_ends_four_times_ends_the_whole_with_its_name_and_reason(other: Up) -> None:
    family = other.family()
    for number in range(4):
        _wait(lambda: other.said().count("Solr is running again") == number, _LONGEST_STOP)  # noqa: B023
        next(process for process in other.family() if process.name() == "java").kill()
    assert other.process.wait(_LONGEST_STOP) == 2
    assert "Error: Solr ended unexpectedly (killed by SIGKILL" in other.said()
    assert "after 3 restarts within 10 minutes" in other.said()
    assert _alive(family) == []


def test_a_short_job_does_not_wait_behind_a_long_one(again: Up) -> None:
    again.wait_until_ready()
    with again.queue() as queue, again.queue(SHORT) as short_queue:
        long = queue.enqueue("time.sleep", 600)
        _wait(lambda: long.get_status() == "started", 120)
        short = short_queue.enqueue("time.sleep", 0)
        _wait(lambda: short.get_status() == "finished", 120)
        assert long.get_status() == "started"


@pytest.mark.nightly
def test_every_server_that_dies_is_started_again_and_the_site_goes_on(deep: Path) -> None:
    up = Up(deep)
    address = up.wait_until_ready()
    with up.queue() as queue:
        long = queue.enqueue("time.sleep", 600)
        _wait(lambda: long.get_status() == "started", 120)
    for process in _servers(up):
        process.kill()
    for name in _SERVERS:
        _wait(lambda: f"{name} is running again" in up.said(), _LONGEST_START)  # noqa: B023
    assert requests.get(f"{address}/api/3/action/package_search?rows=0", timeout=60).json()["success"]
    with up.queue() as queue:
        _wait(lambda: _sleeping(queue) == [long.id], 120)
        _forget(queue)
    assert "Traceback" not in up.said()
    up.end(signal.SIGTERM)
    assert up.process.returncode == 0


def test_settings_of_ones_own_that_cannot_be_read_end_the_start_with_file_and_line(deep: Path) -> None:
    extra = deep / "ckan-extra.ini"
    extra.write_text("ckan.site_logo = /a.png\nckan.site_title My title\n")
    try:
        up = Up(deep, "--once")
        assert up.process.wait(_LONGEST_START) == 2
        assert "ckan-extra.ini, line 2: this is not" in up.said()
        assert "Traceback" not in up.said()
    finally:
        extra.unlink()


def test_a_kill_loses_no_job_and_leaves_nothing_that_the_next_start_does_not_mend(again: Up, started: list[Up]) -> None:
    with again.queue() as queue, again.queue(SHORT) as short_queue:
        # A snapshot may come first in the one, and the job of the test before in the other.
        for each in (queue, short_queue):
            each.enqueue("time.sleep", 600)
        _wait(lambda: all(_sleeping(each) for each in (queue, short_queue)), 120)
        before = [_sleeping(queue), _sleeping(short_queue)]
    family = again.family()
    again.end(signal.SIGKILL)
    if sys.platform == "linux":
        _wait(lambda: _alive(family) == [], 120)
    third = Up(again.data)
    started.append(third)
    assert _answers(third.wait_until_ready())
    with third.queue() as queue, third.queue(SHORT) as short_queue:
        _wait(lambda: [_sleeping(queue), _sleeping(short_queue)] == before, 120)
        for each in (queue, short_queue):
            _forget(each)


@pytest.fixture(scope="module")
def demonstration(deep: Path) -> str:
    """What the demonstration says in a directory that has a setting of its own."""
    (deep / "ckan-extra.ini").write_text("ckan.site_title = My title\n")
    up = Up(deep, "--demo", "--once")
    assert up.process.wait(300) == 0, up.said()
    return up.said()


def test_settings_of_ones_own_are_the_sites(demonstration: str, deep: Path) -> None:
    assert "ckan.site_title = My title\n" in (deep / "ckan.ini").read_text()


def test_the_demonstration_without_a_network_harvests_the_samples_and_says_so(demonstration: str) -> None:
    if "hand-written sample" not in demonstration:
        pytest.skip("the live sources answered from here, so the samples were not needed")
    assert "sample-us" in demonstration
    assert "sample-uk" in demonstration


def test_a_path_that_ckan_cannot_take_is_refused_before_anything_is_made(folder: Path) -> None:
    up = Up(folder / "100%")
    assert up.process.wait(_LONGEST_START) == 2
    assert "percent sign; choose another --data" in up.said()
    assert not (folder / "100%").exists()


def test_a_directory_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    up = Up(blocked / "data")
    assert up.process.wait(_LONGEST_START) == 2
    assert up.said().count("Error: ") == 1
    assert "choose another --data" in up.said()
