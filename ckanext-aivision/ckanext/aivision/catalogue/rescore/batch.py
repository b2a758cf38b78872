"""Evaluate some hundred datasets again in one transaction, and rewrite only what changed.

A transaction that writes a package evaluates it too, so packages that are locked are left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.evaluations import history
from ckanext.aivision.catalogue.evaluations.encoding import from_text
from ckanext.aivision.catalogue.index.search_fields import evaluation_fields
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.compare.tallies.points import to_point
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load

Row = dict[str, Any]

_TAKEN = sa.text(
    f"""
    SELECT id FROM package WHERE id = ANY(:ids) AND state = 'active' AND type = {DATASET_TYPES}
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    """  # noqa: S608 - a condition of ours
)
_READ = sa.text(
    """
    SELECT p.id AS package_id, e.country, e.publisher, e.score, e.coverage, e.grade, e.rubric_version,
        e.reference_date, e.evaluation, e.point, e.gains
    FROM package p LEFT JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE p.id = ANY(:ids) ORDER BY p.id
    """
)
_TO_INDEX = sa.text("INSERT INTO aivision_unindexed SELECT unnest(CAST(:ids AS text[])) ON CONFLICT DO NOTHING")
# A crash of the database server may cost the last commits, and the next run makes them again.
_UNHURRIED = sa.text("SET LOCAL synchronous_commit = off")
_OF_COLUMNS = (
    *("country", "publisher", "score", "coverage", "grade", "rubric_version", "reference_date", "point", "gains"),
)
_OF_POINT = ("country", "publisher", "rubric_version", "point")


class Again(NamedTuple):
    """A dataset evaluated again. before: its row as it was stored, without values where it had none."""

    before: Any
    dataset: Dataset
    evaluation: Evaluation
    row: Row

    @property
    def text_changed(self) -> bool:
        return bool(self.row["evaluation"] != self.before.evaluation)

    @property
    def changed(self) -> bool:
        return self.text_changed or self.differs(_OF_COLUMNS)

    @property
    def makes_a_point(self) -> bool:
        return self.differs(_OF_POINT)

    @property
    def regraded(self) -> bool:
        return self.differs(("country", "grade"))

    @property
    def moves_in_index(self) -> bool:
        """Whether the index holds something else of it."""
        before = self.before
        if before.evaluation is None or self.differs(("country", "grade", "score")):
            return True
        if not self.text_changed:
            return False
        former = from_text(before.evaluation, before.rubric_version, before.reference_date)
        return evaluation_fields(self.evaluation) != evaluation_fields(former)

    def differs(self, names: Sequence[str]) -> bool:
        before = self.before
        return any(self.row[name] != getattr(before, name) for name in names)


class Counts(NamedTuple):
    """Datasets evaluated; of these rewritten at all, with their texts; and with another grade or country."""

    evaluated: int = 0
    rewritten: int = 0
    with_text: int = 0
    regraded: int = 0


def rescored(package_ids: Sequence[str], on: datetime.date, left: Callable[[Any], bool]) -> Counts:
    """Evaluates datasets as of a date, and commits.

    left: says of a stored row whether it stays as it is. What comes to stand elsewhere in the index is noted in
    `aivision_unindexed`.
    """
    model.Session.execute(_UNHURRIED)
    stored = [row for row in read(package_ids) if not left(row)]
    again = list(evaluated(decoded(stored), on))
    counts = write(again)
    model.Session.commit()
    return counts


def evaluate_within(package_ids: Sequence[str]) -> None:
    """Evaluates datasets as of today within the session's transaction, which somebody else commits."""
    write(list(evaluated(decoded(read(package_ids)), evaluations.today())))


def read(package_ids: Sequence[str]) -> Sequence[Any]:
    """The rows of those packages that nobody else writes just now; they are ours until the transaction's end."""
    taken = model.Session.execute(_TAKEN, {"ids": list(package_ids)}).scalars().all()
    # A statement of its own: it sees what was committed before the packages were taken.
    return model.Session.execute(_READ, {"ids": list(taken)}).all()


def decoded(stored: Sequence[Any]) -> list[tuple[Any, Dataset]]:
    """Rows with their records; without those of packages that CKAN no longer shows."""
    rows = {row.package_id: row for row in stored}
    return [(rows[package_id], dataset) for package_id, dataset in datasets(list(rows))]


def evaluated(found: Sequence[tuple[Any, Dataset]], on: datetime.date) -> Iterator[Again]:
    """Records with their new evaluations as rows."""
    results = evaluations.evaluate_all([dataset for _, dataset in found], load(), on)
    return (
        Again(row, dataset, evaluation, encoded(row.package_id, evaluation))
        for (row, dataset), evaluation in zip(found, results, strict=True)
    )


def encoded(package_id: str, evaluation: Evaluation) -> Row:
    return {"package_id": package_id, **evaluations.to_row(evaluation)}


def write(again: Sequence[Again]) -> Counts:
    """Writes what changed, within the session's transaction."""
    changed = [item for item in again if item.changed]
    if not changed:
        return Counts(len(again))
    texts = [item.row for item in changed if item.text_changed]
    others = [_without_text(item.row) for item in changed if not item.text_changed]
    moving = [item.row["package_id"] for item in changed if item.moves_in_index]
    if texts:
        statements.execute(model.Session, statements.EVALUATIONS, texts)
    if others:
        statements.execute(model.Session, statements.EVALUATED, others)
    if points := [*_former_points(changed), *((item.row, item.dataset) for item in changed if item.makes_a_point)]:
        history.keep(model.Session, points)
    if moving:
        model.Session.execute(_TO_INDEX, {"ids": moving})
    return Counts(len(again), len(changed), len(texts), sum(item.regraded for item in changed))


def _without_text(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "evaluation"}


def _former_points(changed: Sequence[Again]) -> Iterator[tuple[Row, Dataset]]:
    """The points of evaluations that were stored before there was a history; of metadata alone, as all points.

    One of the same version and day is the new one.
    """
    for item in changed:
        before = item.before
        if (
            before.evaluation is not None
            and before.point is None
            and item.differs(("rubric_version", "reference_date"))
        ):
            former = from_text(before.evaluation, before.rubric_version, before.reference_date)
            if not former.beyond:
                yield {**before._mapping, "point": to_point(former)}, item.dataset
