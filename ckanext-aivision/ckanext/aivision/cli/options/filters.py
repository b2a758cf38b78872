"""The option `--only NAME=VALUE` of commands that compare."""

from __future__ import annotations

from typing import Any

import click

from ckanext.aivision.compare.table.filters import NAMES, Filters, parse
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.results import shorten


def _read(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Filters:
    pairs = []
    for value in values:
        name, equals, wanted = value.partition("=")
        if not equals:
            raise UsageError(f"--only {shorten(value, 100)}: not NAME=VALUE, such as theme=health or year=2020-2024")
        pairs.append((name.strip(), wanted))
    return parse(pairs)


def only_option(command: Any) -> Any:
    """Gives a command `--only`, which may be given several times; its argument `only` is a `Filters`."""
    return click.option(
        "--only",
        multiple=True,
        metavar="NAME=VALUE",
        callback=_read,
        help=f"Compare only these datasets. NAME is one of {', '.join(NAMES)}; several values of one are alternatives.",
    )(command)
