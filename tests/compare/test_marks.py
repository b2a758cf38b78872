"""Charts of pages: what is drawn, what is read aloud and what is printed beside it are the same figures."""

from __future__ import annotations

import html
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.compare.charts import marks
from ckanext.aivision.compare.charts.agency_marks import agency_rows
from ckanext.aivision.compare.estimates.agency_figures import Agency
from ckanext.aivision.compare.estimates.figures import (
    Comparison,
    Country,
    Difference,
    Figures,
    GradeShare,
    Mean,
    Measure,
    Overview,
    Share,
    Spread,
)
from ckanext.aivision.compare.estimates.method import Interval
from ckanext.aivision.compare.estimates.verdict_sentences import short_verdict
from ckanext.aivision.serialise.pages import environment

CHARTS: Any = environment().get_template("aivision/macros/charts.html").module
LABELS = ("US", "UK")
NUMBER = r"[\d.]+"
SIGNED = r"[+−]?[\d.]+"

scores = st.floats(0, 100).map(lambda value: round(value, 2))


def one_decimal(value: float) -> str:
    return f"{value:.1f}"


@st.composite
def means(draw: st.DrawFn) -> Mean:
    """A mean inside its interval, a mean alone, or none."""
    if draw(st.integers(0, 4)) == 0:
        return Mean(None, None, "nothing is known")
    low, value, high = sorted(draw(st.tuples(scores, scores, scores)))
    return Mean(value, Interval(low, high) if draw(st.booleans()) else None)


@st.composite
def differences(draw: st.DrawFn) -> Difference:
    first, second = (draw(means().filter(lambda mean: mean.value is not None)) for _ in LABELS)
    value = round((first.value or 0) - (second.value or 0), 2)
    low, high = (round(value + draw(st.floats(0, 60)) * side, 2) for side in (-1, 1))
    return Difference(first, second, value, Interval(low, high), distinguishable=low > 0 or high < 0)


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    """Any measure: compared or not, told apart or not, also where only the correction says that it is not."""
    by_agency, by_data_set = draw(differences()), draw(differences())
    compared = draw(st.booleans())
    apart = bool(by_agency.distinguishable) and draw(st.booleans()) if compared else None
    found = Comparison(by_data_set, by_agency, apart, draw(st.integers(1, 9)), 9, "" if compared else "too few to tell")
    countries = {code: draw(figures()) for code in ("US", "GB")}
    return Measure(id="timely", title="Timely", countries=countries, comparison=found, weight=1)


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    known = draw(st.integers(1, 50_000))
    passed = draw(st.integers(0, known))
    own = draw(means())
    too_little = f"said by 2 % of datasets ({passed:,} of {known:,})" if own.value is None else ""
    share = Share(passed, known, 1, None if too_little else round(100 * passed / known, 2), None)
    return Figures(
        data_sets=known,
        agencies=3,
        by_data_set=own,
        by_agency=own,
        passed=share,
        known=50,
        too_little=too_little,
    )


def country(code: str, label: str, data_sets: int = 40) -> Country:
    grades = [GradeShare("A", Share(1, 40, 1, 2.5, Interval(1, 9)), Mean(12.5, Interval(3, 30)))]
    return Country(
        code=code,
        label=label,
        data_sets=data_sets,
        agencies=4,
        agencies_left_out=0,
        publishers=4,
        unplaced=0,
        largest_agency="",
        largest_share=None,
        grades=grades,
        spread=Spread(4, 20.0, 40.0, 60.0, 40.0),
    )


BOTH = (country("US", "US"), country("GB", "UK"))


def drawn(row: marks.Row, **options: Any) -> str:
    return str(CHARTS.measure_row(row, "measure-timely", **options))


@pytest.mark.long
@given(measures())
def test_the_text_alternative_says_the_figures_that_are_compared(measure: Measure) -> None:
    (row,) = marks.measure_rows([measure], BOTH)
    found = measure.comparison
    told = str(CHARTS.alternative(row))
    title, _, rest = told.partition(": ")
    parts = rest.split("; ")
    assert title == "Timely"
    assert parts[-1] == short_verdict(found, LABELS)
    for label, mean, part in zip(LABELS, means_of_row(measure), parts, strict=False):
        if mean.value is None:
            assert part == f"{label} {measure.countries['US' if label == 'US' else 'GB'].too_little}"
        elif mean.interval is None:
            assert part == f"{label} {one_decimal(mean.value)}"
        else:
            ends = f"{one_decimal(mean.interval.low)} to {one_decimal(mean.interval.high)}"
            assert part == f"{label} {one_decimal(mean.value)} ({ends})"
    assert len(parts) == (4 if found.distinguishable is not None else 3)


def means_of_row(measure: Measure) -> tuple[Mean, Mean]:
    """The means that a row shows: what is compared, or else what is known of each country."""
    found = measure.comparison
    if found.distinguishable is not None:
        return found.by_agency.first, found.by_agency.second
    return measure.countries["US"].by_agency, measure.countries["GB"].by_agency


@pytest.mark.long
@given(measures())
def test_a_difference_has_the_sign_of_the_figures_and_says_no_more_than_its_interval(measure: Measure) -> None:
    (row,) = marks.measure_rows([measure], BOTH)
    gap = measure.comparison.by_agency
    if measure.comparison.distinguishable is None:
        assert row.gap is None
        assert not row.ahead
        return
    assert row.gap is not None
    assert row.gap.ends is not None
    assert gap.interval is not None
    for text, value in zip(
        (row.gap.points, *row.gap.ends), (gap.value, gap.interval.low, gap.interval.high), strict=True
    ):
        assert value is not None
        assert re.fullmatch(SIGNED, text)
        assert text.startswith("+" if value > 0 else "−" if value < 0 else "0")
        assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.0501)
    if row.ahead:
        assert gap.interval.low > 0 if row.ahead == "US" else gap.interval.high < 0
    assert row.many == (not row.ahead and (gap.interval.low > 0 or gap.interval.high < 0))


@pytest.mark.long
@given(measures())
def test_marks_are_drawn_where_their_figures_are(measure: Measure) -> None:
    (row,) = marks.measure_rows([measure], BOTH)
    text = drawn(row)
    for place, mean in enumerate(means_of_row(measure)):
        found = re.findall(rf'<use href="#aivision-shape-{place}" x="({NUMBER})%"', text)
        assert found == ([] if mean.value is None else [str(mean.value)])
    lines = re.findall(rf'<line x1="({NUMBER})%" x2="({NUMBER})%"', text)
    assert lines == [
        (str(mean.interval.low), str(mean.interval.high)) for mean in means_of_row(measure) if mean.interval
    ]


@given(measures())
def test_what_is_printed_beside_a_row_is_what_its_text_alternative_says(measure: Measure) -> None:
    (row,) = marks.measure_rows([measure], BOTH)
    text = drawn(row)
    words = " ".join(html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", text, flags=re.DOTALL)).split())
    parts = str(CHARTS.alternative(row)).partition(": ")[2].split("; ")
    assert all(part.removeprefix("difference ") in words for part in parts)
    if row.drawn:
        assert f'aria-label="{html.escape(str(CHARTS.alternative(row)))}"' in text


@pytest.mark.long
@given(measures())
def test_the_second_view_has_the_figures_by_dataset_and_no_verdict(measure: Measure) -> None:
    (row,) = marks.data_set_rows([measure], BOTH)
    gap = measure.comparison.by_data_set
    if measure.comparison.distinguishable is not None:
        assert [mark.value for mark in row.marks] == [gap.first.value, gap.second.value]
        assert row.gap is not None
        assert row.gap.points == marks.signed(gap.value)
    assert not re.search("ahead|told apart|not compared", drawn(row, with_verdict=False))


@pytest.mark.long
@given(measures())
def test_counts_beside_a_mean_are_those_of_its_country(measure: Measure) -> None:
    (row,) = marks.measure_rows([measure], BOTH)
    for mark, code in zip(row.marks, ("US", "GB"), strict=True):
        if mark.passed is not None:
            share = measure.countries[code].passed
            assert (mark.judged, mark.passed.value) == (share.known, share.value)


def test_a_row_and_its_marks_lead_to_it_or_where_the_page_says() -> None:
    row = marks.Row("timely", "Timely", (marks.Mark("US", 0, 50.0), marks.Mark("UK", 1, 60.0)))
    assert re.findall(r'<a href="([^"]+)"', drawn(row)) == ["#measure-timely"] * 3
    elsewhere = drawn(row, address="/criteria/timely", addresses={1: "/dataset/?country=UK"})
    assert re.findall(r'<a href="([^"]+)"', elsewhere) == ["/criteria/timely"] * 2 + ["/dataset/?country=UK"]
    # A mark that leads where its row does is no second stop for the keyboard.
    assert re.findall(r'tabindex="-1"', elsewhere) == ['tabindex="-1"']


def test_countries_differ_in_shape_and_place_and_not_by_colour_alone() -> None:
    row = marks.Row("timely", "Timely", (marks.Mark("US", 0, 50.0), marks.Mark("UK", 1, 50.0)))
    uses = re.findall(r'<use href="#(aivision-shape-\d)" x="50.0%" y="(\d+)"', drawn(row))
    assert uses == [("aivision-shape-0", "11"), ("aivision-shape-1", "33")]
    shapes = str(CHARTS.shapes())
    assert re.search(r'id="aivision-shape-0">.*?<circle r="5.5"', shapes)
    assert re.search(r'id="aivision-shape-1">.*?<path', shapes)
    assert re.findall("[●◆]", drawn(row)) == ["●", "◆"]


def test_a_difference_that_may_be_chance_among_many_says_so() -> None:
    gap = Difference(Mean(60.0, None), Mean(50.0, None), 10.0, Interval(1.0, 19.0), distinguishable=True)
    own = Figures(
        data_sets=9,
        agencies=3,
        by_data_set=gap.first,
        by_agency=gap.first,
        passed=Share(0, 0, 0, None, None),
        known=100,
    )
    measure = Measure(
        id="timely",
        title="Timely",
        countries={"US": own, "GB": own},
        comparison=Comparison(gap, gap, distinguishable=False, criteria=1, of_criteria=1),
        weight=1,
    )
    text = drawn(*marks.measure_rows([measure], BOTH))
    assert "cannot be told apart" in text
    assert "may be chance among so many comparisons" in text


def test_a_country_without_datasets_has_no_mark() -> None:
    rows = marks.grade_rows((country("US", "US"), country("GB", "UK", data_sets=0)))
    assert [[mark.label for mark in row.marks] for row in rows] == [["US"]]


def test_grades_are_shares_by_agency_with_those_of_all_datasets_beside_them() -> None:
    (by_agency,), (by_data_set,) = marks.grade_rows(BOTH), marks.grade_rows_by_data_set(BOTH)
    assert str(CHARTS.alternative(by_agency, " %", False)) == "A: US 12.5 % (3.0 to 30.0); UK 12.5 % (3.0 to 30.0)"
    assert str(CHARTS.alternative(by_data_set, " %", False)) == "A: US 2.5 % (1.0 to 9.0); UK 2.5 % (1.0 to 9.0)"
    assert '<rect width="12.5%"' in drawn(by_agency, bars=True, unit=" %", with_verdict=False)


def agency(code: str, id: str, mean: float | None, counted: bool = True) -> Agency:
    return Agency(country=code, id=id, title=f"Office <{id}>", level="", data_sets=9, mean=mean, counted=counted)


def test_agencies_that_are_not_counted_or_have_no_mean_are_listed_but_have_no_dot(compare: Any, both: Any) -> None:
    listed = [agency("US", "us-1", 50), agency("US", "", None), agency("US", "us-3", 60, counted=False)]
    found: Overview = msgspec.structs.replace(compare(both), agencies=listed)
    assert [dot.id for strip in marks.strips(found) for dot in strip.dots] == ["us-1"]
    rows = agency_rows(found, "US", 2)
    assert [row.row.id for row in rows] == ["us-1", "us-place-2"]
    assert "too little known" in drawn(rows[1].row)
    assert "Office &lt;us-1&gt;" in drawn(rows[0].row)
