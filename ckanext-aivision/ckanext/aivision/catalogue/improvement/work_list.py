"""What an organization's datasets need, from stored evaluations: fixes by what they gain, and the datasets of each."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.model as model
import msgspec
import redis
from ckan.lib.jobs import get_queue
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.improvement import statements
from ckanext.aivision.catalogue.improvement.fixes import Fix, fixes_by_key, load_fixes
from ckanext.aivision.catalogue.rescore.run_rescore import SIZE, evaluate_again
from ckanext.aivision.catalogue.tables.moments import iso
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.queues import SHORT
from ckanext.aivision.scoring.rubric import load

_decode = msgspec.json.Decoder(dict[str, float]).decode
_JOB = "aivision-work-list-"
_TIMEOUT = 6 * 3600  # seconds
_log = logging.getLogger(__name__)


class Need(msgspec.Struct):
    """What a fix would do for an organization. limited: datasets whose grade a fault limits that the fix mends.

    points: of all datasets together, if each got all that its criteria can add.
    """

    fix: Fix
    datasets: int = 0
    points: float = 0.0
    limited: int = 0

    @property
    def mean(self) -> float:
        """Points for each of the datasets."""
        return self.points / self.datasets if self.datasets else 0.0


class Filters(msgspec.Struct, frozen=True):
    """Which datasets are meant. state: public, private or draft. origin: harvested or own. title: words in it."""

    state: str = ""
    origin: str = ""
    grade: str = ""
    title: str = ""

    def conditions(self) -> list[str]:
        """The names of the conditions of `statements`."""
        named = [name for name in ("grade", "title") if getattr(self, name)]
        return [*filter(None, (self.state, self.origin)), *named]

    def values(self) -> dict[str, str]:
        """What the conditions compare with."""
        return {"grade": self.grade, "title": self.title}


def find_needs(organization: str, filters: Filters) -> list[Need]:
    """The fixes that some of the datasets need, by the points that they gain. organization: its id."""
    values = {"organization": organization, "version": load().version, **filters.values()}
    found: dict[str, Need] = {}
    fixes, by_key = load_fixes(), fixes_by_key()
    gates = {row.id for row in load().gates}
    for text, number in model.Session.execute(statements.grouped(filters.conditions()), values):
        gains: Counter[str] = Counter()
        limited = set()
        for key, points in _decode(text).items():
            if (id := by_key.get(key)) is not None:
                gains[id] += points  # type: ignore[assignment]
                if key in gates:
                    limited.add(id)
        for id, points in gains.items():
            need = found.get(id) or found.setdefault(id, Need(fixes[id]))
            need.datasets += number
            need.points += number * points
            need.limited += number * (id in limited)
    return sorted(found.values(), key=lambda need: (-round(need.points, 2), -need.limited, -need.datasets, need.fix.id))


def find_datasets(
    organization: str, fix: Fix, filters: Filters, sort: str = "points", limit: int = 50, offset: int = 0
) -> tuple[int, list[dict[str, Any]]]:
    """The datasets that need a fix: how many there are, and those of a page, each with the points that it gains."""
    values = {"organization": organization, "version": load().version, **filters.values(), **_keys(fix)}
    statement = statements.with_fix(filters.conditions(), len(fix.keys), sort)
    rows = model.Session.execute(statement, {**values, "limit": limit, "offset": offset}).all()
    if not rows and offset:
        rows = model.Session.execute(statement, {**values, "limit": 1, "offset": 0}).all()
        return (rows[0].datasets if rows else 0), []
    return (rows[0].datasets if rows else 0), [_describe(row) for row in rows]


def every_id(organization: str, fix: Fix, filters: Filters, most: int) -> list[str]:
    """The ids of the datasets that need a fix, at most so many."""
    values = {"organization": organization, "version": load().version, **filters.values(), **_keys(fix)}
    statement = statements.with_fix(filters.conditions(), len(fix.keys), "points")
    return [row.id for row in model.Session.execute(statement, {**values, "limit": most, "offset": 0})]


def find_sheet(organization: str, fix: Fix | None, filters: Filters, most: int) -> list[dict[str, Any]]:
    """The datasets of a spreadsheet, by their titles: those that need a fix, or all; at most so many."""
    if fix is not None:
        return find_datasets(organization, fix, filters, "title", most)[1]
    values = {"organization": organization, **filters.values(), "limit": most}
    rows = model.Session.execute(statements.for_sheet(filters.conditions()), values)
    return [_describe(row) for row in rows]


def find_members(organization: str, named: Sequence[str]) -> dict[str, Any]:
    """The datasets of an organization among these, by their ids and by their names; others are left out."""
    found = {}
    for row in model.Session.execute(statements.MEMBERS, {"organization": organization, "named": list(named)}):
        found[row.id] = found[row.name] = row
    return found


def count_datasets(organization: str) -> tuple[int, int]:
    """How many datasets an organization has, and of how many it is known what they need."""
    row = model.Session.execute(statements.COUNTS, {"organization": organization, "version": load().version}).one()
    return row.datasets, row.evaluated


def request_evaluation(organization: str) -> None:
    """Queues the evaluation of those datasets of which it is not known what they need, where none is queued yet."""
    id = f"{_JOB}{organization}"
    try:
        queue = get_queue(SHORT)
        if id not in queue.get_job_ids():
            options = {"job_id": id, "timeout": _TIMEOUT, "result_ttl": 0}
            title = "evaluate datasets for a work list"
            toolkit.enqueue_job(evaluate_waiting_job, [organization], title=title, queue=SHORT, rq_kwargs=options)
    except redis.RedisError as error:
        _log.warning("the evaluation for a work list could not be queued (%s)", error)


def evaluate_waiting_job(organization: str) -> None:
    """The RQ job that finds out what datasets need that were not evaluated by this version of the rubric."""
    for rows in _waiting(organization):
        evaluate_again([row.id for row in rows if row.state == "active"])
        # A rescore passes drafts over.
        drafts = list(datasets([row.id for row in rows if row.state != "active"]))
        results = evaluations.evaluate_all([dataset for _, dataset in drafts], load(), evaluations.today())
        for (id, dataset), evaluation in zip(drafts, results, strict=True):
            evaluations.save(id, evaluation, dataset)
        model.Session.commit()


def _waiting(organization: str) -> Iterator[Sequence[Any]]:
    after = ""
    while True:
        values: Mapping[str, Any] = {"organization": organization, "version": load().version, "size": SIZE}
        rows = model.Session.execute(statements.WAITING, {**values, "after": after}).all()
        if not rows:
            return
        yield rows
        after = rows[-1].id


def _keys(fix: Fix) -> dict[str, Any]:
    return {"keys": list(fix.keys), **{f"key_{number}": key for number, key in enumerate(fix.keys)}}


def _describe(row: Any) -> dict[str, Any]:
    state = ("private" if row.private else "public") if row.state == "active" else "draft"
    return {
        "id": row.id,
        "name": row.name,
        "title": row.title or row.name,
        "state": state,
        "harvested": row.harvested,
        "score": row.score,
        "grade": row.grade,
        "points": float(row.points),
        "changed": iso(row.metadata_modified),
    }
