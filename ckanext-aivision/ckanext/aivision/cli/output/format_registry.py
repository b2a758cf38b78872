"""The output formats, and the `--format` option of every command.

A format is one module of `cli/output/formats/` with one function, which `output_format` registers. It needs no other
place: every command whose report can give what the format needs offers it then, and `make docs` lists it.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple, TypeVar

import click

from ckanext.aivision.cli.output import formats

Write = TypeVar("Write", bound=Callable[[Any, BinaryIO], None])


class OutputFormat(NamedTuple):
    """needs: the protocols of `cli.output.report`; a report must implement one of them. write: report, stream -> None.

    description: what the file holds, after "NAME: ".
    """

    name: str
    needs: tuple[Any, ...]
    description: str
    write: Callable[[Any, BinaryIO], None]


_registered: dict[str, OutputFormat] = {}


def output_format(name: str, *needs: Any, description: str) -> Callable[[Write], Write]:
    """Registers the function below it as what writes a format. It writes bytes, as far as it can while records come."""

    def register(write: Write) -> Write:
        _registered[name] = OutputFormat(name, needs, description, write)
        return write

    return register


@functools.cache
def load_formats() -> dict[str, OutputFormat]:
    """Every format by its name, in the order of the names."""
    for module in pkgutil.iter_modules(formats.__path__):
        importlib.import_module(f"{formats.__name__}.{module.name}")
    return dict(sorted(_registered.items()))


def names_of(report: type, default: str = "table") -> list[str]:
    """The names of the formats that reports of a class can be written in, the default first."""
    names = [found.name for found in load_formats().values() if issubclass(report, found.needs)]
    return sorted(names, key=lambda name: name != default)


def format_option(report: type, default: str = "table") -> Callable[[Any], Any]:
    """`--format` as the argument `form`. report: the class of the command's reports, which says what can be chosen."""
    choices = click.Choice(names_of(report, default))
    return click.option("--format", "form", type=choices, default=default, show_default=True)


def write_report(report: object, form: str, stream: BinaryIO) -> None:
    """Writes a report in the format of that name, which is one of `names_of` its class."""
    load_formats()[form].write(report, stream)
