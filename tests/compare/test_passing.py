"""The share of datasets that pass a criterion, by country and by agency, as it is drawn."""

from __future__ import annotations

import pytest
from tests.compare.tables import FAIL, PARTIAL, PASS, criteria, entry, table

from ckanext.aivision.compare.charts.passing import agency_passing_rows, passing_row
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.table.agency_counts import narrowed
from ckanext.aivision.compare.table.entry import NOT_APPLICABLE, UNKNOWN
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.compare.table_comparison import compare
from ckanext.aivision.snapshot.answers.criteria import agency_shares

(FIRST,) = (row.id for row in criteria(1))
LARGE, SMALL = "gb-cabinet-office", "gb-hm-treasury"
LEAST = 5


def drawn(
    results: list[int], agency: str = LARGE, others: int = 0
) -> tuple[Overview, list[tuple[str, float | None, int, int]]]:
    """The overview of datasets with these results, and the rows of their agencies; others: passing ones of another."""
    found = table(
        [
            *(entry(f"id-{place}", (result,), agency=agency) for place, result in enumerate(results)),
            *(entry(f"other-{place}", (PASS,), agency=SMALL) for place in range(others)),
        ]
    )
    overview = compare(found, criteria(1), "1")[-1]
    shares = agency_shares(found, FIRST, narrowed(Filters(), samples=False))
    rows = agency_passing_rows(overview, "GB", shares, 10)
    return overview, [(one.row.id, one.row.marks[0].value, one.passed, one.judged) for one in rows]


@pytest.mark.long
@pytest.mark.parametrize(
    ("results", "share", "passed", "judged"),
    [
        ([PASS] * LEAST, 100.0, 5, 5),
        ([FAIL] * LEAST, 0.0, 0, 5),
        ([PASS, PARTIAL, FAIL, FAIL, FAIL, FAIL], 16.67, 1, 6),
        ([PASS, PASS, FAIL, FAIL, NOT_APPLICABLE], 50.0, 2, 4),
        ([UNKNOWN] * LEAST, None, 0, 0),
        ([NOT_APPLICABLE] * LEAST, None, 0, 0),
        # Known for a few only, who say nothing of the others.
        ([PASS, *[UNKNOWN] * LEAST], None, 1, 1),
    ],
)
def test_an_agency_is_drawn_at_the_share_of_judged_datasets_that_pass(
    results: list[int], share: float | None, passed: int, judged: int
) -> None:
    assert drawn(results)[1] == [(LARGE, share, passed, judged)]


def test_agencies_with_too_few_datasets_are_left_out_and_the_largest_comes_first() -> None:
    results = [PASS] * (LEAST + 1)
    assert [row[0] for row in drawn(results, others=LEAST)[1]] == [LARGE, SMALL]
    assert [row[0] for row in drawn(results, others=LEAST - 1)[1]] == [LARGE]


@pytest.mark.long
def test_a_country_is_drawn_at_the_share_that_is_compared_or_with_the_reason_why_there_is_none() -> None:
    overview, _ = drawn([PASS, FAIL, FAIL, FAIL])
    row = passing_row(overview.criteria[0], overview.countries, "Pass")
    (mark,) = row.marks
    assert (row.title, mark.label, mark.value, mark.judged) == ("Pass", "UK", 25.0, 4)
    overview, _ = drawn([PASS, *[UNKNOWN] * LEAST])
    (mark,) = passing_row(overview.criteria[0], overview.countries, "Pass").marks
    assert mark.value is None
    assert mark.too_little == overview.criteria[0].countries["GB"].too_little != ""
