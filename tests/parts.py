"""`python -m tests.halves OPTIONS`: pytest in two processes, each with every other test file.

pytest-xdist imports every file in every process and sends each result from one to another, which for ten thousand quick
tests takes as long as a third of them. Tests that share services run with pytest-xdist.
"""

from __future__ import annotations

import functools
import subprocess
import sys
import tempfile
from pathlib import Path

_TESTS = Path(__file__).resolve().parent
_NONE = 5  # the exit status of pytest that has found no test


@functools.cache
def files_of(half: int) -> frozenset[Path]:
    """The test files of the first or second half. Neighbours are alike, and so are the halves."""
    return frozenset(sorted(_TESTS.rglob("test_*.py"))[half - 1 :: 2])


def main(options: list[str]) -> int:
    """Runs both; shows what the first prints, and then what the second has printed. Gives the exit status."""
    # What a test prints is captured as Python writes it: changing the files of the process for each test takes longer.
    command = [sys.executable, "-m", "pytest", "--capture=sys", *options]
    with tempfile.TemporaryFile("w+") as second_output:
        no_input = subprocess.DEVNULL
        second = subprocess.Popen(
            [*command, "--half=2"], stdin=no_input, stdout=second_output, stderr=subprocess.STDOUT
        )
        first = subprocess.run([*command, "--half=1"], stdin=no_input, check=False)
        statuses = {first.returncode, second.wait()}
        second_output.seek(0)
        print(second_output.read(), end="")
    return max(statuses - {_NONE}, default=_NONE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
