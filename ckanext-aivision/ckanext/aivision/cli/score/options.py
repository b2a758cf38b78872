"""The options of `aivision score` beyond those of the source."""

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
    click.option("--explain/--no-explain", help="Say of each problem why it matters, how to mend it, and who says so."),
    click.option(
        "--on", type=click.DateTime(["%Y-%m-%d"]), help="The date that ages count to; today (UTC) where not given."
    ),
    click.option(
        "--jobs",
        type=click.IntRange(min=1, max=256),
        metavar="N",
        help="Evaluate in N processes; as many as there are processors where not given, and one where records are few.",
    ),
)
_CHOICE = (
    click.option(
        "--select",
        multiple=True,
        metavar="CRITERION",
        help="Judge by these criteria or dimensions only; several with commas, or again.",
    ),
    click.option("--ignore", multiple=True, metavar="CRITERION", help="Leave these criteria or dimensions out."),
)
_GATES = (
    click.option("--fail-under", type=_SCORE, help="Fail where any dataset has a lower score, or none."),
    click.option("--fail-under-mean", type=_SCORE, help="Fail where the mean of all scores is lower."),
    click.option("--baseline", type=_FILE, help="Count only problems that this file does not have; fail where one is."),
    click.option("--write-baseline", type=_FILE, help="Write the problems that there are into this file."),
)
_MENDING = (
    click.option(
        "--fix",
        is_flag=True,
        help="Mend what needs no person in a data.json (spellings of licences, media types, rhythms and dates): show "
        "the difference, and write NAME.fixed.json, or --output.",
    ),
    click.option("--diff", is_flag=True, help="With --fix: show the difference, and write nothing."),
)


def score_options(command: Command) -> Command:
    """How to judge, what to fail for, and what to write where."""
    command = configured(command)
    for option in reversed((*_OUTPUT, *_CHOICE, *_GATES, *_MENDING)):
        command = option(command)
    return command
