"""The processes of a run share its test files: each file is run, and by one process alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.in_parallel import PROCESSES, files_of, summary

TESTS = Path(__file__).parent
FILES = ("tests/normalise/test_access_rights.py", "tests/normalise/test_themes.py")


def run(*words: str) -> tuple[int, int]:
    """The exit status, and how many tests passed."""
    command = [sys.executable, "-m", *words, "-q", *FILES]
    done = subprocess.run(command, cwd=TESTS.parent, capture_output=True, text=True, timeout=240, check=False)
    # Where several processes run, the summary of all comes last.
    return done.returncode, int((["0", *re.findall(r"(\d+) passed", done.stdout)])[-1])


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


def test_the_summary_names_what_failed_in_any_process_and_says_if_one_came_to_no_end(tmp_path: Path) -> None:
    outcomes = [tmp_path / name for name in ("first", "second", "killed")]
    failed = ["FAILED tests/test_b.py::test_it - AssertionError: 1"], ["ERROR tests/test_a.py::test_it - OSError: no"]
    for outcome, lines in zip(outcomes, failed, strict=False):
        none = dict.fromkeys(("error", "skipped", "deselected", "xfailed", "xpassed"), 0)
        counts = {"failed": 1, "passed": 10, **none}
        outcome.write_text(json.dumps({"counts": counts, "failed": lines}))
    assert summary(outcomes, 61).splitlines()[1:] == [
        "ERROR tests/test_a.py::test_it - OSError: no",
        "FAILED tests/test_b.py::test_it - AssertionError: 1",
        "2 failed, 20 passed in 61 s, 2 of 3 processes",
    ]
