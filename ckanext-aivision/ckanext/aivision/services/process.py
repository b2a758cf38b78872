"""Child processes that do not outlive us, and ports and waits with limits."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from ckanext.aivision.errors import ServiceError

_PR_SET_PDEATHSIG = 1


class Child:
    """A service's process: its output goes to a log file, its identity to a record for the next start."""

    def __init__(self, name: str, run_dir: Path) -> None:
        """run_dir: where NAME.log and NAME.pid are kept."""
        self.name = name
        self.log = run_dir / f"{name}.log"
        self._record = run_dir / f"{name}.pid"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
        """Starts the command in a session of its own, so that a terminal's Ctrl-C reaches only us.

        Raises ServiceError where the program cannot be run at all.
        """
        self.clean_up()
        with open(self.log, "ab") as log:
            try:
                self._process = subprocess.Popen(
                    [str(word) for word in command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **(environment or {})},
                    start_new_session=True,
                    preexec_fn=_end_with_parent if sys.platform == "linux" else None,
                )
            except OSError as error:
                raise ServiceError(f"{self.name}: {command[0]} cannot be run: {error.strerror}") from error
        started = psutil.Process(self._process.pid).create_time()
        self._record.write_text(f"{self._process.pid} {started!r}\n")

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Waits for the service to answer. Raises ServiceError, with the log's end, where it ends or is too slow."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.running():
                raise ServiceError(f"{self.name} ended while starting; {self._tail()}")
            if ready():
                return
            time.sleep(0.05)
        raise ServiceError(f"{self.name} did not answer within {seconds:.0f} s; {self._tail()}")

    def stop(self, seconds: float = 15) -> None:
        """Asks the process and its children to end, and ends them by force after `seconds`."""
        if self._process is not None:
            stop_tree(self._process.pid, seconds)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            self._process = None
        self._record.unlink(missing_ok=True)

    def clean_up(self) -> None:
        """Ends what a crash of an earlier start left running, when it is provably that process."""
        with contextlib.suppress(OSError, ValueError):
            pid, started = self._record.read_text().split()
            with contextlib.suppress(psutil.NoSuchProcess):
                # Process ids are used again: only the same id with the same start time is ours.
                if psutil.Process(int(pid)).create_time() == float(started):
                    stop_tree(int(pid), 10)
        self._record.unlink(missing_ok=True)

    def _tail(self) -> str:
        with contextlib.suppress(OSError):
            lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
            if lines:
                return f"see {self.log}; its last line: {lines[-1][:300]}"
        return f"see {self.log}"


def stop_tree(pid: int, seconds: float) -> None:
    """Ends a process and its descendants: SIGTERM, then SIGKILL after `seconds`."""
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    with contextlib.suppress(psutil.NoSuchProcess):
        parent.terminate()
    _, alive = psutil.wait_procs(family, timeout=seconds)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)


def free_port(first: int | None = None) -> int:
    """A free loopback port: `first` or the next one above it, or any.

    Raises ServiceError where 100 ports from `first` on are taken.
    """
    candidates = range(first, first + 100) if first is not None else (0,)
    for candidate in candidates:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            port: int = probe.getsockname()[1]
            return port
    raise ServiceError(f"no free port from {first} on; choose another with --port")


def listening(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end_with_parent() -> None:
    """Linux: has the kernel end this child when we die, even by SIGKILL (prctl(2), PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
