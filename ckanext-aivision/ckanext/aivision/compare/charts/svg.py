"""Charts of an overview as SVG, drawn on the server: nothing is loaded from anywhere, and no script is needed."""

from __future__ import annotations

import re
from html import escape
from typing import Literal, get_args

import altair
import msgspec
import vl_convert

from ckanext.aivision.compare.charts import rows as chart_rows
from ckanext.aivision.compare.charts import vega_lite as chart_forms
from ckanext.aivision.compare.estimates.figures import Measure, Overview

What = Literal["agencies", "dimensions", "criteria", "grades", "lens"]
_BY = {"dimensions": "by dimension", "criteria": "by criterion", "lens": "by group of the lens"}
VEGA_LITE = ".".join(altair.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def svg(overview: Overview, what: What, narrow: bool = False) -> str:
    """A chart as an <svg> element to put inside a page.

    what: `agencies` (each agency's mean), `dimensions` and `criteria` (means with intervals), `grades` (shares),
    `lens` (means by the groups of the overview's lens).
    narrow: drawn for a column of about 360 pixels instead of 740. Either takes the width it is given, up to its own.
    Raises ValueError for any other `what`, and for `lens` where the overview has none.
    """
    if what not in get_args(What):
        raise ValueError(f"no such chart: {what}")
    label = describe(overview, what)
    return _as_image(
        _draw(msgspec.json.encode(specification(overview, what, narrow)).decode()), label, f"{what}-{narrow:d}"
    )


def specification(overview: Overview, what: What, narrow: bool = False) -> dict[str, object]:
    """The chart as a Vega-Lite specification with its data."""
    rows = chart_rows
    if what == "agencies":
        return chart_forms.agencies(rows.agency_rows(overview), rows.spread_rows(overview), narrow)
    if what == "grades":
        return chart_forms.grades(rows.grade_rows(overview), narrow)
    measures = _measures(overview, what)
    groups = _groups(overview, measures) if what == "criteria" else [("", [row.title for row in measures])]
    labels = list(rows.country_labels(overview).values())
    return chart_forms.dots(rows.mean_rows(overview, measures), groups, labels, narrow)


def describe(overview: Overview, what: What) -> str:
    """The chart in words, as its accessible name. The tables beside it hold every figure."""
    if what == "agencies":
        return chart_rows.describe_agencies(overview)
    if what == "grades":
        return chart_rows.describe_grades(overview)
    return chart_rows.describe_means(overview, _measures(overview, what), _BY[what])


def _measures(overview: Overview, what: What) -> list[Measure]:
    """The overall score leads the dimensions, and the groups of a lens."""
    if what == "lens":
        if overview.lens is None:
            raise ValueError("this overview has no lens")
        return [overview.lens.overall, *(group for group in overview.lens.groups if not group.dimension)]
    return overview.criteria if what == "criteria" else [overview.overall, *overview.dimensions]


def _groups(overview: Overview, measures: list[Measure]) -> list[tuple[str, list[str]]]:
    groups = [
        (dimension.title, [row.title for row in measures if row.dimension == dimension.id])
        for dimension in overview.dimensions
    ]
    return [(title, titles) for title, titles in groups if titles]


def _draw(specification: str) -> str:
    drawn: str = vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE, allowed_base_urls=[])
    return drawn


def _as_image(drawn: str, label: str, name: str) -> str:
    """One image with an accessible name, as wide as its place allows; ids made its own, as a page holds several."""
    opening = re.match(r"<svg[^>]*?viewBox=\"0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)\"[^>]*>", drawn)
    if opening is None:
        raise ValueError("the drawing has no viewBox")
    width, height = opening["width"], opening["height"]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}" width="100%" style="max-width:{width}px;height:auto">'
    )
    body = drawn[opening.end() :]
    body = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", body)  # of its parts: the whole is one image
    body = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', body)
    return head + re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
