"""Read options from a file: `aivision.toml`, or `[tool.aivision]` in `pyproject.toml`.

A key is the name of an option without its dashes. The command line takes precedence over the file. Paths in the file
are relative to its directory.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ckanext.aivision.errors import UsageError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_OWN = "aivision.toml"
_SHARED = "pyproject.toml"
# Command line only: a file that happens to be there must not write files or allow private hosts.
_NOT_IN_FILES = frozenset(
    ("output", "write-baseline", "fix", "diff", "on", "allow-host", "config", "no-config", "help")
)

Command = Callable[..., Any]


def configured(command: Command) -> Command:
    """Adds --config and --no-config to a command. The file sets the defaults of its other options."""
    command = click.option(
        "--no-config",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_turn_off,
        help="Do not read a configuration file.",
    )(command)
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_load,
        help="Configuration file (default: aivision.toml, or [tool.aivision] in pyproject.toml, from here upward).",
    )(command)


def _turn_off(context: click.Context, _: click.Parameter, off: bool) -> None:
    # Click processes the options that were given first.
    context.meta[__name__] = off


def _load(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    if path is not None:
        table = _table(path, _read(path))
        if table is None:
            raise UsageError(f"{path}: has no [tool.aivision] table; choose another file")
        context.default_map = _defaults(context, path, table)
    elif not context.meta.get(__name__) and (found := find(Path.cwd())) is not None:
        context.default_map = _defaults(context, *found)


def find(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """The nearest configuration in a directory or above it; None if there is none.

    Raises UsageError if a file with that name is not valid TOML.
    """
    for place in (folder, *folder.parents):
        for path in (place / _OWN, place / _SHARED):
            if path.is_file() and (table := _table(path, _read(path))) is not None:
                return path, table
    return None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: the configuration cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: is not valid TOML: {error}; fix it, or use --no-config") from error


def _table(path: Path, content: dict[str, Any]) -> dict[str, Any] | None:
    """The table for this command in a file; None if a pyproject.toml has none."""
    if path.name != _SHARED:
        return content
    tools = content.get("tool")
    table = tools.get("aivision") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: tool.aivision must be a table: write [tool.aivision]")
    return table


def _defaults(context: click.Context, path: Path, table: dict[str, Any]) -> dict[str, Any]:
    """Parameter -> value. Raises UsageError for a key that is not an option, or a value that it does not accept."""
    options = {
        option.opts[0].removeprefix("--"): option
        for option in context.command.params
        if isinstance(option, click.Option) and option.opts[0].removeprefix("--") not in _NOT_IN_FILES
    }
    defaults = {}
    for key, value in table.items():
        if key not in options:
            raise UsageError(f"{path}: {key}: {_advice(key, list(options))}")
        option = options[key]
        fitting = _fitting(option, value, f"{path}: {key}")
        if isinstance(option.type, click.Path):
            fitting = str(path.resolve().parent / fitting)
        try:
            option.process_value(context, fitting)
        except click.BadParameter as error:
            raise UsageError(f"{path}: {key}: {error.message}") from error
        defaults[str(option.name)] = fitting
    return defaults


def _advice(key: str, known: list[str]) -> str:
    if key in _NOT_IN_FILES:
        return "can only be set on the command line"
    close = difflib.get_close_matches(key.replace("_", "-"), known, n=1)
    return (
        f"no such option; did you mean {close[0]}?" if close else f"no such option; the options are {', '.join(known)}"
    )


def _fitting(option: click.Option, value: Any, place: str) -> Any:
    """The value as click takes it. Raises UsageError if it has the wrong type."""
    if option.multiple:
        value = [value] if isinstance(value, str) else value
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        raise UsageError(f"{place}: must be a list of strings")
    wanted: tuple[tuple[type, ...], str] = ((str,), "a string")
    if option.is_flag:
        wanted = (bool,), "true or false"
    elif isinstance(option.type, click.FloatRange | click.IntRange):
        wanted = (int, float), "a number"
    # True is a number to Python.
    if not isinstance(value, wanted[0]) or (isinstance(value, bool) and not option.is_flag):
        raise UsageError(f"{place}: must be {wanted[1]}")
    return value
