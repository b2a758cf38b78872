"""The options of `aivision score`, except those of the source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ckanext.aivision.cli.options.configuration import configured
from ckanext.aivision.cli.output.destination import output_option
from ckanext.aivision.cli.output.format_registry import format_option
from ckanext.aivision.cli.score.report import ScoreReport

Command = Callable[..., Any]

_FILE = click.Path(dir_okay=False, path_type=Path)
_SCORE = click.FloatRange(0, 100)

_OUTPUT = (
    format_option(ScoreReport),
    output_option,
    click.option("--explain/--no-explain", help="For each problem, say why it matters, how to fix it, and its source."),
    click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Evaluate as of this date (default: today, UTC)."),
    click.option(
        "--jobs",
        type=click.IntRange(min=1, max=256),
        metavar="N",
        help="Number of worker processes (default: one per processor; one if there are few records).",
    ),
)
_CHOICE = (
    click.option(
        "--select",
        multiple=True,
        metavar="CRITERION",
        help="Check only these criteria or dimensions; separate with commas or repeat the option.",
    ),
    click.option("--ignore", multiple=True, metavar="CRITERION", help="Skip these criteria or dimensions."),
)
_GATES = (
    click.option("--fail-under", type=_SCORE, help="Fail if any dataset has a lower score, or none."),
    click.option("--fail-under-mean", type=_SCORE, help="Fail if the mean of all scores is lower."),
    click.option("--baseline", type=_FILE, help="Ignore the problems in this file; fail if there are others."),
    click.option("--write-baseline", type=_FILE, help="Write the current problems to this file."),
)
_FIXING = (
    click.option(
        "--fix",
        is_flag=True,
        help="Fix spellings of licences, media types, update frequencies and dates in a data.json: show the "
        "changes, and write NAME.fixed.json, or --output.",
    ),
    click.option("--diff", is_flag=True, help="With --fix: show the changes and write nothing."),
)


def score_options(command: Command) -> Command:
    """Adds the options of `aivision score` to a command."""
    command = configured(command)
    for option in reversed((*_OUTPUT, *_CHOICE, *_GATES, *_FIXING)):
        command = option(command)
    return command
