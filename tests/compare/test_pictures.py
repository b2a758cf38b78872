"""Pictures to take away: what is said in them, whatever is missing."""

from __future__ import annotations

import datetime
import json
import re
import struct
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from ckanext.aivision.compare.charts import vega_lite
from ckanext.aivision.compare.charts.draw import draw
from ckanext.aivision.compare.charts.marks import Gap, Mark, Row
from ckanext.aivision.compare.charts.picture import Group, Picture, describe
from ckanext.aivision.compare.charts.trend_marks import TrendSeries, trend_chart
from ckanext.aivision.compare.charts.vega_lite import COLOURS
from ckanext.aivision.compare.series.points import Point
from ckanext.aivision.compare.series.seams import find_seams

pytestmark = pytest.mark.long

HOSTILE = "<script>alert(1)</script> & \"quotes\" 'n' é"
US, UK = Mark("US", 0, 62.1, 60.0, 64.2), Mark("UK", 1, 59.0, 50.5, 66.7)
AHEAD = Row("findable", "Findable", (US, UK), compared=True, gap=Gap("+3.1", ("+0.2", "+6.0")), ahead="US")
HOLLOW = Row("licence", "Licence", (US, Mark("UK", 1, None, too_little="said by 2 % of datasets (1 of 50)")))


def picture(*groups: Group, title: str = "Both countries", verdicts: bool = True) -> Picture:
    return Picture(
        title=title,
        labels=["US (21,904 datasets, 57 agencies)", "UK (1,063 datasets, 56 agencies)"],
        scale="Mean score, 0 to 100",
        groups=groups,
        notes=["Each agency counts once."],
        footer=["Figures as of 30 November 2026, 14:05 UTC. Rubric 2.0.0."],
        verdicts=verdicts,
    )


def words(drawn: bytes) -> str:
    """All that is written in an SVG file, without its title and description."""
    root = etree.fromstring(drawn)
    return " | ".join("".join(text.itertext()) for text in root.iter("{*}text"))


def test_a_picture_says_what_it_is_of_and_every_figure_with_its_interval() -> None:
    said = words(draw(picture(Group("Dimensions", [AHEAD, HOLLOW])), "svg"))
    for text in (
        *("Both countries", "Each agency counts once.", "Dimensions", "Findable", "Licence", "Mean score, 0 to 100"),
        *("US (21,904 datasets, 57 agencies)", "UK (1,063 datasets, 56 agencies)"),
        *("US 62.1 (60.0 to 64.2)", "UK 59.0 (50.5 to 66.7)", "US ahead: +3.1 (+0.2 to +6.0)"),
        *("UK said by 2 % of datasets (1 of 50)", "Figures as of 30 November 2026, 14:05 UTC. Rubric 2.0.0."),
    ):
        assert text in said


def test_a_picture_without_verdicts_names_no_country_as_ahead() -> None:
    said = words(draw(picture(Group("", [AHEAD]), verdicts=False), "svg"))
    assert "ahead" not in said
    assert "+3.1" in said


def test_its_text_alternative_has_the_same_figures() -> None:
    shown = picture(Group("", [AHEAD, HOLLOW]))
    root = etree.fromstring(draw(shown, "svg"))
    assert root.get("role") == "img"
    assert root.findtext("{*}title") == "Both countries"
    assert root.findtext("{*}desc") == describe(shown)
    assert describe(shown) == (
        "Both countries. Mean score, 0 to 100. "
        "Findable: US 62.1 (60.0 to 64.2), UK 59.0 (50.5 to 66.7), US ahead: +3.1 (+0.2 to +6.0); "
        "Licence: US 62.1 (60.0 to 64.2), UK said by 2 % of datasets (1 of 50), not compared."
    )


@pytest.mark.parametrize(
    "row", [AHEAD, HOLLOW, Row("one", HOSTILE, (UK,)), Row("none", "Nothing", (Mark("UK", 1, None),))]
)
def test_marks_have_the_shapes_of_their_countries_even_alone(row: Row) -> None:
    root = etree.fromstring(draw(picture(Group("", [row])), "svg"))
    drawn = [mark for mark in row.marks if mark.value is not None]
    points = [path for path in root.iter("{*}path") if path.get("aria-roledescription") == "point"]
    assert len(points) == len(drawn)


def test_what_records_say_cannot_become_markup() -> None:
    drawn = draw(picture(Group(HOSTILE, [Row("one", HOSTILE, (US, UK))]), title=HOSTILE), "svg")
    root = etree.fromstring(drawn)
    assert not list(root.iter("{*}script", "{*}image", "{*}foreignObject"))
    assert HOSTILE in words(drawn)
    assert b"http://" not in drawn.replace(b"http://www.w3.org/", b"")


def test_two_rows_of_the_same_title_stay_two() -> None:
    rows = [Row(name, "Office of the Secretary", (US,)) for name in ("us-1", "us-2")]
    assert words(draw(picture(Group("", rows)), "svg")).count("Office of the Secretary") == 2


def test_a_png_is_sharp_enough_for_a_slide() -> None:
    image = draw(picture(Group("", [AHEAD])), "png")
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", image[16:24])
    assert width >= 1600
    assert height >= 300


def test_it_is_drawn_by_a_program_that_reads_plain_values() -> None:
    described = json.dumps(
        {"title": "Nothing yet", "labels": ["US", "UK"], "scale": "Score", "groups": [{"title": "", "rows": []}]}
    )
    command = [sys.executable, "-m", "ckanext.aivision.compare.charts.draw", "svg"]
    done = subprocess.run(command, input=described.encode(), capture_output=True, timeout=60, check=True)
    assert "Nothing yet" in words(done.stdout)


def test_pictures_have_the_colours_of_the_charts_on_pages() -> None:
    style = (Path(vega_lite.__file__).parents[2] / "assets/css/charts.css").read_text()
    on_pages = re.findall(r"\.aivision-place-\d \{ --aivision-mark: (#[0-9a-f]{6}); \}", style)
    assert tuple(on_pages) == vega_lite.COLOURS


def point(day: datetime.date, country: str, value: float | None, version: str = "2.0.0") -> Point:
    low, high = (None, None) if value is None else (value - 5, value + 5)
    return Point(day, False, version, country, "", "overall", value, low, high, "", 900, 1000, 10)


@pytest.mark.parametrize("country", ["US", "GB"])
def test_a_series_over_time_is_drawn_with_its_days_and_numbered_changes(country: str) -> None:
    days = [datetime.date(2026, 1, 5), datetime.date(2026, 7, 1), datetime.date(2026, 11, 30)]
    points = [point(days[0], country, 50.0, "1.0.0"), point(days[1], country, None), point(days[2], country, 61.0)]
    series = TrendSeries(HOSTILE, int(country == "GB"), points, find_seams(points, []))
    chart = trend_chart([series], "2.0.0", None, days[-1])
    of_time = picture(title="Over time")
    drawn = draw(msgspec.structs.replace(of_time, labels=[f"{HOSTILE}: 61.0"], trend=chart), "svg")
    said = words(drawn)
    for text in ("Over time", f"{HOSTILE}: 61.0", "5 Jan 2026", "30 Nov 2026", " 1 ", "0 | 25 | 50 | 75 | 100"):
        assert text in f" {said} "
    assert COLOURS[int(country == "GB")] in drawn.decode()
    assert COLOURS[int(country != "GB")] not in drawn.decode()


def test_one_point_is_drawn_and_described() -> None:
    day = datetime.date(2026, 11, 30)
    chart = trend_chart([TrendSeries("UK", 1, [point(day, "GB", 61.0)], [])], "2.0.0", None, day)
    of_time = msgspec.structs.replace(picture(), labels=["UK"], trend=chart)
    assert "30 Nov 2026" in words(draw(of_time, "svg"))
    assert "UK: 61.0 (56.0 to 66.0) on 30 November 2026." in describe(of_time)
