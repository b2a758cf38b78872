"""The processes of a run share its test files: each file is run, and by one process alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.in_parallel import PROCESSES, files_of

TESTS = Path(__file__).parent
FILES = ("tests/normalise/test_access_rights.py", "tests/normalise/test_themes.py")


def run(*words: str) -> tuple[int, int]:
    """The exit status, and how many tests passed."""
    command = [sys.executable, "-m", *words, "-q", *FILES]
    done = subprocess.run(command, cwd=TESTS.parent, capture_output=True, text=True, timeout=240, check=False)
    return done.returncode, sum(map(int, re.findall(r"(\d+) passed", done.stdout)))


def test_the_parts_are_the_whole_and_have_no_file_in_common() -> None:
    parts = [files_of(number) for number in range(1, PROCESSES + 1)]
    assert sorted(file for part in parts for file in part) == sorted(TESTS.rglob("test_*.py"))


@pytest.mark.long
def test_a_file_that_one_process_has_taken_is_run_by_no_other() -> None:
    status, passed = run("pytest")
    assert passed > 1
    assert run("tests.in_parallel", "files") == (status, passed)


@pytest.mark.long
def test_a_failure_of_any_process_is_one_of_the_run() -> None:
    status, passed = run("tests.in_parallel", "files", "--no-such-option")
    assert (status, passed) == (4, 0)
