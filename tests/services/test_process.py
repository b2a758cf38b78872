"""Child processes: what becomes of them and of their own children."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.process import Child, with_us

# A parent that starts a child and ends: the child is left without a parent, in the session of the first.
_ORPHAN = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid)"
_SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
_STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
)


def _wait(happened: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _id(child: Child) -> int:
    assert child.pid is not None
    return child.pid


def test_a_program_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="demo: /no/such/program cannot be run"):
        Child("demo", tmp_path).start(["/no/such/program"])


def test_a_child_that_ends_while_starting_is_an_error_with_the_telling_line_of_its_log(tmp_path: Path) -> None:
    child = Child("demo", tmp_path)
    child.start([sys.executable, "-c", "print('FATAL: the disk is full'); print('bye')"])
    with pytest.raises(ServiceError, match=r"demo ended while starting; see .*demo.log, which says: FATAL: the disk"):
        child.wait_until(lambda: False, 10)
    child.stop()


def test_a_child_that_does_not_answer_is_an_error_after_the_limit(tmp_path: Path) -> None:
    child = Child("demo", tmp_path)
    child.start(_SLEEPER)
    with pytest.raises(ServiceError, match="demo did not answer within 0 s"):
        child.wait_until(lambda: False, 0.2)
    child.stop()


def test_a_child_that_does_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    child = Child("demo", tmp_path)
    child.start([sys.executable, "-c", _STUBBORN])
    pid = _id(child)
    child.wait_until(lambda: "deaf" in child.log.read_text(), 10)
    child.stop(0.2)
    assert _gone(pid)


@pytest.mark.long
def test_a_grandchild_whose_parent_has_ended_is_stopped_too(tmp_path: Path) -> None:
    child = Child("demo", tmp_path)
    child.start([sys.executable, "-c", _ORPHAN])
    _wait(lambda: not child.running())
    orphan = int(child.log.read_text())
    assert not _gone(orphan)
    child.stop(1)
    assert _gone(orphan)


def test_what_a_crash_left_running_is_ended_at_the_next_start(tmp_path: Path) -> None:
    crashed, following = Child("demo", tmp_path), Child("demo", tmp_path)
    crashed.start(_SLEEPER)
    pid = _id(crashed)
    following.start(_SLEEPER)
    assert _gone(pid)
    following.stop()
    assert list(tmp_path.glob("*.pid")) == []


def test_a_process_that_was_given_the_recorded_id_later_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(_SLEEPER) as stranger:
        started = psutil.Process(stranger.pid).create_time()
        (tmp_path / "demo.pid").write_text(f"{stranger.pid} {started - 60}\n")
        Child("demo", tmp_path).clean_up()
        assert stranger.poll() is None
        stranger.kill()
    assert not (tmp_path / "demo.pid").exists()


@pytest.mark.long
@pytest.mark.parametrize("record", ["", "no number\n", "1 2 3\n", "999999999 1.0\n"])
def test_a_record_that_a_crash_cut_short_does_not_hinder_a_start(tmp_path: Path, record: str) -> None:
    (tmp_path / "demo.pid").write_text(record)
    child = Child("demo", tmp_path)
    child.start(_SLEEPER)
    assert child.running()
    child.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from ckanext.aivision.services.process import Child;"
        f"child = Child('demo', Path({str(tmp_path)!r})); child.start({_SLEEPER!r}); print(child.pid, flush=True);"
        "time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not _gone(pid)
        parent.kill()
    _wait(lambda: _gone(pid))


def test_a_child_of_another_parent_does_not_start(tmp_path: Path) -> None:
    bind = with_us(signal.SIGTERM)
    pid = os.fork()
    if pid == 0:
        # One generation further: whoever runs this is not the child that the binding was made for.
        if (inner := os.fork()) == 0:
            bind()
            os._exit(42)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
