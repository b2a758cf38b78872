"""What `aivision agencies` gives to the output formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from ckanext.aivision.agencies.placement_counts import PlacementCounts
from ckanext.aivision.cli.output.console import set_width
from ckanext.aivision.cli.output.terminal import printable

_WIDTH = 100
# What decided, as people say it.
_RULES = {
    "bureau-code": "bureau code",
    "agency-code": "bureau code, of an unknown bureau of the agency",
    "identifier": "publisher's page on GOV.UK",
    "publisher-name": "publisher's name",
    "part-of": "body that the publisher is part of",
    "organization": "organization in the source's CKAN",
    "source-owner": "owner of the source",
}


class AgenciesReport:
    """Placements, counted."""

    def __init__(self, counts: PlacementCounts) -> None:
        self._counts = counts

    def print_table(self, console: Console) -> None:
        """Prints what each rule has placed, the agencies, and what could not be placed."""
        set_width(console, least=0 if console.is_terminal else _WIDTH)
        counts = self._counts
        rules = Table("placed by", Column("datasets", justify="right"), box=box.SIMPLE)
        for rule, count in counts.rules.items():
            rules.add_row(_RULES[rule], f"{count:,}")
        console.print(rules)
        figures = [Column(title, justify="right") for title in ("datasets", "publishers")]
        agencies = Table("agency", "title", "level", *figures, box=box.SIMPLE)
        for row in counts.agencies:
            agencies.add_row(row.id, escape(row.title), row.level, f"{row.datasets:,}", f"{row.publishers:,}")
        console.print(agencies)
        if counts.unplaced:
            console.print(self._unplaced())
        share = 100 * counts.placed / counts.datasets if counts.datasets else 0
        placed = f"{counts.placed:,} of {counts.datasets:,} datasets placed ({share:.1f} %)"
        console.print(f"{placed}; agencies: {len(counts.agencies):,}.")

    def _unplaced(self) -> Table:
        table = Table("not placed", "source", Column("datasets", justify="right"), box=box.SIMPLE)
        for row in self._counts.unplaced:
            publisher = escape(printable(row.publisher)) or "[dim]no publisher[/dim]"
            table.add_row(publisher, escape(printable(row.source)), f"{row.datasets:,}")
        return table

    def document(self) -> PlacementCounts:
        """All figures."""
        return self._counts

    def columns(self) -> Sequence[str]:
        return ("country", "publisher", "source", "datasets")

    def rows(self) -> Iterator[Mapping[str, object]]:
        """What could not be placed."""
        for row in self._counts.unplaced:
            yield {name: getattr(row, name) for name in self.columns()}

    def line_end(self) -> str:
        return "\r\n"
