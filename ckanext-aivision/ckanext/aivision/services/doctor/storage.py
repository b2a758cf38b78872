"""Whether files can be written, and who can read those with secrets."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.server_faults import describe_storage, is_disk_full
from ckanext.aivision.services.doctor.finding import Finding, error, ok

_DISK, _PERMISSIONS = "disk", "permissions"
# A snapshot and a dump of half a million datasets take some hundred megabytes each, and the last ones stay beside them.
_LEAST_FREE = 1 << 30
_GROUP_AND_OTHERS = 0o077


def check_storage() -> Iterator[Finding]:
    """Writes a file where uploads, snapshots and dumps go, and looks how much room there is."""
    path = toolkit.config.get("ckan.storage_path")
    if not path:
        advice = "set `ckan.storage_path` to a directory that the user of CKAN can write, then restart CKAN"
        yield error(_PERMISSIONS, "ckan.storage_path is not set: there are no snapshots and no uploads", advice)
        return
    folder = Path(path)
    full = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"0" * 65536)
            file.flush()
    except OSError as failure:
        full = is_disk_full(failure)
        if not full:
            advice = f"let the user that runs CKAN write in {folder}: see its owner, its mode and how it is mounted"
            yield error(_PERMISSIONS, f"ckan.storage_path: {describe_storage(failure)}", advice)
            return
    yield ok(_PERMISSIONS, f"{folder} can be written")
    free = shutil.disk_usage(folder).free
    if full or free < _LEAST_FREE:
        advice = f"free space on its disk, or give it more: {_LEAST_FREE >> 20} MB at least should be free"
        yield error(_DISK, f"{folder} has {free >> 20} MB left", advice)
    else:
        yield ok(_DISK, f"{folder} has {free >> 30} GB left")


def check_secret_files() -> Iterator[Finding]:
    """The configuration file has passwords and keys in it."""
    file = toolkit.config.get("__file__")
    paths = [Path(file)] if file else []
    yield from private_files(paths)


def private_files(paths: list[Path]) -> Iterator[Finding]:
    """Whether only their owners can read files that hold secrets. Those that are missing do not count."""
    open_paths = []
    for path in paths:
        with contextlib.suppress(OSError):
            if path.stat().st_mode & _GROUP_AND_OTHERS:
                open_paths.append(path)
    for path in open_paths:
        yield error(_PERMISSIONS, f"{path} holds secrets, and other users can read it", f"run `chmod 600 {path}`")
    if paths and not open_paths:
        yield ok(_PERMISSIONS, f"only their owner can read {', '.join(str(path) for path in paths)}")
