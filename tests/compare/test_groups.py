"""Groups of datasets that no filter tells apart give the same sums as the datasets themselves."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from ckanext.aivision.compare.table.build import write_files
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.entry import Entry, Numbers
from ckanext.aivision.compare.table.facets import Facets
from ckanext.aivision.compare.table.filters import parse
from ckanext.aivision.compare.table.groups import GroupTable, read_groups, write_groups
from ckanext.aivision.compare.table.table_files import read_files
from ckanext.aivision.scoring.registry import DIMENSIONS

pytestmark = [pytest.mark.pure, pytest.mark.long]

FIRST, LAST = datetime.date(2026, 11, 1), datetime.date(2026, 11, 30)


class Asks(NamedTuple):
    """What the table needs of a criterion."""

    id: str
    question: str = "Is it?"
    dimension: str = DIMENSIONS[0]
    weight: float = 1


CRITERIA = [Asks("first"), Asks("second"), Asks("third")]


def entry(place: int, country: str, agency: str, theme: str, year: int | None) -> Entry:
    """A dataset whose numbers are its own."""
    return Entry(
        id=f"id-{place:03}",
        name=f"name-{place}",
        title="Bus stops",
        country=country,
        source=f"source-{place % 2}",
        sample=False,
        facets=Facets(
            agency=agency,
            level="local" if place % 5 else "",
            publisher=f"{agency}-{place % 3}",
            publisher_title=f"Publisher {place % 3}",
            themes=[theme, "roads"] if place % 2 else [theme],
            kinds=["tabular"] if place % 3 else [],
            formats=["CSV"] if place % 3 else [],
            year=year,
        ),
        looked_at="links" if place % 7 == 0 else "",
        reference_date=FIRST if place % 4 else LAST,
        numbers=Numbers(
            results=(place % 1000, -1 if place % 2 else 1000, -2 if place % 3 == 0 else 0),
            dimensions=tuple(-1 if place % 6 == 0 else place for _ in DIMENSIONS),
            score=-1 if place % 11 == 0 else place,
            coverage=place,
            grade=place % 5,
            gate="",
        ),
    )


def entries() -> list[Entry]:
    """Each combination three times, in an order in which no two alike stand side by side."""
    combinations = list(
        itertools.product(("US", "GB"), ("agency-1", "agency-2"), ("health", "energy"), (None, 2020, 2024))
    )
    return [entry(place, *row) for place, row in enumerate(combinations * 3)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files(entries(), CRITERIA, tmp_path)
    write_groups(tmp_path, [row.id for row in CRITERIA])
    return tmp_path


def datasets(folder: Path) -> DatasetTable:
    return read_files(folder, [row.id for row in CRITERIA])


def groups(folder: Path) -> GroupTable:
    return read_groups(folder, [row.id for row in CRITERIA])


@pytest.mark.parametrize(
    "filters",
    [
        [],
        [("country", "GB")],
        [("agency", "agency-2"), ("theme", "health")],
        [("theme", "health"), ("theme", "energy"), ("year", "2019-2021")],
        [("kind", "tabular"), ("level", "local")],
        [("looked_at", "links")],
        [("format", "csv"), ("source", "source-1"), ("publisher", "agency-1-1")],
    ],
)
def test_groups_and_datasets_have_the_same_sums(folder: Path, filters: list[tuple[str, str]]) -> None:
    chosen = parse(filters)
    of_datasets = datasets(folder).cells(*chosen.condition())
    of_groups = groups(folder).cells(*chosen.condition())
    assert of_datasets.data_sets.sum() > 0
    assert list(of_groups.keys) == list(of_datasets.keys)
    for field in dataclasses.fields(of_datasets)[2:]:
        np.testing.assert_array_equal(getattr(of_groups, field.name), getattr(of_datasets, field.name), field.name)


def test_a_filter_that_leaves_nothing_gives_no_cells(folder: Path) -> None:
    found = groups(folder).cells(*parse([("year", "1999")]).condition())
    assert len(found.keys) == 0
    assert found.passed.shape == (0, len(CRITERIA))


def test_a_catalogue_without_datasets_has_no_groups(tmp_path: Path) -> None:
    write_files([], CRITERIA, tmp_path)
    write_groups(tmp_path, [row.id for row in CRITERIA])
    assert len(groups(tmp_path).cells().keys) == 0
    assert groups(tmp_path).dates() == (None, None)


def test_groups_know_the_first_and_the_last_day_of_their_evaluations(folder: Path) -> None:
    assert groups(folder).dates() == (FIRST, LAST)


def test_what_is_read_is_what_stands_in_the_folder_now(folder: Path) -> None:
    before = groups(folder)
    write_files(entries()[:30], CRITERIA, folder)
    (folder / "sums.npy").rename(folder / "former.npy")
    write_groups(folder, [row.id for row in CRITERIA])
    assert groups(folder).cells().data_sets.sum() == 30
    assert before.cells().data_sets.sum() == len(entries())


def test_a_folder_whose_groups_are_gone_cannot_be_read(folder: Path) -> None:
    groups(folder)
    os.unlink(folder / "sums.npy")
    with pytest.raises(FileNotFoundError):
        groups(folder)
