"""`ckan aivision trends`: trends as a table or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.errors import UsageError


def show_trends(asked: Mapping[str, str], form: str) -> None:
    """asked: parameters of the action `aivision_trend_list`. form: `table` or `json`. Raises UsageError."""
    try:
        found = toolkit.get_action("aivision_trend_list")({"ignore_auth": True}, dict(asked))
    except toolkit.ValidationError as error:
        raise UsageError("; ".join(error.error_summary.values())) from error
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
        return
    click.echo(f"rubric {found['rubric_version']}; trends are available under {', '.join(found['rubric_versions'])}")
    click.echo(f"{'day':10}  {'':2}  {'score':>5}  {'datasets':>9}  {'publishers':>10}" + _criterion_head(asked))
    for point in found["points"]:
        click.echo(printable(_line(point)))


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
