"""Facts about the tables of a dataset, from the profiles of its files."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.distributions import linked, restriction
from ckanext.aivision.scoring.facts.evidence import without_distributions
from ckanext.aivision.scoring.facts.formats import format_of
from ckanext.aivision.scoring.observations.file_profile import FAULTS_OF_THE_FILE, ColumnProfile, FileProfile
from ckanext.aivision.scoring.registry import Context
from ckanext.aivision.scoring.results import Finding, not_applicable, unknown, valued

PLACE = "distribution[].url"
# Formats whose files are profiled; keys of config/vocabularies/formats.csv.
TABULAR = ("CSV", "TSV", "JSON", "NDJSON", "GeoJSON", "PARQUET", "XLSX", "XLS", "ODS")
# What reads one reads the other.
_ALIKE = ({"CSV", "TSV", "TXT"}, {"XLSX", "XLS"}, {"JSON", "GeoJSON"}, {"JSON", "JSON-LD"})
# Without rows there is nothing to tell apart.
FEWEST_ROWS = 10
# Of rows that may be notes below a table.
MOST_UNEVEN = 0.01


class Rated(NamedTuple):
    """What one file deserves, 0 to 1, and what was seen of it."""

    value: float
    seen: str


Rate = Callable[[Distribution, FileProfile], Rated | None]


def tabular(dataset: Dataset) -> list[Distribution]:
    """The distributions that are said to be tables, each address once."""
    pairs = ((item, format_of(item)) for item in linked(dataset))
    return [item for item, found in pairs if found is not None and found.key in TABULAR]


def profiled(dataset: Dataset, context: Context) -> list[tuple[Distribution, FileProfile]]:
    """The distributions whose file was profiled, or refused for a fault of its own."""
    files = context.observed.files or {}
    pairs = ((item, files.get(str(item.url))) for item in linked(dataset))
    return [
        (item, found)
        for item, found in pairs
        if found is not None and (not found.refusal or found.refusal in FAULTS_OF_THE_FILE)
    ]


def mean_of(
    dataset: Dataset, context: Context, rate: Rate, looked_for: str, *fields: str, place: str = PLACE
) -> Finding:
    """The mean over the files, with the worst of them as evidence.

    rate: None for a file that the question does not arise for. fields: a bad answer is no worse than silence where the
    profile has a place for none of these; `distribution` where none is named.
    """
    if not linked(dataset):
        return without_distributions(dataset, context, place)
    found = profiled(dataset, context)
    rated = [(item, rating) for item, profile in found if (rating := rate(item, profile)) is not None]
    if not rated:
        if found or not tabular(dataset):
            return not_applicable(place, f"{looked_for}: there is no table to which this applies")
        return unknown(place, f"{looked_for}: no file was profiled")
    value = sum(rating.value for _, rating in rated) / len(rated)
    worst, rating = min(rated, key=lambda pair: pair[1].value)
    if value < 1 and (reason := restriction(dataset)) is not None:
        return not_applicable(place, reason)
    if value < 1 and not any(context.carries(field) for field in fields or ("distribution",)):
        return unknown(place, f"{looked_for}: the format of the source has no field for it")
    return valued(value, place, f"{rating.seen}: {worst.url}")


def as_declared(item: Distribution, found: FileProfile) -> Rated | None:
    """Whether a file is what its format says."""
    declared = format_of(item)
    if found.refusal:
        return Rated(0, found.reason)
    if declared is None:
        return Rated(0, f"is {found.format}, but no format is stated")
    if declared.kind == "archive" and found.packed:
        return Rated(1, f"{found.packed}, as stated, with {found.format} inside")
    if declared.key == found.format or any({declared.key, found.format} <= alike for alike in _ALIKE):
        return Rated(1, f"{found.format}, as declared")
    return Rated(0, f"stated as {declared.key}, is {found.format}")


def header(item: Distribution, found: FileProfile) -> Rated | None:
    """Whether a table begins with one row of names, each there, different and clean, and every row fits it."""
    if found.refusal:
        return None
    head = found.header
    if not head.found:
        return Rated(0, "no header")
    faults = (
        (head.rows_above, "rows above the header"),
        (head.blank, "columns without a name"),
        (head.duplicate, "names twice"),
        (head.spaced, "names with spaces around them"),
        (found.uneven if found.uneven > MOST_UNEVEN * found.rows else 0, "rows of a different length"),
    )
    told = [f"{number:,} {words}" for number, words in faults if number]
    return Rated(1 - len(told) / len(faults), ", ".join(told) or "one header row, and every row matches it")


def typed(item: Distribution, found: FileProfile) -> Rated | None:
    """The share of the cells in columns of figures and dates that programs read as they stand."""
    shares = [(share, column) for column in found.columns if (share := _plain(column)) is not None]
    if not shares:
        return None
    odd = sorted((pair for pair in shares if pair[0] < 1), key=lambda pair: pair[0])
    # No value of an odd cell is told; what form the others have is.
    told = ", ".join(f"{column.name} ({column.form or f'{share:.0%} of its values'})" for share, column in odd[:3])
    told = told or f"{len(shares)} columns of numbers and dates, all machine-readable"
    return Rated(sum(share for share, _ in shares) / len(shares), told)


def _plain(column: ColumnProfile) -> float | None:
    """The share of a column's values that programs read; None where it is none of figures or dates."""
    if column.plain is not None or column.type not in ("integer", "number", "date", "datetime"):
        return column.plain
    return 0.0 if column.form else 1 - column.exceptions


def marked(item: Distribution, found: FileProfile) -> Rated | None:
    """Whether missing values are marked in one way: 1 for one or none, 0.5 for two, 0 for more."""
    if found.refusal:
        return None
    markers = sorted({marker for column in found.columns for marker in column.markers})
    told = ", ".join(marker or "blank" for marker in markers)
    if len(markers) < 2:
        return Rated(1, f"missing values are marked as {told}" if told else "no values are missing")
    return Rated(0.5 if len(markers) == 2 else 0, f"missing values are marked as {told}")


def identified(item: Distribution, found: FileProfile) -> Rated | None:
    """Whether one column, or two together, tell every row that was read from every other."""
    if found.refusal or found.rows < FEWEST_ROWS:
        return None
    if not found.keys:
        return Rated(0, "no column, or pair of columns, identifies each row")
    return Rated(1, f"{' with '.join(found.keys[0])} identifies each row")


def described(item: Distribution, found: FileProfile) -> Rated | None:
    """How far the columns that the metadata describe are those of the file."""
    if found.refusal:
        return None
    if not item.columns:
        return Rated(0, "no column is described")
    said, there = ({" ".join(name.split()).casefold() for name in names} for names in (item.columns, _names(found)))
    value = len(said & there) / len(said | there)
    lacking = sorted(said ^ there)
    told = f"only described or only in the file: {', '.join(lacking[:3])}" if lacking else "every column is described"
    return Rated(value, told)


def _names(found: FileProfile) -> list[str]:
    return [column.name for column in found.columns]


def looks_personal(dataset: Dataset, context: Context) -> int:
    """How many columns of its files look like personal data."""
    return sum(1 for _, found in profiled(dataset, context) for column in found.columns if column.personal)
