"""Apply a checked change to many datasets, and undo it: each dataset is committed with the row saying what it was."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import Any

import ckan.model as model
import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import snapshot_queue
from ckanext.aivision.catalogue.evaluations.corrected import evaluate_corrected
from ckanext.aivision.catalogue.improvement import edits
from ckanext.aivision.catalogue.improvement.check_edit import Refused, describe_errors, new_package, read_row
from ckanext.aivision.catalogue.improvement.dataset_writer import DatasetWriter, Written
from ckanext.aivision.catalogue.improvement.patches import digest, former_values
from ckanext.aivision.catalogue.improvement.stream import note_in_stream

_log = logging.getLogger(__name__)
Step = Callable[[Any, Any, DatasetWriter, str], None]


def apply_job(edit_id: str, user: str) -> None:
    """The RQ job that applies a change in a user's name."""
    _run(edit_id, user, ("applying", "ready", "applied"), _create if _is_new(edit_id) else _apply)


def undo_job(edit_id: str, user: str) -> None:
    """The RQ job that undoes a change in a user's name. A dataset that was changed since is left as it is."""
    _run(edit_id, user, ("undoing", "applied", "undone"), _delete if _is_new(edit_id) else _undo)


def _is_new(edit_id: str) -> bool:
    edit = edits.find(edit_id)
    return edit is not None and edit.kind == "new"


def _run(edit_id: str, user: str, states: tuple[str, str, str], step: Step) -> None:
    """states: of the change while the job works; of the rows to take up; of the change at the end."""
    working, taken, done = states
    if not edits.begin(edit_id, (working,), working):
        return
    edit, writer = edits.find(edit_id), DatasetWriter(user)
    started = datetime.datetime.now(datetime.timezone.utc)
    try:
        for batch in edits.batches(edit_id, taken):
            for row in batch:
                _take(edit, row, writer, user, done, step)
            edits.beat(edit_id)
            model.Session.commit()
            writer.index()
            # Else the session holds every dataset that it has written.
            model.Session.expunge_all()
        note_in_stream(edit, user, done, edits.count_rows(edit_id)[done], started)
        edits.end(edit_id, done)
        snapshot_queue.request()
    except Exception as error:
        model.Session.rollback()
        edits.end(edit_id, "failed", f"{type(error).__name__}: {error}".splitlines()[0])
        _log.exception("the change %s broke off", edit_id)
        raise


def _take(edit: Any, row: Any, writer: DatasetWriter, user: str, done: str, step: Step) -> None:
    """Takes a step for one row, and commits both, or only why it was not possible."""
    try:
        if edits.claim(row, done):
            step(edit, row, writer, user)
        model.Session.flush()
        snapshot_queue.withhold()
        model.Session.commit()
    except (Refused, toolkit.ValidationError, toolkit.NotAuthorized, toolkit.ObjectNotFound) as error:
        model.Session.rollback()
        state = error.state if isinstance(error, Refused) else "refused" if done == "applied" else "kept"
        edits.note(row, state=state, message=_reason(error)[:2000])
        model.Session.commit()


def _reason(error: Exception) -> str:
    if isinstance(error, toolkit.ValidationError):
        return describe_errors(error.error_dict)
    if isinstance(error, toolkit.NotAuthorized):
        return str(toolkit._("You may not edit this dataset"))
    if isinstance(error, toolkit.ObjectNotFound):
        return str(toolkit._("There is no such dataset any more"))
    return str(error)


def _read_unchanged(row: Any, writer: DatasetWriter) -> dict[str, Any]:
    """The dataset as this change left it. Raises Refused if somebody has changed it since."""
    package = writer.read(row.package_id)
    if digest(package) != row.digest:
        raise Refused(toolkit._("The dataset was changed since, so it stays as it is"), "kept")
    return package


def _note_written(row: Any, written: Written, **more: str) -> None:
    # What was changed of a harvested dataset is a correction: the preview told the score with it.
    evaluation = evaluate_corrected(written.package["id"]) or written.evaluation
    edits.note(
        row,
        digest=digest(written.package),
        score_after=evaluation.score,
        grade_after=evaluation.grade,
        message="",
        **more,
    )


def _apply(edit: Any, row: Any, writer: DatasetWriter, user: str) -> None:
    original, values = read_row(edit, row, writer)
    written = writer.update(original, values)
    _note_written(row, written, before=msgspec.json.encode(former_values(original, values)).decode())


def _undo(edit: Any, row: Any, writer: DatasetWriter, user: str) -> None:
    original = _read_unchanged(row, writer)
    writer.update(original, msgspec.json.decode(row.before))
    edits.note(row, message="")


def _create(edit: Any, row: Any, writer: DatasetWriter, user: str) -> None:
    written = writer.create(new_package(edit, row))
    _note_written(row, written, package_id=written.package["id"])


def _delete(edit: Any, row: Any, writer: DatasetWriter, user: str) -> None:
    _read_unchanged(row, writer)
    toolkit.get_action("package_delete")(
        {"user": user, "model": model, "session": model.Session}, {"id": row.package_id}
    )
