"""`--help` says what a command takes."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Done, aivision, call

from ckanext.aivision.harvesters.source import KINDS

SOURCE = (
    f"--kind [{'|'.join(KINDS)}]",
    "--profile",
    "--country [US|GB]",
    "--limit",
    "--allow-host HOST[:PORT]",
)
TAKES = {
    "score": (
        "FILE|DIR|URL|-...",
        *SOURCE,
        "--format [table|json|ndjson|csv|sarif|html|junit]",
        *("--output FILE", "--explain", "--on", "--select CRITERION", "--ignore CRITERION"),
        *("--fail-under", "--fail-under-mean", "--baseline FILE", "--write-baseline FILE", "--fix", "--diff"),
    ),
    "harvest": ("SOURCE", *SOURCE, "--into DIRECTORY", "--data DIRECTORY", "--confirm-removal"),
    "criteria": ("[ID]", "--format [text|markdown|json]"),
    "compare": ("DIR...", "--format [table|json|html]", "--output FILE"),
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


def test_without_a_word_the_help_is_shown_and_the_status_says_that_nothing_was_done() -> None:
    assert call() == Done(2, "", call("--help").out)


def test_the_version_is_told() -> None:
    assert call("--version").out.startswith("aivision, version ")
