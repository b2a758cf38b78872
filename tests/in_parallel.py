"""`python -m tests.in_parallel WAY OPTIONS`: pytest in three processes, which share the test files in one of two ways.

parts: each imports every third file, and runs it. For quick tests, where importing takes a good part of the time.
files: each imports all files, and runs the next one that no other has taken. For tests that take from milliseconds to
minutes, and share services of their process.

pytest-xdist does the same as `files`, but sends each result from one process to another, which for thousands of quick
tests takes as long as a third of them. Three processes keep two processors busy: many tests wait for a server, or for a
program that they have started.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

PROCESSES = 3
_TESTS = Path(__file__).resolve().parent
_NONE = 5  # the exit status of pytest that has found no test


@functools.cache
def files_of(part: int) -> frozenset[Path]:
    """The test files of a part, from 1 on. Neighbours are alike, and so are the parts."""
    return frozenset(sorted(_TESTS.rglob("test_*.py"))[part - 1 :: PROCESSES])


def run_untaken(session: pytest.Session, taken: Path) -> None:
    """Runs the files that no other process has taken, as pytest's own loop runs all.

    taken: a folder that the processes of a run have in common, which gets an entry for each file.
    """
    items = _untaken(session.items, taken)
    item = next(items, None)
    while item is not None:
        # After the last test of a file the next file is taken: what both need is kept.
        following = next(items, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following


def _untaken(items: Iterable[pytest.Item], taken: Path) -> Iterator[pytest.Item]:
    for path, tests in itertools.groupby(items, lambda item: item.path):
        with contextlib.suppress(FileExistsError):
            (taken / "-".join(path.relative_to(_TESTS).parts)).touch(exist_ok=False)
            yield from tests


def main(way: str, *options: str) -> int:
    """Runs all; shows what the first prints, and then what the others have printed. Gives the exit status."""
    # Each process would load these plugins in vain.
    without = [f"-pno:{name}" for name in ("xdist", "anyio", "pytest_cov")]
    # What a quick test prints is captured as Python writes it: changing the files of the process takes longer.
    capture = ["--capture=sys"] if way == "parts" else []
    command = [sys.executable, "-m", "pytest", *without, *capture, *options]
    with contextlib.ExitStack() as files:
        taken = files.enter_context(tempfile.TemporaryDirectory(prefix="aivision-taken-"))
        shares = {
            "parts": [f"--part={number}" for number in range(1, PROCESSES + 1)],
            "files": [f"--taken={taken}"] * PROCESSES,
        }
        first, *others = shares[way]
        if way == "files" and not options:
            # Of all tests the first need services, and Solr may have to be downloaded.
            files.enter_context(_begun([sys.executable, "-m", "tests.first_start", taken]))
        outputs = [files.enter_context(tempfile.TemporaryFile("w+")) for _ in others]
        started = [
            subprocess.Popen([*command, share], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
            for share, output in zip(others, outputs, strict=True)
        ]
        try:
            statuses = {subprocess.run([*command, first], stdin=subprocess.DEVNULL, check=False).returncode}
        finally:
            of_others = {process.wait() for process in started}
            for output in outputs:
                output.seek(0)
                print(output.read(), end="")
    # A process that was killed has a negative one.
    failed = (statuses | of_others) - {0, _NONE}
    return failed.pop() if failed else min(statuses | of_others)


@contextlib.contextmanager
def _begun(command: list[str]) -> Iterator[None]:
    """Starts a program whose end nobody waits for. What goes wrong in it, the tests that need it find again."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
