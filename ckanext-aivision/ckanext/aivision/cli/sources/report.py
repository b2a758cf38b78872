"""What `aivision sources list` and `aivision sources check` give to the output formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ckanext.aivision.cli.output.console import set_width
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source

if TYPE_CHECKING:
    # It needs the rubric; listing the sources must not wait for it.
    from ckanext.aivision.cli.sources.check import Reason, SourceCheck

_RULES = {
    "allowed": "allows this address",
    "disallowed": "does not allow programs to read this address",
    "none": "none",
    "unreadable": "cannot be read",
}


# Columns without a terminal.
_WIDTH = 100


class SourceListReport:
    """Sources of config/sources.yaml."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def print_table(self, console: Console) -> None:
        """Prints a line for each."""
        set_width(console, least=0 if console.is_terminal else _WIDTH)
        table = Table("name", "country", "kind", "publisher", box=box.SIMPLE)
        # Addresses are there to be copied: they are folded, never cut.
        table.add_column("address", overflow="fold")
        for source in self._sources:
            table.add_row(*map(escape, (source.name, source.country, source.kind, source.publisher, source.url)))
        console.print(table)

    def objects(self) -> Iterator[bytes]:
        """One for each source."""
        return map(msgspec.json.Encoder().encode, self._sources)


class CheckReport:
    """What the check of a source has seen."""

    def __init__(self, check: SourceCheck) -> None:
        self._check = check

    def print_table(self, console: Console) -> None:
        """Prints the facts, what would be refused and repaired, notes and problems."""
        set_width(console, least=0 if console.is_terminal else _WIDTH)
        _print_check(self._check, console)

    def objects(self) -> Iterator[bytes]:
        """One for the source."""
        yield msgspec.json.encode(self._check)


def _print_check(check: SourceCheck, console: Console) -> None:
    table = Table(show_header=False, box=box.SIMPLE)
    for name, lines in _facts(check):
        table.add_row(name, "\n".join(map(_plain, lines)))
    console.print(_plain(check.source), soft_wrap=True)
    _show_offers(check, console)
    console.print(table)
    _show_reasons("would be refused", check.refusals, console)
    _show_reasons("would be repaired", check.warnings, console)
    for text in check.notes:
        console.print(_plain(f"note: {text}"), soft_wrap=True)
    for text in check.problems:
        console.print(_plain(f"problem: {text}"), soft_wrap=True)
    if not check.problems:
        console.print("ready to be harvested")


def _show_offers(check: SourceCheck, console: Console) -> None:
    """What the site offers, and the command for the first one, which the facts below are about."""
    if not check.offers:
        return
    table = Table("protocol", "datasets", "fields filled in", box=box.SIMPLE)
    table.add_column("address", overflow="fold")
    for offer in check.offers:
        stated = "not stated" if offer.datasets is None else f"{offer.datasets:,}"
        table.add_row(offer.kind, stated, f"{offer.fields:.1f} of {offer.read:,} datasets", _plain(offer.address))
    console.print(table)
    console.print(_plain(f"recommended, because it tells the most: {check.command}"), soft_wrap=True)


def _plain(text: str) -> str:
    """Untrusted text, made safe for a terminal and without markup."""
    return escape(printable(text))


def _facts(check: SourceCheck) -> list[tuple[str, list[str]]]:
    """The facts about a source: a name and lines of text for each."""
    stated = "not stated" if check.datasets is None else f"{check.datasets:,}"
    mean = "unknown" if check.mean_score is None else f"{check.mean_score:.1f} of 100"
    facts = [
        ("protocol", [f"{check.kind}, profile {check.profile}, country {check.country or 'unknown'}"]),
        ("datasets", [f"{stated}; {check.read:,} checked"]),
        ("first titles", [title[:100] for title in check.titles] or ["none"]),
        ("mean score", [f"{mean}, of {check.scored:,}"]),
        ("licence of the metadata", [check.license or "not stated"]),
    ]
    if check.robots is None:
        return facts
    requests = "unknown until all is read" if check.requests is None else f"{check.requests:,}"
    return [
        *facts,
        ("requests for all records", [requests]),
        ("later harvests", [_again(check)]),
        ("robots.txt", [_RULES[check.robots.rule]]),
    ]


def _again(check: SourceCheck) -> str:
    conditional = check.conditional
    if conditional is None:
        is_api = bool(check.kind) and KINDS[check.kind].is_api
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
