"""The stored figures and charts of the comparison: pages read what the last renewal (`renewal`) computed."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping
from typing import Any, TypeVar

import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import toolkit
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.model import comparison as table
from ckanext.aivision.model import fingerprints

_log = logging.getLogger(__name__)
_columns = table.c
_Stored = TypeVar("_Stored", Overview, "Sizes")


class Comparison(msgspec.Struct, frozen=True):
    """made: the moment (UTC) that the figures are of. charts: <svg> elements by name, as `chart_name` gives it."""

    made: datetime.datetime
    figures: Overview
    charts: dict[str, str]


class Size(msgspec.Struct, frozen=True):
    """How much a country has: of compare.estimates.figures.Country, what the home page says."""

    code: str
    data_sets: int
    publishers: int


class Sizes(msgspec.Struct, frozen=True):
    """The countries' sizes in the stored figures."""

    countries: list[Size]


def chart_name(what: str, narrow: bool) -> str:
    """Under which name a chart of `compare.charts.svg` is stored."""
    return f"{what}-{'narrow' if narrow else 'wide'}"


def load_comparison(lens: str = "") -> Comparison | None:
    """The last figures and charts; None while there are none. Reads alone, without a lock.

    lens: a lens's name; of the figures with its groups, and of its chart beside the others.
    """
    fields = (_columns.lens, _columns.made, _columns.figures, _columns.charts)
    # One statement sees one renewal.
    rows = model.Session.execute(sa.select(*fields).where(_columns.lens.in_(("", lens)))).all()
    by_lens = {row.lens: row for row in rows if row.figures is not None}
    if lens not in by_lens:
        return None
    figures = _decode(by_lens[lens].figures, Overview)
    charts = {name: svg for row in by_lens.values() for name, svg in row.charts.items()}
    return Comparison(_utc(by_lens[lens].made), figures, charts) if figures is not None else None


def load_sizes() -> tuple[datetime.datetime, list[Size]] | None:
    """The moment (UTC) of the last figures and the countries' sizes in them; None while there are none."""
    row = model.Session.execute(sa.select(_columns.made, _columns.figures).where(_columns.lens == "")).first()
    if row is None or row.figures is None:
        return None
    sizes = _decode(row.figures, Sizes)
    return (_utc(row.made), sizes.countries) if sizes is not None else None


def load_problem() -> str | None:
    """Why the last renewal gave no figures, where the evaluations are the reason: several versions of the rubric."""
    found: str | None = model.Session.execute(sa.select(_columns.problem).where(_columns.lens == "")).scalar()
    return found


def load_charts() -> dict[str, dict[str, Any]]:
    """The columns `digest` and `charts` of each lens, for the next renewal."""
    query = sa.select(_columns.lens, _columns.digest, _columns.charts)
    return {row.lens: {"digest": row.digest, "charts": row.charts} for row in model.Session.execute(query)}


def as_data(found: Comparison | None) -> dict[str, Any]:
    """The figures in plain values, as they are given out, with their moment as `as_of`.

    While there are none as_of is None, and `message` says so.
    """
    if found is None:
        return {"as_of": None, "message": toolkit._("The figures are being computed: try again in a minute")}
    figures: dict[str, Any] = msgspec.to_builtins(found.figures)
    return {**figures, "as_of": found.made.strftime("%Y-%m-%dT%H:%M:%SZ")}


def begin(tried: datetime.datetime, software: str) -> None:
    """Notes that a renewal has begun, and commits. tried: UTC without a time zone."""
    _put("", {"tried": tried, "software": software})
    model.Session.commit()


def store_problem(problem: str) -> None:
    """Keeps why there are no new figures beside the last ones, and commits. Nothing is due until something changes."""
    values = {"problem": problem, "fingerprint": model.Session.execute(fingerprints.NOW).scalar()}
    model.Session.execute(sa.update(table).where(_columns.lens == "").values(**values))
    model.Session.commit()


def store(rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Replaces all figures and charts at once, and commits. rows: the columns of the table by lens."""
    for lens, values in rows.items():
        _put(lens, {"problem": None, **values})
    model.Session.execute(sa.delete(table).where(_columns.lens.not_in(list(rows))))
    model.Session.commit()


def _put(lens: str, values: Mapping[str, Any]) -> None:
    statement = insert(table).values(lens=lens, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["lens"], set_=dict(values)))


def _decode(text: str, kind: type[_Stored]) -> _Stored | None:
    """None if another version of this software stored them: a renewal is due then."""
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        _log.warning("the stored figures of the comparison cannot be read, so they wait for a renewal: %s", error)
        return None


def _utc(moment: datetime.datetime) -> datetime.datetime:
    return moment.replace(tzinfo=datetime.timezone.utc)
