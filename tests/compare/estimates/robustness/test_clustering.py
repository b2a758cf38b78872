"""The overall interval, with datasets grouped by agency, publisher or source."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import Tally, collect
from ckanext.aivision.scoring.rubric import Criterion

ROWS = [(place % 10 / 10, 1, place % 7 / 7) for place in range(24)]


def compared(criteria: list[Criterion], country: Any, agencies: int, sources: int) -> Overview:
    """24 publishers a country, in so many agencies and sources: neighbours together."""
    tallies: list[Tally] = []
    for code in ("US", "GB"):
        for place, tally in enumerate(collect(country(code, ROWS))):
            agency, source = f"{code}-{place * agencies // 24}", f"source {place * sources // 24}"
            tallies.append(msgspec.structs.replace(tally, agency=agency, source=source if sources else ""))
    return overview(tallies, criteria)


def test_each_kind_of_cluster_has_its_interval_and_its_number(criteria: list[Criterion], country: Any) -> None:
    found = compared(criteria, country, 12, 4)
    assert [(row.by, row.first, row.second) for row in found.clustering] == [
        ("agency", 12, 12),
        ("publisher", 24, 24),
        ("source", 4, 4),
    ]
    assert found.clustering[0].interval == found.overall.comparison.by_data_set.interval
    assert all(row.interval.low < 0 < row.interval.high for row in found.clustering if row.interval)
    assert [row.note for row in found.clustering] == ["", "", ""]


def test_publishers_that_are_their_own_agencies_give_the_same_but_for_chance(
    criteria: list[Criterion], country: Any
) -> None:
    agency, publisher, _ = compared(criteria, country, 24, 3).clustering
    assert agency.interval is not None
    assert publisher.interval is not None
    assert agency.interval.low == pytest.approx(publisher.interval.low, abs=2)
    assert agency.interval.high == pytest.approx(publisher.interval.high, abs=2)


@pytest.mark.parametrize("sources", [0, 1, 2])
def test_too_few_sources_give_no_interval_and_the_reason(criteria: list[Criterion], country: Any, sources: int) -> None:
    found = compared(criteria, country, 12, sources).clustering[2]
    assert found.interval is None
    assert found.note == f"no interval: {max(sources, 1)} of the 3 sources needed"


def test_without_a_difference_there_is_none_for_any_kind(compare: Any, country: Any) -> None:
    found = compare(country("US", [(1, 1, 1)] * 4)).clustering
    assert [(row.interval, row.note) for row in found] == [(None, "no datasets of the UK")] * 3
