"""The talking points of the brief and what both countries are weak in: true to the figures, whatever these are."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compare.test_sentences import LABELS, overviews
from tests.examples import share_of

from ckanext.aivision.compare.brief import WEAK_BELOW, talking_points, weak_in_both
from ckanext.aivision.compare.charts.marks import Mark, Row, measure_rows
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import Criterion

pytestmark = pytest.mark.long
SIGNED = r"[+−]?\d+\.\d+"
LEAD = re.compile(
    rf"The (US|UK) is ahead in “(.+)”: a mean of (\d+\.\d) of 100, against (\d+\.\d) in the (US|UK) "
    rf"\(US minus UK ({SIGNED}) points, 95 % interval ({SIGNED}) to ({SIGNED})\)\."
)
BEST, GAIN = (
    re.compile(
        rf"By the {weights}, (US|UK) agencies {verb} most in “(.+)”: (.+) of 100 \(datasets judged: ([\d,]+)\)\."
    )
    for weights, verb in (("weights of the rubric", "earn"), ("same weights", "could gain"))
)


@pytest.fixture(scope="module")
def figures(criteria: list[Criterion], lens: Lens) -> Any:
    return overviews(criteria, lens)


def float_of(text: str) -> float:
    return float(text.replace("−", "-"))


def written(mark: Mark) -> str:
    return f"{mark.figure} ({mark.ends[0]} to {mark.ends[1]})" if mark.ends else mark.figure


def marks_of(rows: list[Row], label: str) -> dict[str, Mark]:
    return {row.title: mark for row in rows for mark in row.marks if mark.label == label and mark.value is not None}


def check_lead(text: str, label: str, found: Overview) -> None:
    dimensions, criteria = (measure_rows(rows, found.countries) for rows in (found.dimensions, found.criteria))
    leads = [row for row in dimensions if row.ahead == label] or [row for row in criteria if row.ahead == label]
    match = LEAD.fullmatch(text)
    if match is None:
        assert text == f"The figures show the {label} ahead in no dimension and in no criterion."
        assert not leads
        return
    row = next(row for row in leads if row.title == match[2])
    own, other = (next(mark for mark in row.marks if mark.label == name) for name in (match[1], match[5]))
    assert (match[1], match[3], match[4]) == (label, own.figure, other.figure)
    assert own.label != other.label
    gap, low, high = (float_of(match[number]) for number in (6, 7, 8))
    assert (gap > 0 < low) if label == LABELS[0] else (gap < 0 > high)
    assert row.gap is not None
    assert row.gap.ends == (match[7], match[8])
    distances = [abs((one.marks[0].value or 0) - (one.marks[1].value or 0)) for one in leads]
    assert abs((own.value or 0) - (other.value or 0)) == max(distances)


@settings(max_examples=share_of(80), deadline=None)
@given(data=st.data())
def test_each_side_has_three_points_that_are_true(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    sides = talking_points(found)
    filled = [row.label for row in found.countries if row.data_sets]
    assert [side.label for side in sides] == filled
    rows = measure_rows(found.criteria, found.countries)
    weights = {row.title: row.weight for row in found.criteria}
    for side in sides:
        lead, best, gain = side.points
        if len(filled) == len(LABELS):
            check_lead(lead, side.label, found)
        else:
            assert lead.startswith("There are no datasets of the ")
        means = marks_of(rows, side.label)
        if not means:
            assert best == f"Too little is known to say what {side.label} agencies do best."
            continue
        highest = BEST.fullmatch(best)
        assert highest
        mark = means[highest[2]]
        assert (highest[1], highest[3], highest[4]) == (side.label, written(mark), f"{mark.judged:,}")
        earned = {title: weights[title] * (one.value or 0) for title, one in means.items()}
        assert earned[highest[2]] == max(earned.values())
        most = GAIN.fullmatch(gain)
        left = {title: weights[title] * (100 - (one.value or 0)) for title, one in means.items()}
        if most is None:
            assert gain.endswith("have nothing left to gain.")
            assert max(left.values()) == 0
            continue
        assert (most[1], most[3]) == (side.label, written(means[most[2]]))
        assert left[most[2]] == max(left.values())


@settings(max_examples=share_of(80), deadline=None)
@given(data=st.data())
def test_what_both_are_weak_in_is_weak_with_its_whole_interval(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    weak = weak_in_both(found)
    rows = {row.title: row for row in measure_rows(found.criteria, found.countries)}
    for text in weak.low:
        row = rows[text[1 : text.index("”")]]
        assert len(row.marks) == len(LABELS)
        assert all(mark.high is not None and mark.high < WEAK_BELOW for mark in row.marks)
        assert text.endswith(": " + "; ".join(f"{mark.label} {written(mark)}" for mark in row.marks))
    for text in weak.hardly_said:
        row = rows[text[1 : text.index("”")]]
        assert all(mark.value is None and mark.too_little.startswith("said by") for mark in row.marks)
        assert all(f"{mark.label} {mark.too_little}" in text for mark in row.marks)
    if not all(row.data_sets for row in found.countries):
        assert weak == ([], [])
