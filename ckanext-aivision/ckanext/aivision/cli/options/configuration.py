"""Options that a project keeps in a file: `aivision.toml`, or `[tool.aivision]` of `pyproject.toml`.

A key is an option's name without its dashes. What is said on the command line goes before the file, and a path in the
file is one from the file's directory.
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
# What is said anew each time; a file that is merely found must neither write files nor let private hosts through.
_NOT_IN_FILES = frozenset(
    ("output", "write-baseline", "fix", "diff", "on", "allow-host", "config", "no-config", "help")
)

Command = Callable[..., Any]


def configured(command: Command) -> Command:
    """Gives a command --config and --no-config. Its other options have their defaults from the file."""
    command = click.option(
        "--no-config",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_turn_off,
        help="Read no configuration.",
    )(command)
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        is_eager=True,
        expose_value=False,
        callback=_load,
        help="Read this configuration; else aivision.toml or [tool.aivision] of pyproject.toml, from here upward.",
    )(command)


def _turn_off(context: click.Context, _: click.Parameter, off: bool) -> None:
    # What is given on the command line is looked at first.
    context.meta[__name__] = off


def _load(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    if path is not None:
        table = _table(path, _read(path))
        if table is None:
            raise UsageError(f"{path}: has no [tool.aivision]; name another file")
        context.default_map = _defaults(context, path, table)
    elif not context.meta.get(__name__) and (found := find(Path.cwd())) is not None:
        context.default_map = _defaults(context, *found)


def find(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    """The configuration that is nearest above a directory, or in it; None where there is none.

    Raises UsageError where a file of that name cannot be read as TOML.
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
        raise UsageError(f"{path}: is no TOML: {error}; mend it, or say --no-config") from error


def _table(path: Path, content: dict[str, Any]) -> dict[str, Any] | None:
    """What a file says of this command; None where a pyproject.toml says nothing of it."""
    if path.name != _SHARED:
        return content
    tools = content.get("tool")
    table = tools.get("aivision") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: tool.aivision must be a table: write [tool.aivision]")
    return table


def _defaults(context: click.Context, path: Path, table: dict[str, Any]) -> dict[str, Any]:
    """Parameter -> value. Raises UsageError where a key is no option or a value none that it can have."""
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
        return "is said on the command line only"
    close = difflib.get_close_matches(key.replace("_", "-"), known, n=1)
    return f"no such option; did you mean {close[0]}?" if close else f"no such option; there are {', '.join(known)}"


def _fitting(option: click.Option, value: Any, place: str) -> Any:
    """The value as click takes it. Raises UsageError where it is of another type than the option."""
    if option.multiple:
        value = [value] if isinstance(value, str) else value
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        raise UsageError(f"{place}: must be a list of texts")
    wanted: tuple[tuple[type, ...], str] = ((str,), "a text")
    if option.is_flag:
        wanted = (bool,), "true or false"
    elif isinstance(option.type, click.FloatRange | click.IntRange):
        wanted = (int, float), "a number"
    # True is a number to Python.
    if not isinstance(value, wanted[0]) or (isinstance(value, bool) and not option.is_flag):
        raise UsageError(f"{place}: must be {wanted[1]}")
    return value
