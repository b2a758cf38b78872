"""The `aivision` command. Subcommands are imported when they are called, so that `--help` is quick."""

from __future__ import annotations

import importlib
import os
import sys

import click

from ckanext.aivision import __version__
from ckanext.aivision.errors import AivisionError

_COMMANDS = ("up", "harvest", "score", "compare", "sources")


class _Lazy(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"ckanext.aivision.cli.{name}"), name)
        return command


@click.group(cls=_Lazy)
@click.version_option(__version__, prog_name="aivision")
def aivision() -> None:
    """Harvest, evaluate and compare public data sets' readiness for AI."""


def main() -> None:
    """Runs a command. What is raised on purpose becomes one line on standard error and exit status 2."""
    # Records hold any character; a terminal or a pipe may not.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        aivision()
    except AivisionError as error:
        click.echo(f"Error: {' '.join(str(error).split())}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # Whoever reads us has had enough; nothing may be flushed to them at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
