"""Write a backup of a running catalogue."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from sqlalchemy.exc import OperationalError

from ckanext.aivision import __version__
from ckanext.aivision.errors import UsageError
from ckanext.aivision.services import ini
from ckanext.aivision.services.backup import database
from ckanext.aivision.services.backup.archive import (
    DUMP,
    SETTING_FILES,
    SETTINGS,
    STORAGE,
    Archive,
    Manifest,
    new_private_file,
    read_archive,
)

# Made again at the next start, or not whole yet.
_LEFT_OUT = ("webassets",)
_METRICS = ("aivision", "metrics")
_UNFINISHED = (".building-", ".state.part", ".doctor-")


def write_backup(path: Path, data: Path) -> Manifest:
    """Writes the backup of a data directory whose catalogue runs, reads it again, and gives its manifest.

    The database is read in one state. Files are read after it, so that every file that it names is in the backup.
    Raises UsageError if the catalogue does not run, the file exists or would be part of the backup, ServiceError if the
    database cannot be read, OSError if there is no room. The file is there only if it is whole.
    """
    settings = ini.read_settings(data / "ckan.ini").get(ini.MAIN, {})
    url = _database_url(data, settings)
    storage = Path(settings.get("ckan.storage_path", "").replace("%%", "%") or data / "storage").resolve()
    if path.resolve().is_relative_to(storage):
        raise UsageError(f"{path} would be part of the next backup: choose a place outside {storage}")
    made = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    with new_private_file(path) as stream, tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        dump, archive = Path(folder) / DUMP, Archive(stream)
        with database.one_state(url) as connection:
            tables, migration = database.sum_tables(connection), database.newest_migration(connection)
            database.write_dump(connection, dump)
        database.check_dump(dump)
        archive.add(DUMP, dump)
        for name in SETTING_FILES:
            archive.add(f"{SETTINGS}/{name}", data / name)
        _add_storage(archive, storage)
        manifest = Manifest(made, __version__, metadata.version("ckan"), migration, tables, dict(archive.members))
        archive.close(manifest)
    return read_archive(path)


def _database_url(data: Path, settings: Mapping[str, str]) -> str:
    """The address of the running database. Raises UsageError if none answers."""
    url = settings.get("sqlalchemy.url", "").replace("%%", "%")
    advice = f"start it with `aivision up --data {data}`, or copy the whole directory while it is stopped"
    if not url:
        raise UsageError(f"{data}: there is no catalogue; give its directory with --data")
    try:
        with database.one_state(url):
            return url
    except OperationalError as error:
        raise UsageError(f"{data}: the catalogue is not running; {advice}") from error


def _add_storage(archive: Archive, storage: Path) -> None:
    for file in sorted(storage.rglob("*")):
        parts = file.relative_to(storage).parts
        left_out = parts[0] in _LEFT_OUT or parts[: len(_METRICS)] == _METRICS
        if left_out or any(part.startswith(_UNFINISHED) for part in parts) or file.is_symlink():
            continue
        if file.is_file():
            archive.add("/".join((STORAGE, *parts)), file)
