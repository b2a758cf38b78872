"""`/harvest`: the list of sources, a page for each, and the form that adds and edits them."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, request

from ckanext.aivision.catalogue.sources.ledger import STATES
from ckanext.aivision.catalogue.sources.listing import choices
from ckanext.aivision.catalogue.sources.settings import all_settings
from ckanext.aivision.views.access import action, describe_error, guarded, page_of, query_parameters

harvest = Blueprint("aivision_harvest", __name__)

_SOURCES = 50
_RUNS = 10
_RECORDS = 50


@harvest.route("/harvest")
@guarded
def index() -> str:
    """The sources with their last runs."""
    filters = query_parameters("q", "country", "kind")
    rows = action("aivision_source_list", **filters, **query_parameters("after"), limit=_SOURCES + 1)
    found, following = page_of(rows, _SOURCES, "name")
    values = {"sources": found, "following": following, "filters": filters, "choices": choices()}
    return toolkit.render("aivision/harvest/index.html", values)


@harvest.route("/harvest/source")
@harvest.route("/harvest/source/<name>")
@guarded
def source(name: str | None = None) -> str:
    """A source: its settings, its latest runs, its records. A name that does not fit into a path comes in the query."""
    found = action("aivision_source_show", name=name or request.args.get("name", ""))
    mine, of_runs, of_records = (
        found["name"],
        query_parameters("runs_after"),
        query_parameters("state", "beginning", "after"),
    )
    before = {"after": of_runs["runs_after"]} if of_runs else {}
    try:
        runs = action("aivision_run_list", source=mine, limit=_RUNS + 1, **before)
        records = action("aivision_record_list", source=mine, limit=_RECORDS + 1, **of_records)
    except toolkit.ValidationError as error:
        return toolkit.abort(400, describe_error(error))
    shown_runs, older = page_of(runs, _RUNS, "id")
    shown_records, following = page_of(records, _RECORDS, "identifier")
    values = {"source": found, "runs": shown_runs, "older": older, "records": shown_records, "following": following}
    about = {"preview": _preview(mine), "owner": _owner(found), "filters": of_records, "states": STATES}
    return toolkit.render("aivision/harvest/source.html", {**values, **about})


@harvest.route("/harvest/new", methods=["GET", "POST"])
@guarded
def new() -> Any:
    """The form for a new source."""
    toolkit.check_access("aivision_source_create", {"user": toolkit.current_user.name}, {})
    return _form("aivision_source_create", {}, is_new=True)


@harvest.route("/harvest/edit", methods=["GET", "POST"])
@guarded
def edit() -> Any:
    """The form for a source: `?name=`."""
    name = request.args.get("name", "")
    toolkit.check_access("aivision_source_update", {"user": toolkit.current_user.name}, {"name": name})
    found = action("aivision_source_show", name=name)
    return _form("aivision_source_update", {**found, "owner_org": _owner(found)["name"]}, is_new=False)


@harvest.route("/harvest/delete", methods=["POST"])
@guarded
def delete() -> Any:
    """Removes a source from the list."""
    name = request.form.get("name", "")
    try:
        done = action("aivision_source_delete", name=name)
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(describe_error(error))
        return toolkit.redirect_to(toolkit.h.aivision_source_url(name))
    words = toolkit._("{name} was removed from the list. Its {count} datasets are kept.")
    toolkit.h.flash_success(words.format(name=done["name"], count=done["data_sets"]))
    return toolkit.redirect_to("aivision_harvest.index")


@harvest.route("/harvest/start", methods=["POST"])
@guarded
def start() -> Any:
    """Queues a harvest."""
    name = request.form.get("source", "")
    try:
        action("aivision_harvest", source=name)
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(describe_error(error))
        return toolkit.redirect_to("aivision_harvest.index")
    words = toolkit._("The harvest of {name} is queued and starts as soon as a worker is free.")
    toolkit.h.flash_success(words.format(name=name))
    return toolkit.redirect_to(toolkit.h.aivision_source_url(name, queued=1))


def _form(name: str, data: dict[str, Any], is_new: bool) -> Any:
    errors: dict[str, Any] = {}
    summary: dict[str, str] = {}
    settings = all_settings()
    if request.method == "POST":
        given = {setting.name: request.form[setting.name] for setting in settings if setting.name in request.form}
        if not is_new:
            given["name"] = data["name"]
        try:
            saved = action(name, **given)
            return toolkit.redirect_to(toolkit.h.aivision_source_url(saved["name"]))
        except toolkit.ValidationError as error:
            data, errors, summary = {**data, **given}, error.error_dict, error.error_summary
    about = {"errors": errors, "error_summary": summary, "is_new": is_new, "settings": settings, "choices": choices()}
    return toolkit.render("aivision/harvest/form.html", {"data": data, **about})


def _preview(source: str) -> dict[str, Any] | None:
    """The latest preview of a source, without its records; None if there is none."""
    try:
        found: dict[str, Any] = action("aivision_preview_show", name=source, records=False)
    except toolkit.ObjectNotFound:
        return None
    return found


def _owner(source: dict[str, Any]) -> dict[str, str]:
    """Name and title of the organization that owns a source."""
    if not source["owner_org"]:
        return {"name": "", "title": ""}
    found = toolkit.h.get_organization(source["owner_org"]) or {}
    return {"name": found.get("name", ""), "title": found.get("title") or found.get("name", "")}
