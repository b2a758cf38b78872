"""Check a change to many datasets without writing: what it makes of each, by CKAN's validators and by the rubric."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import ckan.lib.plugins as lib_plugins
import ckan.model as model
import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.corrections.corrected_records import find_corrected
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.improvement import edits
from ckanext.aivision.catalogue.improvement.dataset_writer import DatasetWriter
from ckanext.aivision.catalogue.improvement.fixes import load_fixes
from ckanext.aivision.catalogue.improvement.patches import former_values, is_same, merged, new_values
from ckanext.aivision.catalogue.posted_form import CHECKED
from ckanext.aivision.catalogue.tables import records
from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.rubric import load

_log = logging.getLogger(__name__)


class _Checked(NamedTuple):
    """A row that can be applied. before, after: the records; before is None for a new dataset."""

    row: Any
    before: Dataset | None
    after: Dataset
    values: dict[str, Any]


def check_job(edit_id: str, user: str) -> None:
    """The RQ job that checks a change in a user's name."""
    edit = edits.find(edit_id)
    if edit is None or not edits.begin(edit_id, ("checking",), "checking"):
        return
    try:
        for batch in edits.batches(edit_id, "waiting"):
            _check(edit, batch, user)
            edits.beat(edit_id)
            model.Session.commit()
        edits.end(edit_id, "checked")
    except Exception as error:
        model.Session.rollback()
        edits.end(edit_id, "failed", f"{type(error).__name__}: {error}".splitlines()[0])
        _log.exception("the change %s could not be checked", edit_id)
        raise


def _check(edit: Any, batch: Sequence[Any], user: str) -> None:
    """Checks some rows, and writes what came of it. The caller commits."""
    writer, checked = DatasetWriter(user), []
    for row in batch:
        try:
            found = _check_new(edit, row, user) if edit.kind == "new" else _check_patch(edit, row, user, writer)
        except Refused as refused:
            edits.note(row, state=refused.state, message=str(refused)[:2000])
        else:
            checked.append(found)
    known = [item.before for item in checked if item.before is not None]
    results = evaluations.evaluate_all([*known, *(item.after for item in checked)], load(), evaluations.today())
    before, after = iter(results[: len(known)]), results[len(known) :]
    for item, evaluation in zip(checked, after, strict=True):
        former = next(before) if item.before is not None else None
        falls = edit.kind == "fix" and former is not None and (evaluation.score or 0) < (former.score or 0)
        edits.note(
            item.row,
            state="refused" if falls else "ready",
            message=_falls(former, evaluation) if falls else "",
            before=msgspec.json.encode(item.values).decode(),
            score_before=former.score if former is not None else None,
            grade_before=former.grade if former is not None else "",
            score_after=evaluation.score,
            grade_after=evaluation.grade,
        )


def _falls(before: Any, after: Any) -> str:
    """Why a fix is not made: what is to raise a score must not lower it."""
    message = toolkit._(
        "Its score would fall from {before} to {after}: the value does not fit what else the dataset says. If it is "
        "right all the same, edit the dataset by itself"
    )
    return str(message.format(before=before.score, after=after.score))


class Refused(Exception):
    """A row that cannot be applied. state: refused or unchanged."""

    def __init__(self, message: str, state: str = "refused") -> None:
        super().__init__(message)
        self.state = state


def read_row(edit: Any, row: Any, writer: DatasetWriter) -> tuple[dict[str, Any], dict[str, Any]]:
    """The dataset of a row as it is stored, and the values that its fields get. Raises Refused."""
    try:
        original = writer.read(row.package_id)
    except toolkit.ObjectNotFound:
        raise Refused(toolkit._("There is no such dataset any more")) from None
    except toolkit.NotAuthorized:
        raise Refused(toolkit._("You may not edit this dataset")) from None
    if original.get("owner_org") != edit.organization or original.get("state") == "deleted":
        raise Refused(toolkit._("The dataset does not belong to the organization any more"))
    values = new_values(original, msgspec.json.decode(row.patch), added_fields(edit))
    if edit.what.get("only_empty"):
        values = {field: value for field, value in values.items() if not original.get(field)}
    if is_same(original, values):
        raise Refused("", "unchanged")
    return original, values


def added_fields(edit: Any) -> tuple[str, ...]:
    """The fields whose values are added to those that are there."""
    return load_fixes()[edit.what["fix"]].add if edit.kind == "fix" else ()


def describe_errors(errors: Mapping[str, Any]) -> str:
    """What validators found, in one line."""
    summary = toolkit.ValidationError(dict(errors)).error_summary
    return "; ".join(f"{field}: {message}" for field, message in summary.items())


def _check_patch(edit: Any, row: Any, user: str, writer: DatasetWriter) -> _Checked:
    original, values = read_row(edit, row, writer)
    changed = merged(original, values)
    # The files stay as they are, and package_update passes their validators over too.
    _validate({**changed, "resources": []}, user, "package_update", model.Package.get(row.package_id))
    before = find_corrected(row.package_id)
    if before is None:
        _, before = next(records.datasets([row.package_id], {row.package_id: original}))
    after = records.of_package(changed, records.source_record(row.package_id))
    return _Checked(row, before, after, former_values(original, values))


def _check_new(edit: Any, row: Any, user: str) -> _Checked:
    package = new_package(edit, row)
    context = {"user": user, "model": model, "session": model.Session}
    try:
        toolkit.check_access("package_create", context, {"owner_org": edit.organization})
    except toolkit.NotAuthorized:
        raise Refused(toolkit._("You may not create datasets in this organization")) from None
    _validate(package, user, "package_create", None)
    group = model.Group.get(edit.organization)
    named = {"id": edit.organization, "name": group.name, "title": group.title} if group is not None else None
    return _Checked(row, None, records.of_package({**package, "organization": named}), {})


def new_package(edit: Any, row: Any) -> dict[str, Any]:
    """The package of a new dataset, as `package_create` takes it."""
    return {**msgspec.json.decode(row.patch), "type": "dataset", "owner_org": edit.organization}


def _validate(package: dict[str, Any], user: str, action: str, entity: Any) -> None:
    """Raises Refused where CKAN's validators do not take a package, as the action itself would."""
    plugin = lib_plugins.lookup_package_plugin(entity.type if entity is not None else DEFAULT)
    schema = plugin.create_package_schema() if entity is None else plugin.update_package_schema()
    context = {"user": user, "auth_user_obj": model.User.get(user), "model": model, "session": model.Session}
    context[CHECKED] = True
    if entity is not None:
        context["package"] = entity
    _, errors = lib_plugins.plugin_validate(plugin, context, dict(package), schema, action)
    if errors:
        raise Refused(describe_errors(errors))
