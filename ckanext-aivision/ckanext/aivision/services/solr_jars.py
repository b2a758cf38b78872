"""Solr's jars: those that config/solr/jgo.lock.toml locks, from the local Maven repository or Maven Central."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from importlib import resources
from pathlib import Path

import msgspec
import requests
from jgo.env import LockFile
from jgo.maven import Artifact, MavenContext

from ckanext.aivision.errors import ServiceError

_AT_ONCE = 8
_LONGEST_SILENCE = 20
_LONGEST_DOWNLOAD = 900.0

Progress = Callable[[int, int], None]


class _Jar(msgspec.Struct):
    """A locked jar and where it belongs in the local Maven repository."""

    artifact: Artifact
    sha256: str

    @property
    def path(self) -> Path:
        return Path(str(self.artifact.cached_path))

    def at_hand(self) -> bool:
        """Whether it lies there whole: an interrupted download does not count."""
        with contextlib.suppress(FileNotFoundError):
            return hashlib.sha256(self.path.read_bytes()).hexdigest() == self.sha256
        return False


def fetch_jars(progress: Progress | None = None) -> list[Path]:
    """The jars in the lock file's order, each with the SHA-256 sum that is locked; missing ones are downloaded.

    progress: called with the number of jars at hand and their total while some are downloaded.
    Raises ServiceError if one cannot be had, or is not the one that was locked.
    """
    context = MavenContext(timeout=_LONGEST_SILENCE)
    jars = _locked_jars(context)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        complete = all(pool.map(_Jar.at_hand, jars))
    if not complete:
        with _alone_in(context.repo_cache):
            _download(jars, progress)
    return [jar.path for jar in jars]


def _locked_jars(context: MavenContext) -> list[_Jar]:
    with resources.as_file(resources.files("ckanext.aivision.config") / "solr/jgo.lock.toml") as path:
        locked = LockFile.load(path).dependencies
    jars = []
    for one in locked:
        component = context.project(one.groupId, one.artifactId).at_version(one.version)
        jars.append(_Jar(component.artifact(one.classifier or "", one.packaging or "jar"), str(one.sha256)))
    return jars


def _download(jars: list[_Jar], progress: Progress | None) -> None:
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        for count, _ in enumerate(pool.map(_fetch, jars, timeout=_LONGEST_DOWNLOAD), 1):
            if progress is not None:
                progress(count, len(jars))
    except TimeoutError as error:
        raise ServiceError(
            f"Solr's files were not fetched within {_LONGEST_DOWNLOAD:.0f} s; what was fetched is kept, so start again"
        ) from error
    finally:
        # Where one cannot be had, the others are not tried each to its own time-out.
        pool.shutdown(cancel_futures=True)


def _fetch(jar: _Jar) -> None:
    if jar.at_hand():
        return
    jar.path.unlink(missing_ok=True)
    try:
        jar.artifact.resolve()
    except (RuntimeError, OSError) as error:
        reason = type(error).__name__ if isinstance(error, requests.RequestException) else str(error)
        raise ServiceError(
            f"Solr's {jar.path.name} cannot be fetched from Maven Central ({reason}); "
            "connect to the network once, or set M2_REPO to a Maven repository that has it"
        ) from error
    if not jar.at_hand():
        jar.path.unlink()
        raise ServiceError(
            f"Solr's {jar.path.name} from Maven Central does not match the locked SHA-256 and was deleted; "
            "start again, and if it happens again, do not trust the network"
        )


@contextlib.contextmanager
def _alone_in(repository: Path) -> Iterator[None]:
    """Two starts at once must not write the same file: the second waits for the first, within the same limit."""
    try:
        repository.mkdir(parents=True, exist_ok=True)
        lock = open(repository / ".aivision.lock", "a", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise ServiceError(
            f"Solr's files cannot be kept in {repository} ({error.strerror}); set M2_REPO to a writable directory"
        ) from error
    with lock:
        deadline = time.monotonic() + _LONGEST_DOWNLOAD
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ServiceError(f"another start is still fetching Solr's files into {repository}") from None
                time.sleep(0.2)
        yield
