"""`--help` says what a command takes."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from tests.cli.conftest import Done, aivision, call

from ckanext.aivision.cli.agencies.report import AgenciesReport
from ckanext.aivision.cli.compare.report import ComparisonReport
from ckanext.aivision.cli.main import aivision as group
from ckanext.aivision.cli.output.format_registry import names_of
from ckanext.aivision.cli.score.report import ScoreReport
from ckanext.aivision.cli.validate.report import ValidationReport
from ckanext.aivision.harvesters.sources.kind_registry import KINDS


def formats_of(report: type) -> str:
    return f"--format [{'|'.join(names_of(report))}]"


SOURCE = (
    f"--kind [{'|'.join(KINDS)}]",
    "--profile",
    "--country CODE",
    "--limit",
    "--allow-host HOST[:PORT]",
)
TAKES = {
    "score": (
        "FILE|DIR|URL|-...",
        *SOURCE,
        formats_of(ScoreReport),
        *("--output FILE", "--explain", "--on", "--select CRITERION", "--ignore CRITERION"),
        *("--fail-under", "--fail-under-mean", "--baseline FILE", "--write-baseline FILE", "--fix", "--diff"),
    ),
    "validate": (
        "FILE|DIR|URL|-...",
        *("--standard [dcat-us-1.1|", "--limit", "--allow-host HOST[:PORT]", "--output FILE"),
        formats_of(ValidationReport),
    ),
    "harvest": ("SOURCE", *SOURCE, "--into DIRECTORY", "--data DIRECTORY", "--confirm-removal"),
    "criteria": ("[ID]", "--format [text|json|markdown|ndjson]"),
    "agencies": (
        "SOURCE|FILE|DIR|URL|-...",
        *SOURCE,
        formats_of(AgenciesReport),
        *("--from-source NAME", "--output FILE"),
    ),
    "compare": ("DIR...", formats_of(ComparisonReport), "--output FILE"),
    "sources": ("check", "discover", "list"),
    "up": ("--data DIRECTORY", "--port", "--demo", "--once"),
}


@pytest.mark.parametrize("command", TAKES)
def test_the_help_of_a_command_names_all_that_it_takes(command: str) -> None:
    done = call(command, "--help")
    assert (done.status, done.err) == (0, "")
    assert [text for text in (f"aivision {command}", *TAKES[command]) if text not in done.out] == []


def test_the_help_names_every_command() -> None:
    done = aivision("--help")
    assert (done.status, done.err) == (0, "")
    assert all(f"\n  {command} " in done.out for command in TAKES)


def test_the_help_tells_of_each_command_what_the_command_says() -> None:
    context = click.Context(group, info_name="aivision")
    told, own = context.make_formatter(), context.make_formatter()
    click.Group.format_commands(group, context, own)
    group.format_commands(context, told)
    assert told.getvalue() == own.getvalue()
    assert told.getvalue().count("\n") > len(TAKES)


@pytest.mark.long
@pytest.mark.parametrize("words", [("--help",), ("score", "sample-us"), ("criteria",), ("up", "--help")])
def test_nothing_that_is_slow_to_import_is_imported_without_need(words: tuple[str, ...]) -> None:
    program = f"import sys; from ckanext.aivision.cli.main import main; main({words}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    imported = set(done.stdout.splitlines()[-1].split())
    assert "ckanext.aivision.cli.main" in imported
    assert not imported & {"altair", "ckan", "duckdb", "numpy", "psutil", "sqlalchemy", "vl_convert"}
    assert words != ("--help",) or not imported & {"requests", "rich", "yaml"}


def test_without_a_word_the_help_is_shown_and_the_status_says_that_nothing_was_done() -> None:
    assert call() == Done(2, "", call("--help").out)


def test_the_version_is_told() -> None:
    assert call("--version").out.startswith("aivision, version ")
