"""`aivision score --jobs N`: several processes give what one gives, and none stays behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.cli.conftest import COMMAND, ENVIRONMENT, Write, aivision

from ckanext.aivision.cli.score.evaluated_records import evaluated
from ckanext.aivision.errors import SourceError
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.rubric import load

pytestmark = pytest.mark.long


# More than are evaluated before other processes start.
MANY = 1300


@pytest.fixture
def many(agency: list[Any]) -> list[Any]:
    return [{**agency[number % len(agency)], "identifier": f"copy-{number}"} for number in range(MANY)]


@pytest.mark.parametrize(
    "form", ["ndjson", *(pytest.param(form, marks=pytest.mark.nightly) for form in ("sarif", "json", "table"))]
)
def test_any_number_of_processes_gives_the_same_bytes(write: Write, many: list[Any], form: str) -> None:
    many[40], many[1200] = {"title": "nothing to know it by"}, "no record"
    path = write(many)
    words = ("score", path, "--format", form, "--on", ON)
    one, three = aivision(*words, "--jobs", 1), aivision(*words, "--jobs", 3)
    assert one.status == three.status == 1  # two records are refused
    assert one.out == three.out
    assert form != "ndjson" or len(one.out.splitlines()) == MANY


def test_what_came_before_a_source_breaks_off_is_told_by_any_number_of_processes(write: Write, many: list[Any]) -> None:
    path = write(many)
    path.write_text(path.read_text()[:-1000])
    one, three = (aivision("score", path, "--format", "ndjson", "--on", ON, "--jobs", jobs) for jobs in (1, 3))
    assert one == three
    assert one.status == 2
    assert len(one.out.splitlines()) == MANY - 1


def test_no_process_is_left_when_the_reader_has_had_enough() -> None:
    records = (Harvested(where="$", raw=None, dataset=record(identifier=str(number))) for number in range(3 * MANY))
    others = set(psutil.Process().children())
    found = evaluated(records, load(), ON, 2)
    for _ in range(2 * MANY):
        next(found)
    workers = set(psutil.Process().children()) - others
    assert len(workers) == 2
    found.close()
    assert [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE] == []


def test_a_fault_of_the_source_comes_after_the_records_before_it() -> None:
    def source() -> Iterator[Harvested]:
        for number in range(MANY):
            yield Harvested(where="$", raw=None, dataset=record(identifier=str(number)))
        raise SourceError("it breaks off")

    found = evaluated(source(), load(), ON, 2)
    assert [evaluation.identifier for _, evaluation in (next(found) for _ in range(MANY)) if evaluation] == [
        str(number) for number in range(MANY)
    ]
    with pytest.raises(SourceError, match="it breaks off"):
        next(found)


@pytest.fixture
def large(tmp_path: Path, many: list[Any]) -> Path:
    """A catalogue that takes long enough to be disturbed in the middle."""
    path = tmp_path / "large.json"
    path.write_text(
        json.dumps(
            {"dataset": [{**row, "identifier": f"{copy}-{n}"} for copy in range(20) for n, row in enumerate(many)]}
        )
    )
    return path


@contextlib.contextmanager
def at_work(path: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[psutil.Process]]]:
    """The command with two processes that have begun to evaluate."""
    words = [str(COMMAND), "score", str(path), "--format", "ndjson", "--jobs", "2"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT, start_new_session=True
    ) as process:
        assert process.stdout is not None
        for _ in range(MANY):
            process.stdout.readline()
        workers = psutil.Process(process.pid).children()
        assert len(workers) == 2
        yield process, workers


def test_an_interruption_leaves_no_process_behind(large: Path) -> None:
    with at_work(large) as (process, workers):
        # As a terminal does it: the signal reaches all of them.
        for pid in (*(worker.pid for worker in workers), process.pid):
            os.kill(pid, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in told.decode()
    assert "Traceback" not in told.decode()
    assert [worker for worker in workers if worker.is_running()] == []


def test_a_killed_command_leaves_no_process_behind(large: Path) -> None:
    with at_work(large) as (process, workers):
        process.kill()
        process.communicate(timeout=60)
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert [worker for worker in alive if worker.status() != psutil.STATUS_ZOMBIE] == []


def test_a_process_that_is_killed_is_told_in_one_line(large: Path) -> None:
    with at_work(large) as (process, workers):
        workers[0].kill()
        _, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert told.decode() == "Error: a process was ended from outside, for want of memory perhaps; run again\n"
    assert [worker for worker in workers if worker.is_running()] == []
