"""The charts as Vega-Lite, made with altair. Countries differ in shape as well as in colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from ckanext.aivision.compare.charts.rows import BY_AGENCY, BY_DATA_SET, Row
from ckanext.aivision.compare.tallies.known_share import TOO_LITTLE

# Okabe and Ito's blue and vermilion: told apart with every kind of colour vision, and in grey by their shape.
# As in assets/css/charts.css, for the charts of pages.
COLOURS = ("#0072b2", "#b84f00")
SHAPES = ("circle", "diamond")
# From A, dark, to E, light: ordered in grey too.
GRADE_COLOURS = {"A": "#08306b", "B": "#2171b5", "C": "#6baed6", "D": "#c6dbef", "E": "#eceff1"}
ON_DARK = ("A", "B")
INK, FAINT_INK, GRID = "#222222", "#5c636a", "#e1e5e8"
FONT = "Arial, Helvetica, sans-serif"
SCORE = "Score, 0 to 100"
COUNTS = (BY_AGENCY, BY_DATA_SET)
STEP = 30  # height of a row in pixels, both countries in it

_SHORT_NAME = 20  # characters
# A name that no line holds, as those of a framework's groups, stands on two.
_TWO_LINES = r"length(datum.label) > 20 ? split(replace(datum.label, /^(.{1,22}) (.+)$/, '$1\n$2'), '\n') : datum.label"

Group = tuple[str, Sequence[str]]
Specification = dict[str, Any]


def dots(rows: list[Row], groups: Sequence[Group], labels: Sequence[str], narrow: bool) -> Specification:
    """Means as dots on their intervals, a row a measure, in groups (title, measures); a panel for each way to count.

    labels: of the countries, in order. The panels stand side by side, or one below the other where narrow.
    """
    panels: list[Specification] = []
    for place, count in enumerate(COUNTS):
        named = narrow or not place
        counted = [row for row in rows if row["count"] == count]
        charts = [_group(counted, group, labels, narrow, named, group is groups[-1]) for group in groups]
        # Put together as plain values: altair copies every part deeply at each level, which takes seconds.
        panels.append({"vconcat": [_plain(chart) for chart in charts], "spacing": 14, "title": _title(count).to_dict()})
    return finished({"vconcat": panels, "spacing": 28} if narrow else {"hconcat": panels, "spacing": 24})


def _group(rows: list[Row], group: Group, labels: Sequence[str], narrow: bool, named: bool, last: bool) -> Any:
    """named: with the names of the measures. last: with the title of the scale, which stands once."""
    title, measures = group
    long = not title and max(map(len, measures), default=0) > _SHORT_NAME
    extent = _room_for_names(bool(title) or long, narrow) if named else 0
    axis = _rows(named, extent, two_lines=long)
    scale = SCORE if last else None
    row = alt.Y("measure:N", sort=list(measures), title=None, scale=alt.Scale(domain=list(measures)), axis=axis)
    inside = [found for found in rows if found["measure"] in measures]
    base = alt.Chart(_data(inside)).encode(
        y=row,
        yOffset=_band(labels),
        color=alt.Color("country:N", scale=alt.Scale(domain=list(labels), range=list(COLOURS)), legend=_key(narrow)),
    )
    interval = base.mark_rule(strokeWidth=2.5).encode(
        x=_score("low:Q", scale), x2=alt.X2("high:Q"), opacity=_faint(0.45, 0.15)
    )
    mean = base.mark_point(filled=True, size=70).encode(
        x=_score("value:Q", scale),
        opacity=_faint(1, 0.3),
        shape=alt.Shape("country:N", scale=alt.Scale(domain=list(labels), range=list(SHAPES)), legend=_key(narrow)),
    )
    # A blank title keeps the second panel's rows level with the first's.
    heading = alt.TitleParams(title if named or not title else " ", anchor="start", fontSize=13, offset=4)
    layers = alt.layer(interval, mean, *_too_little(inside, measures, labels, row))
    return layers.properties(height=_step(STEP), width=175 if narrow else 290, title=heading)


def _room_for_names(long: bool, narrow: bool) -> int:
    """Pixels left of the scale. Readers' fonts are wider than the one that the drawing is measured with."""
    if not long:
        return 125
    return 175 if narrow else 190


def _band(labels: Sequence[str]) -> alt.YOffset:
    """Where in the row of a measure a country stands."""
    return alt.YOffset("country:N", scale=alt.Scale(domain=list(labels), paddingInner=0.3, paddingOuter=0.45))


def _too_little(rows: list[Row], measures: Sequence[str], labels: Sequence[str], row: alt.Y) -> list[Any]:
    """Says why a row has no mark, or why a country has none in it."""
    drawn = {(found["measure"], found["country"]) for found in rows}
    missing = {name: [label for label in labels if (name, label) not in drawn] for name in measures}
    whole: list[Row] = [
        {"measure": name, "told": TOO_LITTLE} for name, without in missing.items() if len(without) == len(labels)
    ]
    half: list[Row] = [
        {"measure": name, "country": label, "told": f"{label.partition(' (')[0]}: {TOO_LITTLE}"}
        for name, without in missing.items()
        if len(without) < len(labels)
        for label in without
    ]
    texts = [_note(whole, 11, row)]
    if half:
        texts.append(_note(half, 10, row).encode(yOffset=_band(labels)))
    return texts


def _note(rows: list[Row], size: int, row: alt.Y) -> Any:
    """The words `told` of some rows, at the left of the scale."""
    text = alt.Chart(_data(rows)).mark_text(align="left", dx=4, fontSize=size, color=FAINT_INK, font=FONT)
    return text.encode(x=alt.XDatum(0), y=row, text=alt.Text("told:N"))


def agencies(rows: list[Row], spreads: list[Row], narrow: bool) -> Specification:
    """Every agency as a dot at its mean, above the span from the 10th to the 90th percentile and the median."""
    names = [row["country"] for row in spreads]
    position = alt.Y("country:N", sort=names, title=None, axis=_rows(True, weight="bold"))
    colour = alt.Color("country:N", scale=alt.Scale(domain=names, range=list(COLOURS)), legend=None)
    spread = alt.Chart(_data(spreads)).encode(y=position)
    span = spread.mark_bar(height=66, opacity=0.13).encode(x=_score("low:Q"), x2=alt.X2("high:Q"), color=colour)
    middle = spread.mark_tick(thickness=2.5, size=66, color=INK).encode(x=_score("middle:Q"))
    note = spread.mark_text(dy=-44, dx=4, align="left", fontSize=12, color=INK, font=FONT).encode(
        x=alt.XDatum(0), text=alt.Text("told:N")
    )
    dot = (
        alt.Chart(_data(rows))
        .mark_point(filled=True, opacity=0.55)
        .encode(
            x=_score("value:Q"),
            y=position,
            yOffset=alt.YOffset("place:Q", scale=alt.Scale(domain=[-0.45, 1.3])),
            color=colour,
            shape=alt.Shape("country:N", scale=alt.Scale(domain=names, range=list(SHAPES)), legend=None),
            size=alt.Size("data_sets:Q", scale=alt.Scale(type="sqrt", range=[18, 420]), legend=None),
        )
    )
    chart = alt.layer(span, middle, dot, note, height=_step(110), width=290 if narrow else 720)
    return finished(_plain(chart))


def grades(rows: list[Row], narrow: bool) -> Specification:
    """Shares of the grades as parts of a bar; two bars a country, one for each way to count."""
    names = list(dict.fromkeys(row["country"] for row in rows))
    order = [f"{name}, {_short(count)}" for name in names for count in COUNTS]
    values = [
        {**row, "bar": f"{row['country']}, {_short(row['count'])}", "dark": row["grade"] in ON_DARK} for row in rows
    ]
    least = 9 if narrow else 5
    base = alt.Chart(_data(values)).encode(y=alt.Y("bar:N", sort=order, title=None, axis=_rows(True, 115)))
    part = base.mark_bar(stroke="#ffffff", strokeWidth=1).encode(
        x=_score("start:Q", "Share of datasets, %"),
        x2=alt.X2("end:Q"),
        color=alt.Color(
            "grade:N",
            scale=alt.Scale(domain=list(GRADE_COLOURS), range=list(GRADE_COLOURS.values())),
            legend=alt.Legend(title="Grade", orient="top", symbolType="square", symbolStrokeWidth=0),
        ),
    )
    label = (
        base.transform_filter(f"datum.share >= {least}")
        .transform_calculate(text="datum.grade + ' ' + format(datum.share, '.0f')")
        .mark_text(fontSize=12, font=FONT)
        .encode(
            x=_score("middle:Q", "Share of datasets, %"),
            text=alt.Text("text:N"),
            color=alt.ColorValue(INK, condition={"test": "datum.dark", "value": "#ffffff"}),
        )
    )
    return finished(_plain(alt.layer(part, label, height=_step(34), width=250 if narrow else 660)))


def _step(pixels: int) -> alt.Step:
    """The height of a row, whatever stands beside each other within it."""
    return alt.Step(pixels, **{"for": "position"})


def _data(rows: list[Row]) -> alt.Data:
    # A tuple: altair copies lists deeply at every level of a chart, which took most of the time of drawing.
    return alt.Data(values=tuple(rows))  # type: ignore[no-untyped-call]


def _short(count: str) -> str:
    return {BY_AGENCY: "by agency", BY_DATA_SET: "by dataset"}[count]


def _faint(usual: float, faint: float) -> alt.OpacityValue:
    """Criteria of which too little is known to be compared are drawn faintly."""
    return alt.OpacityValue(faint, condition={"test": "datum.compared", "value": usual})


def _score(field: str, title: str | None = SCORE) -> alt.X:
    axis = alt.Axis(
        values=[0, 25, 50, 75, 100], domain=False, ticks=False, labelFlush=False, labelPadding=6, titlePadding=8
    )
    return alt.X(field, title=title, scale=alt.Scale(domain=[0, 100], nice=False), axis=axis)


def _rows(named: bool, extent: int = 0, weight: Any = "normal", two_lines: bool = False) -> alt.Axis:
    return alt.Axis(
        labels=named,
        ticks=False,
        domain=False,
        grid=False,
        labelLimit=200,
        labelExpr=_TWO_LINES if two_lines else alt.Undefined,
        labelLineHeight=13,
        labelPadding=10,
        labelFontSize=12,
        labelFontWeight=weight,
        minExtent=extent,
    )


def _key(narrow: bool) -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="top",
        direction="vertical" if narrow else "horizontal",
        labelLimit=360,
        # A phone has room for the sample sizes beside it, in wide fonts too.
        labelFontSize=10 if narrow else 12,
        symbolSize=60 if narrow else 90,
        symbolOpacity=1,
        columnPadding=24,
    )


def _title(text: str) -> alt.TitleParams:
    return alt.TitleParams(text, anchor="start", fontSize=14, offset=10)


def _plain(chart: Any) -> Specification:
    """A chart or a part of one as plain values, without what belongs to the whole."""
    # Without altair's own validation, which takes most of the time: vl-convert refuses what is invalid.
    found: Specification = chart.to_dict(validate=False)
    return {name: value for name, value in found.items() if name not in ("$schema", "config")}


def finished(chart: Specification, padding: int = 6) -> Specification:
    """The whole specification, with fonts, inks and grid. padding: around it, in pixels."""
    return {"$schema": alt.SCHEMA_URL, **chart, "config": {**_CONFIG, "padding": padding}}


_CONFIG: Specification = {
    "font": FONT,
    "background": "#ffffff",
    "view": {"continuousWidth": 300, "continuousHeight": 300, "stroke": None},
    "axis": {"gridColor": GRID, "labelColor": INK, "titleColor": INK, "titleFontWeight": "normal", "titleFontSize": 12},
    "axisX": {"grid": True, "labelFontSize": 11},
    "legend": {"labelColor": INK, "titleColor": INK},
    "title": {"color": INK, "fontWeight": "bold"},
}
