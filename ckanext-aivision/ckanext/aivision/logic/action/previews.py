"""Previews of harvests: start, show and cancel."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.ckan import stored_previews as previews
from ckanext.aivision.catalogue.jobs.schedule import queue_preview
from ckanext.aivision.catalogue.sources import listing as source_list
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.action.start_harvest import readable
from ckanext.aivision.logic.parameter_types import Flag
from ckanext.aivision.logic.shared_parameters import REQUIRED_NAME

__all__ = ["aivision_preview_cancel", "aivision_preview_show", "aivision_source_preview"]


@accepts(name=REQUIRED_NAME)
def aivision_source_preview(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Queues a preview of a source for `ckan jobs worker`: it reads the source as a harvest does, and writes nothing.

    `aivision_preview_show` returns the result. It replaces the source's last preview.

    :param name: the name of the source
    :returns: the id of the queued job and the name of the source
    :raises NotFound: if there is no such source
    :raises ValidationError: while the source is being harvested, or a preview of it is queued or running
    """
    name = _source(context, data_dict, "aivision_source_preview")
    readable(name, field="name")
    job = queue_preview(name)
    if job is None:
        raise toolkit.ValidationError({"name": [toolkit._("A preview of this source is already queued or running")]})
    return {"job": job, "source": name}


@toolkit.side_effect_free
@accepts(name=REQUIRED_NAME, records=Flag(usual=True))
def aivision_preview_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What the next harvest of a source would change, according to its latest preview.

    :param name: the name of the source
    :param records: false to leave the records out (optional)
    :returns: id, source, state (`queued`, `running`, or as of a run), asked, started, finished, account (counts and
        message); `superseded`: whether a harvest has started since; `records`: the first 50 each of the new, changed,
        gone and refused records with kind, identifier, title, reason, package_id, `differences` (field, before and
        after; the first 100 of a changed record) and `more`, the number of its other differences
    :raises NotFound: if there is no such source, or it has no preview
    """
    name = _source(context, data_dict, "aivision_preview_show")
    row = previews.find(name, data_dict.get("records", True))
    if row is None:
        raise toolkit.ObjectNotFound(toolkit._("This source has no preview yet: start one"))
    return previews.describe_preview(row)


@accepts(name=REQUIRED_NAME)
def aivision_preview_cancel(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Cancels a preview that is queued or running.

    :param name: the name of the source
    :returns: the name, and whether there was such a preview
    :raises NotFound: if there is no such source
    """
    name = _source(context, data_dict, "aivision_preview_cancel")
    return {"name": name, "cancelled": previews.cancel(name)}


def _source(context: Any, data_dict: dict[str, Any], action: str) -> str:
    toolkit.check_access(action, context, data_dict)
    name: str = data_dict["name"]
    if source_list.find(name) is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such source"))
    return name
