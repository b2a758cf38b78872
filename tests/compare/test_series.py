"""Series over time: what is stored of them, where a sample changed, and what their chart shows."""

from __future__ import annotations

import datetime
import html
import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import share_of

from ckanext.aivision.compare.charts.trend_marks import TrendSeries, trend_chart
from ckanext.aivision.compare.series import store
from ckanext.aivision.compare.series.points import Point, SourceSize
from ckanext.aivision.compare.series.seams import between, find_seams, thinned
from ckanext.aivision.serialise.pages import environment

CHARTS: Any = environment().get_template("aivision/macros/charts.html").module
FIRST = datetime.date(2026, 11, 1)
LATER = datetime.timedelta(days=1)


def day(number: int) -> datetime.date:
    return FIRST + number * LATER


def point(on: int, value: float | None = 50.0, *, country: str = "US", agency: str = "", **fields: Any) -> Point:
    given: dict[str, Any] = {
        "sample": False,
        "rubric_version": "2",
        "measure": "overall",
        "low": None,
        "high": None,
        "too_little": "" if value is not None else "too little is known",
        "judged": 90,
        "data_sets": 100,
        "agencies": 9,
        **fields,
    }
    return Point(day=day(on), country=country, agency=agency, value=value, **given)


def size(on: int, source: str, number: int, country: str = "US", agency: str = "") -> SourceSize:
    return SourceSize(day(on), False, country, agency, source, number)


@pytest.fixture
def folders(tmp_path: Path) -> Any:
    """Makes a new folder each time."""
    numbers = iter(range(1000))

    def make() -> Path:
        path = tmp_path / str(next(numbers))
        path.mkdir()
        return path

    return make


def stored(folder: Path, agency: str = "", measure: str = "overall") -> list[tuple[datetime.date, float | None]]:
    return [(row.day, row.value) for row in store.read_series(folder, ["US"], agency, measure, False)["US"].points]


@pytest.mark.long
def test_a_day_adds_only_what_changed_and_replaces_itself(folders: Any) -> None:
    first, second, third, again = (folders() for _ in range(4))
    store.write(first, None, [point(0, 50)], [size(0, "nasa", 100)])
    store.write(second, first, [point(1, 50)], [size(1, "nasa", 100)])
    store.write(third, second, [point(2, 60)], [size(2, "nasa", 90)])
    store.write(again, third, [point(2, 61)], [size(2, "nasa", 80)])
    assert stored(second) == [(day(0), 50)]
    assert stored(third) == [(day(0), 50), (day(2), 60)]
    assert stored(again) == [(day(0), 50), (day(2), 61)]
    sources = store.read_series(again, ["US"], "", "overall", False)["US"].sources
    assert [(row.day, row.data_sets) for row in sources] == [(day(0), 100), (day(2), 80)]


def test_a_change_of_the_sample_alone_is_a_point_too(folders: Any) -> None:
    first, second = folders(), folders()
    store.write(first, None, [point(0, 50)], [])
    store.write(second, first, [point(1, 50, data_sets=120)], [])
    assert stored(second) == [(day(0), 50), (day(1), 50)]


@pytest.mark.long
def test_a_source_and_an_agency_that_are_gone_end_in_a_row_of_nothing(folders: Any) -> None:
    first, second = folders(), folders()
    agency = point(0, 40, agency="us-026", measure="licensed")
    store.write(first, None, [point(0), agency], [size(0, "nasa", 60), size(0, "epa", 40)])
    store.write(second, first, [point(1)], [size(1, "epa", 40)])
    (_, gone) = store.read_series(second, ["US"], "us-026", "licensed", False)["US"].points
    assert (gone.value, gone.data_sets, gone.too_little) == (None, 0, store.FEW)
    sources = store.read_series(second, ["US"], "", "overall", False)["US"].sources
    assert [(row.day, row.source, row.data_sets) for row in sources] == [
        (day(0), "epa", 40),
        (day(0), "nasa", 60),
        (day(1), "nasa", 0),
    ]


@pytest.mark.long
def test_made_up_samples_have_series_of_their_own(folders: Any) -> None:
    first, second = folders(), folders()
    store.write(first, None, [point(0, 90, sample=True)], [])
    assert store.contents_of(first).samples_only
    store.write(second, first, [point(1, 50)], [])
    assert not store.contents_of(second).samples_only
    assert stored(second) == [(day(1), 50)]


def test_the_contents_name_versions_newest_first_and_agencies_largest_first(folders: Any) -> None:
    folder = folders()
    points = [
        point(0, rubric_version="1"),
        point(1, rubric_version="2"),
        point(1, agency="us-005", data_sets=7),
        point(1, agency="us-026", data_sets=900),
        point(1, measure="licence-open"),
    ]
    store.write(folder, None, points, [])
    found = store.contents_of(folder)
    assert found.versions == ["2", "1"]
    assert found.agencies == ["us-026", "us-005"]
    assert found.measures == ["licence-open", "overall"]


def test_a_folder_without_series_says_so(folders: Any) -> None:
    with pytest.raises(Exception, match=re.escape(store.POINTS)):
        store.contents_of(folders())


values = st.one_of(st.none(), st.integers(0, 3).map(float))


@pytest.mark.long
@settings(max_examples=share_of(15), deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["overall", "licensed"]), values, min_size=1), min_size=1, max_size=5))
def test_whatever_days_bring_a_day_reads_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, days: list[dict[str, float | None]]
) -> None:
    before: Path | None = None
    for on, measures in enumerate(days):
        folder = tmp_path_factory.mktemp("series")
        store.write(folder, before, [point(on, value, measure=name) for name, value in measures.items()], [])
        before = folder
    assert before is not None
    for name in ("overall", "licensed"):
        found = store.read_series(before, ["US"], "", name, False)["US"].points
        assert all(one[2:] != other[2:] for one, other in itertools.pairwise(found)), "no row says nothing new"
        for on, measures in enumerate(days):
            if name in measures:
                assert [row.value for row in found if row.day <= day(on)][-1] == measures[name]


def test_a_new_source_one_that_left_and_a_change_by_more_than_a_tenth_are_seams() -> None:
    points = [point(0), point(1, data_sets=110), point(2, data_sets=122), point(3, data_sets=122)]
    sources = [size(0, "nasa", 60), size(0, "epa", 40), size(2, "cdc", 12), size(3, "epa", 0)]
    grown, left = find_seams(points, sources)
    assert (grown.day, grown.new, grown.gone, grown.data_sets) == (day(2), ("cdc",), (), (110, 122))
    assert (left.day, left.new, left.gone, left.data_sets) == (day(3), (), ("epa",), None)


@pytest.mark.parametrize(("before", "after", "is_seam"), [(100, 110, False), (100, 111, True), (100, 90, False)])
def test_a_change_by_a_tenth_is_none_yet(before: int, after: int, is_seam: bool) -> None:
    seams = find_seams([point(0, data_sets=before), point(1, data_sets=after)], [])
    assert bool(seams) == is_seam


def test_a_change_of_the_rubric_is_a_seam_and_unknown_sources_are_none() -> None:
    points = [point(0, rubric_version="1"), point(1, rubric_version="2")]
    (seam,) = find_seams(points, [size(1, "nasa", 100)])
    assert seam.rubric == ("1", "2")
    assert not seam.of_sample, "nothing is known of the sources of the first day"


def test_a_time_begins_with_the_value_that_held_then() -> None:
    points = [point(0, 40), point(5, 50), point(9, 60)]
    assert [one.value for one in between(points, day(3), day(6))] == [40, 50]
    assert [one.value for one in between(points, day(5), None)] == [50, 60]
    assert [one.value for one in between(points, None, day(0))] == [40]
    assert [one.value for one in between(points, day(10), None)] == [60]
    assert between(points, None, day(0) - LATER) == []


def test_many_points_are_thinned_to_the_last_of_each_week_month_or_year() -> None:
    points = [point(on, float(on % 100)) for on in range(700)]
    assert thinned(points[:60], 60) == (points[:60], "")
    for number, name in ((100, "week"), (699, "month")):
        shown, each = thinned(points[:number], 60)
        assert each == name
        assert len(shown) <= 60
        assert shown[-1] == points[number - 1], "the last one is always shown"


def chart(*series: TrendSeries, last: int = 10, version: str = "2") -> Any:
    found = trend_chart(series, version, None, day(last))
    assert found is not None
    return found


def series(place: int, *points: Point, sources: tuple[SourceSize, ...] = ()) -> TrendSeries:
    return TrendSeries(("US", "UK")[place], place, points, find_seams(points, sources))


def test_marks_are_links_with_titles_that_say_what_is_drawn_and_so_is_the_alternative() -> None:
    found = chart(series(0, point(0, 40, low=30.0, high=45.0), point(5, 60)), series(1, point(5, 30, country="GB")))
    drawn = html.unescape(str(CHARTS.trend(found, {day(0): "/best-practice?as_of=2026-11-01"})))
    assert "<title>US, 2026-11-01: 40.0 (30.0 to 45.0)</title>" in drawn
    assert drawn.count("<title>") == drawn.count("<a href=") == 3
    assert 'href="/best-practice?as_of=2026-11-01"' in drawn
    label = re.findall(r'aria-label="([^"]*)"', drawn)[0]
    assert label == ("US: 40.0 (30.0 to 45.0), 2026-11-01; 60.0, 2026-11-06; 2 points. UK: 30.0, 2026-11-06")


def test_a_line_keeps_its_level_until_the_next_point_and_reaches_the_end() -> None:
    (line,) = chart(series(0, point(0, 40), point(5, 60))).lines
    assert [(step.start, step.end, step.value, step.rise) for step in line.steps] == [
        (0, 50, 40, 60),
        (50, 100, 60, None),
    ]


def test_no_line_joins_two_versions_of_the_rubric_and_former_marks_are_hollow() -> None:
    found = chart(series(0, point(0, 40, rubric_version="1"), point(5, 60)))
    (line,) = found.lines
    assert line.steps[0].rise is None
    assert [dot.former for dot in line.dots] == [True, False]
    drawn = str(CHARTS.trend(found))
    assert drawn.count('class="aivision-faint"') == 1
    assert drawn.count('class="aivision-seam"') == 1
    assert "1 change of the rubric or the sample, listed below" in drawn


def test_seams_of_one_day_have_one_number() -> None:
    us = series(0, point(0), point(5, data_sets=200))
    uk = series(1, point(0, country="GB"), point(5, country="GB", data_sets=300))
    (seam,) = chart(us, uk).seams
    assert (seam.number, seam.across, [label for label, _ in seam.seams]) == (1, 50, ["US", "UK"])


def test_a_single_day_stands_in_the_middle_and_a_day_without_a_value_has_no_mark() -> None:
    (line,) = chart(series(0, point(0, 40)), last=0).lines
    assert line.dots[0].across == 50
    assert line.steps == (), "nothing is known of a later day"
    assert trend_chart([series(0)], "2", None, day(1)) is None
    drawn = str(CHARTS.trend(chart(series(0, point(0, None), point(1, 40)))))
    assert drawn.count("<title>") == 1
    assert "US: too little is known, 2026-11-01" in drawn
