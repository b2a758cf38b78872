"""The exemplars of a snapshot, narrowed as its figures are: real words and values of datasets that are still public."""

from __future__ import annotations

import contextlib
import functools
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec

from ckanext.aivision.compare.table.table_files import KEPT_OPEN, cursor, lock, quoted
from ckanext.aivision.exemplars.selection import Candidate, choose
from ckanext.aivision.record import COUNTRIES, Dataset
from ckanext.aivision.snapshot.answers.still_public import still_public
from ckanext.aivision.snapshot.examples.exemplar_file import FILE, THEIR_DATASETS
from ckanext.aivision.snapshot.read import Snapshot

Condition = tuple[str, list[object]]
# Looked through of a criterion and a country: some datasets may not be public any more.
_MOST_LOOKED_AT = 60
# In a list of all criteria.
_MOST_OF_EACH = 4
# Of the questions that were asked last, a process keeps the answers: a megabyte each at most.
_ANSWERS_KEPT = 16


class Exemplar(NamedTuple):
    """A dataset's own words, or values, for a criterion that it passes.

    name, title: of the dataset as it is called now. publisher: its name; empty if none is known. day: of the last
    change that the record states, or of its publication; empty if it states none. place: the field of the record that
    the words stand in. part: what is shown, as a record that holds nothing else. evidence: why it passes, as the
    evaluation has it. score: the dataset's, 0 to 100 points. repeats: datasets that show the same, of those that were
    read.
    """

    criterion: str
    country: str
    name: str
    title: str
    publisher: str
    day: str
    place: str
    part: Dataset
    evidence: str
    score: float | None
    repeats: int


class _Row(NamedTuple):
    candidate: Candidate
    country: str
    publisher: str
    score: float | None
    repeats: int


def exemplars_of(found: Snapshot, criterion: str, condition: Condition) -> dict[str, list[Exemplar]] | None:
    """The exemplars of a criterion by country, the best first, of different agencies where there are some.

    condition: which datasets are meant, as of `agency_counts.narrowed`. None where the snapshot has no exemplars, as of
    a past day.
    """
    rows = _read(found, condition, "criterion = ?", [criterion], _MOST_LOOKED_AT)
    if rows is None:
        return None
    return {code: _choose_public([row for row in rows if row.country == code]) for code in COUNTRIES}


def first_exemplars(found: Snapshot, condition: Condition) -> dict[str, dict[str, Exemplar]] | None:
    """The best exemplar of every criterion and country, by criterion. condition, None: as of `exemplars_of`."""
    rows = _read(found, condition, "true", [], _MOST_OF_EACH)
    if rows is None:
        return None
    public = still_public({row.candidate.id for row in rows})
    best: dict[str, dict[str, Exemplar]] = defaultdict(dict)
    for row in rows:
        named = public.get(row.candidate.id)
        if named is not None and row.country not in best[row.candidate.criterion]:
            best[row.candidate.criterion][row.country] = _exemplar(row, named["name"], named["title"])
    return best


def _choose_public(rows: list[_Row]) -> list[Exemplar]:
    public = still_public({row.candidate.id for row in rows})
    by_key = {(row.candidate.id, row.candidate.key): row for row in rows if row.candidate.id in public}
    return [
        _exemplar(by_key[one.id, one.key], public[one.id]["name"], public[one.id]["title"])
        for one in choose([row.candidate for row in by_key.values()])
    ]


def _exemplar(row: _Row, name: str, title: str) -> Exemplar:
    one = row.candidate
    part = msgspec.json.decode(one.excerpt, type=Dataset)
    return Exemplar(
        *(one.criterion, row.country, name, title or name, row.publisher, one.day, one.place),
        *(part, one.evidence, row.score, row.repeats),
    )


def _read(found: Snapshot, condition: Condition, where: str, given: list[object], most: int) -> list[_Row] | None:
    """The best of each criterion and country, the best first."""
    try:
        stat = os.stat(found.folder / FILE)
        file = found.folder, stat.st_ino, stat.st_mtime_ns
        return _answered(file, condition[0], tuple(condition[1]), where, tuple(given), most)
    except (OSError, duckdb.IOException):
        return None


@functools.lru_cache(_ANSWERS_KEPT)
def _answered(
    file: tuple[Path, int, int],
    chosen: str,
    values: tuple[object, ...],
    where: str,
    given: tuple[object, ...],
    most: int,
) -> list[_Row]:
    """As `_read`. file: as of `_open`: of the same one the answer is always the same, and not to be changed."""
    with contextlib.closing(cursor(_open(*file))) as connection:
        rows = connection.execute(
            f"""
                SELECT {", ".join(f"e.{name}" for name in Candidate._fields)}, d.country, d.publisher_title, d.score,
                    e.repeats
                FROM exemplars e
                JOIN (SELECT id, country, publisher_title, score FROM datasets WHERE {chosen}) d USING (id)
                WHERE {where}
                QUALIFY row_number() OVER (PARTITION BY e.criterion, d.country ORDER BY e.quality DESC, e.id) <= {most}
                ORDER BY e.quality DESC, e.id
                """,  # noqa: S608 - SQL of ours; a reader's words are values
            [*values, *given],
        ).fetchall()
    return list(_rows(rows))


def _rows(rows: list[tuple[object, ...]]) -> Iterator[_Row]:
    width = len(Candidate._fields)
    for row in rows:
        yield _Row(Candidate(*row[:width]), *row[width:])  # type: ignore[arg-type]


@functools.lru_cache(KEPT_OPEN)
def _open(folder: Path, inode: int, changed: int) -> duckdb.DuckDBPyConnection:
    """The exemplars, and of the datasets those that have some, in memory.

    inode, changed: of the file of exemplars, as a folder of the same name may take its place.
    """
    connection = duckdb.connect(config={"threads": 2})
    for name, file in (("exemplars", FILE), ("datasets", THEIR_DATASETS)):
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet({quoted(str(folder / file))})")  # noqa: S608 - quoted
    lock(connection)
    return connection
