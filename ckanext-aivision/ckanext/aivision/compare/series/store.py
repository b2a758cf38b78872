"""Store series as two Parquet files: a row only on the days on which it says something new.

Between two rows a series has the values of the earlier one. The files of a new snapshot are those of the one before it
with the day's changes; a second snapshot of one day replaces the day.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec

from ckanext.aivision.compare.series.points import Point, SourceSize
from ckanext.aivision.compare.table.table_files import cursor, quoted

POINTS, SOURCES = "trends.parquet", "trend-sources.parquet"
# An agency that has no points any more.
FEW = "fewer than 5 datasets"
_MEMORY = "160MB"
_TYPES = {
    "day": "DATE",
    "sample": "BOOLEAN",
    "rubric_version": "VARCHAR",
    "country": "VARCHAR",
    "agency": "VARCHAR",
    "measure": "VARCHAR",
    "value": "DOUBLE",
    "low": "DOUBLE",
    "high": "DOUBLE",
    "too_little": "VARCHAR",
    "judged": "INTEGER",
    "data_sets": "INTEGER",
    "agencies": "INTEGER",
    "source": "VARCHAR",
}
_POINT_KEY = ("sample", "country", "agency", "measure")
_SOURCE_KEY = ("sample", "country", "agency", "source")
# What a row says, beside the day.
_POINT_VALUES = tuple(name for name in Point._fields if name not in (*_POINT_KEY, "day"))
# An agency of which there is nothing new on the day is gone, or too small to be counted.
_POINTS_GONE = f"""
    SELECT ?, l.sample, l.rubric_version, l.country, l.agency, l.measure, NULL, NULL, NULL, '{FEW}', 0, 0, 0
    FROM last l WHERE l.data_sets > 0 AND l.agency <> ''
        AND (l.sample, l.country, l.agency) NOT IN (SELECT (sample, country, agency) FROM fresh)
"""  # noqa: S608 - of constants
_SOURCES_GONE = """
    SELECT ?, l.sample, l.country, l.agency, l.source, 0
    FROM last l ANTI JOIN fresh f USING (sample, country, agency, source) WHERE l.data_sets > 0
"""


def write(folder: Path, before: Path | None, points: Sequence[Point], sources: Sequence[SourceSize]) -> None:
    """Writes both files into a folder.

    before: the folder with the files that they continue; None if there is none. points, sources: of one day or of
    several, later than those of `before`; what it has of the first of these days is replaced.

    Raises OSError or duckdb.Error where files cannot be read or written.
    """
    with duckdb.connect(config={"threads": 2, "memory_limit": _MEMORY, "temp_directory": str(folder)}) as connection:
        for name, kind, rows, key, values, gone in (
            (POINTS, Point, points, _POINT_KEY, _POINT_VALUES, _POINTS_GONE),
            (SOURCES, SourceSize, sources, _SOURCE_KEY, ("data_sets",), _SOURCES_GONE),
        ):
            days = sorted({row.day for row in rows})
            columns = {field: _TYPES[field] for field in kind._fields}
            _continue(connection, columns, before / name if before else None, days[0] if days else None)
            for day in days:
                _load(connection, columns, (row for row in rows if row.day == day), folder)
                _add_day(connection, day, key, values, gone)
            order = ", ".join((*key, "day"))
            connection.execute(
                f"COPY (SELECT * FROM series ORDER BY {order}) TO {quoted(str(folder / name))} "  # noqa: S608
                "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)"
            )


class Stored(NamedTuple):
    """The points of one series, and what is stored of its sources, the oldest first."""

    points: list[Point]
    sources: list[SourceSize]


def read_series(folder: Path, countries: Sequence[str], agency: str, measure: str, sample: bool) -> dict[str, Stored]:
    """One measure of some countries, or of an agency in them, by country. agency: empty for countries as a whole.

    Raises OSError or duckdb.Error where the files cannot be read.
    """
    found = {code: Stored([], []) for code in countries}
    whose = "country IN (SELECT unnest(?)) AND agency = ? AND sample = ?"
    points = _select(folder / POINTS, f"{whose} AND measure = ?", "day")
    sources = _select(folder / SOURCES, whose, "day, source")
    # To open DuckDB takes five times as long as to ask it.
    with contextlib.closing(cursor(_reading())) as connection:
        for row in connection.execute(points, [list(countries), agency, sample, measure]).fetchall():
            point = Point(*row)
            found[point.country].points.append(point)
        for row in connection.execute(sources, [list(countries), agency, sample]).fetchall():
            size = SourceSize(*row)
            found[size.country].sources.append(size)
    return found


@functools.cache
def _reading() -> duckdb.DuckDBPyConnection:
    """What the readers of this process read files with, each with a cursor of its own."""
    connection = duckdb.connect(config={"threads": 1})
    # A file is read once a question: what is read of it need not stay in memory.
    connection.execute("SET enable_external_file_cache = false")
    return connection


class Contents(msgspec.Struct, frozen=True):
    """What there are series of.

    versions: of the rubric, the newest first. measures: ids. agencies: ids by the size that they had last, the largest
    first. samples_only: whether all points are of made-up records.
    """

    versions: list[str]
    measures: list[str]
    agencies: list[str]
    samples_only: bool


def contents_of(folder: Path) -> Contents:
    """Works out what a folder's files have. Raises as `read_points`."""
    path = quoted(str(folder / POINTS))
    with duckdb.connect() as connection:
        versions = "SELECT rubric_version FROM {} GROUP BY ALL ORDER BY max(day) DESC, min(day) DESC"
        measures = "SELECT DISTINCT measure FROM {} ORDER BY measure"
        agencies = (
            "SELECT agency FROM {} WHERE agency <> '' AND measure = 'overall' GROUP BY agency "
            "ORDER BY arg_max(data_sets, day) DESC, agency"
        )
        samples_only = "SELECT coalesce(bool_and(sample), false) FROM {}"
        found = [connection.execute(one.format(path)).fetchall() for one in (versions, measures, agencies)]
        made_up = connection.execute(samples_only.format(path)).fetchall()[0][0]
    known = [[str(row[0]) for row in rows] for rows in found]
    return Contents(known[0], known[1], known[2], bool(made_up))


def _select(path: Path, where: str, order: str) -> str:
    return f"SELECT * FROM {quoted(str(path))} WHERE {where} ORDER BY {order}"  # noqa: S608 - ours, with values apart


def _continue(
    connection: duckdb.DuckDBPyConnection, columns: dict[str, str], path: Path | None, first: datetime.date | None
) -> None:
    """Makes the table `series`, with the rows of a file that are older than a day."""
    connection.execute(
        f"CREATE OR REPLACE TABLE series ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
    )
    if path is not None:
        named = ", ".join(columns)
        condition = "WHERE day < ?" if first is not None else ""
        query = f"INSERT INTO series SELECT {named} FROM {quoted(str(path))} {condition}"  # noqa: S608
        connection.execute(query, [first] if first is not None else [])


def _load(
    connection: duckdb.DuckDBPyConnection, columns: dict[str, str], rows: Iterable[Point | SourceSize], folder: Path
) -> None:
    """Makes the table `fresh` of rows. By a file, as DuckDB takes single rows slowly."""
    path = folder / "fresh.ndjson"
    with path.open("wb") as stream:
        stream.writelines(msgspec.json.encode(row._asdict()) + b"\n" for row in rows)
    types = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    try:
        connection.execute(
            f"CREATE OR REPLACE TABLE fresh AS SELECT * FROM "  # noqa: S608
            f"read_json({quoted(str(path))}, format = 'newline_delimited', columns = {{{types}}})"
        )
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def _add_day(
    connection: duckdb.DuckDBPyConnection, day: datetime.date, key: Sequence[str], values: Sequence[str], gone: str
) -> None:
    """Adds what is new in `fresh` to `series`."""
    keys = ", ".join(key)
    differs = " OR ".join(f"f.{name} IS DISTINCT FROM l.{name}" for name in values)
    connection.execute(
        f"""
        INSERT INTO series
        WITH last AS (
            SELECT * FROM series QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY day DESC) = 1
        )
        SELECT f.* FROM fresh f LEFT JOIN last l USING ({keys}) WHERE l.day IS NULL OR {differs}
        UNION ALL {gone}
        """,  # noqa: S608 - of constants
        [day],
    )
