"""The tallies that comparisons are computed from: one a publisher, counted again when the tables have changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue import trends
from ckanext.aivision.catalogue.evaluations import today
from ckanext.aivision.catalogue.stored_evaluation import from_text
from ckanext.aivision.compare.points import RunningTally
from ckanext.aivision.compare.tally import Tally, collect
from ckanext.aivision.errors import UsageError
from ckanext.aivision.model import evaluation as evaluation_table
from ckanext.aivision.model import fingerprints
from ckanext.aivision.model import tally as tally_table
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric, load
from ckanext.aivision.scoring.shallow import of_metadata

_columns = evaluation_table.c
# Until the transaction ends: of two processes, one does the work.
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtext('aivision tallies'), 0)")


class Current(msgspec.Struct, frozen=True):
    """All tallies as the tables are now. fingerprint: of the evaluations that they were counted from."""

    tallies: list[Tally]
    fingerprint: str


def tallies() -> list[Tally]:
    """The tallies of all publishers with public datasets, as `current` gives them."""
    return current().tallies


def current() -> Current:
    """Brings the stored tallies up to date with the tables, keeps what changed for the trends, and commits.

    For jobs and commands, not for requests: a publisher whose public datasets changed in any way is counted again.
    Raises UsageError where a publisher's datasets are evaluated under several versions of the rubric.
    """
    model.Session.execute(_LOCK)
    rows = model.Session.execute(fingerprints.BY_PUBLISHER).all()
    now = {(row.country, row.publisher): f"{row.datasets}:{row.hash}" for row in rows}
    stored = sa.select(tally_table.c.country, tally_table.c.publisher, tally_table.c.fingerprint)
    before = {(row.country, row.publisher): row.fingerprint for row in model.Session.execute(stored)}
    changed = [key for key in sorted({*now, *before}) if now.get(key) != before.get(key)]
    renewed = {key: _renew(*key, now.get(key)) for key in changed}
    found = [
        msgspec.convert(row, type=Tally) for row in model.Session.execute(sa.select(tally_table.c.tally)).scalars()
    ]
    trends.keep(today(), renewed, found)
    model.Session.commit()
    total = sum(int(row.hash) for row in rows)
    return Current(found, fingerprints.fingerprint(sum(row.datasets for row in rows), total))


def keep_todays() -> None:
    """Sees to it that the trends have today's figures. Commits.

    While some datasets are still evaluated under another version of the rubric nothing is kept; a rescore mends that.
    """
    try:
        current()
    except UsageError:
        model.Session.rollback()


def _renew(country: str, publisher: str, fingerprint: str | None) -> Tally | None:
    """fingerprint: None where the publisher has no public dataset any more."""
    tally = _tally(country, publisher, load()) if fingerprint is not None else None
    key: dict[str, Any] = {"country": country, "publisher": publisher}
    if tally is None:
        model.Session.execute(sa.delete(tally_table).filter_by(**key))
        return None
    values = {"tally": msgspec.to_builtins(tally), "fingerprint": fingerprint}
    statement = insert(tally_table).values(**key, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    return tally


def _tally(country: str, publisher: str, rubric: Rubric) -> Tally | None:
    fields = (_columns.rubric_version, _columns.reference_date, _columns.point)
    query = _public(sa.select(*fields, sa.func.count().label("times")), country, publisher).group_by(*fields)
    rows = model.Session.execute(query).all()
    if any(row.point is None or row.rubric_version != rubric.version for row in rows):
        # A point can be counted under its own version only; what was stored before there were points has none.
        return next(iter(collect(_evaluations(country, publisher, rubric))), None)
    running = RunningTally([row.id for row in rubric.criteria])
    for row in rows:
        running.count(row.point, row.reference_date, row.times)
    return running.tally(country, publisher, rubric.version, today()) if rows else None


def _evaluations(country: str, publisher: str, rubric: Rubric) -> Iterator[Evaluation]:
    fields = (_columns.evaluation, _columns.rubric_version, _columns.reference_date)
    query = _public(sa.select(*fields), country, publisher).order_by(_columns.package_id)
    for row in model.Session.execute(query.execution_options(yield_per=500)):
        # Some datasets are looked at deeper than others: only what was asked of all can be compared.
        yield of_metadata(from_text(*row), rubric)


def _public(query: sa.Select[tuple[object, ...]], country: str, publisher: str) -> sa.Select[tuple[object, ...]]:
    package = model.Package.__table__
    return query.join_from(evaluation_table, package, package.c.id == _columns.package_id).where(
        _columns.country == country,
        _columns.publisher == publisher,
        package.c.state == "active",
        package.c.private.is_(False),
    )
