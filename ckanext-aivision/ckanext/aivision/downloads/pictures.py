"""Have pictures drawn: each in a process of its own, a few at once, within a time limit, and kept on disk.

STORAGE/aivision/pictures/SNAPSHOT-HASH.svg    by snapshot and all that is in the picture; those not used go first
                         /.slot-0 ...          locked by whoever has a picture drawn, in whichever web process

A request may wait for a picture, but only a few at once do: the others are asked to come back, so that pages always
find a thread that answers them.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision import __version__
from ckanext.aivision.compare.charts.picture import Form, Picture
from ckanext.aivision.snapshot import read

_log = logging.getLogger(__name__)
# By name: what draws is never loaded into a web process.
_DRAW = "ckanext.aivision.compare.charts.draw"
_SECONDS = 25.0
_LONGEST_WAIT = 3.0
_LOOK_EVERY = 0.1
_MEGABYTE = 1_000_000
# Of this process's requests, beside those that are drawing.
_WAITING = threading.BoundedSemaphore(2)


class Busy(Exception):
    """As many pictures as may be are being drawn. seconds: after which to ask again."""

    seconds = 5


class NotDrawn(Exception):
    """A picture took too long, or could not be drawn; the log says why."""


def draw(picture: Picture, form: Form, snapshot: str) -> bytes:
    """The image of a picture: a stored one, or drawn now. snapshot: the name of its snapshot.

    Raises Busy and NotDrawn.
    """
    described = msgspec.json.encode(picture)
    path = _folder() / f"{snapshot}-{_key(described)}.{form}"
    image = _read_stored(path)
    if image is not None:
        return image
    path.parent.mkdir(parents=True, exist_ok=True)
    with _slot(path) as free:
        image = _read_stored(path)
        if image is None and free:
            image = _draw(described, form)
            _store(path, image)
    if image is None:
        raise Busy
    return image


def is_stored(picture: Picture, form: Form, snapshot: str) -> bool:
    """Whether the image of a picture is there already."""
    return (_folder() / f"{snapshot}-{_key(msgspec.json.encode(picture))}.{form}").is_file()


def _folder() -> Path:
    return read.files().folder.parent / "pictures"


def _key(described: bytes) -> str:
    return hashlib.sha256(__version__.encode() + described).hexdigest()[:32]


@contextlib.contextmanager
def _slot(path: Path) -> Iterator[bool]:
    """Takes one of the slots, waiting for a while; yields whether it has one. Ends early when the picture is there."""
    found = _take(path.parent)
    if found is None and _WAITING.acquire(blocking=False):
        try:
            end = time.monotonic() + _LONGEST_WAIT
            while found is None and not path.is_file() and time.monotonic() < end:
                time.sleep(_LOOK_EVERY)
                found = _take(path.parent)
        finally:
            _WAITING.release()
    try:
        yield found is not None
    finally:
        if found is not None:
            os.close(found)


def _take(folder: Path) -> int | None:
    """The descriptor of a locked slot, which is free again once it is closed; None if all are taken."""
    for number in range(max(1, toolkit.config.get("ckanext.aivision.pictures_at_once"))):
        descriptor = os.open(folder / f".slot-{number}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
        else:
            return descriptor
    return None


def _draw(described: bytes, form: Form) -> bytes:
    command = [sys.executable, "-m", _DRAW, form]
    try:
        done = subprocess.run(command, input=described, capture_output=True, timeout=_SECONDS, check=True)
    except subprocess.TimeoutExpired as error:
        _log.warning("a picture was not drawn within %.0f s", _SECONDS)
        raise NotDrawn from error
    except subprocess.CalledProcessError as error:
        _log.warning("a picture could not be drawn: %s", error.stderr.decode(errors="replace")[-2000:])
        raise NotDrawn from error
    return done.stdout


def _read_stored(path: Path) -> bytes | None:
    try:
        image = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return image


def _store(path: Path, image: bytes) -> None:
    """Keeps an image. The reader gets it even if there is no room for it."""
    part = path.with_name(f".part-{uuid.uuid4().hex}")
    try:
        part.write_bytes(image)
        part.replace(path)
        _prune(path.parent, toolkit.config.get("ckanext.aivision.pictures_megabytes") * _MEGABYTE)
    except OSError as error:
        _log.warning("the picture %s cannot be stored: %s", path, error)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _prune(folder: Path, most: int) -> None:
    """Removes the images that were not used for longest, until the others take no more than `most` bytes."""
    found = []
    for path in folder.iterdir():
        # Another process may prune too.
        with contextlib.suppress(FileNotFoundError):
            if path.suffix in (".svg", ".png") or path.name.startswith(".part-"):
                state = path.stat()
                found.append((state.st_mtime, state.st_size, path))
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= most:
            return
        path.unlink(missing_ok=True)
        total -= size
