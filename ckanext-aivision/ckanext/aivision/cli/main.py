"""The `aivision` command. Subcommands are imported when they are called, so that `--help` is quick."""

from __future__ import annotations

import ast
import difflib
import errno
import importlib
import importlib.util
import io
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click
from click.utils import make_default_short_help

from ckanext.aivision import __version__
from ckanext.aivision.cli.output.terminal import error_line
from ckanext.aivision.errors import AivisionError, NotPublic

_COMMANDS = (
    "up",
    "doctor",
    "backup",
    "restore",
    "harvest",
    "pull",
    "score",
    "validate",
    "profile",
    "criteria",
    "lenses",
    "compare",
    "agencies",
    "sources",
    "mcp",
)
# 128 and the number of SIGINT.
_INTERRUPTED = 130
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class _ReaderGone(Exception):
    """Nobody reads standard output any more, as where it goes to `head`."""


class _Lazy(click.Group):
    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except BrokenPipeError as error:
            # Click itself would end with exit status 1, which means here that something was found.
            raise _ReaderGone from error

    def list_commands(self, context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"ckanext.aivision.cli.{name}.command"), name)
        return command

    def resolve_command(
        self, context: click.Context, words: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if words and words[0] not in _COMMANDS and (close := difflib.get_close_matches(words[0], _COMMANDS, n=1)):
            context.fail(f"No such command {words[0]!r}. Did you mean `aivision {close[0]}`?")
        return super().resolve_command(context, words)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands with their short help, read from the source, because importing them all takes a second."""
        room = formatter.width - 6 - max(map(len, _COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl([(name, make_default_short_help(_described(name), room)) for name in _COMMANDS])


def _described(name: str) -> str:
    """The docstring of a command's function, which has the same name as its module."""
    spec = importlib.util.find_spec(f"ckanext.aivision.cli.{name}.command")
    if spec is None or spec.origin is None:
        return ""
    nodes = ast.parse(Path(spec.origin).read_bytes()).body
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == name)
    return next(filter(None, map(ast.get_docstring, functions)), "")


@click.group(cls=_Lazy)
@click.version_option(__version__, prog_name="aivision")
def aivision() -> None:
    """Harvest public datasets, evaluate how ready they are for AI, and compare them."""


def main(words: Sequence[str] | None = None) -> None:
    """Runs a command line, by default the arguments of this process.

    An error of the user or the source becomes one line on standard error and exit status 2; an interruption
    becomes 130, as shells have it.
    """
    sys.stdout, sys.stderr = _stream(sys.stdout), _stream(sys.stderr)
    # Without a handler, Python would write log messages to standard error.
    logging.getLogger("ckanext.aivision").addHandler(logging.NullHandler())
    try:
        status = aivision(words, prog_name="aivision", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        status = error.exit_code
    except (AivisionError, click.ClickException, click.Abort) as error:
        click.echo(error_line(_describe(error)), err=True)
        status = _INTERRUPTED if isinstance(error, click.Abort) else 2
    except (_ReaderGone, OSError) as error:
        status = _exit_status(error)
    if status:
        sys.exit(status)


def _stream(stream: TextIO | None) -> TextIO:
    """Standard output or standard error, made safe to write to even if it was closed before we started."""
    if stream is None:
        return open(os.devnull, "w")
    if isinstance(stream, io.TextIOWrapper):
        # Records can contain any character; a terminal or a pipe may not accept it.
        stream.reconfigure(errors="replace")
    return stream


def _describe(error: Exception) -> str:
    if isinstance(error, click.Abort):
        return "interrupted; run the command again"
    if not isinstance(error, click.ClickException):
        return _with_advice(error)
    message = error.format_message()
    context = getattr(error, "ctx", None)
    if context is None:
        return message
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} See `{context.command_path} --help`"


def _with_advice(error: BaseException) -> str:
    """The message of an error, with advice for the operator if its cause has any."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, NotPublic):
            return str(error).replace(str(cause), cause.advice)
        cause = cause.__cause__
    return str(error)


def _exit_status(error: _ReaderGone | OSError) -> int:
    """The exit status if standard output cannot be written: 0 if its reader has had enough, 2 if there is no space.

    Raises any other error.
    """
    if isinstance(error, OSError) and error.errno not in (errno.EPIPE, *_FULL):
        raise error
    # Python must not try to flush the rest at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, _ReaderGone) or error.errno == errno.EPIPE:
        return 0
    click.echo(error_line(f"cannot write: {error.strerror}; free some space, then run the command again"), err=True)
    return 2


if __name__ == "__main__":
    main()
