"""What is new for the people who look after an organization's datasets."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.compare.tallies.points import from_point
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.scoring.rubric import load

# Of an organization's editors and admins; a sysadmin gets those of organizations that have them as a member.
_ROLES = ("admin", "editor")
_ORGANIZATIONS = sa.text(
    """
    SELECT DISTINCT g.id FROM member m JOIN "group" g ON g.id = m.group_id
    WHERE m.table_name = 'user' AND m.table_id = :user AND m.state = 'active' AND m.capacity = ANY(:roles)
        AND g.is_organization AND g.state = 'active'
    """
)
_OURS = f"p.owner_org = ANY(:organizations) AND p.state = 'active' AND p.type = {DATASET_TYPES}"
_GRADES = sa.text(
    f"""
    SELECT p.name, p.title, before.point AS before, latest.point AS latest
    FROM package p
    JOIN LATERAL (
        SELECT h.point, h.rubric_version FROM aivision_history h
        WHERE h.package_id = p.id ORDER BY h.reference_date DESC, h.recomputed LIMIT 1
    ) latest ON TRUE
    JOIN LATERAL (
        SELECT h.point FROM aivision_history h
        WHERE h.package_id = p.id AND h.reference_date <= :day AND h.rubric_version = latest.rubric_version
        ORDER BY h.reference_date DESC LIMIT 1
    ) before ON TRUE
    WHERE {_OURS} AND before.point <> latest.point ORDER BY p.title, p.id
    """  # noqa: S608 - a condition of ours
)
_LINKS = sa.text(
    f"""
    SELECT p.name, p.title, count(*) AS number FROM resource r
    JOIN package p ON p.id = r.package_id
    JOIN aivision_link l ON l.id = encode(sha256(convert_to(r.url, 'UTF8')), 'hex') AND l.state = 'broken'
    WHERE {_OURS} AND r.state = 'active' GROUP BY p.id, p.name, p.title ORDER BY p.title, p.id
    """  # noqa: S608
)
_POINTS = sa.text(
    f"""
    SELECT p.name, p.title, e.point FROM package p JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE {_OURS} AND e.rubric_version = :version AND e.point IS NOT NULL ORDER BY p.title, p.id
    """  # noqa: S608
)
_RUNS = sa.text(
    """
    SELECT s.name, coalesce(s.source ->> 'title', s.name) AS title, r.id, r.state, r.account ->> 'message' AS message,
        r.account -> 'problems' AS problems
    FROM aivision_run r JOIN aivision_source s ON s.name = r.source
    WHERE s.owner_org = ANY(:organizations) AND r.started > :since AND r.state <> 'running'
    ORDER BY r.started DESC, r.id
    """
)
_DROPPED = sa.text(
    f"""
    SELECT p.name, p.title, count(*) AS number FROM aivision_correction c JOIN package p ON p.id = c.package_id
    WHERE {_OURS} AND c.ended > :since GROUP BY p.id, p.name, p.title ORDER BY p.title, p.id
    """  # noqa: S608
)
_FAILED = ("failed", "incomplete", "needs-confirmation")
_OVERDUE = "updated-on-rhythm"


class Regraded(NamedTuple):
    """A dataset whose grade is another."""

    name: str
    title: str
    before: str
    now: str


class Counted(NamedTuple):
    """A dataset, and how many things are meant of it."""

    name: str
    title: str
    number: int


class Run(NamedTuple):
    """A harvest. id: of the run. number: of its problems."""

    source: str
    title: str
    id: str
    message: str
    number: int = 0


class Notices(NamedTuple):
    """worse, better: by grade. dead_links: datasets with broken links. overdue: that were not updated on time.

    failed: harvests that did not end well. problems: harvests that met errors in records. dropped: datasets of which a
    harvest dropped corrections.
    """

    worse: Sequence[Regraded] = ()
    better: Sequence[Regraded] = ()
    dead_links: Sequence[Counted] = ()
    overdue: Sequence[Counted] = ()
    failed: Sequence[Run] = ()
    problems: Sequence[Run] = ()
    dropped: Sequence[Counted] = ()


def find_organizations(user_id: str) -> list[str]:
    """The ids of the organizations of which a user is an editor or an admin."""
    return list(model.Session.execute(_ORGANIZATIONS, {"user": user_id, "roles": list(_ROLES)}).scalars())


def find_notices(organizations: Sequence[str], since: datetime.datetime) -> Notices:
    """What is new for these organizations since a moment (UTC without a time zone), private datasets included."""
    if not organizations:
        return Notices()
    asked = {"organizations": list(organizations)}
    regraded = _regraded(asked, since)
    runs = model.Session.execute(_RUNS, {**asked, "since": since}).all()
    return Notices(
        worse=[item for item in regraded if item.now > item.before],
        better=[item for item in regraded if item.now < item.before],
        dead_links=[Counted(*row) for row in model.Session.execute(_LINKS, asked)],
        overdue=_overdue(asked),
        failed=[Run(row.name, row.title, row.id, row.message or "") for row in runs if row.state in _FAILED],
        problems=[
            Run(row.name, row.title, row.id, "", number) for row in runs if (number := _errors(row.problems)) > 0
        ],
        dropped=[Counted(*row) for row in model.Session.execute(_DROPPED, {**asked, "since": since})],
    )


def _regraded(asked: dict[str, list[str]], since: datetime.datetime) -> list[Regraded]:
    found = []
    for row in model.Session.execute(_GRADES, {**asked, "day": since.date()}):
        before, now = from_point(row.before).grade, from_point(row.latest).grade
        if before != now:
            found.append(Regraded(row.name, row.title or row.name, before, now))
    return found


def _overdue(asked: dict[str, list[str]]) -> list[Counted]:
    rubric = load()
    place = next((at for at, row in enumerate(rubric.criteria) if row.id == _OVERDUE), None)
    if place is None:
        return []
    rows = model.Session.execute(_POINTS, {**asked, "version": rubric.version})
    return [Counted(row.name, row.title or row.name, 1) for row in rows if _outcome(row.point, place) == "f"]


def _outcome(point: str, place: int) -> str:
    return from_point(point).outcomes[place : place + 1]


def _errors(problems: object) -> int:
    kinds = [kind for kind in problems if isinstance(kind, dict)] if isinstance(problems, list) else []
    return sum(int(kind.get("count", 0)) for kind in kinds if kind.get("severity") == "error")
