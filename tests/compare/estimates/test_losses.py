"""What a source's pipeline lost is counted as unknown there, and said; what agencies fail is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import CountedEvaluation, Tally, collect
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import Criterion

US = [(1, 1, 1), (1, 0, 0.5), (0.5, 1, 0), (0, 1, 1), (1, 0, 1)]


def from_source(
    evaluations: Any, code: str, source: str, rows: Sequence[Any], each: int = 20, placed: bool = True
) -> list[CountedEvaluation]:
    """An agency a row, with so many datasets alike, all from one source."""
    return [
        msgspec.structs.replace(
            msgspec.json.decode(msgspec.json.encode(row), type=CountedEvaluation),
            agency=f"{code}-{row.publisher}".lower().replace(" ", "-") if placed else "",
            agency_title=row.publisher if placed else "",
            source=source,
        )
        for row in evaluations(code, rows, each)
    ]


@pytest.fixture
def compared(country: Any, criteria: list[Criterion], lens: Lens) -> Any:
    """compared(rows of the UK's flattened tables, ...): the US and a UK source, keywords failing as the rows say."""

    def compare(rows: Sequence[Any], each: int = 20, placed: bool = True, us: Sequence[Any] = US) -> Overview:
        lines = from_source(country, "US", "data.gov", us)
        lines += from_source(country, "GB", "flat-tables", rows, each, placed)
        return overview(collect(lines), criteria, lens=lens)

    return compare


def keywords(found: Overview) -> Any:
    return next(row for row in found.criteria if row.id == "keywords-specific")


def test_what_no_dataset_of_a_source_meets_is_lost_there(compared: Any) -> None:
    found = compared([(1, 0, 1)] * 5)
    (lost,) = found.dropped
    assert (lost.country, lost.source, lost.criterion, lost.data_sets) == (
        "GB",
        "flat-tables",
        "keywords-specific",
        100,
    )
    assert (
        "No UK dataset from flat-tables meets the criterion “Keywords specific”, though datasets from other sources "
        "do: the source seems to lose what is asked. In the comparison this counts as unknown there and not as a "
        "failure." in found.notes
    )


def test_its_failures_are_unknown_in_the_comparison_and_in_the_lens(compared: Any) -> None:
    found = compared([(1, 0, 1)] * 5)
    figures = keywords(found).countries["GB"]
    assert (figures.known, figures.by_agency.value) == (0, None)
    assert figures.too_little == "said by 0 % of datasets (0 of 100)"
    assert [row.criterion for row in found.left_out] == ["keywords-specific"]
    assert [row.criterion for row in found.lens.left_out] == ["keywords-specific"]
    assert found.overall.comparison.by_agency.second.value == 100


def test_the_datasets_own_scores_stay(compared: Any) -> None:
    # Title 3, keywords 1, licence 4: seven of eight.
    found = compared([(1, 0, 1)] * 5)
    assert found.overall.countries["GB"].by_data_set.value == 87.5
    assert {row.mean for row in found.agencies if row.country == "GB"} == {87.5}


def test_one_dataset_that_meets_it_in_part_shows_that_the_source_has_room_for_it(compared: Any) -> None:
    assert compared([(1, 0, 1)] * 4 + [(1, 0.1, 1)]).dropped == []


@pytest.mark.parametrize(
    ("agencies", "each", "lost"), [(5, 20, 1), (4, 25, 0), (4, 100, 0), (5, 19, 0)], ids=["both", "4", "4 large", "95"]
)
def test_a_source_needs_five_agencies_and_a_hundred_datasets(
    compared: Any, agencies: int, each: int, lost: int
) -> None:
    assert len(compared([(1, 0, 1)] * agencies, each).dropped) == lost


def test_publishers_that_are_placed_with_no_agency_may_be_offices_of_one(compared: Any) -> None:
    assert compared([(1, 0, 1)] * 9, placed=False).dropped == []


def test_what_nobody_meets_anywhere_is_practice(compared: Any) -> None:
    assert compared([(1, 0, 1)] * 5, us=[(1, 0, 1)] * 5).dropped == []


@pytest.mark.parametrize(("meeting", "lost"), [(1, 0), (4, 0), (5, 1)])
def test_what_few_agencies_meet_elsewhere_may_be_missing_by_chance(compared: Any, meeting: int, lost: int) -> None:
    # Of ten agencies elsewhere: that five here all fail has a chance of 0.6^5 = 0.08 if four meet it, 0.03 if five do.
    us = [(1, 1, 1)] * meeting + [(1, 0, 1)] * (10 - meeting)
    assert len(compared([(1, 0, 1)] * 5, us=us).dropped) == lost


def test_what_is_known_of_none_is_not_called_lost(compared: Any) -> None:
    assert compared([(1, None, 1)] * 5).dropped == []


def test_records_of_no_known_source_lose_nothing(country: Any, criteria: list[Criterion]) -> None:
    lines = from_source(country, "US", "data.gov", US) + from_source(country, "GB", "", [(1, 0, 1)] * 5)
    assert overview(collect(lines), criteria).dropped == []


def test_another_source_of_the_same_country_keeps_its_failures(country: Any, criteria: list[Criterion]) -> None:
    lines = from_source(country, "US", "data.gov", US)
    lines += from_source(country, "GB", "flat-tables", [(1, 0, 1)] * 5)
    lines += from_source(country, "GB", "council", [(1, 0, 1)] * 1, 300)
    found = overview(collect(lines), criteria)
    assert [row.source for row in found.dropped] == ["flat-tables"]
    # "GB publisher 0" is in both sources: its 300 own failures stay known, 100 are not.
    assert keywords(found).countries["GB"].known == pytest.approx(75)


def test_several_lost_criteria_of_a_source_are_one_note(compared: Any) -> None:
    found = compared([(0, 0, 1)] * 5)
    assert (
        sum(
            "flat-tables meets any of 2 criteria (“Title descriptive”, “Keywords specific”)" in row
            for row in found.notes
        )
        == 1
    )


def test_tallies_stored_before_there_were_agencies_and_sources_decode(country: Any) -> None:
    (tally,) = collect(country("US", [(1, 1, 1)]))
    fields = ("agency", "agency_title", "level", "source")
    stored = {name: value for name, value in msgspec.to_builtins(tally).items() if name not in fields}
    assert msgspec.convert(stored, type=Tally) == tally
