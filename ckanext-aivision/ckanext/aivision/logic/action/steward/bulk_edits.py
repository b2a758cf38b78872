"""Change many datasets of an organization at once: check, apply, undo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
import msgspec
import redis
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.improvement import edits, work_list
from ckanext.aivision.catalogue.improvement.apply_edit import apply_job, undo_job
from ckanext.aivision.catalogue.improvement.check_edit import added_fields, check_job
from ckanext.aivision.catalogue.improvement.edits import MOST_OPEN, MOST_ROWS, NewRow
from ckanext.aivision.catalogue.improvement.fixes import Fix, load_fixes
from ckanext.aivision.catalogue.improvement.form_fields import form_fields, read_value
from ckanext.aivision.catalogue.improvement.patches import new_values, shown_values
from ckanext.aivision.catalogue.tables import records
from ckanext.aivision.catalogue.tables.moments import iso
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.action.steward.work_list import FILTERS, FIX, filters_of, organization_of
from ckanext.aivision.logic.parameter_types import Choice, Fields, Flag, Several, Whole
from ckanext.aivision.logic.shared_parameters import REQUIRED_NAME, limit
from ckanext.aivision.queues import SHORT

__all__ = [
    "aivision_bulk_edit_apply",
    "aivision_bulk_edit_create",
    "aivision_bulk_edit_discard",
    "aivision_bulk_edit_list",
    "aivision_bulk_edit_show",
    "aivision_bulk_edit_undo",
]
_TIMEOUT = 3600  # seconds
_LONGEST_VALUES = 200_000
ROW_STATES = ("waiting", "ready", "refused", "unchanged", "applied", "undone", "kept")
_JOBS = {"checking": check_job, "applying": apply_job, "undoing": undo_job}
_PAGE = Whole(most=10_000, usual=1)


@accepts(
    {
        "organization": REQUIRED_NAME,
        "fix": FIX,
        "values": Fields(longest=_LONGEST_VALUES, required=True),
        "datasets": Several(longest=100, most=MOST_ROWS),
        "every": Flag(usual=False),
        "only_empty": Flag(usual=False),
        **FILTERS,
    }
)
def aivision_bulk_edit_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Prepare one fix for many datasets of an organization. Nothing is changed yet.

    A job checks each dataset by the validators and the rights of a `package_patch` by this user, and works out its
    score before and after; one whose score would fall is refused. `aivision_bulk_edit_show` gives what it found, and
    `aivision_bulk_edit_apply` applies it.
    Only editors and admins of the organization and sysadmins can do this.

    :param organization: its id or name
    :param fix: the id of a fix, as `aivision_fix_list` gives it with `fields`
    :param values: an object with some of the fix's fields, as `package_patch` takes them
    :param datasets: ids or names of datasets of the organization, at most 5,000
    :param every: true for all datasets that need the fix, in place of `datasets` (optional)
    :param only_empty: true to leave fields as they are that are filled in already (optional)
    :param state: with `every`: only datasets that are public, private or a draft (optional)
    :param origin: with `every`: only those that are harvested, or the organization's own (optional)
    :param grade: with `every`: only those of this grade (optional)
    :param title: with `every`: only those with these words in their title (optional)
    :returns: id, and rows: how many datasets are to be changed
    :raises NotFound: if there is no such organization
    :raises ValidationError: if a value or a dataset does not fit, or too many changes wait already
    """
    group = organization_of(context, data_dict, "aivision_bulk_edit_create")
    fix = load_fixes()[data_dict["fix"]]
    values = _read_values(fix, data_dict["values"])
    chosen = _chosen(group.id, fix, data_dict)
    rows = [NewRow(place, row.id, row.title or row.name, values) for place, row in enumerate(chosen, 1)]
    what = {"fix": fix.id, "only_empty": data_dict.get("only_empty", False)}
    return start(context, group.id, "fix", what, rows)


@toolkit.side_effect_free
@accepts({"id": REQUIRED_NAME, "rows": Choice(known=lambda: ROW_STATES), "limit": limit(50), "page": _PAGE})
def aivision_bulk_edit_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What a change to many datasets would do or has done, and how far it is.

    Only editors and admins of the organization and sysadmins can see this.

    :param id: as `aivision_bulk_edit_create` gives it
    :param rows: only datasets in this state (optional)
    :param limit: datasets to return, 50 if not given (optional)
    :param page: the number of the page, 1 if not given (optional)
    :returns: id, organization (id, name, title), kind (fix, sheet or new), title, state (checking, checked, applying,
        applied, undoing, undone, failed, discarded), stalled (whether no worker works on it), message, asked, finished,
        counts (datasets by state: waiting, ready, refused, unchanged, applied, undone, kept), mean_before and
        mean_after (scores; null if not known), datasets ([{place, id, title, harvested, state, message, before and
        after (fields with their values), score_before, score_after, grade_before, grade_after}]). The scores of a
        harvested dataset are those with its corrections
    :raises NotFound: if there is no such change
    """
    edit, group = _edit(context, data_dict, "aivision_bulk_edit_show")
    number = data_dict.get("limit", 50)
    offset = (data_dict.get("page", 1) - 1) * number
    rows = edits.rows(edit.id, number, offset, data_dict.get("rows", ""))
    harvested = records.harvested_ids([row.package_id for row in rows])
    before, after, scored = edits.scores(edit.id)
    return {
        **_describe(edit),
        "organization": {"id": group.id, "name": group.name, "title": group.title or group.name},
        "counts": dict(edits.count_rows(edit.id)),
        "mean_before": round(before / scored, 1) if scored else None,
        "mean_after": round(after / scored, 1) if scored else None,
        "datasets": [_describe_row(edit, row, row.package_id in harvested) for row in rows],
    }


@toolkit.side_effect_free
@accepts({"organization": REQUIRED_NAME, "limit": limit(20), "page": _PAGE})
def aivision_bulk_edit_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """List the changes to many datasets of an organization, the latest first.

    Only editors and admins of the organization and sysadmins can see this.

    :param organization: its id or name
    :param limit: changes to return, 20 if not given (optional)
    :param page: the number of the page, 1 if not given (optional)
    :returns: a list with id, kind, title, state, stalled, message, asked and finished
    :raises NotFound: if there is no such organization
    """
    group = organization_of(context, data_dict, "aivision_bulk_edit_list")
    number = data_dict.get("limit", 20)
    found = edits.of_organization(group.id, number, (data_dict.get("page", 1) - 1) * number)
    return [_describe(edit) for edit in found]


@accepts(id=REQUIRED_NAME)
def aivision_bulk_edit_apply(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Apply a change that was checked, as a job. Each dataset is checked again, in the name of who applies it.

    One that broke off goes on where it stopped. Only editors and admins of the organization and sysadmins can do this.

    :param id: as `aivision_bulk_edit_create` gives it
    :returns: id and state
    :raises NotFound: if there is no such change
    :raises ValidationError: if it is not checked yet, or applied already
    """
    return _move(context, data_dict, "aivision_bulk_edit_apply", ("checked", "failed"), "applying")


@accepts(id=REQUIRED_NAME)
def aivision_bulk_edit_undo(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Undo a change that was applied, as a job. Datasets that were changed since stay as they are, and say so.

    Datasets that the change created are deleted. Only editors and admins of the organization and sysadmins can do this.

    :param id: as `aivision_bulk_edit_create` gives it
    :returns: id and state
    :raises NotFound: if there is no such change
    :raises ValidationError: if it was not applied, or is undone already
    """
    return _move(context, data_dict, "aivision_bulk_edit_undo", ("applied", "failed"), "undoing")


@accepts(id=REQUIRED_NAME)
def aivision_bulk_edit_discard(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Discard a change that was not applied.

    Only editors and admins of the organization and sysadmins can do this.

    :param id: as `aivision_bulk_edit_create` gives it
    :returns: id and state
    :raises NotFound: if there is no such change
    :raises ValidationError: if it was applied, or a job is working on it
    """
    edit, _ = _edit(context, data_dict, "aivision_bulk_edit_discard")
    states = ("checked", "checking") if edits.is_stalled(edit) else ("checked",)
    if not edits.begin(edit.id, states, "discarded"):
        _refuse("id", toolkit._("Only a change that was checked and not applied can be discarded"))
    return {"id": edit.id, "state": "discarded"}


def start(
    context: Any, organization: str, kind: edits.Kind, what: Mapping[str, Any], rows: list[NewRow]
) -> dict[str, Any]:
    """Stores a change and queues its check. Raises ValidationError where there is nothing to do, or too much waits."""
    if not rows:
        _refuse("datasets", toolkit._("Choose at least one dataset"))
    if edits.count_open(organization) >= MOST_OPEN:
        _refuse("organization", toolkit._("Too many changes wait already: wait until some are done"))
    user = model.User.get(context["user"])
    id = edits.create(organization, user.id if user is not None else "", kind, what, rows)
    _queue("checking", id, context["user"])
    return {"id": id, "rows": len(rows)}


def _move(context: Any, data_dict: dict[str, Any], action: str, states: tuple[str, ...], to: str) -> dict[str, Any]:
    edit, _ = _edit(context, data_dict, action)
    counts = edits.count_rows(edit.id)
    if not counts["ready" if to == "applying" else "applied"]:
        _refuse("id", toolkit._("There is no dataset for which this can be done"))
    if not edits.begin(edit.id, states, to):
        _refuse("id", toolkit._("This cannot be done now: the change is in the state {state}").format(state=edit.state))
    _queue(to, edit.id, context["user"])
    return {"id": edit.id, "state": to}


def _queue(state: str, id: str, user: str) -> None:
    try:
        options = {"timeout": _TIMEOUT, "result_ttl": 0}
        toolkit.enqueue_job(_JOBS[state], [id, user], title=f"bulk edit: {state}", queue=SHORT, rq_kwargs=options)
    except redis.RedisError as error:
        edits.end(id, "failed", "the job queue could not be reached")
        message = toolkit._("The job queue could not be reached: try again in a few minutes")
        raise toolkit.ValidationError({"message": [message]}) from error


def _edit(context: Any, data_dict: dict[str, Any], action: str) -> tuple[Any, Any]:
    """A change and its organization. Raises NotAuthorized and, for sysadmins, NotFound."""
    toolkit.check_access(action, context, {"id": data_dict["id"]})
    edit = edits.find(data_dict["id"])
    group = model.Group.get(edit.organization) if edit is not None else None
    if edit is None or group is None or group.state != "active":
        raise toolkit.ObjectNotFound(toolkit._("There is no such change"))
    return edit, group


def _read_values(fix: Fix, given: Mapping[str, Any]) -> dict[str, Any]:
    if not fix.is_for_many:
        _refuse("fix", toolkit._("Fix this in each dataset: one value does not fit many"))
    fields, values = form_fields(), {}
    for name, value in given.items():
        if name not in fix.fields or name not in fields:
            _refuse("values", toolkit._("Use some of: {known}").format(known=", ".join(fix.fields)))
        try:
            if (read := read_value(fields[name], value)) is not None:
                values[name] = read
        except toolkit.Invalid as error:
            _refuse("values", f"{fields[name].label}: {error.error}")
    if not values:
        _refuse("values", toolkit._("Fill in at least one field"))
    return values


def _chosen(organization: str, fix: Fix, data_dict: dict[str, Any]) -> list[Any]:
    """The datasets that are meant, in the order given. Raises ValidationError for one of another organization."""
    if data_dict.get("every"):
        named = work_list.every_id(organization, fix, filters_of(data_dict), MOST_ROWS + 1)
        if len(named) > MOST_ROWS:
            message = toolkit._("More than {most} datasets need this: narrow them down with filters")
            _refuse("every", message.format(most=f"{MOST_ROWS:,}"))
    else:
        named = data_dict.get("datasets") or []
    found = work_list.find_members(organization, named)
    if missing := [name for name in named if name not in found]:
        message = toolkit._("The organization has no dataset {name}")
        _refuse("datasets", message.format(name=missing[0]))
    return list({found[name].id: found[name] for name in named}.values())


def _describe(edit: Any) -> dict[str, Any]:
    fix = load_fixes().get(edit.what.get("fix", ""))
    title = fix.title if fix is not None else edit.what.get("file") or edit.kind
    return {
        "id": edit.id,
        "kind": edit.kind,
        "title": title,
        "state": edit.state,
        "stalled": edits.is_stalled(edit),
        "message": edit.message,
        "asked": iso(edit.asked),
        "finished": iso(edit.finished),
    }


def _describe_row(edit: Any, row: Any, harvested: bool) -> dict[str, Any]:
    before, patch = msgspec.json.decode(row.before), msgspec.json.decode(row.patch)
    after = new_values(before, patch, added_fields(edit)) if before or edit.kind == "new" else {}
    if before:
        after = {field: value for field, value in after.items() if field in before}
    return {
        "place": row.place,
        "id": row.package_id or None,
        "title": row.title,
        "harvested": harvested,
        "state": row.state,
        "message": row.message,
        "before": shown_values(before),
        "after": shown_values(after),
        "score_before": row.score_before,
        "score_after": row.score_after,
        "grade_before": row.grade_before or None,
        "grade_after": row.grade_after or None,
    }


def _refuse(field: str, message: str) -> Any:
    raise toolkit.ValidationError({field: [message]})
