"""The tallies behind the comparison: one per publisher, recounted when the tables have changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.comparison import trends
from ckanext.aivision.catalogue.evaluations.encoding import from_text
from ckanext.aivision.catalogue.evaluations.evaluation_store import today
from ckanext.aivision.catalogue.sources.samples import sample_packages
from ckanext.aivision.compare.tallies.points import RunningTally
from ckanext.aivision.compare.tallies.tally import Tally, collect
from ckanext.aivision.errors import UsageError
from ckanext.aivision.model import evaluation as evaluation_table
from ckanext.aivision.model import fingerprints
from ckanext.aivision.model import tally as tally_table
from ckanext.aivision.scoring.metadata_only import of_metadata
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric, load

_columns = evaluation_table.c
# Until the transaction ends: of two processes, one does the work.
_LONGEST_WAIT = sa.text("SET LOCAL lock_timeout = '1h'")
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
    Samples have tallies of their own, which are marked (`compare.tallies.tally.without_samples`).
    Raises UsageError if a publisher's datasets are evaluated under several versions of the rubric.
    """
    model.Session.execute(_LONGEST_WAIT)
    model.Session.execute(_LOCK)
    rows = model.Session.execute(fingerprints.BY_PUBLISHER).all()
    now = {(row.country, row.publisher): f"{row.datasets}:{row.hash}" for row in rows}
    stored = sa.select(tally_table.c.country, tally_table.c.publisher, tally_table.c.fingerprint)
    before = {(row.country, row.publisher): row.fingerprint for row in model.Session.execute(stored)}
    renewed: dict[tuple[str, str, bool], Tally | None] = {}
    for key in sorted({*now, *before}):
        if now.get(key) != before.get(key):
            renewed |= _renew(*key, now.get(key))
    tallies_of = model.Session.execute(sa.select(tally_table.c.tally, tally_table.c.sample_tally))
    found = [msgspec.convert(value, type=Tally) for row in tallies_of for value in row if value is not None]
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


def _renew(country: str, publisher: str, fingerprint: str | None) -> dict[tuple[str, str, bool], Tally | None]:
    """Counts a publisher's real datasets and its samples again; gives only those tallies that there are or were.

    fingerprint: None if the publisher has no public dataset any more.
    """
    key: dict[str, Any] = {"country": country, "publisher": publisher}
    stored = sa.select(tally_table.c.tally, tally_table.c.sample_tally).filter_by(**key)
    before = model.Session.execute(stored).first() or (None, None)
    now = [_tally(country, publisher, load(), sample) if fingerprint else None for sample in (False, True)]
    if now == [None, None]:
        model.Session.execute(sa.delete(tally_table).filter_by(**key))
    else:
        columns = [msgspec.to_builtins(tally) if tally is not None else sa.null() for tally in now]
        values = {"tally": columns[0], "sample_tally": columns[1], "fingerprint": fingerprint}
        statement = insert(tally_table).values(**key, **values)
        model.Session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    pairs = zip((False, True), now, before, strict=True)
    return {(country, publisher, sample): tally for sample, tally, last in pairs if tally or last is not None}


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
        # Some datasets are looked at deeper than others: only what was asked of all can be compared.
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
