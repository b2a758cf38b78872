"""`aivision profile`: profile the contents of a file, without any server."""

from __future__ import annotations

import csv
import datetime
import sys
from collections.abc import Callable

import click
import msgspec
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.content import dictionary
from ckanext.aivision.content.files import FETCHING
from ckanext.aivision.content.limits import MEBIBYTE, ProfileLimits
from ckanext.aivision.content.profile import profile_path, profile_url
from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, FileProfile
from ckanext.aivision.serialise.spreadsheet import harmless

_WIDTH = 120  # columns, if there is no terminal
_FORMS = ("table", "json", "csv", "table-schema", "csvw")


@click.command()
@click.argument("file", metavar="FILE|URL")
@click.option("--format", "form", type=click.Choice(_FORMS), default="table", show_default=True)
@click.option(
    "--max-size",
    type=click.IntRange(1, 2000),
    default=ProfileLimits().fetched // MEBIBYTE,
    show_default=True,
    metavar="MB",
    help="Fetch at most this much. Only the beginning of a larger file is profiled, if its format allows.",
)
@click.option(
    "--allow-host", multiple=True, metavar="HOST[:PORT]", help="Allow this host although its address is private."
)
def profile(file: str, form: str, max_size: int, allow_host: tuple[str, ...]) -> None:
    """Profile FILE or URL: columns, types, missing values, ranges, keys, likely personal data.

    Reads CSV, TSV, JSON, NDJSON, GeoJSON, Parquet, XLSX, XLS and ODS, also zipped or gzipped. The only cell values
    shown are the lowest and highest numbers and dates, and none are shown if the file seems to contain personal data.
    `--format table-schema` and `csvw` print a machine-readable data dictionary. The exit status is 2 if the file
    cannot be profiled.
    """
    now = datetime.datetime.now(datetime.timezone.utc)
    limits = ProfileLimits(fetched=max_size * MEBIBYTE)
    if "://" in file:
        with Session(allow_hosts=allow_host, limits=FETCHING) as session:
            found = profile_url(session, file, now, limits)
    else:
        found = profile_path(file, now, limits)
    if found.refusal:
        raise SourceError(found.reason if found.refusal == "not-fetched" else f"{file}: {found.reason}")
    _PRINTED[form](found)


def _print_json(found: object) -> None:
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    sys.stdout.buffer.flush()


def _print_csv(found: FileProfile) -> None:
    fields = ColumnProfile.__struct_fields__
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(fields)
    for column in found.columns:
        out.writerow([_cell(getattr(column, field), field) for field in fields])


def _cell(value: object, field: str) -> str:
    if isinstance(value, list):
        value = "; ".join(item or "blank" for item in value)
    text = "" if value is None else printable(str(value))
    # These are numbers and dates that we formatted ourselves: `-5` is not a formula.
    return text if field in ("least", "greatest") else harmless(text)


def _print_table(found: FileProfile) -> None:
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    console.print(escape(printable(_summary(found))))
    table = Table("column", "type", "missing", "distinct", "range", "notes", box=box.SIMPLE)
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
    rows = f"{found.rows:,} rows" if found.whole else f"at least {found.rows:,} rows (only the beginning was read)"
    kind = f"{found.packed} with {found.format}" if found.packed else found.format
    parts = [f"{kind}, {rows}, {len(found.columns):,} columns"]
    if found.part:
        parts.append(f"{found.part}, the largest of {found.parts}" if found.parts > 1 else found.part)
    if found.encoding:
        parts.append(f"{found.encoding} (from {found.encoding_from})")
    if found.delimiter:
        parts.append("delimiter: " + {"\t": "tab"}.get(found.delimiter, found.delimiter))
    keys = " or ".join(" with ".join(key) for key in found.keys[:3])
    parts.append(f"key: {keys}" if keys else "no key of one or two columns")
    return "; ".join([*parts, *_header_remarks(found)])


def _header_remarks(found: FileProfile) -> list[str]:
    """Problems of the header and the shape of the table, in words."""
    header = found.header
    counted = (
        (header.rows_above, "rows above the header"),
        (header.blank, "columns without a name"),
        (header.duplicate, "column names used more than once"),
        (header.spaced, "column names with spaces around them or line breaks in them"),
        (found.uneven, "rows whose number of cells differs from the header"),
    )
    return [*([] if header.found else ["no header"]), *(f"{number} {words}" for number, words in counted if number)]


def _remarks(column: ColumnProfile) -> str:
    parts = [
        f"looks like personal data: {', '.join(column.personal)}" if column.personal else "",
        f"unit {column.unit}" if column.unit else "",
        column.form,
        f"{column.exceptions:.1%} are not of this type" if column.exceptions else "",
        f"missing values: {', '.join(marker or 'blank' for marker in column.markers)}" if column.markers else "",
    ]
    return "; ".join(part for part in parts if part)


_PRINTED: dict[str, Callable[[FileProfile], None]] = {
    "table": _print_table,
    "json": _print_json,
    "csv": _print_csv,
    "table-schema": lambda found: _print_json(dictionary.table_schema(found)),
    "csvw": lambda found: _print_json(dictionary.csvw(found)),
}
