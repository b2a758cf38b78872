"""Open a catalogue, wherever it is, and read its records and evaluations as tables."""

from __future__ import annotations

import abc
import datetime
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.aivision.api import instance
from ckanext.aivision.api.dump import EVALUATIONS, RECORDS, Files, find_files
from ckanext.aivision.api.needs import need_tables
from ckanext.aivision.api.records import read, source_of
from ckanext.aivision.compare import directories
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.documents.directory import is_harvested
from ckanext.aivision.record import Dataset, Harvested
from ckanext.aivision.scoring.rubric import load

if TYPE_CHECKING:
    import pyarrow

_TABLE = "datasets.parquet"


class Catalogue(abc.ABC):
    """A catalogue as tables of Apache Arrow, which pandas, Polars and DuckDB take as they are.

    `open_catalogue` gives one. Nothing is read before a table is asked for, and each call reads again.
    """

    def __init__(self, place: str) -> None:
        self.place = place

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.place}>"

    @abc.abstractmethod
    def read(self) -> Iterator[Harvested]:
        """The records one by one, with their problems, as `read` gives them.

        Raises UsageError where there are evaluations only, and SourceError if the records cannot be read to the end.
        """

    @abc.abstractmethod
    def evaluations(self) -> pyarrow.Table:
        """The evaluations from the metadata: one row for each dataset, with the columns of a snapshot's table.

        Raises UsageError if they cannot be used, and SourceError if they cannot be read to the end.
        """

    def records(self) -> pyarrow.Table:
        """The records: one row for each dataset, with a column for each field of `record.Dataset`.

        Records that were refused are not among them; `read` says why. Raises as `read` does.
        """
        need_tables()
        from ckanext.aivision.api import record_table

        return record_table.table(self._datasets())

    def _datasets(self) -> Iterator[Dataset]:
        for record in self.read():
            if record.dataset is not None:
                yield record.dataset


class Source(Catalogue):
    """Metadata of any kind that is harvested: a file, a directory of files, or an address. Evaluated when asked."""

    def __init__(self, place: str, allow_hosts: Collection[str], today: datetime.date | None) -> None:
        super().__init__(place)
        self._allow_hosts, self._today = allow_hosts, today

    def read(self) -> Iterator[Harvested]:
        return read(self.place, allow_hosts=self._allow_hosts)

    def evaluations(self) -> pyarrow.Table:
        need_tables()
        from ckanext.aivision.api import evaluation_table

        return evaluation_table.of_records(self._datasets(), source_of(self.place), self._today)


class Directory(Catalogue):
    """A directory of `aivision harvest --into`: its records, and the evaluations as they were made."""

    def read(self) -> Iterator[Harvested]:
        return read(self.place)

    def evaluations(self) -> pyarrow.Table:
        need_tables()
        from ckanext.aivision.api import evaluation_table

        return evaluation_table.of_table(directories.read([Path(self.place)], load()).table)


class Snapshot(Catalogue):
    """A snapshot, or a copy of its `datasets.parquet`: the evaluations of all public datasets at one moment."""

    def read(self) -> Iterator[Harvested]:
        raise UsageError(
            f"{self.place}: a snapshot has evaluations, and no records; open the address of the catalogue to read them"
        )

    def evaluations(self) -> pyarrow.Table:
        need_tables()
        from ckanext.aivision.api import evaluation_table

        return evaluation_table.of_file(Path(self.place))


class Dump(Catalogue):
    """A dump: the records of all public datasets, as they were evaluated, and their evaluations, at one moment."""

    def __init__(self, place: str, files: Files) -> None:
        super().__init__(place)
        self._files = files

    def read(self) -> Iterator[Harvested]:
        need_tables()
        from ckanext.aivision.api import record_table

        yield from record_table.read_file(self._files.path(RECORDS))

    def evaluations(self) -> pyarrow.Table:
        need_tables()
        from ckanext.aivision.api import evaluation_table

        return evaluation_table.of_file(self._files.path(EVALUATIONS))

    def records(self) -> pyarrow.Table:
        """As of any catalogue, and before them the columns `id` and `name`: those of the dataset in the catalogue."""
        need_tables()
        from ckanext.aivision.api import record_table

        return record_table.of_file(self._files.path(RECORDS))


class Instance(Catalogue):
    """A running catalogue with this extension: its records and its evaluations, through its API."""

    def __init__(self, place: str, allow_hosts: Collection[str]) -> None:
        super().__init__(place)
        self._allow_hosts = allow_hosts

    def read(self) -> Iterator[Harvested]:
        return read(self.place, kind="ckan", allow_hosts=self._allow_hosts)

    def evaluations(self) -> pyarrow.Table:
        need_tables()
        from ckanext.aivision.api import evaluation_table

        return evaluation_table.of_rows(instance.pages(self.place, self._allow_hosts))


def open_catalogue(
    path_or_url: str | os.PathLike[str], *, allow_hosts: Collection[str] = (), today: datetime.date | None = None
) -> Catalogue:
    """Open a catalogue: its `records()` and `evaluations()` are tables, and its `read()` gives the records one by one.

    path_or_url: one of
        - a directory that `aivision harvest --into` has written;
        - a snapshot: its folder, the folder of all snapshots (the newest is opened), or a `.parquet` file of one;
        - a dump: the directory that its files were downloaded to, or its address, such as
          `https://data.example.gov/dumps/latest/`;
        - the address of a catalogue with this extension, such as `https://data.example.gov`;
        - any source that `read` takes, whose records are evaluated when `evaluations()` is called.
    allow_hosts: `HOST` or `HOST:PORT` to fetch although its address is not on the public Internet.
    today: the day that records of a source are evaluated as of; by default the present day (UTC). Evaluations that
        were made already keep theirs.

    Tables need the package `pyarrow`: `pip install "ckanext-aivision[tables]"`.

    Raises UsageError if there is nothing of that name, and SourceError if an address cannot be read.
    """
    place = os.fspath(path_or_url)
    if "://" in place:
        source_of(place)
        if (files := find_files(place, allow_hosts)) is not None:
            return Dump(place, files)
        address = place.rstrip("/")
        if instance.is_one(address, allow_hosts):
            return Instance(address, allow_hosts)
        return Source(place, allow_hosts, today)
    if (files := find_files(place)) is not None:
        return Dump(place, files)
    if (table := _table_of_snapshot(place)) is not None:
        return Snapshot(str(table))
    source_of(place)
    return Directory(place) if _is_harvest(place) else Source(place, allow_hosts, today)


def _is_harvest(place: str) -> bool:
    return bool(place) and is_harvested(Path(place))


def _table_of_snapshot(place: str) -> Path | None:
    """The table of a snapshot, of the newest in a folder of snapshots, or the file itself; None if it is none."""
    try:
        path = Path(place)
        if path.suffix == ".parquet" and path.is_file():
            return path
        if not place or not path.is_dir():
            return None
        return max(
            (found for found in (path / _TABLE, *path.glob(f"*/{_TABLE}")) if _is_table(found)),
            key=lambda found: (found.parent == path, found.parent.name),
            default=None,
        )
    except (OSError, ValueError):
        return None  # too long, or with characters that no file name has


def _is_table(path: Path) -> bool:
    """Whether a file is the table of a whole snapshot; one that is being built begins with a dot."""
    return path.is_file() and not path.parent.name.startswith(".")
