"""`/organization/NAME/improve/edit/ID`: change many datasets at once: look at what would change, apply, undo."""

from __future__ import annotations

import functools
from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, make_response, request

from ckanext.aivision.catalogue.field_labels import choice_labels, value_in_words
from ckanext.aivision.catalogue.improvement.form_fields import FormField, fields_of_fix, form_fields
from ckanext.aivision.catalogue.improvement.work_list import FILTERS
from ckanext.aivision.views.access import action, guarded, query_parameters
from ckanext.aivision.views.steward.work_list import PAGE, fix_page, keep_out_of_caches, page_number

bulk_edit = Blueprint("aivision_bulk_edit", __name__)
_AT_WORK = ("checking", "applying", "undoing")


@bulk_edit.post("/organization/<name>/improve/fix/<fix>")
@guarded
def create(name: str, fix: str) -> Any:
    """Prepares the fix for the datasets that are ticked, or for all of the list."""
    form = request.form
    chosen: dict[str, Any] = {"datasets": form.getlist("dataset")}
    if form.get("every"):
        chosen = {"every": True, **query_parameters(*FILTERS)}
    values = _typed(fields_of_fix(fix))
    try:
        given = {"values": values, "only_empty": bool(form.get("only_empty")), **chosen}
        made = action("aivision_bulk_edit_create", organization=name, fix=fix, **given)
    except toolkit.ValidationError as error:
        typed = {"values": values, "datasets": form.getlist("dataset"), "every": bool(form.get("every"))}
        return fix_page(name, fix, typed, error.error_dict), 400
    return toolkit.redirect_to("aivision_bulk_edit.show", name=name, id=made["id"])


@bulk_edit.route("/organization/<name>/improve/edit/<id>")
@guarded
def show(name: str, id: str) -> Any:
    """What the change would do, or has done. While a job works on it, reload the page; a script does so."""
    page = page_number()
    found = action("aivision_bulk_edit_show", id=id, limit=PAGE, page=page, **query_parameters("rows"))
    if name not in (found["organization"]["name"], found["organization"]["id"]):
        raise toolkit.ObjectNotFound(toolkit._("There is no such change"))
    counts, rows = found["counts"], request.args.get("rows", "")
    number = counts.get(rows, 0) if rows else sum(counts.values())
    is_open = found["state"] in _AT_WORK
    values = {"edit": found, "organization": found["organization"], "page": page, "pages": -(-number // PAGE)}
    # A page has many values of a few fields.
    labels = functools.cache(choice_labels)
    values |= {
        "labels": {field.name: field.label for field in form_fields().values()},
        "in_words": lambda field, value: value_in_words(value, labels(field)),
    }
    answer = make_response(
        toolkit.render("aivision/improve/edit.html", {**values, "rows": rows, "is_open": is_open, "counts": counts})
    )
    if is_open and not found["stalled"]:
        # Without scripts too.
        answer.headers["Refresh"] = "5"
    return answer


@bulk_edit.post("/organization/<name>/improve/edit/<id>/<step>")
@guarded
def move(name: str, id: str, step: str) -> Any:
    """Applies, undoes or discards the change."""
    if step not in ("apply", "undo", "discard"):
        raise toolkit.ObjectNotFound(toolkit._("There is nothing of this name"))
    try:
        action(f"aivision_bulk_edit_{step}", id=id)
    except toolkit.ValidationError as error:
        toolkit.h.flash_error("; ".join(str(text) for texts in error.error_dict.values() for text in texts))
    if step == "discard":
        return toolkit.redirect_to("aivision_improve.index", name=name)
    return toolkit.redirect_to("aivision_bulk_edit.show", name=name, id=id)


def _typed(fields: list[FormField]) -> dict[str, Any]:
    """What was typed into the form of a fix, in the shape that the API takes."""
    values: dict[str, Any] = {}
    for field in fields:
        if field.kind == "group":
            group = {name: request.form.get(f"{field.name}.{name}", "") for name, _ in field.subfields}
            if any(text.strip() for text in group.values()):
                values[field.name] = [group]
        elif text := request.form.get(field.name, "").strip():
            values[field.name] = text.splitlines() if field.kind == "list" else text
    return values


keep_out_of_caches(bulk_edit)
