"""Print the report of `aivision sources check`."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.cli.sources.check import Reason, Report
from ckanext.aivision.harvesters.sources.source import KINDS

_RULES = {
    "allowed": "allows this address",
    "disallowed": "does not allow programs to read this address",
    "none": "none",
    "unreadable": "cannot be read",
}


def show(report: Report, console: Console) -> None:
    """Prints a report."""
    table = Table(show_header=False, box=box.SIMPLE)
    for name, lines in _facts(report):
        table.add_row(name, "\n".join(map(_plain, lines)))
    console.print(_plain(report.source), soft_wrap=True)
    console.print(table)
    _show_reasons("would be refused", report.refusals, console)
    _show_reasons("would be repaired", report.warnings, console)
    for text in report.notes:
        console.print(_plain(f"note: {text}"), soft_wrap=True)
    for text in report.problems:
        console.print(_plain(f"problem: {text}"), soft_wrap=True)
    if not report.problems:
        console.print("ready to be harvested")


def _plain(text: str) -> str:
    """Untrusted text, made safe for a terminal and without markup."""
    return escape(printable(text))


def _facts(report: Report) -> list[tuple[str, list[str]]]:
    """The facts about a source: a name and lines of text for each."""
    stated = "not stated" if report.datasets is None else f"{report.datasets:,}"
    mean = "unknown" if report.mean_score is None else f"{report.mean_score:.1f} of 100"
    facts = [
        ("protocol", [f"{report.kind}, profile {report.profile}, country {report.country or 'unknown'}"]),
        ("datasets", [f"{stated}; {report.read:,} checked"]),
        ("first titles", [title[:100] for title in report.titles] or ["none"]),
        ("mean score", [f"{mean}, of {report.scored:,}"]),
        ("licence of the metadata", [report.license or "not stated"]),
    ]
    if report.robots is None:
        return facts
    requests = "unknown until all is read" if report.requests is None else f"{report.requests:,}"
    return [
        *facts,
        ("requests for all records", [requests]),
        ("later harvests", [_again(report)]),
        ("robots.txt", [_RULES[report.robots.rule]]),
    ]


def _again(report: Report) -> str:
    conditional = report.conditional
    if conditional is None:
        is_api = bool(report.kind) and KINDS[report.kind].is_api
        return (
            "only changes, and all records from time to time" if is_api else "all of it each time: it has several pages"
        )
    named = [name for name, has in (("ETag", conditional.etag), ("Last-Modified", conditional.last_modified)) if has]
    if not named:
        return "all of it each time: no ETag, no Last-Modified"
    honoured = (
        "an unchanged document costs one request (304)" if conditional.honoured else "but the server ignores them"
    )
    return f"{' and '.join(named)}; {honoured}"


def _show_reasons(heading: str, reasons: list[Reason], console: Console) -> None:
    if not reasons:
        return
    table = Table(heading, "records", "example", box=box.SIMPLE)
    for reason in reasons:
        table.add_row(reason.code, f"{reason.records:,}", _plain(f"{reason.example.where}: {reason.example.message}"))
    console.print(table)
