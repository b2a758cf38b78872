"""Write the data files of a dump from one state of the tables, in constant memory."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import ckan.model as model
import duckdb
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.changes.packages import read_packages
from ckanext.aivision.catalogue.rdf.addresses import catalogue, entries
from ckanext.aivision.compare.table.build import write_files
from ckanext.aivision.compare.table.dataset_table import DATASETS
from ckanext.aivision.compare.table.table_files import quoted
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.serialise.rdf.catalogue import Entry, catalogue_triples
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS
from ckanext.aivision.serialise.rdf.syntaxes import pieces as rdf_pieces
from ckanext.aivision.serialise.tables.parquet import DISTRIBUTIONS, RECORDS, write_tables
from ckanext.aivision.serialise.tables.record_columns import row
from ckanext.aivision.snapshot import public_datasets
from ckanext.aivision.snapshot.dump.dump_files import EVALUATIONS, DumpFile, kinds
from ckanext.aivision.snapshot.dump.stored_datasets import pieces

_LINES, _TURTLE = "datasets.ndjson.gz", "catalogue.ttl.gz"
_PIECE = 200
_COMPRESSION = 6
_BLOCK = 1024 * 1024
_encode = msgspec.json.Encoder().encode


class Counts:
    """What is counted on the way."""

    def __init__(self) -> None:
        self.datasets = 0
        self.countries: set[str] = set()
        self._coverage = 0.0

    def add(self, country: str, coverage: float) -> None:
        self.datasets += 1
        self.countries.add(country)
        self._coverage += coverage

    @property
    def coverage(self) -> float:
        """The mean share of the questions that have an answer; 0 of no datasets."""
        return round(self._coverage / self.datasets, 4) if self.datasets else 0.0


def write_contents(folder: Path, connection: sa.Connection, rubric: Rubric) -> tuple[Counts, list[DumpFile]]:
    """Writes the files of config/dump/files.csv. Returns what was counted, and the files in the table's order.

    connection: of `stored_datasets.one_session_state`. Raises OSError or duckdb.Error where it cannot write.
    """
    work = folder / "work"
    work.mkdir()
    counts = Counts()
    with gzip.GzipFile(folder / _LINES, "wb", _COMPRESSION, mtime=0) as lines:
        found = _rows(connection, cast(IO[bytes], lines), counts)
        number, distributions = write_tables(found, folder, work)
    _write_turtle(folder)
    # Last: it leaves the connection reading by the cursor.
    _write_evaluations(folder, work, connection, rubric, number)
    shutil.rmtree(work)
    rows = {DISTRIBUTIONS: distributions}
    return counts, [_describe(folder / kind.name, rows.get(kind.name, number)) for kind in kinds()]


def sha256_of(path: Path) -> str:
    """The checksum of a file, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _describe(path: Path, rows: int) -> DumpFile:
    return DumpFile(path.name, path.stat().st_size, rows, sha256_of(path))


def _rows(connection: sa.Connection, lines: IO[bytes], counts: Counts) -> Iterator[dict[str, Any]]:
    """The rows of the table of records; each dataset is written as a line too."""
    for piece in pieces(connection):
        packages = read_packages(connection, [stored.id for stored in piece])
        model.Session.expunge_all()
        for stored in piece:
            package = packages.get(stored.id)
            if package is None:
                # A plugin lets nobody read it who is not logged in.
                continue
            lines.write(_encode({**package, "aivision_evaluation": stored.evaluation}) + b"\n")
            counts.add(stored.evaluation.country, stored.evaluation.coverage)
            yield row(stored.id, stored.name, stored.dataset)


def _write_turtle(folder: Path) -> None:
    triples = catalogue_triples(catalogue(), _entries(folder / RECORDS), "dcat-ap-3")
    with gzip.GzipFile(folder / _TURTLE, "wb", _COMPRESSION, mtime=0) as file:
        for piece in rdf_pieces(triples, FORMATS["ttl"]):
            file.write(piece)


def _entries(records: Path) -> Iterator[Entry]:
    """Those that are in the table of records, in its order."""
    with duckdb.connect(config={"threads": 1}) as found:
        found.execute(f"SELECT id FROM read_parquet({quoted(str(records))})")  # noqa: S608 - quoted
        while ids := found.fetchmany(_PIECE):
            yield from entries([id for (id,) in ids], {})
            model.Session.expunge_all()


def _write_evaluations(folder: Path, work: Path, connection: sa.Connection, rubric: Rubric, number: int) -> None:
    """The table of a snapshot, of the datasets that are in the table of records."""
    found = public_datasets.entries(connection, rubric)
    written = write_files(found, public_datasets.list_criteria(rubric), work)
    if written == number:
        (work / DATASETS).rename(folder / EVALUATIONS)
        return
    source, records, target = (quoted(str(path)) for path in (work / DATASETS, folder / RECORDS, folder / EVALUATIONS))
    query = f"SELECT * FROM read_parquet({source}) WHERE id IN (SELECT id FROM read_parquet({records}))"  # noqa: S608
    with contextlib.closing(duckdb.connect(config={"threads": 1})) as table:
        table.execute(f"COPY ({query}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
