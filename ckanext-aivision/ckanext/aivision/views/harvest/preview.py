"""`/harvest/preview`: what the next harvest of a source would change; nothing is written."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, make_response, request

from ckanext.aivision.catalogue.ckan.dry_run_store import MOST
from ckanext.aivision.views.access import action, describe_error, guarded

preview = Blueprint("aivision_preview", __name__)

# The most important first.
_KINDS = ("changed", "gone", "refused", "new")
_OPEN = ("queued", "running")


@preview.route("/harvest/preview")
@guarded
def show() -> Any:
    """The latest preview of the source `?name=`. A script refreshes it; without scripts, reload the page."""
    source = action("aivision_source_show", name=request.args.get("name", ""))
    try:
        found = action("aivision_preview_show", name=source["name"])
    except toolkit.ObjectNotFound:
        found = None
    records = {kind: [one for one in found["records"] if one["kind"] == kind] for kind in _KINDS} if found else {}
    is_open = found is not None and found["state"] in _OPEN
    values = {"source": source, "preview": found, "records": records, "is_open": is_open, "most": MOST}
    answer = make_response(toolkit.render("aivision/harvest/preview.html", values))
    if request.headers.get("HX-Request") and not is_open:
        # It has ended since the page was loaded: reload the whole page.
        answer.headers["HX-Refresh"] = "true"
    return answer


@preview.route("/harvest/preview", methods=["POST"])
@guarded
def start() -> Any:
    """Queues a preview."""
    name = request.form.get("name", "")
    try:
        action("aivision_source_preview", name=name)
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(describe_error(error))
    return toolkit.redirect_to("aivision_preview.show", name=name)


@preview.route("/harvest/preview/cancel", methods=["POST"])
@guarded
def cancel() -> Any:
    """Cancels the preview that is queued or running."""
    name = request.form.get("name", "")
    cancelled = action("aivision_preview_cancel", name=name)["cancelled"]
    words = toolkit._("The preview was cancelled.") if cancelled else toolkit._("The preview had already ended.")
    toolkit.h.flash_notice(words)
    return toolkit.redirect_to("aivision_preview.show", name=name)
