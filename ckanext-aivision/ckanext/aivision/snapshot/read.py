"""Read the newest snapshot, or that of a past day: what pages, actions and commands show."""

from __future__ import annotations

import datetime
import functools
import logging
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import msgspec
from ckan.plugins import toolkit
from flask import has_request_context

from ckanext.aivision.compare.answer import answer
from ckanext.aivision.compare.estimates.figures import LensComparison, Overview
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.groups import GroupTable, read_groups
from ckanext.aivision.compare.table.members import Members, read_members
from ckanext.aivision.compare.table.table_files import open_files
from ckanext.aivision.snapshot.dated_folders import State, stored_folder
from ckanext.aivision.snapshot.files import Manifest, SnapshotFiles

_log = logging.getLogger(__name__)
Content = TypeVar("Content")
# Decoded files that a process keeps: all of the newest snapshot, 2 MB each.
_FILES_KEPT = 12


class Snapshot(NamedTuple):
    """One whole snapshot. It may be removed while it is read: then OSError is raised, and a newer one is there."""

    folder: Path
    manifest: Manifest

    @property
    def moment(self) -> datetime.datetime:
        """The moment (UTC) that the figures are of."""
        return self.manifest.made

    @property
    def as_of(self) -> str:
        """The moment as it is given out: `2026-11-30T14:05:00Z`."""
        return self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def figures(self, lens: str = "") -> Overview | None:
        """The comparison of all datasets; lens: with the groups of that lens. None where it has no such lens, or is
        of another version of this software, whose figures are read differently."""
        return self.read_json(f"lens-{lens}.json" if lens else "figures.json", Overview)

    def frameworks(self) -> list[LensComparison]:
        """All datasets through each lens but our own. Empty where it has them not, as one of an earlier version."""
        return self.read_json("frameworks.json", list[LensComparison]) or []

    def read_json(self, name: str, form: type[Content]) -> Content | None:
        """What one of its JSON files holds, for many readers at once: it is not to be changed. None where it has no
        such file, or one of another version, whose content is read differently."""
        path, kind = self.folder / name, cast(Any, form)
        try:
            stat = path.stat()
            found: Content = _decoded(path, stat.st_ino, stat.st_mtime_ns, kind)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as error:
            _log.warning("%s cannot be read: %s", path, error)
            return None
        return found

    def datasets(self) -> DatasetTable:
        """The table of datasets. Raises OSError where it is no longer kept, as of a snapshot of a past day."""
        return open_files(self.folder, self.manifest.criteria)

    def groups(self) -> GroupTable:
        """The groups of its datasets, which filters are answered from. Raises OSError as `datasets`."""
        return read_groups(self.folder, self.manifest.criteria)

    def members(self, groups: GroupTable) -> Members:
        """The datasets of its groups. groups: of `groups`, to be closed after this. Raises OSError as `datasets`."""
        return read_members(self.folder, groups)


@functools.lru_cache(_FILES_KEPT)
def _decoded(path: Path, inode: int, changed: int, form: Any) -> Any:
    """inode, changed: of the file, as one of the same name may take its place. Raises OSError, msgspec.DecodeError."""
    return msgspec.json.decode(path.read_bytes(), type=form)


def files() -> SnapshotFiles:
    """The snapshots of this catalogue, in `ckan.storage_path`.

    Raises CkanConfigurationException where that is not set.
    """
    return SnapshotFiles(stored_folder("snapshots"))


def newest() -> Snapshot | None:
    """The newest snapshot; None while there is none."""
    return _open(files().newest())


def as_of(day: datetime.date) -> Snapshot | None:
    """The snapshot of a day (UTC), or of the last day before it that has one; None if there is none."""
    return _open(files().as_of(day))


def state() -> State | None:
    """When the last snapshot was tried, and why there is no newer one; None before the first attempt."""
    return files().state()


def problem() -> str:
    """Why there is no newer snapshot; empty if nothing is wrong. Readers who cannot mend it are told less."""
    last = state()
    if last is None or not last.problem or _may_mend():
        return last.problem if last is not None else ""
    return str(toolkit._("New figures are being prepared. Please come back later."))


def _may_mend() -> bool:
    """Whether somebody asks who runs the site: a sysadmin, or a command."""
    return not has_request_context() or bool(getattr(toolkit.current_user, "sysadmin", False))


def as_data(found: Snapshot | None, figures: Overview | None, problem: str = "") -> dict[str, Any]:
    """Figures in plain values, as they are given out, with their moment as `as_of`.

    `verdict` is the answer in at most a hundred words, through the lens if there is one. problem: why there are no
    newer ones, empty if nothing is wrong; it is given out too. While there are none as_of is None, and `message` says
    so.
    """
    if found is None or figures is None:
        message = toolkit._("The figures are being computed: try again in a minute")
        return {"as_of": None, "message": message, "problem": problem}
    values: dict[str, Any] = msgspec.to_builtins(figures)
    return {**values, "verdict": answer(figures), "as_of": found.as_of, "problem": problem}


def _open(folder: Path | None) -> Snapshot | None:
    if folder is None:
        return None
    try:
        return Snapshot(folder, msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest))
    except (OSError, msgspec.DecodeError) as error:
        _log.warning("the snapshot %s cannot be read: %s", folder, error)
        return None
