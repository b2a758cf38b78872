"""Draws one picture, in a process of its own: requests start it, and a picture takes seconds.

    python -m ckanext.aivision.compare.charts.draw (svg|png)

The picture comes as JSON on standard input; the image goes to standard output.
"""

from __future__ import annotations

import os
import resource
import sys
import textwrap
from collections.abc import Sequence
from html import escape
from typing import Any

import msgspec
import vl_convert

from ckanext.aivision.compare.charts.marks import Row
from ckanext.aivision.compare.charts.picture import Form, Group, Picture, describe, figure, verdict
from ckanext.aivision.compare.charts.svg import VEGA_LITE
from ckanext.aivision.compare.charts.trend_lines import trend_lines
from ckanext.aivision.compare.charts.vega_lite import COLOURS, FAINT_INK, INK, SHAPES, finished

_WIDTH = 400  # of the scale, in pixels
_STEP = 19  # of one mark
_FIGURES, _VERDICTS = _WIDTH + 14, _WIDTH + 190
_LINE, _NAME = 130, 32  # characters
_NICENESS, _CPU_SECONDS = 5, 30
_SHARPNESS = 2.0  # pixels of the image for each of the drawing


def draw(picture: Picture, form: Form) -> bytes:
    """The image. Raises ValueError where it cannot be drawn."""
    drawing = msgspec.json.encode(specification(picture)).decode()
    if form == "png":
        png: bytes = vl_convert.vegalite_to_png(drawing, vl_version=VEGA_LITE, scale=_SHARPNESS, allowed_base_urls=[])
        return png
    svg: str = vl_convert.vegalite_to_svg(drawing, vl_version=VEGA_LITE, allowed_base_urls=[])
    opening, rest = svg.split(">", 1)
    title, words = escape(picture.title), escape(describe(picture))
    return f'{opening} role="img" aria-label="{title}"><title>{title}</title><desc>{words}</desc>{rest}'.encode()


def specification(picture: Picture) -> dict[str, Any]:
    """The picture in Vega-Lite: one chart for each group, one below the other, between the title and the footer.

    Of a series over time it is one chart.
    """
    last = len(picture.groups) - 1
    charts = [_group(picture, group, number == last) for number, group in enumerate(picture.groups)]
    if picture.trend is not None:
        charts = [trend_lines(picture.trend, picture.labels, picture.scale)]
    body = {"vconcat": charts, "spacing": 12, "resolve": {"scale": {"yOffset": "independent"}}}
    notes = [line for note in picture.notes for line in textwrap.wrap(note, _LINE)]
    footer = [line for note in picture.footer for line in textwrap.wrap(note, _LINE)]
    above: dict[str, Any] = {
        **{"text": textwrap.wrap(picture.title, 80), "subtitle": notes},
        **{"anchor": "start", "fontSize": 18, "offset": 12},
    }
    below = {
        **{"text": footer, "orient": "bottom", "anchor": "start", "fontSize": 11, "fontWeight": "normal"},
        **{"color": FAINT_INK, "offset": 12},
    }
    above |= {"subtitleFontSize": 12, "subtitleColor": INK, "subtitlePadding": 6, "frame": "bounds"}
    inner = {**body, "title": {**below, "frame": "bounds"}}
    return finished({"vconcat": [inner], "title": above}, padding=16)


def _group(picture: Picture, group: Group, is_last: bool) -> dict[str, Any]:
    """is_last: whether the words of the scale are below it."""
    rows = [_row(picture, row, number) for number, row in enumerate(group.rows)]
    marks = [mark for row in rows for mark in row]
    names = list(dict.fromkeys(mark["row"] for mark in marks))
    lines = max((max(len(row), row[0]["row"].count("\n")) for row in rows if row), default=1)
    return {
        "title": {"text": group.title, "anchor": "start", "fontSize": 13, "frame": "bounds"},
        "width": _WIDTH,
        "height": {"step": _STEP * lines + 6, "for": "position"},
        "data": {"values": marks},
        "encoding": {"y": _names(names)},
        "layer": _layers(picture, max(map(len, rows), default=1), is_last),
    }


def _row(picture: Picture, row: Row, number: int) -> list[dict[str, Any]]:
    # Two rows may have the same title, so that the number is part of the name; it is not drawn.
    name = "\n".join([str(number), *textwrap.wrap(row.title, _NAME)])
    several = len(row.marks) > 1 and all(len(mark.label) <= 10 for mark in row.marks)
    return [
        {
            **{"row": name, "label": picture.labels[mark.place], "place": place, "value": mark.value},
            **{"low": mark.low, "high": mark.high, "hollow": not row.compared and picture.verdicts},
            "figure": f"{mark.label + ' ' if several else ''}{figure(mark, picture.unit)}",
            "verdict": _beside(picture, row) if not place else "",
        }
        for place, mark in enumerate(row.marks)
    ]


def _beside(picture: Picture, row: Row) -> str:
    """The difference, and where it has one, the verdict."""
    if picture.verdicts:
        return verdict(row) if row.compared else ""
    return row.gap.points if row.gap is not None else ""


def _layers(picture: Picture, marks_of_row: int, is_last: bool) -> list[dict[str, Any]]:
    """marks_of_row: how many stand below each other in a row."""
    offset = {"field": "place", "type": "ordinal", "scale": {"domain": list(range(marks_of_row)), "paddingOuter": 0.3}}
    domain = {"domain": list(picture.labels)}
    colour = {"field": "label", "type": "nominal", "scale": {**domain, "range": list(COLOURS)}, "legend": _KEY}
    shape = {"field": "label", "type": "nominal", "scale": {**domain, "range": list(SHAPES)}, "legend": _KEY}
    scale = picture.scale if is_last else None
    across = _across("value", scale)
    base = {"yOffset": offset, "color": colour}
    known = "isValid(datum.value)"

    def layer(mark: dict[str, Any], encoding: dict[str, Any], only: str = known) -> dict[str, Any]:
        return {"mark": mark, "transform": [{"filter": only}], "encoding": {**base, **encoding}}

    bar = layer({"type": "bar", "opacity": 0.3, "height": 8}, {"x": across, "x2": {"datum": 0}})
    interval = {"x": _across("low", scale), "x2": {"field": "high"}}
    point = {"type": "point", "opacity": 1}
    text = {"type": "text", "align": "left", "fontSize": 11, "color": INK}
    return [
        *([bar] if picture.bars else []),
        layer({"type": "rule", "strokeWidth": 2.5}, interval, "isValid(datum.low)"),
        layer({**point, "filled": True, "size": 70}, {"x": across, "shape": shape}, f"{known} && !datum.hollow"),
        layer({**point, "fill": "white", "size": 60}, {"x": across, "shape": shape}, f"{known} && datum.hollow"),
        {"mark": {**text, "x": _FIGURES}, "encoding": {"yOffset": offset, "text": {"field": "figure"}}},
        {"mark": {**text, "x": _VERDICTS}, "encoding": {"text": {"field": "verdict"}}},
    ]


def _across(field: str, title: str | None) -> dict[str, Any]:
    axis = {"values": [0, 25, 50, 75, 100], "domain": False, "ticks": False, "labelFlush": False, "titlePadding": 6}
    return {"field": field, "type": "quantitative", "title": title, "scale": {"domain": [0, 100]}, "axis": axis}


def _names(names: Sequence[str]) -> dict[str, Any]:
    axis = {
        **{"labelExpr": "slice(split(datum.label, '\\n'), 1)", "labelLimit": 260, "labelLineHeight": 13},
        **{"labelFontSize": 12, "labelPadding": 12, "minExtent": 200, "maxExtent": 200},
        **{"ticks": False, "domain": False, "grid": False},
    }
    return {"field": "row", "type": "nominal", "sort": list(names), "title": None, "axis": axis}


_KEY = {
    **{"title": None, "orient": "top", "direction": "vertical", "labelLimit": 700, "labelFontSize": 12},
    **{"symbolSize": 80, "symbolOpacity": 1, "offset": 8},
}


def main() -> None:
    # Readers of pages come first, and nobody waits for more than this.
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    form: Form = "png" if sys.argv[1] == "png" else "svg"
    sys.stdout.buffer.write(draw(msgspec.json.decode(sys.stdin.buffer.read(), type=Picture), form))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
