"""`ckan aivision unplaced`: the publishers whose datasets are placed with no agency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import write_report
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.errors import UsageError
from ckanext.aivision.snapshot import read


class Unplaced(msgspec.Struct, frozen=True):
    """Datasets of one publisher and source. publisher: empty where the records name none."""

    country: str
    publisher: str
    source: str
    datasets: int


class UnplacedReport:
    """What could not be placed, the most datasets first."""

    def __init__(self, rows: Sequence[Unplaced], datasets: int) -> None:
        """datasets: all public ones that are no samples."""
        self._rows, self._datasets = rows, datasets

    def print_table(self, console: Console) -> None:
        """Prints a line for each publisher and source, and how many datasets are placed."""
        table = Table("country", "publisher", "source", Column("datasets", justify="right"), box=box.SIMPLE)
        for row in self._rows:
            publisher = escape(printable(row.publisher)) or "[dim]no publisher[/dim]"
            table.add_row(row.country, publisher, escape(printable(row.source)), f"{row.datasets:,}")
        if self._rows:
            console.print(table)
        placed = self._datasets - sum(row.datasets for row in self._rows)
        share = 100 * placed / self._datasets if self._datasets else 0
        console.print(f"{placed:,} of {self._datasets:,} datasets placed with an agency ({share:.1f} %)")

    def document(self) -> Sequence[Unplaced]:
        """The rows."""
        return self._rows

    def columns(self) -> Sequence[str]:
        return Unplaced.__struct_fields__

    def rows(self) -> Iterator[Mapping[str, object]]:
        for row in self._rows:
            yield {name: getattr(row, name) for name in self.columns()}

    def line_end(self) -> str:
        return "\r\n"


def show_unplaced(form: str) -> None:
    """form: one of an UnplacedReport. Raises UsageError while there is no snapshot."""
    snapshot = read.newest()
    if snapshot is None:
        raise UsageError("there is no snapshot yet: run `ckan aivision snapshot`")
    table = snapshot.datasets()
    columns = "country, publisher_title, source, count(*)"
    found = table.select(columns, "agency = '' AND NOT sample", (), "GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3")
    rows = [Unplaced(*row) for row in found.fetchall()]
    datasets = table.select("count(*)", "NOT sample").fetchall()[0][0]
    with opened(None) as stream:
        write_report(UnplacedReport(rows, datasets), form, stream)
