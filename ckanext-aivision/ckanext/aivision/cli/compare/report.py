"""What `aivision compare` gives to the output formats."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from ckanext.aivision.cli.compare.tables import print_overview
from ckanext.aivision.cli.options.extras import need
from ckanext.aivision.cli.output.console import set_width
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.serialise.report import page


class ComparisonReport:
    """A comparison of two countries."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview

    def print_table(self, console: Console) -> None:
        """Prints all figures, in 80 columns without a terminal."""
        set_width(console, least=0, without_terminal=80)
        print_overview(self._overview, console)

    def document(self) -> Overview:
        """The comparison as one object."""
        return self._overview

    def svg(self) -> str:
        """The overall score and the dimensions. Raises UsageError if what draws them is not installed."""
        need("a chart as an image", "charts", "choose --format html for a page with charts")
        from ckanext.aivision.compare.charts.svg import svg

        return svg(self._overview, "dimensions")

    def html(self) -> Iterator[str]:
        """The page, in one piece."""
        yield page(self._overview)
