"""A change to many datasets in the activity stream: one entry of the organization, not one for each dataset."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import ckan.model as model
import msgspec

from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.catalogue.writer.activities import activities_kept

# By the state that the change came to; templates/snippets/activities has a template for each.
KINDS = {"applied": "changed datasets", "undone": "restored datasets"}


def note_in_stream(edit: Any, user: str, done: str, number: int, started: datetime.datetime) -> None:
    """Adds the entry, within the session's transaction. It names no dataset: drafts and private ones are among them.

    done: applied or undone. number: of datasets.
    """
    group, author = model.Group.get(edit.organization), model.User.get(user)
    if not activities_kept() or group is None or author is None or not number:
        return
    told = {"id": group.id, "name": group.name, "title": group.title or group.name}
    what = {"id": edit.id, "kind": edit.kind, "fix": edit.what.get("fix", ""), "datasets": number}
    row = {
        "id": str(uuid.uuid4()),
        "timestamp": naive(started).isoformat(),
        "user_id": author.id,
        "object_id": group.id,
        "activity_type": KINDS[done],
        "data": msgspec.json.encode({"group": told, "edit": what, "actor": user}).decode(),
        "permission_labels": None,
    }
    statements.execute(model.Session, statements.ACTIVITIES, [row])
