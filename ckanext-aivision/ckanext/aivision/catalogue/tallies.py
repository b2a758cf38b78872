"""The tallies that comparisons read: one a publisher, made anew when something of it changed and somebody looks."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue import trends
from ckanext.aivision.catalogue.evaluations import today
from ckanext.aivision.catalogue.stored_evaluation import from_text
from ckanext.aivision.compare.points import RunningTally
from ckanext.aivision.compare.tally import Tally, collect
from ckanext.aivision.errors import UsageError
from ckanext.aivision.model import evaluation as evaluation_table
from ckanext.aivision.model import tally as tally_table
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric, load
from ckanext.aivision.scoring.shallow import of_metadata

_columns = evaluation_table.c


def tallies() -> list[Tally]:
    """The tallies of all publishers with public data sets; stale ones are made anew first, and kept for the trends.

    Rows are locked while they are made anew, so that of two readers one does the work. Commits.
    Raises UsageError where a publisher's data sets are evaluated under several versions of the rubric.
    """
    stale = sa.select(tally_table.c.country, tally_table.c.publisher).where(tally_table.c.stale)
    renewed = {}
    for country, publisher in model.Session.execute(stale.order_by(*stale.selected_columns).with_for_update()).all():
        renewed[country, publisher] = _renewed(country, publisher)
    rows = model.Session.execute(sa.select(tally_table.c.tally).where(tally_table.c.tally.is_not(None))).scalars()
    found = [msgspec.convert(row, type=Tally) for row in rows]
    trends.keep(today(), renewed, found)
    model.Session.commit()
    return found


def keep_todays() -> None:
    """Sees to it that the trends have what is to be seen of today. Commits.

    While some data sets are still evaluated under another version of the rubric nothing is kept; a rescore mends that.
    """
    try:
        tallies()
    except UsageError:
        model.Session.rollback()


def _renewed(country: str, publisher: str) -> Tally | None:
    tally = _tally(country, publisher, load())
    value = msgspec.to_builtins(tally) if tally is not None else sa.null()
    model.Session.execute(
        sa.update(tally_table)
        .where(tally_table.c.country == country, tally_table.c.publisher == publisher)
        .values(stale=False, tally=value)
    )
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
        # Some data sets are looked at deeper than others: only what was asked of all can be compared.
        yield of_metadata(from_text(*row), rubric)


def _public(query: sa.Select[tuple[object, ...]], country: str, publisher: str) -> sa.Select[tuple[object, ...]]:
    package = model.Package.__table__
    return query.join_from(evaluation_table, package, package.c.id == _columns.package_id).where(
        _columns.country == country,
        _columns.publisher == publisher,
        package.c.state == "active",
        package.c.private.is_(False),
    )
