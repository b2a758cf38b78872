"""The tallies that comparisons read: one a publisher, made anew when something of it changed and somebody looks."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue import trends
from ckanext.aivision.catalogue.evaluations import today
from ckanext.aivision.catalogue.samples import sample_packages
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

    Samples have tallies of their own, which are marked (`compare.tally.without_samples`).
    Rows are locked while they are made anew, so that of two readers one does the work. Commits.
    Raises UsageError where a publisher's data sets are evaluated under several versions of the rubric.
    """
    stale = sa.select(tally_table.c.country, tally_table.c.publisher).where(tally_table.c.stale)
    renewed: dict[tuple[str, str, bool], Tally | None] = {}
    for country, publisher in model.Session.execute(stale.order_by(*stale.selected_columns).with_for_update()).all():
        renewed |= _renewed(country, publisher)
    rows = model.Session.execute(sa.select(tally_table.c.tally, tally_table.c.sample_tally))
    found = [msgspec.convert(value, type=Tally) for row in rows for value in row if value is not None]
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


def _renewed(country: str, publisher: str) -> dict[tuple[str, str, bool], Tally | None]:
    """The tallies of a publisher's real records and of its samples, without what there neither is nor was."""
    row = (tally_table.c.country == country, tally_table.c.publisher == publisher)
    before = model.Session.execute(sa.select(tally_table.c.tally, tally_table.c.sample_tally).where(*row)).one()
    now = [_tally(country, publisher, load(), sample) for sample in (False, True)]
    values = [msgspec.to_builtins(found) if found is not None else sa.null() for found in now]
    changed = sa.update(tally_table).where(*row).values(stale=False, tally=values[0], sample_tally=values[1])
    model.Session.execute(changed)
    return {
        (country, publisher, sample): found
        for sample, found, last in zip((False, True), now, before, strict=True)
        if found is not None or last is not None
    }


def _tally(country: str, publisher: str, rubric: Rubric, sample: bool) -> Tally | None:
    found = _counted(country, publisher, rubric, sample)
    return msgspec.structs.replace(found, sample=sample) if found is not None else None


def _counted(country: str, publisher: str, rubric: Rubric, sample: bool) -> Tally | None:
    fields = (_columns.rubric_version, _columns.reference_date, _columns.point)
    query = _public(sa.select(*fields, sa.func.count().label("times")), country, publisher, sample).group_by(*fields)
    rows = model.Session.execute(query).all()
    if any(row.point is None or row.rubric_version != rubric.version for row in rows):
        # A point can be counted under its own version only; what was stored before there were points has none.
        return next(iter(collect(_evaluations(country, publisher, rubric, sample))), None)
    running = RunningTally([row.id for row in rubric.criteria])
    for row in rows:
        running.count(row.point, row.reference_date, row.times)
    return running.tally(country, publisher, rubric.version, today()) if rows else None


def _evaluations(country: str, publisher: str, rubric: Rubric, sample: bool) -> Iterator[Evaluation]:
    fields = (_columns.evaluation, _columns.rubric_version, _columns.reference_date)
    query = _public(sa.select(*fields), country, publisher, sample).order_by(_columns.package_id)
    for row in model.Session.execute(query.execution_options(yield_per=500)):
        # Some data sets are looked at deeper than others: only what was asked of all can be compared.
        yield of_metadata(from_text(*row), rubric)


def _public(
    query: sa.Select[tuple[object, ...]], country: str, publisher: str, sample: bool
) -> sa.Select[tuple[object, ...]]:
    package = model.Package.__table__
    is_sample = _columns.package_id.in_(sample_packages())
    return query.join_from(evaluation_table, package, package.c.id == _columns.package_id).where(
        _columns.country == country,
        _columns.publisher == publisher,
        package.c.state == "active",
        package.c.private.is_(False),
        is_sample if sample else sa.not_(is_sample),
    )
