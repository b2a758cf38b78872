"""What an organization's datasets need, from stored evaluations: fixes by what they gain, and the datasets of each."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.model as model
import msgspec
import numpy as np
import redis
from ckan.lib.jobs import get_queue
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.improvement import work_list_statements as statements
from ckanext.aivision.catalogue.improvement.fixes import Fix, load_fixes
from ckanext.aivision.catalogue.rescore.run_rescore import SIZE, evaluate_again
from ckanext.aivision.catalogue.tables.moments import iso
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.queues import SHORT
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.mendable import NOTHING, WIDTH, mendable_keys

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


# The parameters of addresses and actions.
FILTERS = Filters.__struct_fields__


def find_needs(organization: str, filters: Filters) -> list[Need]:
    """The fixes that some of the datasets need, by the points that they gain. organization: its id."""
    values = {**_of(organization), **filters.values()}
    text = model.Session.execute(statements.together(filters.conditions()), values).scalar() or ""
    keys = mendable_keys(load())
    # A row for each dataset, a column for each key: hundredths of points, or nothing to mend.
    table = np.frombuffer(bytes.fromhex(text), dtype=">u2").reshape(-1, len(keys))
    is_needed = table != int(NOTHING, 16)
    hundredths = np.where(is_needed, table, 0).sum(axis=0, dtype=np.int64)
    places = {key: place for place, key in enumerate(keys)}
    needs = [_need(fix, places, is_needed, hundredths) for fix in load_fixes().values()]
    return sorted(
        (need for need in needs if need.datasets),
        key=lambda need: (-round(need.points, 2), -need.limited, -need.datasets, need.fix.id),
    )


def _need(fix: Fix, places: Mapping[str, int], is_needed: Any, hundredths: Any) -> Need:
    columns, gates = [places[key] for key in fix.keys], [places[key] for key in fix.gates]
    return Need(
        fix,
        datasets=int(is_needed[:, columns].any(axis=1).sum()),
        points=float(hundredths[columns].sum()) / 100,
        limited=int(is_needed[:, gates].any(axis=1).sum()) if gates else 0,
    )


def find_datasets(
    organization: str, fix: Fix, filters: Filters, sort: str = "points", limit: int = 50, offset: int = 0
) -> tuple[int, list[dict[str, Any]]]:
    """The datasets that need a fix: how many there are, and those of a page, each with the points that it gains."""
    values = {**_of(organization), **filters.values()}
    statement = statements.with_fix(filters.conditions(), _places(fix), sort)
    rows = model.Session.execute(statement, {**values, "limit": limit, "offset": offset}).all()
    if not rows and offset:
        rows = model.Session.execute(statement, {**values, "limit": 1, "offset": 0}).all()
        return (rows[0].datasets if rows else 0), []
    return (rows[0].datasets if rows else 0), [_describe(row) for row in rows]


def every_id(organization: str, fix: Fix, filters: Filters, most: int) -> list[str]:
    """The ids of the datasets that need a fix, at most so many."""
    values = {**_of(organization), **filters.values()}
    statement = statements.with_fix(filters.conditions(), _places(fix), "points")
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
    row = model.Session.execute(statements.COUNTS, _of(organization)).one()
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
        rows = model.Session.execute(statements.WAITING, {**_of(organization), "size": SIZE, "after": after}).all()
        if not rows:
            return
        yield rows
        after = rows[-1].id


def _of(organization: str) -> dict[str, Any]:
    """What all statements ask for: an organization, and gains by the present version of the rubric."""
    keys = mendable_keys(load())
    return {"organization": organization, "version": load().version, "width": WIDTH * len(keys)}


def _places(fix: Fix) -> list[int]:
    keys = mendable_keys(load())
    return [keys.index(key) for key in fix.keys]


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
