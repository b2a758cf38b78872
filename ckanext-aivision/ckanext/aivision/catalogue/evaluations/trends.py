"""Daily tallies: per publisher on the days it changed, per country on the days any changed.

A point of a trend carries the version of the rubric; series of two versions are never one series.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.compare.tallies.replay import Day
from ckanext.aivision.compare.tallies.tally import Tally, merged, total
from ckanext.aivision.compare.tallies.trend import TrendPoint, to_trend_point
from ckanext.aivision.model import trend as trend_table
from ckanext.aivision.scoring.rubric import load

# Made-up samples have series of their own, which are shown where there is nothing else.
Level = Literal["country", "publisher", "sample country", "sample publisher"]

_columns = trend_table.c
_BATCH = 500
# Whose last tally is of something.
_PRESENT = sa.text(
    """
    SELECT level, country, publisher FROM (
        SELECT DISTINCT ON (level, country, publisher) level, country, publisher, publishers FROM aivision_trend
        WHERE rubric_version = :version ORDER BY level, country, publisher, day DESC
    ) last WHERE publishers > 0
    """
)
# What says the same as the day before it is left out.
_KEPT = sa.text(
    """
    INSERT INTO aivision_trend (
        rubric_version, country, level, publisher, day, publishers, lacking, recomputed, tally
    )
    SELECT r.* FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        rubric_version text, country text, level text, publisher text, day date, publishers integer, lacking integer,
        recomputed boolean, tally text
    )
    LEFT JOIN LATERAL (
        SELECT * FROM aivision_trend t WHERE t.rubric_version = r.rubric_version AND t.country = r.country
            AND t.level = r.level AND t.publisher = r.publisher AND t.day <= r.day ORDER BY t.day DESC LIMIT 1
    ) last ON TRUE
    WHERE last.day IS NULL OR (last.tally, last.publishers, last.recomputed) <> (r.tally, r.publishers, r.recomputed)
    ON CONFLICT (rubric_version, country, level, publisher, day) DO UPDATE SET
        publishers = excluded.publishers, lacking = excluded.lacking, recomputed = excluded.recomputed,
        tally = excluded.tally
    """
)


def keep(day: datetime.date, tallies: Sequence[Tally]) -> None:
    """Keeps what all tallies say on a day, within the session's transaction.

    tallies: of everything public, several of one publisher are added up. Publishers and countries that have none any
    more, and had some on the last day that is kept, get a tally of nothing.
    """
    version = load().version
    found: dict[tuple[Level, str, str], tuple[Tally, int]] = {}
    for sample in (False, True):
        of_publishers = merged(_of_publisher(tally) for tally in tallies if tally.sample == sample)
        for tally in of_publishers:
            found[_level("publisher", sample), tally.country, tally.publisher] = tally, 1
        for country in sorted({tally.country for tally in of_publishers}):
            of_country = [tally for tally in of_publishers if tally.country == country]
            if (whole := total(of_country)) is not None:
                found[_level("country", sample), country, ""] = whole, len(of_country)
    for row in model.Session.execute(_PRESENT, {"version": version}):
        found.setdefault((row.level, row.country, row.publisher), (_nothing(row.country, version, day), 0))
    rows = [
        _row(level, publisher, day, tally, publishers) for (level, _, publisher), (tally, publishers) in found.items()
    ]
    for start in range(0, len(rows), _BATCH):
        _store(rows[start : start + _BATCH])


def keep_recomputed(days: Iterable[Day], data_sets: Mapping[tuple[datetime.date, str | None], int]) -> int:
    """Stores recalculated tallies of past days. Returns how many.

    data_sets: how many there were on a day, by day and publisher (None: in the country).
    """
    rows = []
    for found in days:
        lacking = max(0, data_sets.get((found.day, found.publisher), 0) - found.tally.data_sets)
        level: Level = "country" if found.publisher is None else "publisher"
        row = _row(level, found.publisher or "", found.day, found.tally, found.publishers)
        rows.append({**row, "lacking": lacking, "recomputed": True})
    for start in range(0, len(rows), _BATCH):
        _store(rows[start : start + _BATCH])
    return len(rows)


def versions(of_countries: bool = False) -> list[str]:
    """The versions of the rubric that there is a trend under, or one of whole countries, that of the newest first."""
    query = sa.select(_columns.rubric_version).group_by(_columns.rubric_version)
    if of_countries:
        query = query.where(_columns.level.in_(("country", "sample country")))
    latest = sa.func.max(_columns.day)
    return list(model.Session.execute(query.order_by(latest.desc(), _columns.rubric_version.desc())).scalars())


class Asked(msgspec.Struct, frozen=True):
    """What is asked of the trends: of a version of the rubric; of some countries, or of one publisher in them.

    publisher: None for whole countries, empty for records that name none. criterion: of which results are wanted.
    first, last: the days, both included.
    """

    rubric_version: str
    countries: tuple[str, ...] = ()
    publisher: str | None = None
    criterion: str | None = None
    first: datetime.date | None = None
    last: datetime.date | None = None


def points(asked: Asked) -> list[TrendPoint]:
    """The points by country and day; a day that has none is as the last one before it.

    Those of samples where nothing real was ever counted; they are marked.
    """
    return _points(asked, sample=not _has_real_trends())


def _has_real_trends() -> bool:
    real = sa.select(sa.literal(1)).where(_columns.level.in_(("country", "publisher")))
    return model.Session.execute(real.limit(1)).first() is not None


def _level(level: Literal["country", "publisher"], sample: bool) -> Level:
    if not sample:
        return level
    return "sample country" if level == "country" else "sample publisher"


def _points(asked: Asked, sample: bool) -> list[TrendPoint]:
    level = _level("country" if asked.publisher is None else "publisher", sample)
    query = sa.select(trend_table).where(_columns.level == level, _columns.rubric_version == asked.rubric_version)
    if asked.countries:
        query = query.where(_columns.country.in_(asked.countries))
    if asked.publisher is not None:
        query = query.where(_columns.publisher == asked.publisher)
    if asked.first is not None:
        query = query.where(_columns.day >= asked.first)
    if asked.last is not None:
        query = query.where(_columns.day <= asked.last)
    rows = model.Session.execute(query.order_by(_columns.country, _columns.day))
    return [_point(row, asked) for row in rows]


def _point(row: Any, asked: Asked) -> TrendPoint:
    tally = msgspec.json.decode(row.tally, type=Tally)
    counted = (row.publishers, row.lacking, row.recomputed)
    point = to_trend_point(tally, row.day, asked.publisher, counted, asked.criterion)
    return msgspec.structs.replace(point, sample=row.level.startswith("sample "))


def _of_publisher(tally: Tally) -> Tally:
    """Of the publisher as a whole, under whatever agency and from whatever source."""
    return msgspec.structs.replace(tally, agency="", agency_title="", level="", source="")


def _nothing(country: str, rubric_version: str, day: datetime.date) -> Tally:
    return Tally(country=country, publisher="", rubric_version=rubric_version, first_date=day, last_date=day)


def _row(level: Level, publisher: str, day: datetime.date, tally: Tally, publishers: int) -> dict[str, Any]:
    # Whose it is stands in the row's key.
    told = msgspec.structs.replace(tally, publisher=publisher)
    return {
        "rubric_version": tally.rubric_version,
        "country": tally.country,
        "level": level,
        "publisher": publisher,
        "day": day,
        "publishers": publishers if tally.data_sets else 0,
        "lacking": 0,
        "recomputed": False,
        "tally": msgspec.json.encode(told).decode(),
    }


def _store(rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        statements.execute(model.Session, _KEPT, rows)
