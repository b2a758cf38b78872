"""Harvest runs: progress, problems, and the two actions a person can take (cancel, confirm)."""

from __future__ import annotations

from typing import Any, get_args

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources import ledger, problems, removal, runs
from ckanext.aivision.catalogue.sources import source_store as sources
from ckanext.aivision.catalogue.tables import moments
from ckanext.aivision.errors import Severity
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.action.sources import visible_sources
from ckanext.aivision.logic.parameter_types import Choice, Flag, Whole
from ckanext.aivision.logic.shared_parameters import NAME, REQUIRED_NAME, limit
from ckanext.aivision.model import run as run_table

__all__ = [
    "aivision_problem_list",
    "aivision_run_cancel",
    "aivision_run_confirm",
    "aivision_run_list",
    "aivision_run_show",
]

_USUAL_ROWS = 20
_USUAL_PROBLEMS = 100
_MOST_MISSING = 50
_FILTERS = ("severity", "code", "identifier")
_OF_PROBLEMS = {
    "severity": Choice(known=lambda: get_args(Severity)),
    "code": NAME,
    "identifier": NAME,
    "after": Whole(),
    "limit": limit(_USUAL_PROBLEMS),
    "raw": Flag(usual=True),
    "raw_length": Whole(most=2**31 - 1),  # of PostgreSQL's integer
}


@toolkit.side_effect_free
@accepts(source=NAME, after=NAME, limit=limit(_USUAL_ROWS))
def aivision_run_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The latest runs, newest first.

    :param source: only runs of this source (optional)
    :param after: the id of the last run you have, to get older runs (optional)
    :param limit: the maximum number of runs, 1 to 1000; default 20 (optional)
    :returns: id, source, state, started, finished, heartbeat, cancel_requested and account (counts and message) of
        each. A run whose process has died while it was running is `stalled`
    """
    toolkit.check_access("aivision_run_list", context, data_dict)
    after = None
    if "after" in data_dict and (after := runs.find(data_dict["after"])) is None:
        raise toolkit.ValidationError(
            {"after": [toolkit._("There is no such run; start again without this parameter")]}
        )
    source = data_dict.get("source")
    seen = visible_sources(context) if source is None else None
    return runs.latest(data_dict.get("limit", _USUAL_ROWS), source, after, seen)


@toolkit.side_effect_free
@accepts({"id": REQUIRED_NAME, **_OF_PROBLEMS})
def aivision_run_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One run, with its first problems.

    :param id: the id of the run
    :returns: as aivision_run_list, and `kinds`: severity, code, count and an example of each kind of problem;
        `problems`: as aivision_problem_list, whose other parameters can be used here too; `missing`: the first 50
        records whose removal needs confirmation; `superseded`: whether a later run has read the source
    :raises NotFound: if there is no such run
    """
    row = _row_of_run(context, data_dict, "aivision_run_show")
    return {
        **runs.describe_run(row),
        "kinds": problems.kinds(row),
        "problems": _problems(row, data_dict),
        "missing": ledger.missing(row.id, _MOST_MISSING) if row.state == "needs-confirmation" else [],
        "superseded": runs.is_superseded(row),
    }


@toolkit.side_effect_free
@accepts({"run": REQUIRED_NAME, **_OF_PROBLEMS})
def aivision_problem_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The records that a run refused or repaired: errors first, grouped by kind.

    :param run: the id of the run
    :param severity: `error` for refused records, `warning` for repaired ones (optional)
    :param code: only problems of this kind (optional)
    :param identifier: only problems of the record with this identifier (optional)
    :param after: the id of the last problem you have, to get the problems after it (optional)
    :param limit: the maximum number of problems, 1 to 1000; default 100 (optional)
    :param raw: false to leave out the raw records (optional)
    :param raw_length: the maximum number of characters of each raw record; default: all (optional)
    :returns: id, identifier, where, code, severity, message, seen and raw of each
    :raises NotFound: if there is no such run
    """
    toolkit.check_access("aivision_problem_list", context, data_dict)
    return _problems(_find_run(data_dict["run"]), data_dict)


@accepts(id=REQUIRED_NAME)
def aivision_run_cancel(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Asks a run to stop, which it does within seconds. What it has stored is kept, and nothing is removed.

    :param id: the id of the run
    :returns: the id, and whether the run was still running
    :raises NotFound: if there is no such run
    """
    row = _row_of_run(context, data_dict, "aivision_run_cancel")
    statement = run_table.update().where(run_table.c.id == row.id, run_table.c.state == "running")
    asked = model.Session.execute(statement.values(cancel_requested=True)).rowcount
    model.Session.commit()
    return {"id": row.id, "asked": bool(asked)}


@accepts(id=REQUIRED_NAME)
def aivision_run_confirm(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Confirms the removals that a run asked about: those datasets are marked as gone.

    :param id: the id of a run that ended as `needs-confirmation`
    :returns: how many datasets were marked as gone
    :raises NotFound: if there is no such run
    :raises ValidationError: if a later run has read the source, which may have the datasets again
    """
    row = _row_of_run(context, data_dict, "aivision_run_confirm")
    if runs.is_superseded(row):
        raise toolkit.ValidationError({"id": [toolkit._("A later run has read the source: look at that run instead")]})
    count = removal.confirm(row.id, moments.now())
    sources.count(row.source, row.id, row.started)
    return {"gone": count}


def _row_of_run(context: Any, data_dict: dict[str, Any], action: str) -> Any:
    toolkit.check_access(action, context, data_dict)
    return _find_run(data_dict["id"])


def _find_run(run_id: str) -> Any:
    row = runs.find(run_id)
    if row is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such run"))
    return row


def _problems(row: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    after = None
    number = data_dict.get("after")
    if number is not None and (after := problems.find(number, row.id)) is None:
        raise toolkit.ValidationError(
            {"after": [toolkit._("This run has no such problem; start again without this parameter")]}
        )
    filters: dict[str, str] = {name: data_dict[name] for name in _FILTERS if name in data_dict}
    raw_length = data_dict.get("raw_length") if data_dict.get("raw", True) else 0
    return problems.of_run(row.id, filters, data_dict.get("limit", _USUAL_PROBLEMS), after, raw_length)
