"""The file of exemplars in a snapshot: what records show of the criteria that they pass, the best of them.

Written with the snapshot, from the datasets of its table and their stored records. How many records are read is
bounded, whatever the size of the catalogue, and so is the file.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations.encoding import from_text
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.compare.table.columns import name_of
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.table_files import quoted
from ckanext.aivision.exemplars.candidates import candidate_of
from ckanext.aivision.exemplars.rules import load_rules
from ckanext.aivision.exemplars.selection import MOST_REPEATS, Candidate, Shelves

FILE = "exemplars.parquet"
# Of a criterion, the datasets with the best scores of each agency and of each value of a filter are looked at.
_OF_AGENCY, _OF_VALUE = 25, 25
_MOST_RECORDS = 12_000
_BATCH = 500
_EVALUATIONS = sa.text(
    """
    SELECT package_id, evaluation, rubric_version, reference_date FROM aivision_evaluation WHERE package_id = ANY(:ids)
    """
)
_LISTS, _VALUES = ("themes", "kinds", "formats"), ("level", "licence_class", "year")
_COLUMNS = (*Candidate._fields, "repeats")


class _Facets(NamedTuple):
    """agency: its id, or that of the publisher. labels: of the shelves that a dataset belongs on. score: 0 to 100."""

    agency: str
    labels: tuple[tuple[str, ...], ...]
    score: float | None


def write(folder: Path, table: DatasetTable, connection: sa.Connection) -> int:
    """Writes the file for a table of datasets. Returns how many exemplars it holds.

    connection: sees the evaluations that the table is of. Raises duckdb.Error where it cannot write.
    """
    wanted = _choose_records(table)
    facets = dict(_facets(table, list(wanted)))
    shelves = Shelves()
    ids = sorted(wanted)
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        for candidate in _candidates(batch, wanted, facets, connection):
            shelves.put(candidate, facets[candidate.id].labels)
    return _write_rows(folder, shelves)


def _choose_records(table: DatasetTable) -> dict[str, set[str]]:
    """The criteria that each dataset may be an example of, by its id."""
    criteria = [criterion for criterion in load_rules() if criterion in table.criteria]
    if table.select("count(*)").fetchall()[0][0] <= _BATCH:
        return _all_that_pass(table, criteria)
    best: dict[str, dict[str, int]] = {}
    for criterion in criteria:
        best[criterion] = {}
        for id, rank in _best(table, name_of(criterion)):
            best[criterion][id] = min(rank, best[criterion].get(id, rank))
    # Where there are too many, those that are first somewhere are kept.
    ranks: dict[str, int] = defaultdict(lambda: _OF_AGENCY)
    for found in best.values():
        for id, rank in found.items():
            ranks[id] = min(ranks[id], rank)
    kept = set(sorted(ranks, key=lambda id: (ranks[id], id))[:_MOST_RECORDS])
    wanted: dict[str, set[str]] = defaultdict(set)
    for criterion, found in best.items():
        for id in found.keys() & kept:
            wanted[id].add(criterion)
    return wanted


def _all_that_pass(table: DatasetTable, criteria: Sequence[str]) -> dict[str, set[str]]:
    """Of a small catalogue nothing need be left out."""
    rows = table.select(", ".join(("id", *map(name_of, criteria)))).fetchall()
    return {id: {one for one, value in zip(criteria, values, strict=True) if value == 1} for id, *values in rows}


def _best(table: DatasetTable, column: str) -> Iterator[tuple[str, int]]:
    """The ids of the datasets with the best scores that pass, each with its rank within an agency or a value."""
    owner = "coalesce(nullif(agency, ''), publisher)"
    parts = [("country, sample, " + owner, "", _OF_AGENCY)]
    parts += [(f"country, sample, {name}", "", _OF_VALUE) for name in _VALUES]
    parts += [("country, sample, value", f", unnest({name}) AS value", _OF_VALUE) for name in _LISTS]
    for by, more, most in parts:
        names = ", ".join(("id", "score", "country", "sample", "agency", "publisher", *_VALUES))
        inner = f"(SELECT {names}{more} FROM {table.relation} WHERE {column} = 1)"  # noqa: S608 - names of ours
        rank = f"row_number() OVER (PARTITION BY {by} ORDER BY score DESC NULLS LAST, id)"
        yield from table.connection.execute(
            f"SELECT id, {rank} AS rank FROM {inner} QUALIFY rank <= {most}"  # noqa: S608
        ).fetchall()


def _facets(table: DatasetTable, ids: Sequence[str]) -> Iterator[tuple[str, _Facets]]:
    names = ("id", "country", "sample", "agency", "publisher", *_VALUES, *_LISTS, "score")
    rows = table.select(", ".join(names), "id IN (SELECT unnest(?))", [list(ids)])
    for values in rows.fetchall():
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        agency = row["agency"] or row["publisher"]
        where = (row["country"], "sample" if row["sample"] else "")
        labels = [where, (*where, "agency", agency)]
        labels += [(*where, name, str(row[name])) for name in _VALUES if row[name]]
        labels += [(*where, name, value) for name in _LISTS for value in row[name]]
        yield row["id"], _Facets(agency, tuple(labels), row["score"])


def _candidates(
    ids: Sequence[str], wanted: dict[str, set[str]], facets: dict[str, _Facets], connection: sa.Connection
) -> Iterator[Candidate]:
    stored = {row.package_id: row for row in connection.execute(_EVALUATIONS, {"ids": list(ids)})}
    for id, dataset in datasets(ids):
        row = stored.get(id)
        if row is None:
            continue
        for result in from_text(row.evaluation, row.rubric_version, row.reference_date).results:
            if result.criterion in wanted[id]:
                found = candidate_of(id, facets[id].agency, dataset, result, facets[id].score)
                if found is not None:
                    yield found


def _write_rows(folder: Path, shelves: Shelves) -> int:
    rules = load_rules()
    rows = [
        (*candidate, shelves.repeats(candidate))
        for candidate in shelves.candidates()
        if rules[candidate.criterion].shared or shelves.repeats(candidate) <= MOST_REPEATS
    ]
    rows.sort(key=lambda row: (row[0], -row[3], row[1]))
    types = {"quality": "DOUBLE", "repeats": "INTEGER"}
    columns = ", ".join(f"{name} {types.get(name, 'VARCHAR')}" for name in _COLUMNS)
    with contextlib.closing(duckdb.connect(config={"threads": 2})) as connection:
        connection.execute(f"CREATE TABLE exemplars ({columns})")
        if rows:
            values = ", ".join(f"unnest(?) AS {name}" for name in _COLUMNS)
            filled = [list(column) for column in zip(*rows, strict=True)]
            connection.execute(f"INSERT INTO exemplars SELECT {values}", filled)
        target = quoted(str(folder / FILE))
        connection.execute(f"COPY exemplars TO {target} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)")
    return len(rows)
