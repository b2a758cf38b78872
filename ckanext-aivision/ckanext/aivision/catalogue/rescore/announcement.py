"""Tell publishers ahead of a rescore how the grades of their datasets would change under the new rubric.

An announcement is stored with the result of a dry run. The rescore removes it.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations.evaluation_store import today
from ckanext.aivision.catalogue.rescore.dry_run import DryRun, Listener, run_dry
from ckanext.aivision.catalogue.rescore.grade_changes import GradeChange
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.moments import now
from ckanext.aivision.errors import UsageError
from ckanext.aivision.model import announced_grade as grade_table
from ckanext.aivision.model import announcement as table
from ckanext.aivision.scoring.rubric import load

# Datasets of an organization that are listed by name.
LISTED = 10
_KEPT = sa.text(
    f"""
    INSERT INTO aivision_announced_grade (package_id, rubric_version, grade, score, gate, criteria)
    SELECT r.package_id, r.rubric_version, r.grade, r.score, r.gate, r.criteria
    {
        statements.from_rows(
            "package_id text, rubric_version text, grade text, score double precision, gate text, criteria jsonb"
        )
    }
    ON CONFLICT (package_id) DO UPDATE SET rubric_version = excluded.rubric_version, grade = excluded.grade,
        score = excluded.score, gate = excluded.gate, criteria = excluded.criteria
    """
)
# What is evaluated under the new version by now has its new grade already.
_PENDING = """
    FROM aivision_announced_grade g
    JOIN aivision_announcement a ON a.rubric_version = g.rubric_version
    JOIN aivision_evaluation e ON e.package_id = g.package_id AND e.rubric_version <> g.rubric_version
    JOIN package p ON p.id = g.package_id AND p.state = 'active'
"""
_OF_DATASET = sa.text(
    f"""
    SELECT g.rubric_version, a.starts_on, e.grade AS before, g.grade AS after, g.score, g.gate, g.criteria
    {_PENDING} WHERE g.package_id = :package_id
    """
)
_OF_ORGANIZATION = sa.text(
    f"""
    SELECT g.rubric_version, a.starts_on, e.grade AS before, g.grade AS after, count(*) AS datasets
    {_PENDING} WHERE p.owner_org = :organization
    GROUP BY g.rubric_version, a.starts_on, e.grade, g.grade ORDER BY e.grade, g.grade
    """
)
_LOWER = sa.text(
    f"""
    SELECT p.name, p.title, e.grade AS before, g.grade AS after, g.gate, g.criteria
    {_PENDING} WHERE p.owner_org = :organization AND g.grade > e.grade
    ORDER BY g.grade DESC, e.grade, p.title, p.name LIMIT :most
    """
)


class Announcement(NamedTuple):
    """The new version of the rubric, and the day (UTC) from which `rescore` evaluates under it."""

    rubric_version: str
    starts_on: datetime.date


def announce(starts_on: datetime.date, jobs: int, listener: Listener) -> DryRun:
    """Evaluates as a dry run, and stores the grades for the pages in place of an earlier announcement.

    starts_on: also the reference date. Publishers see the notice once all is stored.
    Raises UsageError if the day is over or nothing is left to be evaluated, ServiceError as `run_dry`.
    """
    if starts_on < today():
        raise UsageError(f"{starts_on}: this day is over; announce a day from today ({today()}, UTC) on")
    version = load().version
    _delete_all()
    found = run_dry(starts_on, jobs, listener, functools.partial(_keep, version=version))
    if not set(found.changes.versions) - {version}:
        raise UsageError(f"nothing to announce: no dataset has an evaluation under another version than {version}")
    model.Session.execute(table.insert().values(rubric_version=version, starts_on=starts_on, made=now()))
    model.Session.commit()
    return found


def withdraw() -> bool:
    """Removes the announcement. Returns whether there was one."""
    return _delete_all() > 0


def end(rubric_version: str) -> None:
    """Removes the announcement of a version under which everything is evaluated now. Commits.

    That of another version, made with the software of a later release, stays.
    """
    for each in (table, grade_table):
        model.Session.execute(each.delete().where(each.c.rubric_version == rubric_version))
    model.Session.commit()


def find_announcement() -> Announcement | None:
    """The announcement, if there is one."""
    row = model.Session.execute(sa.select(table.c.rubric_version, table.c.starts_on)).first()
    return Announcement(*row) if row is not None else None


def is_early(on: datetime.date) -> Announcement | None:
    """The announcement of the current version, if its day is after another day."""
    found = find_announcement()
    return found if found is not None and found.rubric_version == load().version and found.starts_on > on else None


def find_for_dataset(package_id: str) -> dict[str, Any] | None:
    """What is announced for a dataset; None if nothing is, or if it is evaluated under the new version already.

    rubric_version, starts_on, before and after (grades), score, gate (its id; empty if there is none) and criteria (ids
    of those that move the score most).
    """
    row = model.Session.execute(_OF_DATASET, {"package_id": package_id}).first()
    return dict(row._mapping) if row is not None else None


def find_for_organization(organization: str) -> dict[str, Any] | None:
    """What is announced for the datasets of an organization; None if nothing is. organization: its id.

    rubric_version, starts_on, datasets, lower and higher (numbers of datasets), grades ([{before, after, datasets}]),
    and lowest: some of those whose grade gets worse, with name and title.
    """
    rows = model.Session.execute(_OF_ORGANIZATION, {"organization": organization}).all()
    if not rows:
        return None
    lower = model.Session.execute(_LOWER, {"organization": organization, "most": LISTED})
    return {
        "rubric_version": rows[0].rubric_version,
        "starts_on": rows[0].starts_on,
        "datasets": sum(row.datasets for row in rows),
        "lower": sum(row.datasets for row in rows if row.after > row.before),
        "higher": sum(row.datasets for row in rows if row.after < row.before),
        "grades": [{"before": row.before, "after": row.after, "datasets": row.datasets} for row in rows],
        "lowest": [dict(row._mapping) for row in lower],
    }


def _keep(changes: Sequence[GradeChange], version: str) -> None:
    rows = [
        {
            "package_id": change.stored.package_id,
            "rubric_version": version,
            "grade": change.after.grade,
            "score": change.after.score,
            "gate": change.gate(),
            "criteria": change.criteria(),
        }
        for change in changes
    ]
    if rows:
        statements.execute(model.Session, _KEPT, rows)
        model.Session.commit()


def _delete_all() -> int:
    model.Session.execute(grade_table.delete())
    deleted = model.Session.execute(table.delete()).rowcount
    model.Session.commit()
    return int(deleted)
