"""Every sentence made of figures says what the figures say: sign, interval, counts, and who is ahead."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from tests.examples import share_of

from ckanext.aivision.cli.compare.tables import print_overview
from ckanext.aivision.compare.charts import svg as charts
from ckanext.aivision.compare.estimates.figures import Comparison, Country, Difference, Mean, Measure, Overview
from ckanext.aivision.compare.estimates.method import Interval
from ckanext.aivision.compare.estimates.verdict_sentences import format_difference, overall_verdict, short_verdict
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.known_share import percent
from ckanext.aivision.compare.tallies.tally import CriterionTally, DimensionTally, Tally
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import Criterion

pytestmark = pytest.mark.long
DAY = datetime.date(2026, 11, 24)
LABELS = ("US", "UK")
N = r"([+-]?\d+\.\d+)"
COUNT = r"([\d,]+)"
IDS = ("title-descriptive", "keywords-specific", "licence-open")
POINTS = st.floats(-100, 100).map(lambda value: round(value, 2))


def says(text: str, value: float | None) -> bool:
    """Whether a difference as it is written is that value: within its rounding, of its sign, 0 only if it is."""
    if value is None:
        return False
    decimals = len(text.partition(".")[2])
    sign = "" if not value else "+" if value > 0 else "-"
    return (
        abs(float(text) - value) <= 0.5 * 10**-decimals + 1e-9
        and text[: len(sign)] == sign
        and bool(value) == bool(float(text))
    )


def number(text: str) -> int:
    return int(text.replace(",", ""))


# Comparisons by themselves.


@st.composite
def differences(draw: st.DrawFn) -> Difference:
    side, size = draw(st.sampled_from([-1, 1])), draw(st.integers(0, 10_000))
    below, above = draw(st.sampled_from([size // 2, 2 * size + 1])), draw(st.integers(0, 3_000))
    ends = (side * (size - below) / 100, side * (size + above) / 100)
    low, value, high = min(ends), side * size / 100, max(ends)
    told = (low > 0 and value > 0) or (high < 0 and value < 0)
    return Difference(Mean(None, None), Mean(None, None), value, Interval(low, high), told, p=0.5)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    by_data_set, by_agency = draw(differences()), draw(differences())
    told = by_agency.distinguishable and draw(st.booleans())
    return Comparison(by_data_set, by_agency, told, 3, 3)


@given(POINTS)
def test_a_difference_is_written_with_its_sign_and_never_as_none_if_there_is_one(value: float) -> None:
    assert says(format_difference(value), value)


VERDICT = re.compile(
    rf"Overall the (US is ahead|UK is ahead|two cannot be told apart) \(US minus UK {N} points, "
    rf"95 % interval {N} to {N}\)\."
)


def check_verdict(match: re.Match[str], found: Comparison) -> None:
    who, *figures = match.groups()
    one = found.by_agency
    assert one.interval is not None
    values = (one.value, one.interval.low, one.interval.high)
    assert all(says(text, value) for text, value in zip(figures, values, strict=True)), match.group()
    value, low, high = (float(text) for text in figures)
    if who == "US is ahead":
        assert value > 0 < low
    elif who == "UK is ahead":
        assert value < 0 > high
    assert found.distinguishable == (who != "two cannot be told apart")


@given(comparisons())
def test_the_verdict_says_who_is_ahead_by_how_much_and_how_surely(found: Comparison) -> None:
    match = VERDICT.fullmatch(overall_verdict(found, LABELS))
    assert match is not None
    check_verdict(match, found)
    assert short_verdict(found, LABELS) in match[1].replace("is ahead", "ahead").replace("two ", "")


# Whole comparisons.


@st.composite
def tallies(draw: st.DrawFn, code: str) -> list[Tally]:
    """Agencies and publishers of sizes that do and do not suffice, from two sources, one of which may lose a field."""
    chance = draw(st.randoms(use_true_random=False))
    level = {name: draw(st.sampled_from([0.1, 0.5, 0.9])) for name in IDS}
    known = {name: draw(st.sampled_from([0.2, 0.8, 1.0])) for name in IDS}
    lost = draw(st.booleans())
    rows = []
    for place in range(draw(st.integers(0, 14))):
        size = chance.choice([1, 4, 5, 30, 200])
        source = "flat" if place % 2 else "full"
        results = {}
        for name in IDS:
            sure = round(size * known[name])
            meets = name != "keywords-specific" or source == "full" or not lost
            passed = round(sure * min(1, max(0, chance.gauss(level[name], 0.15)))) if meets else 0
            results[name] = CriterionTally(passed, 0, sure - passed, size - sure, 0, 1000 * passed)
        named = chance.random()
        rows.append(
            Tally(
                country=code,
                publisher=f"{code} publisher {place // 2}" if named > 0.1 else "",
                agency=f"{code.lower()}-{place}" if named > 0.3 else "",
                agency_title=f"{code} agency {place}" if named > 0.3 else "",
                source=source,
                rubric_version="1",
                first_date=DAY,
                last_date=DAY,
                data_sets=size,
                scored=size,
                score_tenths=size * chance.randrange(1000),
                coverage_thousandths=size * round(1000 * sum(known.values()) / 3),
                grades={"B": size - size // 3, "E": size // 3} if size > 2 else {"B": size},
                dimensions={
                    "findable": DimensionTally(results[IDS[0]].known, results[IDS[0]].thousandths),
                    "licensed": DimensionTally(results[IDS[2]].known, results[IDS[2]].thousandths),
                },
                criteria=results,
            )
        )
    return rows


@st.composite
def overviews(draw: st.DrawFn, criteria: list[Criterion], lens: Lens) -> Overview:
    return overview(draw(tallies("US")) + draw(tallies("GB")), criteria, lens=lens)


@pytest.fixture(scope="module")
def figures(criteria: list[Criterion], lens: Lens) -> Any:
    return overviews(criteria, lens)


def of(found: Overview, label: str) -> Country:
    return next(row for row in found.countries if row.label == label)


def check_spread(match: re.Match[str], found: Overview) -> None:
    for label, text in zip(LABELS, match.groups()[:2], strict=True):
        width = of(found, label).spread.width
        assert (text is None) == (width is None or of(found, label).agencies < 3)
        assert text is None or f"{width:.1f}" == text
    interval = found.overall.comparison.by_agency.interval
    if match[3]:
        assert interval is not None
        widths = [row.spread.width or 0 for row in found.countries]
        assert min(widths) > max(abs(interval.low), abs(interval.high))


def check_left_out(match: re.Match[str], found: Overview) -> None:
    country = of(found, match[3])
    small = [row for row in found.agencies if row.country == country.code and row.data_sets < 5]
    assert (number(match[1]), number(match[2])) == (len(small), country.agencies)
    assert not any(row.counted for row in small)


def check_largest(match: re.Match[str], found: Overview) -> None:
    rows = [row for row in found.agencies if row.country == of(found, match[3]).code]
    assert rows[0].title == match[1]
    share = 100 * rows[0].data_sets / sum(row.data_sets for row in rows)
    assert abs(float(match[2]) - share) <= 0.51
    assert (float(match[2]) == 100) == (share == 100)


def check_unplaced(match: re.Match[str], found: Overview) -> None:
    alone = [row for row in found.publishers if row.country == of(found, match[2]).code and not row.agency]
    assert sum(row.data_sets for row in alone if row.name != "(no publisher named)") == number(match[1])


def check_unnamed(match: re.Match[str], found: Overview) -> None:
    alone = [row for row in found.publishers if row.country == of(found, match[2]).code and not row.agency]
    assert sum(row.data_sets for row in alone if row.name == "(no publisher named)") == number(match[1])


def check_lost(match: re.Match[str], found: Overview) -> None:
    code = of(found, match[1]).code
    lost = [row.title for row in found.dropped if (row.country, row.source) == (code, match[2])]
    assert re.findall("“(.+?)”", match[3]) == lost
    for row in found.criteria:
        if row.title in lost and sum(one.country == code for one in found.agencies) == 1:
            assert row.countries[code].known == 0


FORMS: list[tuple[str, Callable[[re.Match[str], Overview], None]]] = [
    (r"Between the 10th and 90th percentile of agencies, their own scores differ by (?:(\d+\.\d) points in the US)?"
     r"(?: and )?(?:(\d+\.\d) points in the UK)?\.( So agencies within one country differ more than the two countries "
     r"do\.)?", check_spread),
    (rf"{COUNT} of the {COUNT} (US|UK) agencies ha(?:s|ve) fewer than 5 datasets and (?:is|are) left out where each "
     r"agency counts once\.", check_left_out),
    (r"(.+) has ([\d.]+) % of the (US|UK) datasets: figures by dataset mostly describe this agency; compare them with "
     r"those by agency\.", check_largest),
    (rf"{COUNT} (US|UK) datasets? (?:are|is) placed with no agency: (?:each of their publishers|its publisher) counts "
     r"as one\.", check_unplaced),
    (rf"{COUNT} (US|UK) datasets? ha(?:ve|s) no agency and names? no publisher; (?:together they count as one agency|"
     r"it counts as an agency of its own)\.", check_unnamed),
    (r"No (US|UK) dataset from (\w+) meets (.+), though datasets from other sources do: the source seems to lose what "
     r"is asked\. In the comparison this counts as unknown there and not as a failure\.", check_lost),
]  # fmt: skip


@settings(max_examples=share_of(150), deadline=None)
@given(data=st.data())
def test_every_note_below_the_answer_is_of_a_known_form_and_true(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    for note in found.notes[1:]:
        known = [(match, check) for form, check in FORMS if (match := re.fullmatch(form, note))]
        assert known, note
        for match, check in known:
            check(match, found)


@settings(max_examples=share_of(60), deadline=None)
@given(data=st.data())
def test_what_needs_a_note_has_one(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    text = " ".join(found.notes)
    for row in found.countries:
        small = sum(one.data_sets < 5 for one in found.agencies if one.country == row.code)
        assert (f"of the {row.agencies} {row.label} agencies" in text) == (small > 0)
        large = row.agencies > 1 and (row.largest_share or 0) > 50
        assert (f"% of the {row.label} datasets: figures by dataset" in text) == large
    for lost in found.dropped:
        assert f"“{lost.title}”" in text


def marks(found: Overview, measure: Measure) -> dict[str, Mean]:
    """By country, the mean by agency that the chart draws: over what is compared, else over all that is known."""
    gap = measure.comparison.by_agency
    drawn = {}
    for country, compared in zip(found.countries, (gap.first, gap.second), strict=True):
        if country.data_sets:
            drawn[country.label] = measure.countries[country.code].by_agency if gap.value is None else compared
    return drawn


@settings(max_examples=share_of(60), deadline=None)
@given(data=st.data())
def test_a_text_alternative_says_each_mean_its_interval_and_the_verdict(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    text = charts.describe(found, "criteria")
    head, _, rest = text.partition(" Title descriptive: ")
    assert head == "Mean score by criterion, counting each agency once, with intervals in brackets."
    for measure, told in zip(found.criteria, f"Title descriptive: {rest[:-1]}".split("; "), strict=True):
        expected = []
        for label, mean in marks(found, measure).items():
            interval = f" ({mean.interval.low:.1f} to {mean.interval.high:.1f})" if mean.interval else ""
            expected.append(
                f"{label} too little known" if mean.value is None else f"{label} {mean.value:.1f}{interval}"
            )
        if all(part.endswith("too little known") for part in expected):
            assert told == f"{measure.title}: too little known"
            continue
        if len(expected) > 1:
            expected.append(measure.comparison.verdict)
        assert told == f"{measure.title}: {', '.join(expected)}"


@settings(max_examples=share_of(60), deadline=None)
@given(data=st.data())
def test_text_alternatives_of_agencies_and_grades_say_their_percentiles_and_shares(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    agencies, grades = charts.describe(found, "agencies"), charts.describe(found, "grades")
    for row in found.countries:
        spread = row.spread
        sentence = (
            f"{row.label}: half of the agencies have a mean below {spread.p50:.0f}, four in five are between "
            f"{spread.p10:.0f} and {spread.p90:.0f}"
            if spread.agencies
            else f"{row.label}: half"
        )
        assert (sentence in agencies) == bool(spread.agencies)
        for grade in row.grades:
            if grade.by_data_set.value:
                assert f"{grade.grade} {percent(grade.by_data_set.value, 100)}" in grades


@settings(max_examples=share_of(40), deadline=None)
@given(data=st.data())
def test_the_terminal_says_what_becomes_of_the_difference_with_other_weights_and_clusters(
    figures: Any, data: Any
) -> None:
    found = data.draw(figures)
    buffer = io.StringIO()
    print_overview(found, Console(file=buffer, width=3000))
    clusters = next(line for line in buffer.getvalue().splitlines() if line.startswith("Other clusters"))
    gap = found.overall.comparison.by_data_set
    if gap.value is None:
        assert clusters == "Other clusters: not computed, as there is no difference."
        return
    value = re.search(rf"counting each dataset once, the difference is {N};", clusters)
    assert value is not None
    assert says(value[1], gap.value)
    for row in found.clustering:
        tail = rf"if datasets of one {row.by} are alike \({row.first:,} and {row.second:,}\)"
        if row.interval is None:
            assert re.search(rf"not known {tail}: {re.escape(row.note)}", clusters)
        else:
            match = re.search(rf"{N} to {N} {tail}", clusters)
            assert match is not None
            assert says(match[1], row.interval.low)
            assert says(match[2], row.interval.high)
