"""Tables of datasets made by hand, for tests of what is read from them."""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ckanext.aivision.compare.table.build import in_memory, write_files
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.entry import NOT_APPLICABLE, UNKNOWN, Entry, Numbers
from ckanext.aivision.compare.table.facets import Facets
from ckanext.aivision.compare.table.groups import read_groups, write_groups
from ckanext.aivision.compare.table.members import Members, read_members, write_members
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion, load

ON = datetime.date(2026, 11, 1)
PASS, PARTIAL, FAIL = 1000, 500, 0
RESULTS = (PASS, PARTIAL, FAIL, UNKNOWN, NOT_APPLICABLE)


def criteria(number: int = 2) -> list[Criterion]:
    """The first criteria of the rubric."""
    return load().criteria[:number]


def entry(id: str, results: Sequence[int] = (PASS, FAIL), **fields: Any) -> Entry:
    """A dataset. score: in tenths. grade: a letter. Facets are those that `fields` name."""
    facets = Facets(**{name: fields.pop(name) for name in Facets.__struct_fields__ if name in fields})
    score, grade = fields.pop("score", 500), fields.pop("grade", "C")
    tenths = tuple(100 * place for place, _ in enumerate(DIMENSIONS))
    numbers = Numbers(tuple(results), tenths, score, 1000, "ABCDE".index(grade), fields.pop("gate", ""))
    given = {"name": id, "title": id, "country": "GB", "source": "rivers", "sample": False, "looked_at": "", **fields}
    return Entry(id=id, facets=facets, reference_date=ON, numbers=numbers, **given)


def table(entries: Sequence[Entry]) -> DatasetTable:
    """All entries have as many results as the first."""
    width = len(entries[0].numbers.results) if entries else 2
    return in_memory(entries, criteria(width))


@contextlib.contextmanager
def members_of(entries: Sequence[Entry]) -> Iterator[Members]:
    """The datasets as a snapshot has them. All entries have as many results as the first."""
    with tempfile.TemporaryDirectory() as name:
        folder, asked = Path(name), criteria(len(entries[0].numbers.results) if entries else 2)
        write_files(entries, asked, folder)
        ids = [row.id for row in asked]
        write_members(folder, write_groups(folder, ids))
        groups = read_groups(folder, ids)
        with contextlib.closing(groups.connection):
            yield read_members(folder, groups)
