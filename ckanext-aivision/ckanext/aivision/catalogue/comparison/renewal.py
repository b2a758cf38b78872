"""The renewal of the comparison: the job that computes its figures and draws its charts from the stored tallies.

No request comes here: pages read what is stored (`comparison`), and ask for a renewal by name (`renewal_queue`).
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import importlib.metadata
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, get_args

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision import __version__
from ckanext.aivision.catalogue.comparison import stored_comparison as comparison
from ckanext.aivision.catalogue.comparison import tallies
from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.compare.charts import svg as charts
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.overview import overview, with_lens
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.lenses.load import named, names
from ckanext.aivision.scoring.rubric import load

Row = dict[str, Any]

_NICENESS = 10

# As long as a job may take.
_LONGEST_WAIT = sa.text("SET lock_timeout = '1h'")
_LOCK = sa.text("SELECT pg_advisory_lock(hashtext('aivision comparison'), 0)")
_DRAWN_BY = f"{__version__} {importlib.metadata.version('vl-convert-python')}"


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def renew_job() -> None:
    """The RQ job that `renewal_queue` queues. What it raises is in the worker's log; the last figures stay."""
    # Readers and stewards come first. The worker runs each job in a process of its own, so this ends with the job.
    os.nice(_NICENESS)
    # The evaluations are the reason, and the page says so.
    with contextlib.suppress(UsageError):
        renew()


def renew(clock: Callable[[], datetime.datetime] = utc_now) -> datetime.datetime:
    """Computes the figures of all lenses, draws the charts where they changed, and stores both. Commits.

    clock: gives the moment (UTC) that the figures are said to be of, which is before the tables are read. Returns it.
    Waits while another renewal is running. Raises UsageError if evaluations are of several versions of the rubric;
    the last figures stay then, and the reason is stored beside them.
    """
    with _one_at_a_time():
        made = clock()
        comparison.begin(naive(made), __version__)
        try:
            current = tallies.current()
            found = _overviews(current)
        except UsageError as error:
            model.Session.rollback()
            comparison.store_problem(str(error))
            raise
        before = comparison.load_charts()
        model.Session.commit()
        common = {"made": naive(made), "tried": naive(made), "software": __version__}
        rows = {lens: {**common, **_row(lens, one, before.get(lens, {}))} for lens, one in found.items()}
        rows[""]["fingerprint"] = current.fingerprint
        comparison.store(rows)
        return made


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """The lock is the connection's, so it ends with the process, however that ends."""
    with model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(_LONGEST_WAIT)
        connection.execute(_LOCK)
        try:
            yield
        finally:
            connection.invalidate()


def _overviews(current: tallies.Current) -> dict[str, Overview]:
    """The figures by lens; those without one, under the empty name, first. Raises UsageError as `renew`."""
    rows, criteria = current.tallies, load().criteria
    own = overview(rows, criteria)
    # The groups of the first lens are our own dimensions, which the figures have anyway.
    return {"": own} | {name: with_lens(own, rows, criteria, named(name)) for name in names()[1:]}


def _row(lens: str, figures: Overview, before: Mapping[str, Any]) -> Row:
    """The columns of a lens's row. before: those that are stored; where they have the same figures, the charts stay."""
    text = msgspec.json.encode(figures).decode()
    digest = hashlib.sha256(f"{_DRAWN_BY} {text}".encode()).hexdigest()
    drawn = before["charts"] if before.get("digest") == digest else _draw(lens, figures)
    return {"figures": text, "digest": digest, "charts": drawn}


def _draw(lens: str, figures: Overview) -> dict[str, str]:
    """The charts by name: some seconds. Only one chart is the lens's, and the others are the same for all."""
    if not any(country.data_sets for country in figures.countries):
        return {}
    wanted: Sequence[charts.What] = ["lens"] if lens else [what for what in get_args(charts.What) if what != "lens"]
    return {
        comparison.chart_name(what, narrow): charts.svg(figures, what, narrow)
        for what in wanted
        for narrow in (False, True)
    }
