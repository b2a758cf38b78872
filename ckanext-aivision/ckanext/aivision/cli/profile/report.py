"""What `aivision profile` gives to the output formats."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ckanext.aivision.cli.output.console import set_width
from ckanext.aivision.cli.output.report import Number
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.content import dictionary
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, FileProfile

_DELIMITERS = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


class ProfileReport:
    """What a file holds."""

    def __init__(self, profile: FileProfile) -> None:
        self._profile = profile

    def print_table(self, console: Console) -> None:
        """Prints a line for each column, in 120 columns without a terminal."""
        set_width(console, least=0, without_terminal=120)
        _print_profile(self._profile, console)

    def document(self) -> FileProfile:
        """The profile as one object."""
        return self._profile

    def columns(self) -> tuple[str, ...]:
        """Of one column of the file."""
        return ColumnProfile.__struct_fields__

    def rows(self) -> Iterator[dict[str, object]]:
        """One for each column of the file."""
        for column in self._profile.columns:
            yield {field: _cell(getattr(column, field), field) for field in self.columns()}

    def line_end(self) -> str:
        """As this command has always written it."""
        return "\n"

    def table_schema(self) -> object:
        """The columns as a Table Schema."""
        return dictionary.table_schema(self._profile)

    def csvw(self) -> object:
        """The columns as CSV on the Web has them."""
        return dictionary.csvw(self._profile)


def _cell(value: object, field: str) -> str | Number:
    if isinstance(value, list):
        value = "; ".join(item or "blank" for item in value)
    text = "" if value is None else printable(str(value))
    return Number(text) if field in ("least", "greatest") else text


def _print_profile(found: FileProfile, console: Console) -> None:
    console.print(escape(printable(_summary(found))))
    table = Table("column", "type", "missing", "distinct", "range", "remarks", box=box.SIMPLE)
    for column in found.columns:
        reach = f"{column.least} to {column.greatest}" if column.least is not None else ""
        missing = f"{column.missing:.1%}" if column.missing else ""
        cells = (column.name, column.type, missing, f"{column.distinct:,}", reach, _remarks(column))
        table.add_row(*(escape(printable(cell)) for cell in cells))
    console.print(table)
    if any(column.personal for column in found.columns):
        console.print(
            "Some columns look like personal data. This is a guess from patterns and names, so a person has to check. "
            "No ranges are shown."
        )


def _summary(found: FileProfile) -> str:
    """A summary of a file in one or two sentences."""
    row = "row" if found.rows == 1 else "rows"
    rows = f"{found.rows:,} {row}" if found.whole else f"at least {found.rows:,} {row} (only the beginning was read)"
    kind = f"{found.packed} with {found.format}" if found.packed else found.format
    parts = [f"{kind}, {rows}, {len(found.columns):,} column{'' if len(found.columns) == 1 else 's'}"]
    if found.part:
        parts.append(f"{found.part}, the largest of {found.parts}" if found.parts > 1 else found.part)
    if found.encoding:
        parts.append(f"{found.encoding} (from {found.encoding_from})")
    if found.delimiter:
        parts.append(f"between cells: {_DELIMITERS.get(found.delimiter, repr(found.delimiter))}")
    keys = " or ".join(" with ".join(key) for key in found.keys[:3])
    parts.append(f"key: {keys}" if keys else "no key of one or two columns")
    return "; ".join([*parts, *_header_remarks(found)])


def _header_remarks(found: FileProfile) -> list[str]:
    """Problems of the header and the shape of the table, in words."""
    header = found.header
    counted = (
        (header.rows_above, "row", "above the header"),
        (header.rows_below, "row", "of notes or totals below the table, left out"),
        (found.error_cells, "cell", "with an error, such as #N/A"),
        (found.formula_cells, "formula", "without a stored value: open and save the file in a spreadsheet program"),
        (header.blank, "column", "without a name"),
        (header.duplicate, "column name", "used more than once"),
        (header.spaced, "column name", "with spaces around it or line breaks in it"),
        (found.uneven, "row", "whose number of cells differs from the header"),
    )
    told = (f"{number} {noun}{'' if number == 1 else 's'} {words}" for number, noun, words in counted if number)
    return [*([] if header.found else ["no header"]), *told]


def _remarks(column: ColumnProfile) -> str:
    parts = [
        f"looks like personal data: {', '.join(column.personal)}" if column.personal else "",
        f"unit {column.unit}" if column.unit else "",
        column.form,
        f"{column.exceptions:.1%} are not of this type" if column.exceptions else "",
        f"missing values: {', '.join(marker or 'blank' for marker in column.markers)}" if column.markers else "",
    ]
    return "; ".join(part for part in parts if part)
