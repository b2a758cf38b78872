"""`/harvest/run/ID`: a run's progress, its problems, and the actions a person can take on it."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from typing import Any

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response, make_response, request, stream_with_context

from ckanext.aivision.catalogue.sources import ledger, problems
from ckanext.aivision.serialise.spreadsheet import harmless
from ckanext.aivision.views.access import action, describe_error, guarded, page_of, query_parameters

run = Blueprint("aivision_run", __name__)

_PROBLEMS = 50
# Characters of a raw record on the page: the longest records have millions.
_RAW = 3000
_CSV_FIELDS = ("severity", "code", "identifier", "where", "message", "seen", "raw")


@run.route("/harvest/run/<id>")
@guarded
def show(id: str) -> Any:
    """The run. A script refreshes it while it runs; without scripts, reload the page."""
    filters = query_parameters("severity", "code")
    try:
        page = {"limit": _PROBLEMS + 1, "raw_length": _RAW + 1, **query_parameters("after")}
        found = action("aivision_run_show", id=id, **page, **filters)
    except toolkit.ValidationError as error:
        return toolkit.abort(400, describe_error(error))
    problems_shown, following = page_of(found["problems"], _PROBLEMS, "id")
    rows = _with_records(found["source"], problems_shown)
    source = _source_of(found)
    values = {"run": found, "source": source, "rows": rows, "following": following, "filters": filters}
    answer = make_response(toolkit.render("aivision/harvest/run.html", {**values, "pace": _pace(found)}))
    if request.headers.get("HX-Request") and found["state"] != "running":
        # The run has ended since the page was loaded: reload the whole page.
        answer.headers["HX-Refresh"] = "true"
    return answer


@run.route("/harvest/run/<id>/cancel", methods=["POST"])
@guarded
def cancel(id: str) -> Any:
    """Asks the run to stop."""
    asked_to = action("aivision_run_cancel", id=id)["asked"]
    words = toolkit._("The run will stop within seconds.") if asked_to else toolkit._("The run had already ended.")
    toolkit.h.flash_notice(words)
    return toolkit.redirect_to("aivision_run.show", id=id)


@run.route("/harvest/run/<id>/confirm", methods=["POST"])
@guarded
def confirm(id: str) -> Any:
    """Confirms the removals that the run asked about."""
    try:
        count = action("aivision_run_confirm", id=id)["gone"]
        toolkit.h.flash_success(toolkit._("{count} datasets were marked as gone.").format(count=f"{count:,}"))
    except toolkit.ValidationError as error:
        toolkit.h.flash_error(describe_error(error))
    return toolkit.redirect_to("aivision_run.show", id=id)


@run.route("/harvest/run/<id>/problems.csv")
@guarded
def problems_csv(id: str) -> Response:
    """All problems of the run with their raw records, streamed."""
    action("aivision_problem_list", run=id, limit=1, raw=False)
    return Response(
        stream_with_context(_lines(id)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="problems-{id}.csv"'},
    )


def _lines(run_id: str) -> Iterator[str]:
    yield _line(_CSV_FIELDS)
    for problem in problems.every(run_id):
        yield _line([harmless(problem[field] or "") for field in _CSV_FIELDS])


def _line(cells: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _with_records(source: str, problems_shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The problems with their raw records shortened for the page, and the `name` of the dataset of each, if any."""
    names = ledger.names(source, {problem["identifier"] for problem in problems_shown if problem["identifier"]})
    return [
        {**problem, "raw": _readable(problem["raw"] or ""), "name": names.get(problem["identifier"])}
        for problem in problems_shown
    ]


def _readable(raw: str) -> str:
    if len(raw) > _RAW:
        return raw[:_RAW] + "…"
    try:
        indented = msgspec.json.format(raw, indent=2)
    except (msgspec.DecodeError, RecursionError):
        return raw
    # A deeply nested record would be mostly indentation.
    return indented if len(indented) <= 2 * _RAW else raw


def _source_of(found: dict[str, Any]) -> dict[str, Any]:
    """The run's source; only its name if it is no longer listed."""
    try:
        source: dict[str, Any] = action("aivision_source_show", name=found["source"])
    except toolkit.ObjectNotFound:
        return {"name": found["source"], "title": "", "listed": False}
    return {**source, "listed": True}


def _pace(found: dict[str, Any]) -> dict[str, Any]:
    """seconds: how long the run has taken; rate: records a second; share: per cent of the expected records, or None."""
    end = found["finished"] if found["state"] != "stalled" else found["heartbeat"]
    until = _time(end) if end else datetime.datetime.now(datetime.timezone.utc)
    seconds = max(0.0, (until - _time(found["started"])).total_seconds())
    fetched, expected = found["account"].get("counts", {}).get("fetched", 0), found["account"].get("expected")
    share = min(100.0, 100 * fetched / expected) if expected else None
    return {"seconds": seconds, "rate": fetched / seconds if seconds else None, "share": share}


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
