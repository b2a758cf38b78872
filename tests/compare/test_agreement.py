"""Picture, text alternative, page, terminal and sentences say the same, whatever the figures are."""

from __future__ import annotations

import datetime
import html
import io
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from tests.examples import share_of

from ckanext.aivision.cli.compare.tables import print_overview
from ckanext.aivision.compare.charts import svg as charts
from ckanext.aivision.compare.charts.rows import BY_AGENCY, mean_rows
from ckanext.aivision.compare.estimates.figures import Measure, Overview
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.known_share import percent, reason_without_mean
from ckanext.aivision.compare.tallies.tally import CriterionTally, DimensionTally, Tally
from ckanext.aivision.compare.tallies.trend import to_trend_point
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import Criterion
from ckanext.aivision.serialise.report import page

pytestmark = pytest.mark.long
DAY = datetime.date(2026, 11, 24)
LABELS = ("US", "UK")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
VERDICTS = ("US ahead", "UK ahead", "cannot be told apart", "not compared")


def criterion_tallies(data_sets: int) -> st.SearchStrategy[CriterionTally]:
    """Results of so many datasets: known for all of them, for few, or for those alone that pass."""

    def counted(cuts: list[int]) -> CriterionTally:
        low, middle, high = sorted(cuts)
        passed, partial, failed = low, middle - low, high - middle
        return CriterionTally(passed, partial, failed, data_sets - high, 0, 1000 * passed + 500 * partial)

    def said(passed: int) -> CriterionTally:
        return CriterionTally(passed, 0, 0, data_sets - passed, 0, 1000 * passed)

    number = st.integers(0, data_sets)
    known = st.lists(number, min_size=2, max_size=2).map(lambda cuts: counted([*cuts, data_sets]))
    return st.one_of(known, st.lists(number, min_size=3, max_size=3).map(counted), number.map(said))


@st.composite
def publishers(draw: st.DrawFn, country: str) -> list[Tally]:
    tallies = []
    for place in range(draw(st.integers(0, 5))):
        data_sets = draw(st.integers(1, 60))
        names = {"title-descriptive": 3, "keywords-specific": 1, "licence-open": 4}
        results = {name: draw(criterion_tallies(data_sets)) for name in names}
        known = sum(weight * results[name].known for name, weight in names.items())
        scored = data_sets if known else 0
        dimensions = {
            "findable": results["title-descriptive"],
            "licensed": results["licence-open"],
        }
        tallies.append(
            Tally(
                country=country,
                publisher=f"{country} publisher {place}",
                rubric_version="1",
                first_date=DAY,
                last_date=DAY,
                data_sets=data_sets,
                scored=scored,
                score_tenths=draw(st.integers(0, 1000)) * scored,
                coverage_thousandths=round(1000 * known / 8),
                grades={"C": data_sets - data_sets // 3, **({"B": data_sets // 3} if data_sets >= 3 else {})},
                dimensions={name: DimensionTally(found.known, found.thousandths) for name, found in dimensions.items()},
                criteria=results,
            )
        )
    return tallies


@st.composite
def overviews(draw: st.DrawFn, criteria: list[Criterion], lens: Lens) -> Overview:
    return overview(draw(publishers("US")) + draw(publishers("GB")), criteria, lens=lens)


def every_measure(found: Overview) -> list[Measure]:
    lens = found.lens
    return [found.overall, *found.dimensions, *found.criteria, lens.overall, *lens.groups]


def printed(found: Overview) -> str:
    buffer = io.StringIO()
    print_overview(found, Console(file=buffer, width=200))
    return buffer.getvalue()


def numbers_drawn(found: Overview, what: charts.What) -> set[str]:
    """The numbers that a picture draws, as they are written with no decimal, one or two."""
    values: list[float] = []
    for row in _rows(charts.specification(found, what)):
        fields = ("low", "middle", "high", "value", "share")
        values += [row[name] for name in fields if isinstance(row.get(name), (int, float))]
    return {text for value in values for text in (f"{value:.0f}", f"{value:.1f}", percent(value, 100).split()[0])}


def _rows(part: object) -> list[dict[str, Any]]:
    if isinstance(part, list):
        return [row for inner in part for row in _rows(inner)]
    if not isinstance(part, dict):
        return []
    return [*part.get("data", {}).get("values", []), *(row for inner in part.values() for row in _rows(inner))]


@pytest.fixture(scope="module")
def figures(criteria: list[Criterion], lens: Lens) -> Any:
    return overviews(criteria, lens)


@settings(max_examples=share_of(10), deadline=None)
@given(data=st.data())
def test_a_text_alternative_has_no_number_that_its_picture_does_not_draw(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    for what in ("dimensions", "criteria", "lens", "grades", "agencies"):
        told = charts.describe(found, what)
        assert set(NUMBER.findall(told)) <= numbers_drawn(found, what), told


@settings(max_examples=share_of(60), deadline=None)
@given(data=st.data())
def test_a_text_alternative_names_each_mark_of_its_picture_and_no_other(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    rows = [row for row in mean_rows(found, found.criteria) if row["count"] == BY_AGENCY]
    marks = {(row["measure"], row["country"][:2]) for row in rows}
    told = charts.describe(found, "criteria")
    for measure in found.criteria:
        part = next((part for part in re.split(r"[;.] ", told) if part.startswith(f"{measure.title}: ")), "")
        for country in found.countries:
            named = re.search(rf"{country.label} \d", part) is not None
            assert named == ((measure.title, country.label) in marks), part


@settings(max_examples=share_of(60), deadline=None)
@given(data=st.data())
def test_the_verdict_is_the_sign_of_the_interval_by_agency_or_that_it_does_not_tell(figures: Any, data: Any) -> None:
    for measure in every_measure(data.draw(figures)):
        found = measure.comparison
        one = found.by_agency
        assert found.verdict in VERDICTS
        if one.interval is None:
            assert found.verdict == "not compared"
            assert found.distinguishable is None
            continue
        side = "US ahead" if one.interval.low > 0 else "UK ahead" if one.interval.high < 0 else "cannot be told apart"
        assert found.verdict in (side, "cannot be told apart")
        assert found.distinguishable == (found.verdict != "cannot be told apart")
        assert found.corrected >= one.p
        if found.verdict != side:  # The correction alone takes a country's lead away.
            assert found.corrected >= 0.05


@settings(max_examples=share_of(60), deadline=None)
@given(data=st.data())
def test_the_first_sentence_says_the_overall_verdict_with_its_figures(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    comparison, sentence = found.overall.comparison, found.notes[0]
    if not all(country.data_sets for country in found.countries):
        assert "nothing can be compared" in sentence
        return
    start = {
        "US ahead": "Overall the US is ahead (US minus UK +",
        "UK ahead": "Overall the UK is ahead (US minus UK -",
        "cannot be told apart": "Overall the two cannot be told apart (US minus UK ",
        "not compared": "Overall the two cannot be compared: ",
    }[comparison.verdict]
    assert sentence.startswith(start)
    if comparison.verdict != "not compared":
        assert f"{comparison.by_agency.value:+.1f}"[1:] in sentence or "0.0" in sentence
        assert "95 % interval" in sentence
    verdicts = [row.comparison.verdict for row in found.criteria]
    if set(verdicts) == {"not compared"}:
        assert "None of the 3 criteria can be compared." in sentence
        return
    assert f"the UK in {verdicts.count('UK ahead')}, {verdicts.count('cannot be told apart')} cannot be" in sentence
    assert f"{verdicts.count('not compared')} cannot be compared. By dimension " in sentence


@settings(max_examples=share_of(60), deadline=None)
@given(data=st.data())
def test_a_measure_too_little_known_has_no_figure_in_any_form(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    text = html.unescape(page(found))
    counted = {row.code: row.agencies > row.agencies_left_out for row in found.countries}
    for measure in every_measure(found):
        for code, figures_of in measure.countries.items():
            numbers = (figures_of.by_agency.value, figures_of.by_data_set.value, figures_of.passed.value)
            if figures_of.too_little:
                assert numbers == (None, None, None)
                assert figures_of.by_agency.interval is figures_of.passed.interval is None
            else:
                assert figures_of.by_data_set.value is not None
                # Of agencies that are all too small there is no mean.
                assert (figures_of.by_agency.value is not None) == counted[code]
    if not any(country.data_sets for country in found.countries):
        return
    listed = [("measure", found.overall), *(("dimension", row) for row in found.dimensions)]
    listed += [("criterion", row) for row in found.criteria] + [("lens", found.lens.overall)]
    listed += [("lens", row) for row in found.lens.groups if row.comparison.of_criteria]
    for kind, measure in listed:
        row = text.split(f'id="{kind}-{measure.id}"')[1].split("</ul>")[0]
        for place, country in enumerate(found.countries):
            of_country = measure.countries[country.code]
            # What is compared rests on the criteria that both countries know, which may be enough where all are not.
            compared = measure.comparison.distinguishable is not None
            drawn = bool(country.data_sets) and (compared or of_country.by_agency.value is not None)
            assert (f"#aivision-shape-{place}" in row) == drawn
            if country.data_sets and of_country.too_little and not compared:
                assert f"{country.label} {of_country.too_little}</li>" in row


@settings(max_examples=share_of(60), deadline=None)
@given(data=st.data())
def test_the_page_and_the_terminal_give_each_verdict_as_often_as_there_is_one(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    tables = printed(found)
    tables = tables[tables.index("Sample sizes, and how") :]
    listed = [row.comparison.verdict for row in every_measure(found)]
    for verdict in VERDICTS:
        assert len(re.findall(rf"^ +{verdict}(?= |$)", tables, re.MULTILINE)) == listed.count(verdict)
    if not all(country.data_sets for country in found.countries):
        return
    # A group of a lens that none of the criteria is in has no row on the page.
    empty = [row.comparison.verdict for row in found.lens.groups if not row.comparison.of_criteria]
    text = page(found)
    for verdict in VERDICTS:
        rows = len(re.findall(f"<p>(?:<b>)?{verdict}(?:</b>)?</p>", text))
        assert rows == listed.count(verdict) - empty.count(verdict)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        (CriterionTally(605, 0, 0, 28_421), "said by 2 % of datasets (605 of 29,026)"),
        (CriterionTally(0, 0, 0, 10), "said by 0 % of datasets (0 of 10)"),
        (CriterionTally(1, 0, 0, 28_421), "said by 0.004 % of datasets (1 of 28,422)"),
        # Its absence is unknown, so that hardly anybody fails, however many say it.
        (CriterionTally(60, 10, 0, 30), "said by 70 % of datasets (70 of 100)"),
        (CriterionTally(600, 100, 5, 295), "known for 70 % of datasets (705 of 1,000)"),
        (CriterionTally(20, 0, 20, 60), "known for 40 % of datasets (40 of 100)"),
        (CriterionTally(4_996, 0, 0, 5_004), "said by 49.96 % of datasets (4,996 of 10,000)"),
        (CriterionTally(0, 0, 0, 0, 7), "applies to none of the datasets"),
        # A mean can be stated: most is known, and silence is no way out.
        (CriterionTally(60, 0, 10, 30), ""),
        (CriterionTally(100, 0, 0, 0), ""),
        (CriterionTally(999, 0, 0, 1), ""),
        (CriterionTally(0, 0, 50, 50), ""),
    ],
)
def test_a_criterion_has_a_mean_only_where_enough_is_known_and_it_can_be_failed(counts: Any, reason: Any) -> None:
    assert reason_without_mean(counts) == reason


def test_a_point_of_a_trend_follows_the_same_rule() -> None:
    tally = Tally(
        country="US",
        publisher="",
        rubric_version="1",
        first_date=DAY,
        last_date=DAY,
        data_sets=100,
        scored=100,
        score_tenths=500 * 100,
        coverage_thousandths=600 * 100,
        dimensions={"responsible": DimensionTally(2, 2000), "findable": DimensionTally(100, 50_000)},
        criteria={"uses-described": CriterionTally(2, 0, 0, 98, 0, 2000)},
    )
    point = to_trend_point(tally, DAY, None, (3, 0, False), "uses-described")
    assert (point.score, point.dimensions["findable"].score, point.dimensions["responsible"].score) == (50, 50, None)
    assert point.criterion.value is None
    assert point.criterion.too_little == "said by 2 % of datasets (2 of 100)"
