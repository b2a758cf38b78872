"""The report of `aivision sources check` for a person."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.cli.sources.check import Reason, Report
from ckanext.aivision.harvesters.sources.source import KINDS

_RULES = {
    "allowed": "allows it",
    "disallowed": "asks programs not to read this address",
    "none": "there is none",
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
    """Text that strangers wrote: without what would steer a terminal, and without markup."""
    return escape(printable(text))


def _facts(report: Report) -> list[tuple[str, list[str]]]:
    """What is told of a source: its name, and its lines."""
    stated = "not stated" if report.datasets is None else f"{report.datasets:,}"
    mean = "unknown" if report.mean_score is None else f"{report.mean_score:.1f} of 100"
    facts = [
        ("speaks", [f"{report.kind}, profile {report.profile}, country {report.country or 'unknown'}"]),
        ("datasets", [f"{stated}; {report.read:,} looked at"]),
        ("first titles", [title[:100] for title in report.titles] or ["none"]),
        ("mean score", [f"{mean}, of {report.scored:,}"]),
        ("licence of the metadata", [report.license or "not stated"]),
    ]
    if report.robots is None:
        return facts
    requests = "unknown before the end" if report.requests is None else f"{report.requests:,}"
    return [
        *facts,
        ("requests for all of it", [requests]),
        ("read again", [_again(report)]),
        ("robots.txt", [_RULES[report.robots.rule]]),
    ]


def _again(report: Report) -> str:
    conditional = report.conditional
    if conditional is None:
        is_api = bool(report.kind) and KINDS[report.kind].is_api
        return "what has changed, and all of it from time to time" if is_api else "whole each time: it is several pages"
    named = [name for name, has in (("ETag", conditional.etag), ("Last-Modified", conditional.last_modified)) if has]
    if not named:
        return "whole each time: no ETag, no Last-Modified"
    honoured = "an unchanged document costs one request (304)" if conditional.honoured else "but they are not honoured"
    return f"{' and '.join(named)}; {honoured}"


def _show_reasons(heading: str, reasons: list[Reason], console: Console) -> None:
    if not reasons:
        return
    table = Table(heading, "records", "the first", box=box.SIMPLE)
    for reason in reasons:
        table.add_row(reason.code, f"{reason.records:,}", _plain(f"{reason.example.where}: {reason.example.message}"))
    console.print(table)
