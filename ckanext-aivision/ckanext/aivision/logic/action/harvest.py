"""Starting harvests, and what became of them. For sysadmins."""

from __future__ import annotations

import datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import removal, sources
from ckanext.aivision.catalogue.control import naive
from ckanext.aivision.catalogue.jobs import harvest_job
from ckanext.aivision.errors import AivisionError
from ckanext.aivision.harvesters.source import resolve
from ckanext.aivision.model import problem as problem_table
from ckanext.aivision.model import run as run_table

MOST_ROWS = 1000


def aivision_harvest(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Queues a harvest of a source for `ckan jobs worker`.

    :param source: a name of `config/sources.yaml`, or the address of a catalogue
    :param kind: what the source speaks, where it is an address (optional)
    :param limit: the largest number of records to read (optional)
    :returns: the id of the queued job and the name of the source
    :raises ValidationError: where there is no such source
    """
    source = toolkit.get_or_bust(data_dict, "source")
    toolkit.check_access("aivision_harvest", context, data_dict)
    try:
        resolved = resolve(source, data_dict.get("kind"))
    except AivisionError as error:
        raise toolkit.ValidationError({"source": [str(error)]}) from error
    if not resolved.url.startswith(("http://", "https://")):
        # A path would let whoever may call the API read the server's files.
        raise toolkit.ValidationError({"source": [toolkit._("Give the name or the http(s) address of a source")]})
    limit = _limit(data_dict)
    job = toolkit.enqueue_job(harvest_job, [source, data_dict.get("kind"), limit], title=f"harvest {resolved.name}")
    return {"job": job.id, "source": resolved.name}


@toolkit.side_effect_free
def aivision_run_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The latest runs, newest first.

    :param source: only of this source (optional)
    :param limit: how many at the most, 1 to 1000, 20 unless told (optional)
    :returns: id, source, state, started, finished and account (counts and message) of each
    """
    toolkit.check_access("aivision_run_list", context, data_dict)
    query = sa.select(run_table).order_by(run_table.c.started.desc()).limit(_limit(data_dict) or 20)
    if source := data_dict.get("source"):
        query = query.where(run_table.c.source == source)
    return [_run(row) for row in model.Session.execute(query)]


@toolkit.side_effect_free
def aivision_run_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One run, with the first 1,000 records that were refused or mended.

    :param id: the id of the run
    :returns: as aivision_run_list, and `problems`: identifier, where, code, severity, message, seen and raw of each
    :raises NotFound: where there is no such run
    """
    row = _row_of_run(context, data_dict, "aivision_run_show")
    columns = problem_table.c
    problems = model.Session.execute(
        sa.select(problem_table).where(columns.run_id == row.id).order_by(columns.id).limit(MOST_ROWS)
    )
    fields = ("identifier", "code", "severity", "message", "seen", "raw")
    listed = [{"where": problem.location, **{f: getattr(problem, f) for f in fields}} for problem in problems]
    return {**_run(row), "problems": listed}


def aivision_run_cancel(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Asks a run to stop. It does within seconds; what it has stored stays, and nothing is removed.

    :param id: the id of the run
    :returns: the id, and whether the run was still at work
    :raises NotFound: where there is no such run
    """
    row = _row_of_run(context, data_dict, "aivision_run_cancel")
    statement = run_table.update().where(run_table.c.id == row.id, run_table.c.state == "running")
    asked = model.Session.execute(statement.values(cancel_requested=True)).rowcount
    model.Session.commit()
    return {"id": row.id, "asked": bool(asked)}


def aivision_run_confirm(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Says yes to what a run would have removed and asked about: those data sets are marked as gone.

    :param id: the id of a run that ended as `needs-confirmation`
    :returns: how many data sets were marked as gone
    :raises NotFound: where there is no such run
    """
    row = _row_of_run(context, data_dict, "aivision_run_confirm")
    now = naive(datetime.datetime.now(datetime.timezone.utc))
    count = removal.confirm(row.id, now)
    sources.count(row.source, row.id, row.started)
    return {"gone": count}


def _row_of_run(context: Any, data_dict: dict[str, Any], action: str) -> Any:
    toolkit.get_or_bust(data_dict, "id")
    toolkit.check_access(action, context, data_dict)
    row = model.Session.execute(sa.select(run_table).where(run_table.c.id == data_dict["id"])).first()
    if row is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such run"))
    return row


def _run(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "source": row.source,
        "state": row.state,
        "started": row.started.isoformat() + "Z",
        "finished": row.finished.isoformat() + "Z" if row.finished else None,
        "account": row.account,
    }


def _limit(data_dict: dict[str, Any]) -> int | None:
    value = data_dict.get("limit")
    if value is None:
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        raise toolkit.ValidationError({"limit": [toolkit._("Give a whole number of 1 or more")]})
    return number
