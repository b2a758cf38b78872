"""`ckan aivision trends`: trends as a table or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit
from rich.console import Console
from rich.text import Text

from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import write_report
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.errors import UsageError


class TrendsReport:
    """Points of trends, as the action `aivision_trend_list` gives them for what was asked."""

    def __init__(self, trends: Mapping[str, Any], asked: Mapping[str, str]) -> None:
        self._trends, self._asked = trends, asked

    def print_table(self, console: Console) -> None:
        """Prints a line for each point."""
        found = self._trends
        head = f"{'day':10}  {'':2}  {'score':>5}  {'datasets':>9}  {'publishers':>10}" + _criterion_head(self._asked)
        versions = f"rubric {found['rubric_version']}; trends are available under {', '.join(found['rubric_versions'])}"
        for line in (versions, head, *(printable(_line(point)) for point in found["points"])):
            console.print(Text(line), soft_wrap=True)

    def document(self) -> Mapping[str, Any]:
        """What the action gives."""
        return self._trends


def show_trends(asked: Mapping[str, str], form: str) -> None:
    """asked: parameters of the action `aivision_trend_list`. form: one of a TrendsReport. Raises UsageError."""
    try:
        found = toolkit.get_action("aivision_trend_list")({"ignore_auth": True}, dict(asked))
    except toolkit.ValidationError as error:
        wrong = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.error_dict.items())
        raise UsageError(wrong) from error
    with opened(None) as stream:
        write_report(TrendsReport(found, asked), form, stream)


def _criterion_head(asked: Mapping[str, str]) -> str:
    return f"  {asked['criterion']}, of how many known" if "criterion" in asked else ""


def _line(point: Mapping[str, Any]) -> str:
    line = (
        f"{point['day']}  {point['country']:2}  {_number(point['score']):>5}  {point['data_sets']:>9,}"
        f"  {point['publishers']:>10,}"
    )
    if (criterion := point["criterion"]) is not None:
        line += f"  {criterion['too_little'] or _number(criterion['value']) + ' of ' + format(criterion['known'], ',')}"
    if point["recomputed"]:
        line += "  recalculated later"
    if point["sample"]:
        line += "  samples"
    return line + (f", {point['lacking']:,} datasets left out" if point["lacking"] else "")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
