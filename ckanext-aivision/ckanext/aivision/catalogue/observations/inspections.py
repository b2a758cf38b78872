"""Looks at single files, as they are stored: asked for, begun, and what they found or why they found nothing."""

from __future__ import annotations

import datetime
from typing import Any, Literal

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.tables import moments
from ckanext.aivision.content.inspection import Inspection
from ckanext.aivision.model import inspection as table
from ckanext.aivision.scoring.observations.file_profile import FileProfile

OPEN = ("waiting", "running")
# One person's, that wait or run.
MOST_OPEN = 50
# A job that has not come back by then never will: it is ended sooner.
LONGEST = datetime.timedelta(minutes=15)
_columns = table.c
_NOTHING = FileProfile(url="")


def ask(resource_id: str, package_id: str, url: str, user_id: str) -> None:
    """Notes that a file is to be looked at, in place of any look before. Commits."""
    row = {
        "package_id": package_id,
        "url": url,
        "state": "waiting",
        "message": "",
        "user_id": user_id,
        "asked": moments.now(),
        "started": None,
        "finished": None,
        "found": "",
    }
    statement = insert(table).values(resource_id=resource_id, **row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=row))
    model.Session.commit()


def find(resource_id: str) -> Any:
    """The row of a resource, or None if nobody has asked for a look at it."""
    return model.Session.execute(sa.select(table).where(_columns.resource_id == resource_id)).first()


def of_package(package_id: str) -> dict[str, Any]:
    """The rows of a package by their resources' ids."""
    found = model.Session.execute(sa.select(table).where(_columns.package_id == package_id))
    return {row.resource_id: row for row in found}


def is_open(row: Any) -> bool:
    """Whether a job works on it, or is to work on it."""
    return row.state in OPEN and (row.started or row.asked) > moments.now() - LONGEST


def count_open(user_id: str) -> int:
    """How many files wait or are looked at that one person asked for."""
    recent = _columns.asked > moments.now() - LONGEST
    query = sa.select(sa.func.count()).where(_columns.user_id == user_id, _columns.state.in_(OPEN), recent)
    return int(model.Session.execute(query).scalar_one())


def begin(resource_id: str) -> None:
    """Notes that a job works on it now. Commits."""
    _change(resource_id, state="running", started=moments.now())


def end(resource_id: str, found: Inspection) -> None:
    """Notes what was found of size, checksum and media type; the caller stores the profile."""
    alone = msgspec.structs.replace(found, profile=_NOTHING)
    _change(resource_id, state="done", finished=moments.now(), found=msgspec.json.encode(alone).decode())


def fail(resource_id: str, why: Literal["no-queue", "broke-off"]) -> None:
    """Notes that nothing was found out, and why. Commits."""
    _change(resource_id, state="failed", finished=moments.now(), message=why)


def read(row: Any) -> Inspection:
    """What a look found, without the profile."""
    return msgspec.json.decode(row.found, type=Inspection) if row.found else Inspection(profile=_NOTHING)


def _change(resource_id: str, **values: Any) -> None:
    model.Session.execute(sa.update(table).where(_columns.resource_id == resource_id).values(**values))
    model.Session.commit()
