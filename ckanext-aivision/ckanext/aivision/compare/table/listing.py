"""Lists of a table's datasets: filtered, sorted, and read on from where the last page ended."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, get_args

import msgspec

from ckanext.aivision.compare.table.columns import is_criterion, name_of
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import Outcome

GRADES = ("A", "B", "C", "D", "E")
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
PLAIN = (
    *("id", "name", "title", "country", "level", "agency", "publisher", "publisher_title", "source", "sample"),
    *("themes", "kinds", "formats", "licence", "licence_class", "year", "looked_at", "modified"),
    *("grade", "gate", "score", "coverage", "reference_date"),
)
FIELDS = (*PLAIN, "dimensions", "results", "values")
_LONGEST_TITLE = 100
_LONGEST_CURSOR = 2000


class _Order(NamedTuple):
    """sql: what is sorted by, never NULL. descending: with the highest first. is_text: what the values are."""

    sql: str
    descending: bool
    is_text: bool = False


# Of one grade, the highest score comes first. What is not known comes last, up or down.
_GRADE = "(ascii(grade) - 65) * 1000.0"
_ORDERS = {
    "grade": _Order(f"{_GRADE} + 100 - coalesce(score, -1)", False),
    "grade desc": _Order(f"{_GRADE} - coalesce(score, 101)", True),
    "score": _Order("coalesce(score, -1)", True),
    "score asc": _Order("coalesce(score, 101)", False),
    "title": _Order(f"left(lower(title), {_LONGEST_TITLE})", False, True),
    "title desc": _Order(f"left(lower(title), {_LONGEST_TITLE})", True, True),
    "modified": _Order("coalesce(epoch_us(modified), 0)", True),
    "modified asc": _Order("coalesce(epoch_us(modified), 9e15)", False),
}
SORTS = tuple(_ORDERS)


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: the order that it was in, the value sorted by, and the id of its last dataset."""

    sort: str
    value: float | str
    id: str


class Results(msgspec.Struct, frozen=True):
    """Outcomes wanted of criteria, by id: those of one criterion are alternatives, several criteria all hold."""

    wanted: dict[str, tuple[str, ...]] = {}

    def condition(self) -> tuple[str, list[object]]:
        """The condition in SQL, and its values. Empty if nothing is wanted."""
        values: list[object] = []
        parts = []
        for criterion, outcomes in self.wanted.items():
            parts.append(" OR ".join(f"({_outcome(criterion, outcome)})" for outcome in outcomes))
            values += [criterion for outcome in outcomes if outcome in ("unknown", "not-applicable")]
        return " AND ".join(f"({part})" for part in parts), values


def read_results(wanted: Sequence[str], criteria: Sequence[str]) -> Results:
    """wanted: such as `licence-open.fail`. criteria: the table's. Raises UsageError for others than the rubric's."""
    criteria = [id for id in criteria if is_criterion(id)]
    found: dict[str, list[str]] = {}
    for text in wanted:
        criterion, _, outcome = text.strip().rpartition(".")
        if criterion not in criteria or outcome not in OUTCOMES:
            raise UsageError(
                f"{text[:100]}: not a result of a criterion, such as {criteria[0]}.fail; results are "
                f"{', '.join(OUTCOMES)}, and criteria {', '.join(criteria)}"
            )
        outcomes = found.setdefault(criterion, [])
        if outcome not in outcomes:
            outcomes.append(outcome)
    return Results({criterion: tuple(outcomes) for criterion, outcomes in found.items()})


def _outcome(criterion: str, outcome: str) -> str:
    column = name_of(criterion)
    return {
        "pass": f"{column} = 1",
        "fail": f"{column} = 0",
        "partial": f"{column} > 0 AND {column} < 1",
        "unknown": f"{column} IS NULL AND NOT list_contains(not_applicable, ?)",
        "not-applicable": "list_contains(not_applicable, ?)",
    }[outcome]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """grade: of GRADES, or empty for any. min_score: points; 0 for any, and for datasets without a score.

    sort: of SORTS. fields: of FIELDS. after: where the last page ended, None for the first one.
    """

    filters: Filters = Filters()
    results: Results = Results()
    grade: str = ""
    min_score: int = 0
    sort: str = SORTS[0]
    after: Cursor | None = None
    limit: int = 100
    fields: tuple[str, ...] = FIELDS

    def conditions(self) -> list[tuple[str, list[object]]]:
        """What holds of the datasets that are asked for, each in SQL with its values; empty texts hold of all."""
        return [
            self.filters.condition(),
            self.results.condition(),
            ("grade = ?" if self.grade else "", [self.grade] if self.grade else []),
            ("score >= ?" if self.min_score else "", [self.min_score] if self.min_score else []),
        ]


class Page(NamedTuple):
    """total: of all datasets that the filters let through. after: where it ended; None if there is no more."""

    total: int
    rows: list[dict[str, Any]]
    after: Cursor | None


def page(table: DatasetTable, asked: Asked, condition: str = "", given: Sequence[object] = ()) -> Page:
    """One page. Its rows have at least their id.

    condition: SQL of ours that holds too, never a reader's words, which are `given` for its marks. Raises UsageError
    where a filter names what no dataset has.
    """
    asked.filters.check(table)
    conditions = [*asked.conditions(), (condition, list(given))]
    where = " AND ".join(sql for sql, _ in conditions if sql)
    values = [value for _, some in conditions for value in some]
    total = table.select("count(*)", where, values).fetchall()[0][0]
    order, key = _ORDERS[asked.sort], _ORDERS[asked.sort].sql
    if asked.after is not None:
        beyond = f"({key} {'<' if order.descending else '>'} ? OR ({key} = ? AND id > ?))"
        where = f"{where} AND {beyond}" if where else beyond
        values += [asked.after.value, asked.after.value, asked.after.id]
    then = f"ORDER BY sorted_by {'DESC' if order.descending else 'ASC'}, id LIMIT {int(asked.limit) + 1}"
    # The table has sums of what lenses ask too, and no columns of it.
    criteria = [id for id in table.criteria if is_criterion(id)]
    names = _columns(asked.fields, criteria)
    found = table.select(f"{key} AS sorted_by, {', '.join(names)}", where, values, then).fetchall()
    chosen = found[: asked.limit]
    rows = [_row(dict(zip(names, row[1:], strict=True)), criteria, asked.fields) for row in chosen]
    last = None
    if len(found) > asked.limit:
        value = chosen[-1][0]
        last = Cursor(asked.sort, value if order.is_text else float(value), rows[-1]["id"])
    return Page(total, rows, last)


def _columns(fields: Sequence[str], criteria: Sequence[str]) -> list[str]:
    """The columns that fields come from; the id first, whatever is asked for."""
    names = ["id", *(field for field in PLAIN if field in fields and field != "id")]
    if "dimensions" in fields:
        names += map(name_of, DIMENSIONS)
    if "results" in fields:
        names.append("not_applicable")
    if "results" in fields or "values" in fields:
        names += map(name_of, criteria)
    return names


def _row(found: Mapping[str, Any], criteria: Sequence[str], fields: Sequence[str]) -> dict[str, Any]:
    row = {field: found[field] for field in ("id", *PLAIN) if field in found}
    for name in ("modified", "reference_date"):
        if row.get(name) is not None:
            row[name] = row[name].isoformat()
    if "dimensions" in fields:
        row["dimensions"] = {id: found[name_of(id)] for id in DIMENSIONS}
    if "results" in fields:
        absent = set(found["not_applicable"])
        row["results"] = {id: "not-applicable" if id in absent else _in_outcome(found[name_of(id)]) for id in criteria}
    if "values" in fields:
        row["values"] = {id: found[name_of(id)] for id in criteria}
    return row


def _in_outcome(value: float | None) -> Outcome:
    """The outcome of a value that applies; None is not known."""
    if value is None:
        return "unknown"
    return "pass" if value == 1 else "fail" if value == 0 else "partial"


def to_text(cursor: Cursor) -> str:
    """A cursor as readers hand it back."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def from_text(text: str, sort: str) -> Cursor:
    """The cursor in a text. Raises UsageError where it is none, or of another order than `sort`."""
    wrong = UsageError("not where a page of this order ended: use `next` of the page before, with the same sort")
    if len(text) > _LONGEST_CURSOR:
        raise wrong
    try:
        read = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        cursor = msgspec.json.decode(read, type=Cursor)
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise wrong from error
    if cursor.sort != sort or isinstance(cursor.value, str) != _ORDERS[sort].is_text:
        raise wrong
    return cursor
