"""What is counted by agency, against plain loops over the same entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compare.tables import FAIL, PARTIAL, PASS, RESULTS, criteria, entry, members_of, table
from tests.examples import share_of

from ckanext.aivision.compare.table import agency_counts
from ckanext.aivision.compare.table.entry import NOT_APPLICABLE, UNKNOWN, Entry
from ckanext.aivision.compare.table.filters import Filters, parse

FIRST, SECOND = (row.id for row in criteria())
AGENCIES = st.sampled_from(["gb-cabinet-office", "us-026", ""])
ROWS = st.lists(
    st.tuples(AGENCIES, st.sampled_from("ABCDE"), st.sampled_from(RESULTS), st.sampled_from(["p", "q", ""])),
    max_size=15,
)


def example_ids(entries: Sequence[Entry], value: int, number: int) -> list[str]:
    condition = agency_counts.narrowed(Filters(), samples=False)
    with members_of(entries) as found:
        return [one.id for one in agency_counts.examples(found, FIRST, [value], condition, number)[value]]


@pytest.mark.long
@settings(max_examples=share_of(40), deadline=None)
@given(ROWS)
def test_counts_are_those_of_the_datasets(rows: list[tuple[str, str, int, str]]) -> None:
    found = table(
        [
            entry(
                f"id-{place:02}", (PASS, result), agency=agency, grade=grade, publisher=publisher, publisher_title="P"
            )
            for place, (agency, grade, result, publisher) in enumerate(rows)
        ]
    )
    cells = found.cells()
    counted = agency_counts.grades(cells)
    assert {(agency, grade): number for agency, of in counted.items() for grade, number in of.items() if number} == (
        Counter((agency, grade) for agency, grade, _, _ in rows)
    )
    by_agency = agency_counts.outcomes_by_agency(cells, SECOND)
    for agency, outcomes in by_agency.items():
        own = [result for name, _, result, _ in rows if name == agency]
        assert outcomes[:5] == tuple(own.count(value) for value in (PASS, PARTIAL, FAIL, UNKNOWN, NOT_APPLICABLE))
        known = [value for value in own if value >= 0]
        assert outcomes.mean == (round(sum(known) / 10 / len(known), 2) if known else None)
    assert set(by_agency) == {agency for agency, _, _, _ in rows} - {""}
    assert agency_counts.outcomes(cells)[FIRST].passed == len(rows)
    publishers = {one.id: one.data_sets for one in agency_counts.publishers(cells)}
    assert publishers == Counter(publisher for _, _, _, publisher in rows if publisher)


@pytest.mark.long
def test_made_up_samples_are_not_counted_beside_real_datasets() -> None:
    entries = [entry("a", sample=True, grade="A"), entry("b", grade="B")]
    found = table(entries)
    of_real = found.cells(*agency_counts.narrowed(Filters(), samples=False))
    of_samples = found.cells(*agency_counts.narrowed(Filters(), samples=True))
    assert agency_counts.grades(of_real)[""]["A"] == 0
    assert agency_counts.grades(of_samples)[""] == {"A": 1, "B": 0, "C": 0, "D": 0, "E": 0}
    assert example_ids(entries, 1, 5) == ["b"]


def test_filters_narrow_what_is_counted() -> None:
    found = table([entry("a", country="US", grade="A"), entry("b", grade="B")])
    cells = found.cells(*agency_counts.narrowed(parse([("country", "US")]), samples=False))
    assert agency_counts.grades(cells)[""]["B"] == 0


@pytest.mark.long
def test_examples_are_of_different_agencies_first() -> None:
    entries = [entry(f"a-{place}", agency="us-026") for place in range(5)] + [entry("z", agency="gb-cabinet-office")]
    assert example_ids(entries, 1, 3) == ["a-0", "z", "a-1"]
    assert example_ids(entries, 0, 3) == []


@pytest.mark.long
def test_examples_are_of_the_datasets_that_filters_leave_with_country_and_publisher() -> None:
    entries = [entry("a", country="US"), entry("b", country="GB", publisher="p", publisher_title="Office")]
    condition = agency_counts.narrowed(parse([("country", "GB")]), samples=False)
    with members_of(entries) as found:
        examples = agency_counts.examples(found, FIRST, [1], condition, 5)
    assert examples == {1: [agency_counts.Example("b", "GB", "Office")]}


@pytest.mark.long
def test_the_countries_take_turns_in_examples() -> None:
    entries = [entry(f"a-{place}", country="GB", agency=f"gb-{place}") for place in range(3)]
    entries.append(entry("z", country="US"))
    assert example_ids(entries, 1, 3) == ["z", "a-0", "a-1"]
