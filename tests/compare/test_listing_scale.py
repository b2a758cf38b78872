"""Lists of as many datasets as the corpus has."""

from __future__ import annotations

import time

import pytest
from tests.compare.tables import FAIL, RESULTS, entry, table

from ckanext.aivision.compare.table import listing
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.entry import UNKNOWN
from ckanext.aivision.compare.table.filters import parse
from ckanext.aivision.scoring.rubric import load

NUMBER = 23_000
LONGEST = 2.0  # seconds; a tenth of it where nothing else runs


@pytest.fixture(scope="module")
def datasets() -> DatasetTable:
    width = len(load().criteria)
    return table(
        [
            entry(
                f"{place * 7919 % NUMBER:05}",
                [RESULTS[(place + at) % len(RESULTS)] for at in range(width)],
                title=f"Levels of the river {place % 977}",
                score=place % 1001,
                grade="ABCDE"[place % 5],
                themes=["health"] if place % 3 else [],
                agency=f"gb-{place % 300}",
            )
            for place in range(NUMBER)
        ]
    )


@pytest.mark.long
@pytest.mark.parametrize("sort", listing.SORTS)
def test_a_page_comes_at_once_and_all_pages_give_each_dataset_once(datasets: DatasetTable, sort: str) -> None:
    found: list[str] = []
    after = None
    while True:
        started = time.perf_counter()
        one = listing.page(datasets, listing.Asked(sort=sort, limit=1000, after=after, fields=("id", "score")))
        assert time.perf_counter() - started < LONGEST
        found += [row["id"] for row in one.rows]
        after = one.after
        if after is None:
            break
    assert len(found) == len(set(found)) == one.total == NUMBER


@pytest.mark.long
def test_a_page_of_filtered_results_comes_at_once(datasets: DatasetTable) -> None:
    results = listing.read_results(["licence-open.fail", "licence-open.unknown"], datasets.criteria)
    started = time.perf_counter()
    one = listing.page(datasets, listing.Asked(filters=parse([("theme", "health")]), results=results))
    assert time.perf_counter() - started < LONGEST
    at = datasets.criteria.index("licence-open")
    of_health = [place for place in range(NUMBER) if place % 3]
    assert one.total == sum(RESULTS[(place + at) % len(RESULTS)] in (FAIL, UNKNOWN) for place in of_health)
