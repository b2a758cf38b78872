"""How the charts look, as Vega-Lite through altair. Countries differ by shape as well as by colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from ckanext.aivision.compare.chart_rows import BY_DATA_SET, BY_PUBLISHER, Row

# Okabe and Ito's blue and vermilion: told apart with every kind of colour vision, and in grey by their shape.
COLOURS = ("#0072b2", "#d55e00")
SHAPES = ("circle", "diamond")
# From A, dark, to E, light: ordered in grey too. Letters stand in the bars, white on the dark ones.
GRADE_COLOURS = {"A": "#08306b", "B": "#2171b5", "C": "#6baed6", "D": "#c6dbef", "E": "#eceff1"}
DARK = ["A", "B"]
INK, GRID = "#222222", "#e3e6e8"
FONT = "Arial, Helvetica, sans-serif"
LEAST_LABELLED = {False: 7, True: 14}  # per cent of a bar that holds a label, by `narrow`


def dots(rows: list[Row], measures: Sequence[str], labels: Sequence[str], narrow: bool) -> alt.VConcatChart:
    """Means as dots with their intervals, one row a measure; a panel for each way to count."""
    return _panels([_panel(rows, [("", list(measures))], labels, count, narrow) for count in COUNTS], labels, narrow)


def grouped_dots(
    rows: list[Row], groups: Sequence[tuple[str, list[str]]], labels: Sequence[str], narrow: bool
) -> alt.VConcatChart:
    """The same in groups of measures, each under its title."""
    return _panels([_panel(rows, groups, labels, count, narrow) for count in COUNTS], labels, narrow)


COUNTS = (BY_PUBLISHER, BY_DATA_SET)
