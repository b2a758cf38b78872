"""A country's sample: made of tallies or of columns, the same; agencies, publishers and sources told apart."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import numpy as np
import pytest

from ckanext.aivision.compare.estimates.counts import Counts
from ckanext.aivision.compare.estimates.sample import Cell, Sample, of_tallies, sample
from ckanext.aivision.compare.overview import About, overview, overview_of
from ckanext.aivision.compare.tallies.tally import Tally
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion

IDS = ["title-descriptive", "keywords-specific", "licence-open"]


def placed(tallies: list[Tally]) -> list[Tally]:
    """Two publishers an agency, from a source of their own."""
    return [
        msgspec.structs.replace(
            tally,
            agency=f"{tally.country}-{place // 2}",
            agency_title=f"Agency {place // 2}",
            source="one" if place % 2 else "two",
        )
        for place, tally in enumerate(tallies)
    ]


def columns(tallies: list[Tally], order: list[int]) -> tuple[list[Cell], Counts]:
    """What a GROUP BY would give, its rows in that order."""
    made = of_tallies(tallies, IDS, DIMENSIONS)
    cells = [
        Cell(
            made.publishers[made.publisher[row]].name,
            made.agencies[made.agency[row]].id,
            made.agencies[made.agency[row]].title,
            made.agencies[made.agency[row]].level,
            made.sources[made.source[row]],
        )
        for row in order
    ]
    return cells, made.counts.at(np.array(order))


@pytest.fixture
def by_country(tallies: list[Tally]) -> dict[str, list[Tally]]:
    return {code: placed([row for row in tallies if row.country == code]) for code in ("US", "GB")}


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2]])
def test_columns_in_any_order_give_the_figures_of_tallies(
    by_country: dict[str, list[Tally]], criteria: list[Criterion], order: list[int]
) -> None:
    samples = {code: sample(*columns(rows, order), IDS, DIMENSIONS) for code, rows in by_country.items()}
    day = by_country["US"][0].first_date
    found = overview_of(samples, criteria, About("1", day, day))
    assert found == overview([*by_country["US"], *by_country["GB"]], criteria)


def test_cells_of_one_agency_are_one_row_and_so_are_those_of_one_publisher(by_country: Any) -> None:
    found = of_tallies(by_country["US"], IDS, DIMENSIONS)
    assert [row.title for row in found.agencies] == ["Agency 0", "Agency 1"]
    assert found.by_agency.data_sets.tolist() == [20, 20]
    assert found.by_publisher.data_sets.tolist() == [10, 10, 10, 10]
    assert found.sources == ["one", "two"]


def test_a_publisher_under_two_agencies_is_two_and_one_from_two_sources_is_one(by_country: Any) -> None:
    rows = [msgspec.structs.replace(row, publisher="Planning") for row in by_country["US"]]
    found = of_tallies(rows, IDS, DIMENSIONS)
    assert [(row.name, row.agency) for row in found.publishers] == [("Planning", "US-0"), ("Planning", "US-1")]
    assert found.by_publisher.data_sets.tolist() == [20, 20]


def test_a_publisher_without_an_agency_stands_for_itself(tallies: list[Tally]) -> None:
    found = of_tallies([msgspec.structs.replace(row, country="US") for row in tallies], IDS, DIMENSIONS)
    assert len(found.agencies) == len(found.publishers) == len(tallies)
    assert {row.id for row in found.agencies} == {""}


def test_an_agency_without_a_title_is_called_by_its_id_and_an_unnamed_publisher_by_that(tallies: list[Tally]) -> None:
    rows = [
        msgspec.structs.replace(tallies[0], agency="us-026"),
        msgspec.structs.replace(tallies[1], publisher=""),
    ]
    assert [row.title for row in of_tallies(rows, IDS, DIMENSIONS).agencies] == ["(no publisher named)", "us-026"]


def test_criteria_that_no_dataset_was_asked_are_known_of_none(by_country: Any) -> None:
    found = of_tallies(by_country["US"], IDS, DIMENSIONS).asking(["licence-open", "something-else"])
    assert found.counts.known[:, 0].tolist() == [10, 10, 10, 10]
    assert found.counts.applicable[:, 1].tolist() == [0, 0, 0, 0]
    assert found.known_share(1) is None


def test_columns_that_do_not_fit_are_refused(by_country: Any) -> None:
    cells, counts = columns(by_country["US"], [0, 1, 2, 3])
    with pytest.raises(ValueError, match=r"passed has the shape \(4, 2\), not \(4, 3\)"):
        sample(cells, dataclasses.replace(counts, passed=counts.passed[:, :2]), IDS, DIMENSIONS)
    with pytest.raises(ValueError, match="data_sets has the shape"):
        sample(cells[:3], counts, IDS, DIMENSIONS)


def test_no_rows_are_a_country_without_datasets() -> None:
    found: Sample = of_tallies([], IDS, DIMENSIONS)
    assert (len(found.by_agency), found.agencies_left_out, found.known_share(0)) == (0, 0, None)
