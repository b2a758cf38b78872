"""Errors of this project as one line on stderr and exit status 2."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import click

from ckanext.aivision.cli.output.terminal import error_line
from ckanext.aivision.errors import AivisionError


def one_line_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a command so that errors of this project become one line and exit status 2."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except AivisionError as error:
            click.echo(error_line(error), err=True)
            sys.exit(2)

    return wrapped
