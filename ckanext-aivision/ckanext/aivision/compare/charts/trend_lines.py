"""The chart of a series over time in Vega-Lite: marks with intervals, steps between them, and numbered seams."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import msgspec

from ckanext.aivision.compare.charts.trend_marks import TrendChart, TrendLine
from ckanext.aivision.compare.charts.vega_lite import COLOURS, FAINT_INK, SHAPES

_WIDTH, _HEIGHT = 640, 300  # pixels
_APART = 4  # pixels: lines stand beside each other, so that intervals of one day can be told apart
_TICKS = 4


def trend_lines(chart: TrendChart, labels: Sequence[str], scale: str) -> dict[str, Any]:
    """The chart alone. labels: what each shape stands for, by the lines' order. scale: of 0 to 100, in words."""
    layers = _seams(chart)
    for line, label in zip(chart.lines, labels, strict=True):
        apart = 0 if len(chart.lines) == 1 else _APART if line.place else -_APART
        layers += _line(line, label, apart, _key(chart, labels))
    # Layers share their axes only where all have the same.
    axes = {"x": _day_axis(chart), "y": _score_axis(scale)}
    for layer in layers:
        for channel, axis in axes.items():
            if channel in layer["encoding"]:
                layer["encoding"][channel] = {**layer["encoding"][channel], "axis": axis, "title": axis["title"]}
    return {"width": _WIDTH, "height": _HEIGHT, "layer": layers}


def _seams(chart: TrendChart) -> list[dict[str, Any]]:
    values = [{"x": seam.across, "number": str(seam.number)} for seam in chart.seams]
    x: dict[str, Any] = {"x": _on_scale("x")}
    rule = {"type": "rule", "strokeDash": [4, 3], "color": FAINT_INK}
    text = {"type": "text", "y": -8, "fontSize": 11, "color": FAINT_INK}
    return [
        {"data": {"values": values}, "mark": rule, "encoding": x},
        {"data": {"values": values}, "mark": text, "encoding": {**x, "text": {"field": "number"}}},
    ]


def _line(line: TrendLine, label: str, apart: int, key: dict[str, Any]) -> list[dict[str, Any]]:
    steps = [{**msgspec.to_builtins(step), "label": label} for step in line.steps]
    dots = [
        {
            **{"x": dot.across, "value": dot.mark.value, "low": dot.mark.low, "high": dot.mark.high},
            **{"former": dot.former, "label": label},
        }
        for dot in line.dots
    ]
    colour, shape = key["color"], key["shape"]
    level = {"x": _on_scale("start"), "x2": {"field": "end"}, "y": _on_scale("value"), "color": colour}
    rise = {"x": _on_scale("end"), "y": _on_scale("value"), "y2": {"field": "rise"}, "color": colour}
    interval = {"x": _on_scale("x"), "y": _on_scale("low"), "y2": {"field": "high"}, "color": colour}
    point = {"x": _on_scale("x"), "y": _on_scale("value"), "color": colour, "shape": shape}
    move = {"xOffset": apart}

    def layer(rows: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any], only: str) -> dict[str, Any]:
        return {"data": {"values": rows}, "transform": [{"filter": only}], "mark": mark, "encoding": encoding}

    rule, known = {"type": "rule", "strokeWidth": 1.5}, "isValid(datum.value)"
    marked = {"type": "point", "opacity": 1, **move}
    return [
        layer(steps, rule, level, "true"),
        layer(steps, rule, rise, "isValid(datum.rise) && !datum.broken"),
        layer(steps, {**rule, "strokeDash": [2, 3]}, rise, "isValid(datum.rise) && datum.broken"),
        layer(dots, {"type": "rule", "strokeWidth": 2.5, "opacity": 0.6, **move}, interval, "isValid(datum.low)"),
        layer(dots, {**marked, "filled": True, "size": 60}, point, f"{known} && !datum.former"),
        layer(dots, {**marked, "fill": "white", "size": 50}, point, f"{known} && datum.former"),
    ]


def _key(chart: TrendChart, labels: Sequence[str]) -> dict[str, Any]:
    """Colour and shape by label: each line has those of its place, also where it stands alone."""
    places = [line.place for line in chart.lines]
    legend: dict[str, Any] = {
        "title": None,
        "orient": "top",
        "direction": "vertical",
        "labelLimit": 700,
        "labelFontSize": 12,
    }
    legend |= {"symbolOpacity": 1, "symbolSize": 80, "offset": 20}
    found = {}
    for channel, kinds in (("color", COLOURS), ("shape", SHAPES)):
        scale = {"domain": list(labels), "range": [kinds[place] for place in places]}
        found[channel] = {"field": "label", "type": "nominal", "scale": scale, "legend": legend}
    return found


def _on_scale(field: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "scale": {"domain": [0, 100]}}


def _score_axis(scale: str) -> dict[str, Any]:
    return {"title": scale, "values": [0, 25, 50, 75, 100], "domain": False, "ticks": False, "labelPadding": 12}


def _day_axis(chart: TrendChart) -> dict[str, Any]:
    """The days at both ends, and some between them where the time is long enough."""
    days = (chart.last - chart.first).days
    if not days:
        ticks = {50.0: chart.first}
    else:
        number = min(_TICKS, days)
        ticks = {
            round(100 * round(days * place / number) / days, 2): chart.first
            + datetime.timedelta(days=round(days * place / number))
            for place in range(number + 1)
        }
    named = " : ".join(f"datum.value == {across} ? '{_in_words(day)}'" for across, day in ticks.items())
    return {
        **{"title": None, "values": list(ticks), "labelExpr": f"{named} : ''"},
        **{"domain": True, "grid": False, "labelFlush": False, "labelOverlap": False},
    }


def _in_words(day: datetime.date) -> str:
    return f"{day.day} {day:%b %Y}"
