"""Starting harvests."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.jobs.schedule import queue
from ckanext.aivision.catalogue.sources import runs
from ckanext.aivision.catalogue.sources import source_store as sources
from ckanext.aivision.errors import AivisionError
from ckanext.aivision.harvesters.sources.source import Source, load_sources
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.action.sources import visible_sources
from ckanext.aivision.logic.parameter_types import Whole
from ckanext.aivision.logic.shared_parameters import NAME, REQUIRED_NAME

__all__ = ["aivision_harvest"]


@accepts(source=REQUIRED_NAME, kind=NAME, limit=Whole())
def aivision_harvest(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Queues a harvest of a source for `ckan jobs worker`.

    :param source: the name of a source of this catalogue or of `config/sources.yaml`; sysadmins can also give the
        address of a catalogue
    :param kind: the protocol or format, if the source is an address; sysadmins only (optional)
    :param limit: the maximum number of records to read (optional)
    :returns: the id of the queued job and the name of the source
    :raises ValidationError: if there is no such source, or it is already being harvested
    """
    toolkit.check_access("aivision_harvest", context, data_dict)
    source, kind = data_dict["source"], data_dict.get("kind")
    if kind is not None and visible_sources(context) is not None:
        raise toolkit.ValidationError({"kind": [toolkit._("Only a sysadmin can set this")]})
    resolved = readable(source, kind)
    job = queue(source, kind, data_dict.get("limit"))
    if job is None:
        raise toolkit.ValidationError({"source": [toolkit._("A harvest of this source is already queued or running")]})
    return {"job": job, "source": resolved.name}


def readable(name: str, kind: str | None = None, field: str = "source") -> Source:
    """The source, if a worker can read it for an API user and it is not being harvested.

    field: the parameter that named it, for errors. Raises ValidationError.
    """
    try:
        resolved = sources.resolve_source(name, kind)
    except AivisionError as error:
        raise toolkit.ValidationError({field: [str(error)]}) from error
    if not resolved.url.startswith(("http://", "https://")) and name not in load_sources():
        # A path would let API users read the server's files.
        raise toolkit.ValidationError({field: [toolkit._("Enter the name or the http(s) address of a source")]})
    if running := runs.at_work(resolved.name):
        message = toolkit._("This source is already being harvested, by run {id}").format(id=running)
        raise toolkit.ValidationError({field: [message]})
    return resolved
