"""A server that ends by itself is started again three times, each time after a longer pause."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from tests import waiting

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.process import Child, Part
from ckanext.aivision.services.restarts import FORGET_AFTER, PAUSES, Restarts

_ENDING = [sys.executable, "-c", "print('FATAL: could not write: No space left on device'); raise SystemExit(3)"]


class Supervised:
    """A program that ends at once, what was said of it, and a clock that only moves when a test says so."""

    def __init__(self, folder: Path) -> None:
        self.said: list[str] = []
        self.pauses: list[float] = []
        self.moment = 0.0
        self.child = Child("demo", folder)
        self.part = Part("the demo", self.child, lambda: self.child.start(_ENDING))
        self.restarts = Restarts(self.said.append, self.pauses.append, lambda: self.moment)
        self.part.start()

    def end_and_restart(self) -> None:
        waiting.until(lambda: not self.child.running())
        self.restarts.start_again(self.part)


@pytest.fixture
def supervised(tmp_path: Path) -> Supervised:
    return Supervised(tmp_path)


@pytest.mark.long
def test_it_is_started_again_after_pauses_that_grow(supervised: Supervised) -> None:
    for _ in PAUSES:
        supervised.end_and_restart()
    assert supervised.pauses == sorted(supervised.pauses)
    assert supervised.pauses == list(PAUSES)
    assert "the demo ended unexpectedly (exit status 3; see" in supervised.said[0]
    assert "No space left on device); starting it again in 1 s (1 of 3)" in supervised.said[0]
    assert supervised.said[-1] == "the demo is running again"


@pytest.mark.long
def test_at_the_fourth_end_the_reason_the_exit_status_and_the_log_are_told(supervised: Supervised) -> None:
    for _ in PAUSES:
        supervised.end_and_restart()
    with pytest.raises(ServiceError, match=r"exit status 3; .*No space left.*after 3 restarts .*remove the cause"):
        supervised.end_and_restart()


@pytest.mark.long
def test_an_end_long_ago_does_not_count(supervised: Supervised) -> None:
    for _ in range(2 * len(PAUSES)):
        supervised.end_and_restart()
        supervised.moment += FORGET_AFTER
    assert set(supervised.pauses) == {PAUSES[0]}


def test_one_that_does_not_even_start_counts_as_ended(tmp_path: Path) -> None:
    said: list[str] = []
    child = Child("demo", tmp_path)
    part = Part("the demo", child, lambda: child.start(["/no/such/program"]))
    restarts = Restarts(said.append, lambda seconds: None, time.monotonic)
    for _ in PAUSES:
        restarts.start_again(part)
    assert said[-1] == "the demo did not start: demo: /no/such/program cannot be run: [Errno 2] No such file or " + (
        "directory: '/no/such/program'"
    )
    with pytest.raises(ServiceError, match="after 3 restarts"):
        restarts.start_again(part)


def test_a_kill_is_told_with_its_signal(tmp_path: Path) -> None:
    child = Child("demo", tmp_path)
    child.start([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    waiting.until(lambda: not child.running())
    assert child.describe_end().startswith("killed by SIGKILL, perhaps because memory ran out; see ")
