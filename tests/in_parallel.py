"""`python -m tests.in_parallel WAY OPTIONS`: pytest in three processes, which share the test files in one of two ways.

parts: each imports every third file, and runs it. For quick tests, where importing takes a good part of the time.
files: each takes the next file that no other has taken, and imports and runs it (tests/shared_files.py). For tests that
take from milliseconds to minutes, and share services of their process.

pytest-xdist imports all files in each process, and sends each result from one process to another, which for thousands
of quick tests takes as long as a third of them. Three processes keep two processors busy: many tests wait for a server,
or for a program that they have started.
"""

from __future__ import annotations

import contextlib
import functools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

PROCESSES = 3
_TESTS = Path(__file__).resolve().parent
_KINDS = ("failed", "error", "passed", "skipped", "deselected", "xfailed", "xpassed")
_NONE = 5  # the exit status of pytest that has found no test


@functools.cache
def files_of(part: int) -> frozenset[Path]:
    """The test files of a part, from 1 on. Neighbours are alike, and so are the parts."""
    return frozenset(sorted(_TESTS.rglob("test_*.py"))[part - 1 :: PROCESSES])


def keep_outcome(reporter: pytest.TerminalReporter, file: Path) -> None:
    """Writes how many tests of this process passed, failed and so on, and the lines about those that failed."""
    counts = {kind: len(reporter.stats.get(kind, [])) for kind in _KINDS}
    failed = [
        f"{kind.upper()} {report.nodeid}{_reason(report)}"
        for kind in ("error", "failed")
        for report in reporter.stats.get(kind, [])
    ]
    file.write_text(json.dumps({"counts": counts, "failed": failed}), "utf-8")


def _reason(report: object) -> str:
    crash = getattr(getattr(report, "longrepr", None), "reprcrash", None)
    return f" - {crash.message.splitlines()[0][:200]}" if crash is not None and crash.message else ""


def summary(outcomes: Sequence[Path], seconds: float) -> str:
    """What all processes together have to tell: the failed tests by name, and the counts."""
    told = [json.loads(file.read_text("utf-8")) for file in outcomes if file.exists()]
    counts = {kind: sum(one["counts"][kind] for one in told) for kind in _KINDS}
    lines = sorted(line for one in told for line in one["failed"])
    told_counts = ", ".join(f"{number} {kind}" for kind, number in counts.items() if number) or "no tests"
    of_processes = (
        f"{len(told)} of {len(outcomes)} processes" if len(told) != len(outcomes) else f"all {len(told)} processes"
    )
    return "\n".join(["", *lines, f"{told_counts} in {seconds:.0f} s, {of_processes}"])


def main(way: str, *options: str) -> int:
    """Runs all; shows what the first prints, what the others have printed, and a summary. Gives the exit status."""
    # Each process would load these plugins in vain.
    without = [f"-pno:{name}" for name in ("xdist", "anyio", "pytest_cov")]
    # What a quick test prints is captured as Python writes it: changing the files of the process takes longer.
    # How many tests it will run, a process does not know before its last file.
    style = ["--capture=sys"] if way == "parts" else ["--override-ini=console_output_style=classic"]
    command = [sys.executable, "-m", "pytest", *without, *style, *options]
    begun = time.monotonic()
    with contextlib.ExitStack() as files:
        taken = files.enter_context(tempfile.TemporaryDirectory(prefix="aivision-taken-"))
        outcomes = [Path(taken) / f"outcome-{number}.json" for number in range(1, PROCESSES + 1)]
        shares = [
            [f"--outcome={outcome}", f"--part={number}" if way == "parts" else f"--taken={taken}"]
            for number, outcome in enumerate(outcomes, 1)
        ]
        first, *others = shares
        if way == "files" and not options:
            # Of all tests the first need services, and Solr may have to be downloaded.
            files.enter_context(_begun([sys.executable, "-m", "tests.first_start", taken]))
        outputs = [files.enter_context(tempfile.TemporaryFile("w+")) for _ in others]
        started = [
            subprocess.Popen([*command, *share], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
            for share, output in zip(others, outputs, strict=True)
        ]
        try:
            statuses = {subprocess.run([*command, *first], stdin=subprocess.DEVNULL, check=False).returncode}
        finally:
            of_others = {process.wait() for process in started}
            for output in outputs:
                output.seek(0)
                print(output.read(), end="")
            print(summary(outcomes, time.monotonic() - begun), flush=True)
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
