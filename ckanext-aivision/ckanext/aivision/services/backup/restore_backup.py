"""Make a catalogue from a backup."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from ckanext.aivision.errors import ServiceError, UsageError
from ckanext.aivision.services import ini
from ckanext.aivision.services.backup import database
from ckanext.aivision.services.backup.archive import DUMP, SETTINGS, STORAGE, Manifest, read_archive
from ckanext.aivision.services.stack import Stack

_ELSEWHERE = ("ckan.storage_path",)
_VERSIONS = Path(__file__).parents[2] / "migration" / "aivision" / "versions"


def restore_backup(path: Path, data: Path, say: Callable[[str], object]) -> Manifest:
    """Makes the catalogue of a backup in a directory that is new or empty, and stops it again. Gives the manifest.

    say: called with a line for each step. Every file and every row is compared with the backup. A backup of an earlier
    version is brought up to date. Raises UsageError if the directory is in use or the file is no backup that can be
    restored, ServiceError if a server does not start. What was made is removed after an error.
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise UsageError(f"{data} is not empty: give a new directory with --data, or move it away first")
    say(f"Reading {path} ...")
    manifest = read_archive(path)
    _check_version(path, manifest)
    unpacked = data / ".restoring"
    try:
        unpacked.mkdir(parents=True, mode=0o700)
        read_archive(path, unpacked)
        for folder in (unpacked / SETTINGS, unpacked / STORAGE):
            folder.mkdir(exist_ok=True)
        for file in (unpacked / SETTINGS).iterdir():
            file.rename(data / file.name)
        (unpacked / STORAGE).rename(data / "storage")
        _say_elsewhere(data, say)
        _start_once(data, unpacked / DUMP, manifest, say)
        shutil.rmtree(unpacked)
    except BaseException:
        shutil.rmtree(data, ignore_errors=True)
        raise
    return manifest


def _check_version(path: Path, manifest: Manifest) -> None:
    known = {file.name.split("_")[0] for file in _VERSIONS.glob("*.py")}
    if manifest.migration not in known:
        raise UsageError(
            f"{path} was made by version {manifest.software}, a newer one than this; restore it with that version"
        )


def _say_elsewhere(data: Path, say: Callable[[str], object]) -> None:
    """What the operator's own settings keep outside the directory is restored into it."""
    own = ini.read_settings(data / "ckan-extra.ini").get(ini.MAIN, {})
    for key in _ELSEWHERE:
        if key in own:
            say(
                f"ckan-extra.ini has {key} = {own[key]}; what was there is restored into {data}: take the line out "
                "before you start the catalogue, or move it there"
            )


def _start_once(data: Path, dump: Path, manifest: Manifest, say: Callable[[str], object]) -> None:
    """Starts the servers over the directory, fills the database and the index, and stops them."""

    def fill(url: str) -> None:
        say("Restoring the database ...")
        database.read_dump(url, dump)
        with database.one_state(url) as connection:
            found = database.sum_tables(connection)
        apart = sorted(name for name in found.keys() | manifest.tables if found.get(name) != manifest.tables.get(name))
        if apart:
            raise ServiceError(f"the table {apart[0]} is not what was backed up; restore another backup")

    stack = Stack(data)
    try:
        stack.start(fill=fill)
        say("Rebuilding the search index ...")
        stack.ckan("search-index", "rebuild", "--quiet", seconds=24 * 3600)
    finally:
        stack.stop()
