"""Run commands to the end and measure their time and memory."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ckanext.aivision.services.process import with_us

_LAST_LINES = 15
_KIB = 1024


class Ended(NamedTuple):
    """seconds: from the process's start to its exit.

    peak_bytes: the most memory it ever held (ru_maxrss); None if that cannot be told from our own.
    """

    seconds: float
    peak_bytes: int | None


def run(
    command: Sequence[str | Path],
    limit: float = 300,
    environment: Mapping[str, str] | None = None,
    good: Collection[int] = (0,),
) -> Ended:
    """Runs a command. limit: seconds after which it is killed. environment: added to ours. good: statuses of success.

    Raises RuntimeError with the end of what it said where it fails or takes longer.
    """
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            preexec_fn=with_us(),
        )
        killing = threading.Timer(limit, process.kill)
        killing.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        killing.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in good:
            said.seek(0)
            last = b"\n".join(said.read().splitlines()[-_LAST_LINES:]).decode(errors="replace")
            raise RuntimeError(f"{' '.join(map(str, command))}: ended with {process.returncode}\n{last}")
    return Ended(seconds, _peak(usage.ru_maxrss))


def _peak(kib: int) -> int | None:
    """A child starts with its parent's memory: the figure is the child's own only where it is above ours."""
    return kib * _KIB if kib > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss else None
