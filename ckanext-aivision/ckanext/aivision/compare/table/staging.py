"""Entries on their way into DuckDB.

What many datasets share (where they come from, what they are of, what does not apply to them) is sent once, and each
dataset carries its number: DuckDB takes most of its time over texts.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt

from ckanext.aivision.compare.table.dataset_table import AFTER_CRITERIA, KEYS, Matrix
from ckanext.aivision.compare.table.entry import NOT_APPLICABLE, Entry, Numbers

_BATCH = 20_000
_FIRST_DAY = datetime.date(1970, 1, 1).toordinal()
_FIRST_MOMENT = datetime.datetime(1970, 1, 1)
_MICROSECOND = datetime.timedelta(microseconds=1)
_LISTS = ("themes", "kinds", "formats")

Objects = npt.NDArray[np.object_]


class _Described(NamedTuple):
    """What many datasets share, with the lists of the facets as tuples."""

    country: str
    source: str
    sample: bool
    looked_at: str
    level: str
    agency: str
    publisher: str
    publisher_title: str
    licence: str
    licence_class: str
    year: int
    themes: tuple[str, ...]
    kinds: tuple[str, ...]
    formats: tuple[str, ...]


_TEXTS = tuple(name for name in _Described._fields if name not in (*_LISTS, "sample", "year"))
_NO_YEAR = -1
_NO_MOMENT = -(2**63)


class Staging:
    """Fills a connection's table `ordered`, which has all columns but those of results, and gives the matrix."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, criteria: Sequence[str]) -> None:
        """criteria: what the entries' results are of, in their order."""
        self._connection = connection
        self._criteria = criteria
        self._described: dict[_Described, int] = {}
        self._outcomes: dict[tuple[str, bytes], int] = {}
        self._parts: list[Matrix] = []
        self._before = 0

    def fill(self, entries: Iterable[Entry]) -> Matrix:
        """Makes the table `ordered`. Returns the numbers: criteria, dimensions, score, coverage and grade down."""
        empty = True
        for batch in _batches(entries):
            self._stage(batch)
            empty = False
        if empty:
            self._stage([])
        self._send_shared()
        self._connection.execute(_ORDERED)
        self._connection.execute("DROP TABLE staged")
        order = self._connection.sql("SELECT place FROM ordered").fetchnumpy()["place"]
        return self._in_order(np.asarray(order, dtype=np.int64))

    def _in_order(self, order: npt.NDArray[np.int64]) -> Matrix:
        """The parts put together, row by row, so that they are not in memory three times."""
        found = np.empty((len(self._criteria) + AFTER_CRITERIA, len(order)), dtype=np.int16)
        for place, row in enumerate(found):
            np.take(np.concatenate([part[:, place] for part in self._parts]), order, out=row)
        self._parts.clear()
        return found

    def _stage(self, batch: Sequence[Entry]) -> None:
        numbers, outcomes = self._numbers([entry.numbers for entry in batch])
        self._parts.append(numbers)
        columns = {
            "place": np.arange(self._before, self._before + len(batch), dtype=np.int32),
            "id": texts([entry.id for entry in batch]),
            "name": texts([entry.name for entry in batch]),
            "title": texts([entry.title for entry in batch]),
            "day": np.array([entry.reference_date.toordinal() for entry in batch], dtype=np.int32) - _FIRST_DAY,
            "moment": np.array([_moment(entry.modified) for entry in batch], dtype=np.int64),
            "described": np.array(self._describe_all(batch), dtype=np.int32),
            "outcome": outcomes,
        }
        into = "INSERT INTO staged FROM batch" if self._before else "CREATE TABLE staged AS FROM batch"
        self._connection.register("batch", columns)
        self._connection.execute(into)
        self._connection.unregister("batch")
        self._before += len(batch)

    def _describe_all(self, batch: Sequence[Entry]) -> list[int]:
        """Datasets alike share one object of facets, which is looked at once with each source."""
        known: dict[tuple[int, str, str, bool, str], int] = {}
        found = []
        for entry in batch:
            key = id(entry.facets), entry.country, entry.source, entry.sample, entry.looked_at
            number = known.get(key)
            if number is None:
                number = known[key] = self._describe(entry)
            found.append(number)
        return found

    def _describe(self, entry: Entry) -> int:
        facets = entry.facets
        key = _Described(
            entry.country,
            entry.source,
            entry.sample,
            entry.looked_at,
            facets.level,
            facets.agency,
            facets.publisher,
            facets.publisher_title,
            facets.licence,
            facets.licence_class,
            facets.year if facets.year is not None else _NO_YEAR,
            tuple(facets.themes),
            tuple(facets.kinds),
            tuple(facets.formats),
        )
        return self._described.setdefault(key, len(self._described))

    def _numbers(self, rows: Sequence[Numbers]) -> tuple[Matrix, npt.NDArray[np.int32]]:
        """The numbers, one row a dataset, and the number of its outcome: the gate, and what does not apply.

        Datasets alike share one object (`entry.numbers_of_point`), which is read once.
        """
        places: dict[int, int] = {}
        at = np.array([places.setdefault(id(row), len(places)) for row in rows], dtype=np.int64)
        unlike = list({id(row): row for row in rows}.values())
        width = len(self._criteria)
        flat = [(*row.results, *row.dimensions, row.score, row.coverage, row.grade) for row in unlike]
        table = np.array(flat, dtype=np.int16).reshape(len(unlike), width + AFTER_CRITERIA)
        absent = np.packbits(table[:, :width] == NOT_APPLICABLE, axis=1)
        outcomes = [
            self._outcomes.setdefault((row.gate, bits.tobytes()), len(self._outcomes))
            for row, bits in zip(unlike, absent, strict=True)
        ]
        return table[at], np.array(outcomes, dtype=np.int32)[at]

    def _send_shared(self) -> None:
        """Makes the tables `described` and `outcomes`."""
        described = list(self._described)
        columns: dict[str, Any] = {name: texts([getattr(row, name) for row in described]) for name in _TEXTS}
        columns["sample"] = np.array([row.sample for row in described], dtype=bool)
        columns["year"] = np.array([row.year for row in described], dtype=np.int16)
        self._create("described_alone", columns)
        self._create_lists("members", [[getattr(row, name) for name in _LISTS] for row in described], _LISTS)
        self._connection.execute(_DESCRIBED)
        outcomes = list(self._outcomes)
        self._create("outcomes_alone", {"gate": texts([gate for gate, _ in outcomes])})
        self._create_lists("absent", [[self._absent(bits)] for _, bits in outcomes], ["not_applicable"])
        self._connection.execute(_OUTCOMES)

    def _absent(self, bits: bytes) -> list[str]:
        flags = np.unpackbits(np.frombuffer(bits, dtype=np.uint8), count=len(self._criteria))
        return [self._criteria[place] for place in np.flatnonzero(flags).tolist()]

    def _create(self, table: str, columns: dict[str, Any]) -> None:
        number = len(next(iter(columns.values())))
        self._connection.register("shared", {"code": np.arange(number, dtype=np.int32), **columns})
        self._connection.execute(f"CREATE TABLE {table} AS FROM shared")
        self._connection.unregister("shared")

    def _create_lists(self, table: str, rows: Sequence[Sequence[Sequence[str]]], names: Sequence[str]) -> None:
        """A table with one list of texts a name, for each code that has a member of one."""
        members = [
            ((code, which, place), text)
            for code, lists in enumerate(rows)
            for which, values in enumerate(lists)
            for place, text in enumerate(values)
        ]
        at = np.array([numbers for numbers, _ in members], dtype=np.int32).reshape(len(members), 3)
        columns = {name: np.ascontiguousarray(at[:, place]) for place, name in enumerate(("code", "which", "place"))}
        self._connection.register("shared", {**columns, "text": texts([text for _, text in members])})
        lists = ", ".join(
            f"list(text ORDER BY place) FILTER (which = {which}) AS {name}" for which, name in enumerate(names)
        )
        self._connection.execute(
            f"CREATE TABLE {table} AS SELECT code, {lists} FROM shared GROUP BY code"  # noqa: S608 - names of ours
        )
        self._connection.unregister("shared")


def _moment(moment: datetime.datetime | None) -> int:
    """In microseconds since 1970."""
    return (moment - _FIRST_MOMENT) // _MICROSECOND if moment is not None else _NO_MOMENT


def texts(values: Sequence[str]) -> Objects:
    """Texts as DuckDB reads them. A half of a surrogate pair, which is no text, becomes a question mark."""
    try:
        "".join(values).encode()
    except UnicodeEncodeError:
        values = [value.encode(errors="replace").decode() for value in values]
    array = np.empty(len(values), dtype=object)
    array[:] = values
    # Of no values DuckDB cannot tell the type.
    return array if len(values) else np.array([], dtype=str)


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


_KEYS = ", ".join(KEYS)
# A publisher goes by one name: as most of its datasets spell it.
_DESCRIBED = f"""
    CREATE TABLE described AS
    WITH spellings AS (
        SELECT publisher, publisher_title, count(*) AS number
        FROM staged JOIN described_alone ON code = described GROUP BY publisher, publisher_title
    ), titles AS (
        SELECT publisher, first(publisher_title ORDER BY number DESC, publisher_title) AS title
        FROM spellings GROUP BY publisher
    )
    SELECT code, {", ".join(name for name in _TEXTS if name != "publisher_title")}, title AS publisher_title, sample,
        nullif(year, {_NO_YEAR}) AS year,
        {", ".join(f"coalesce({name}, []) AS {name}" for name in _LISTS)},
        dense_rank() OVER (ORDER BY {_KEYS}) AS rank
    FROM described_alone JOIN titles USING (publisher) LEFT JOIN members USING (code)
"""  # noqa: S608 - names of ours
_OUTCOMES = """
    CREATE TABLE outcomes AS
    SELECT code, gate, coalesce(not_applicable, []) AS not_applicable
    FROM outcomes_alone LEFT JOIN absent USING (code)
"""
_ORDERED = f"""
    CREATE TABLE ordered AS
    SELECT staged.* EXCLUDE (day, moment, described, outcome), DATE '1970-01-01' + day AS reference_date,
        make_timestamp(nullif(moment, {_NO_MOMENT})) AS modified,
        described.* EXCLUDE (code, rank), outcomes.* EXCLUDE (code)
    FROM staged
    JOIN described ON described.code = staged.described
    JOIN outcomes ON outcomes.code = staged.outcome
    ORDER BY rank, id, place
"""  # noqa: S608 - names of ours
