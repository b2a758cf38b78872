"""The profile of one file: from an open file, a path, or an address that the guarded session fetches."""

from __future__ import annotations

import datetime
import errno
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from ckanext.aivision.content.limits import ProfileLimits
from ckanext.aivision.content.worker import NO_MEMORY, Task
from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.parsing.decoding import Readable
from ckanext.aivision.scoring.observations.file_profile import FileProfile, Refusal

_ADVICE = {errno.ENOENT: "check the path", errno.EISDIR: "give one of its files", errno.EACCES: "ask for access to it"}
_PIECE = 256 * 1024  # bytes
_WORKER = "ckanext.aivision.content.worker"
# By these the system ends a process that takes more than it may.
_ENDED: dict[int, tuple[Refusal, str]] = {-signal.SIGXCPU: ("out-of-time", "reading it takes too long")}


def profile_of(file: Readable, name: str, now: datetime.datetime, limits: ProfileLimits | None = None) -> FileProfile:
    """The profile of a file that is read from where it stands. name: for its `url`. now: UTC.

    What is read of it lies in a file without a name until this returns. A file that cannot be profiled gives a profile
    with `refusal` and `reason`. Raises what reading the file raises.
    """
    limits = limits or ProfileLimits()
    # Without a name it is nobody else's, and gone with us however we end.
    with tempfile.TemporaryFile() as copy:
        whole = _copied(file, cast(BinaryIO, copy), limits)
        task = Task(name, whole, copy.tell(), limits)
        copy.flush()
        copy.seek(0)
        found = _by_worker(copy.fileno(), task)
    return msgspec.structs.replace(found, profiled_at=now)


def profile_path(path: str, now: datetime.datetime, limits: ProfileLimits | None = None) -> FileProfile:
    """The profile of a file on this machine. Raises UsageError if it cannot be opened."""
    try:
        with open(Path(path), "rb") as file:
            return profile_of(file, path, now, limits)
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, "check the file")
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}; {advice}") from error


def profile_url(session: Session, url: str, now: datetime.datetime, limits: ProfileLimits | None = None) -> FileProfile:
    """The profile of what an address gives; never raises for what it answers."""
    limits = limits or ProfileLimits()
    try:
        with session.stream(url) as body:
            return profile_of(Timed(body, limits.seconds), url, now, limits)
    except SourceError as error:
        return FileProfile(url=url, refusal="not-fetched", reason=str(error), profiled_at=now)


class Timed:
    """A file that is read no longer than some seconds: drop by drop, a server could keep us for ever."""

    def __init__(self, file: Readable, seconds: float) -> None:
        self._file, self._end, self._seconds = file, time.monotonic() + seconds, seconds

    def read(self, size: int = -1, /) -> bytes:
        if time.monotonic() > self._end:
            raise SourceError(f"it was not received within {self._seconds:.0f} s; try again later")
        return self._file.read(size)


def _copied(file: Readable, copy: BinaryIO, limits: ProfileLimits) -> bool:
    """Copies the first bytes of a file; whether that is all of it."""
    left = limits.fetched
    while left and (piece := file.read(min(_PIECE, left))):
        copy.write(piece)
        left -= len(piece)
    return left > 0 or not file.read(1)


def _by_worker(descriptor: int, task: Task) -> FileProfile:
    """What the worker says. What it writes to standard error could quote the file, and goes nowhere."""
    command = [sys.executable, "-I", "-m", _WORKER, str(descriptor)]
    try:
        done = subprocess.run(
            command,
            input=msgspec.json.encode(task),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(descriptor,),
            # Nothing of ours, as keys of services, is there to be read.
            env={"LC_ALL": "C.UTF-8", "TMPDIR": tempfile.gettempdir()},
            cwd="/",
            timeout=task.limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _refused(task, "out-of-time", f"reading it takes longer than {task.limits.seconds:.0f} s")
    if done.returncode == 0:
        return msgspec.json.decode(done.stdout, type=FileProfile)
    return _refused(task, *_ENDED.get(done.returncode, ("out-of-memory", NO_MEMORY)))


def _refused(task: Task, refusal: Refusal, reason: str) -> FileProfile:
    return FileProfile(url=task.url, refusal=refusal, reason=reason, bytes_read=task.size, whole=task.whole)
