"""Charts stand inside a page by themselves: nothing to load, a name in words, any width."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, get_args
from xml.etree import ElementTree

import pytest

from ckanext.aivision.compare.charts import svg as charts
from ckanext.aivision.compare.charts import vega_lite as chart_forms
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.results import Evaluation

pytestmark = pytest.mark.long

Draw = Callable[..., str]
SVG = "{http://www.w3.org/2000/svg}"
EVERY = [(what, narrow) for what in get_args(charts.What) for narrow in (False, True)]


@pytest.fixture(scope="module")
def found(compare: Any, both: list[Evaluation], lens: Lens) -> Any:
    return compare(both, lens=lens)


@pytest.fixture(scope="module")
def draw(found: Any) -> Draw:
    """A chart of these figures, drawn once for all tests that look at it."""
    return functools.cache(lambda what, narrow=False: charts.svg(found, what, narrow))


def rows_of(specification: object) -> list[dict[str, Any]]:
    """Every row of data anywhere in a Vega-Lite specification."""
    if isinstance(specification, list):
        return [row for part in specification for row in rows_of(part)]
    if not isinstance(specification, dict):
        return []
    own = specification["data"].get("values", []) if "data" in specification else []
    return [*own, *(row for part in specification.values() for row in rows_of(part))]


def texts(drawn: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


@pytest.mark.parametrize(("what", "narrow"), EVERY)
def test_a_chart_is_one_image_with_a_name_that_scales(found: Any, draw: Draw, what: Any, narrow: Any) -> None:
    root = ElementTree.fromstring(draw(what, narrow))
    assert root.get("role") == "img"
    assert root.get("aria-label") == charts.describe(found, what)
    assert root.get("width") == "100%"
    assert root.get("viewBox")


@pytest.mark.parametrize(("what", "narrow"), EVERY)
def test_a_chart_loads_nothing_and_runs_nothing(draw: Draw, what: Any, narrow: Any) -> None:
    drawn = draw(what, narrow)
    assert set(re.findall(r"https?://[^\"' ]+", drawn)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert not re.search(r"<script|<image|href=|@import|\son\w+=", drawn)


@pytest.mark.parametrize("what", get_args(charts.What))
def test_the_narrow_drawing_fits_a_phone(draw: Draw, what: Any) -> None:
    width = float(ElementTree.fromstring(draw(what, True)).get("viewBox").split()[2])
    assert width <= 410


def test_all_charts_of_a_page_share_no_ids(draw: Draw) -> None:
    ids = [name for what, narrow in EVERY for name in re.findall(r'\bid="([^"]+)"', draw(what, narrow))]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("what", ["dimensions", "criteria"])
def test_countries_differ_by_shape_and_not_by_colour_alone(draw: Draw, what: Any) -> None:
    marks = [
        (node.get("fill"), re.sub(r"[^A-Za-z]", "", node.get("d", "")))
        for node in ElementTree.fromstring(draw(what)).iter(f"{SVG}path")
        if node.get("fill") in chart_forms.COLOURS
    ]
    shapes = {colour: {shape for fill, shape in marks if fill == colour} for colour in chart_forms.COLOURS}
    assert all(shapes.values())
    assert not shapes[chart_forms.COLOURS[0]] & shapes[chart_forms.COLOURS[1]]


def test_the_key_tells_countries_and_sample_sizes(draw: Draw) -> None:
    assert {"US (40 datasets, 4 agencies)", "UK (40 datasets, 4 agencies)"} <= set(texts(draw("dimensions")))


def test_every_criterion_and_dimension_is_named(draw: Draw) -> None:
    drawn = texts(draw("criteria"))
    wanted = ["Findable", "Title descriptive", "Keywords specific", "Licensed", "Licence open"]
    assert set(wanted) <= set(drawn)


def test_a_criterion_of_which_too_little_is_known_everywhere_says_so(compare: Any, country: Any) -> None:
    rows = compare(country("US", [(1, None, 1)] * 3) + country("GB", [(1, None, 1)] * 3))
    assert texts(charts.svg(rows, "criteria")).count("too little known") == 2  # one in each panel


def test_what_is_drawn_is_the_mean_over_what_is_known_on_both_sides(found: Any) -> None:
    rows = rows_of(charts.specification(found, "dimensions"))
    overall = [row for row in rows if row.get("measure") == "Overall" and "value" in row]
    drawn = {(row["country"][:2], row["count"]): row["value"] for row in overall}
    gap = found.overall.comparison.by_agency
    assert drawn["US", "Each agency counts once"] == gap.first.value
    assert drawn["UK", "Each agency counts once"] == gap.second.value


def test_the_parts_of_a_bar_of_grades_fill_it(found: Any) -> None:
    parts = {(row["bar"], row["grade"]): row for row in rows_of(charts.specification(found, "grades"))}
    bars: dict[str, float] = {}
    for row in parts.values():
        bars[row["bar"]] = bars.get(row["bar"], 0) + row["share"]
    assert bars == pytest.approx(dict.fromkeys(bars, 100), abs=0.05)
    assert len(bars) == 4


def test_there_is_no_chart_of_a_lens_that_was_not_asked_for(compare: Any, both: list[Evaluation]) -> None:
    with pytest.raises(ValueError, match="no lens"):
        charts.svg(compare(both), "lens")


def test_one_country_alone_is_drawn(compare: Any, country: Any, lens: Lens) -> None:
    alone = compare(country("GB", [(1, 0, 1)] * 3), lens=lens)
    assert all(charts.svg(alone, what).startswith("<svg") for what in get_args(charts.What))


def test_the_same_figures_give_the_same_bytes(found: Any, draw: Draw) -> None:
    assert charts.svg(found, "dimensions") == draw("dimensions")


def test_an_unknown_chart_is_refused(found: Any) -> None:
    with pytest.raises(ValueError, match="no such chart: pie"):
        charts.svg(found, "pie")
