"""Child processes that end with us, and waiting with time limits."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import pwd
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict

import psutil

from ckanext.aivision.errors import ServiceError

# Seconds for a server to answer after its start. One that ends is noticed at once; one that goes on may have a slow
# machine, or a log to recover from.
LONGEST_START = 300
_PR_SET_PDEATHSIG = 1
# Loaded here: between fork and exec nothing may be loaded, as another thread may have held the loader's lock.
_LIBC = ctypes.CDLL(None)
# Start times are reckoned from the boot time, which moves by up to this many seconds when the clock is set right.
_CLOCK_STEP = 2.0
_TELLING = re.compile(r"FATAL|Caused by|Error|Exception")


class Child:
    """A service's process: its output goes to a log file, its identity to a record for the next start."""

    def __init__(self, name: str, run_dir: Path, ending: signal.Signals = signal.SIGTERM) -> None:
        """run_dir: where NAME.log and NAME.pid are kept. ending: the signal that asks it to end in good order."""
        self.name = name
        self.log = run_dir / f"{name}.log"
        self._record = run_dir / f"{name}.pid"
        self._ending = ending
        self._process: subprocess.Popen[bytes] | None = None
        self._ended_with: int | None = None

    @property
    def pid(self) -> int | None:
        """The process's id, or None if it was not started here or has been stopped."""
        return None if self._process is None else self._process.pid

    def start(self, command: Sequence[str | Path], descriptors: Sequence[int] = (), user: str | None = None) -> None:
        """Starts the command in a session of its own, so that a terminal's Ctrl-C reaches only us.

        descriptors: open files that it inherits. user: whom it runs as, where we are root.
        Raises ServiceError if the program cannot be run at all.
        """
        self.clean_up()
        with contextlib.suppress(FileNotFoundError):
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(self.log, "ab") as log:
            try:
                self._process = subprocess.Popen(
                    [str(word) for word in command],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=tuple(descriptors),
                    **identity(user),
                    start_new_session=True,
                    preexec_fn=with_us(self._ending),
                )
            except (OSError, subprocess.SubprocessError) as error:
                raise ServiceError(f"{self.name}: {command[0]} cannot be run: {error}") from error
        started = psutil.Process(self._process.pid).create_time()
        self._record.write_text(f"{self._process.pid} {started!r}\n")

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def describe_end(self) -> str:
        """How the process ended, and what its log says about it."""
        status = self._ended_with if self._process is None else self._process.poll()
        return f"{_describe_status(status)}; {self._last_words()}"

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Waits for the service to answer. Raises ServiceError, with the log's end, where it ends or is too slow."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.running():
                raise ServiceError(f"{self.name} ended while starting; {self._last_words()}")
            if ready():
                return
            time.sleep(0.05)
        raise ServiceError(f"{self.name} did not answer within {seconds:.0f} s; {self._last_words()}")

    def stop(self, seconds: float = 15) -> None:
        """Asks the process to end, and ends it and all it started by force after `seconds`."""
        if self._process is None:
            # Never started here: its record, if there is one, is another's.
            return
        stop_tree(self._process.pid, seconds, self._ending)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._ended_with = self._process.returncode
        self._process = None
        self._record.unlink(missing_ok=True)

    def clean_up(self) -> None:
        """Ends what a crash of an earlier start left running, when it is provably that process."""
        with contextlib.suppress(OSError, ValueError, psutil.Error):
            pid, started = self._record.read_text().split()
            # Process ids are used again: only the same id with the same start time is ours.
            if abs(psutil.Process(int(pid)).create_time() - float(started)) < _CLOCK_STEP:
                stop_tree(int(pid), 10, self._ending)
        self._record.unlink(missing_ok=True)

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
            if lines:
                telling = [line for line in lines if _TELLING.search(line)]
                return f"see {self.log}, which says: {(telling or lines)[-1][:300]}"
        return f"see {self.log}"


class Part(NamedTuple):
    """A server of the whole. name: for messages. start: starts it, and waits until it answers."""

    name: str
    child: Child
    start: Callable[[], object]


def _describe_status(status: int | None) -> str:
    if status is None:
        return "it did not start"
    if status >= 0:
        return f"exit status {status}"
    with contextlib.suppress(ValueError):
        name = signal.Signals(-status).name
        return f"killed by {name}" + (", perhaps because memory ran out" if name == "SIGKILL" else "")
    return f"killed by signal {-status}"


def stop_tree(pid: int, seconds: float, ending: signal.Signals = signal.SIGTERM) -> None:
    """Ends a process and all it started: with `ending` to the process itself, then by force after `seconds`."""
    family = _family(pid)
    if not family:
        return
    with contextlib.suppress(psutil.NoSuchProcess):
        family[0].send_signal(ending)
    psutil.wait_procs(family, timeout=seconds)
    # Anew, for what was started meanwhile. A parent goes before its children, whose end it would take for a failure.
    left = [*family, *_family(pid)]
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=5)


def _family(pid: int) -> list[psutil.Process]:
    """A process, its descendants, and the members of its session whose own parents have died."""
    found: dict[int, psutil.Process] = {}
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        found = {process.pid: process for process in (parent, *parent.children(recursive=True))}
    for member in psutil.pids():
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            if member not in found and os.getsid(member) == pid:
                found[member] = psutil.Process(member)
    return list(found.values())


class Identity(TypedDict, total=False):
    """Whom subprocess starts a program as."""

    user: str
    group: int
    extra_groups: list[int]


def identity(user: str | None) -> Identity:
    """The arguments with which subprocess runs a program as a user, or as ourselves; none of root's groups is kept."""
    return {} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def end_with_parent(parent: int, ending: signal.Signals) -> None:
    """Called in a child process: has it end when its parent ends.

    On Linux the kernel sends it `ending` when the parent dies, even by SIGKILL (prctl(2), PR_SET_PDEATHSIG); a child
    must be started from its parent's main thread, for the thread counts as the parent. Elsewhere a crash's leftovers
    wait for the next start.
    """
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(ending))
    if os.getppid() != parent:
        os._exit(1)


def with_us(ending: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """subprocess's `preexec_fn` for a child that must not outlive this process."""
    return functools.partial(end_with_parent, os.getpid(), ending)
