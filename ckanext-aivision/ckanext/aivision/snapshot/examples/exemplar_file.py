"""The files of exemplars in a snapshot: what records show of the criteria that they pass, the best of them.

Written with the snapshot, from the datasets of its table and their stored records. How many records are read is
bounded, whatever the size of the catalogue, and so is the file.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations.encoding import from_text
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.compare.table.columns import name_of
from ckanext.aivision.compare.table.dataset_table import DATASETS, DatasetTable
from ckanext.aivision.compare.table.members import Members
from ckanext.aivision.compare.table.table_files import quoted
from ckanext.aivision.exemplars.candidates import candidate_of
from ckanext.aivision.exemplars.rules import load_rules
from ckanext.aivision.exemplars.selection import MOST_REPEATS, Candidate, Shelves
from ckanext.aivision.snapshot.examples import kept_candidates
from ckanext.aivision.snapshot.examples.best_datasets import best_of_all
from ckanext.aivision.snapshot.examples.kept_candidates import Found

FILE = "exemplars.parquet"
# Of the datasets those that have some, which readers would look for among all of them.
THEIR_DATASETS = "exemplar-datasets.parquet"
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


def write(
    folder: Path, table: DatasetTable, members: Members, connection: sa.Connection, before: Path | None = None
) -> int:
    """Writes the files for a table of datasets that is in the folder. Returns how many exemplars they hold.

    members: those of the table. connection: sees the evaluations that it is of. before: the folder of the snapshot
    before, if there is one: records that have not changed since are not read again. Raises OSError or duckdb.Error
    where it cannot write.
    """
    wanted = _choose_records(table, members)
    facets = dict(_facets(table, list(wanted)))
    shelves = Shelves()
    found = _read_records(wanted, facets, connection, kept_candidates.read(before))
    for id in sorted(found):
        for candidate in found[id].candidates:
            if candidate.criterion in wanted[id]:
                shelves.put(candidate._replace(agency=facets[id].agency), facets[id].labels)
    kept_candidates.write(folder, {id: one for id, one in found.items() if one.state})
    return _write_rows(folder, shelves)


def _read_records(
    wanted: dict[str, set[str]], facets: dict[str, _Facets], connection: sa.Connection, before: Mapping[str, Found]
) -> dict[str, Found]:
    """What the records show, by dataset: as before of those that are as they were. Without a state, of unknown ones."""
    ids = sorted(wanted)
    # What a candidate is worth depends on the score too.
    states = {id: f"{state} {facets[id].score}" for id, state in kept_candidates.states(ids, connection).items()}
    found = {
        id: one
        for id in ids
        if (one := before.get(id)) is not None and states.get(id) == one.state and wanted[id].issubset(one.criteria)
    }
    changed = [id for id in ids if id not in found]
    for start in range(0, len(changed), _BATCH):
        batch = changed[start : start + _BATCH]
        shown: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in _candidates(batch, wanted, facets, connection):
            shown[candidate.id].append(candidate)
        found |= {id: Found(states.get(id, ""), sorted(wanted[id]), shown[id]) for id in batch}
    return found


def _choose_records(table: DatasetTable, members: Members) -> dict[str, set[str]]:
    """The criteria that each dataset may be an example of, by its id."""
    criteria = [criterion for criterion in load_rules() if criterion in table.criteria]
    if table.select("count(*)").fetchall()[0][0] <= _BATCH:
        return _all_that_pass(table, criteria)
    best = best_of_all(members, criteria, _OF_AGENCY, _OF_VALUE)
    # Where there are too many, those that are first somewhere are kept.
    ranks: dict[int, int] = defaultdict(lambda: _OF_AGENCY)
    for found in best.values():
        for position, rank in found.items():
            ranks[position] = min(ranks[position], rank)
    places = dict(zip(ranks, members.id_places(np.array(list(ranks), dtype=np.int64)).tolist(), strict=True))
    kept = sorted(ranks, key=lambda position: (ranks[position], places[position]))[:_MOST_RECORDS]
    return {
        members.id(position): {criterion for criterion, found in best.items() if position in found} for position in kept
    }


def _all_that_pass(table: DatasetTable, criteria: Sequence[str]) -> dict[str, set[str]]:
    """Of a small catalogue nothing need be left out."""
    rows = table.select(", ".join(("id", *map(name_of, criteria)))).fetchall()
    return {id: {one for one, value in zip(criteria, values, strict=True) if value == 1} for id, *values in rows}


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
        datasets, target = (quoted(str(folder / name)) for name in (DATASETS, THEIR_DATASETS))
        chosen = f"SELECT * FROM read_parquet({datasets}) WHERE id IN (SELECT id FROM exemplars)"  # noqa: S608 - quoted
        connection.execute(f"COPY ({chosen}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
    return len(rows)
