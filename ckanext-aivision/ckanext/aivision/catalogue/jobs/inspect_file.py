"""Look at one file of a dataset: what it is and holds, for the people who look after the dataset."""

from __future__ import annotations

import datetime
import logging
import os
from typing import Any

import ckan.lib.uploader as uploader
import ckan.model as model
import msgspec
import redis
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import snapshot_queue
from ckanext.aivision.catalogue.jobs.profile_files import limits
from ckanext.aivision.catalogue.observations import file_profiles, inspections, links
from ckanext.aivision.catalogue.rescore.run_rescore import evaluate_again
from ckanext.aivision.catalogue.tables.package_record import read_package
from ckanext.aivision.catalogue.tables.records import find_package
from ckanext.aivision.content.files import Files
from ckanext.aivision.content.inspection import Inspection, inspect_path
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.queues import SHORT
from ckanext.aivision.scoring.observations.file_profile import FileProfile

# Somebody waits for it, and so do the jobs behind it.
_SECONDS = 60.0
_FETCHING = Limits(connect=10, read=20, total=60, retries=1, longest_wait=5)
_TIMEOUT = 300  # seconds
_log = logging.getLogger(__name__)


def request(resource_id: str, package_id: str, url: str, user_id: str) -> bool:
    """Queues a look at a resource's file. Returns whether the queue could be reached. Commits."""
    inspections.ask(resource_id, package_id, url, user_id)
    try:
        options = {"timeout": _TIMEOUT, "result_ttl": 0}
        toolkit.enqueue_job(inspect_job, [resource_id], title="look into a file", queue=SHORT, rq_kwargs=options)
    except redis.RedisError as error:
        _log.warning("a look at the file of the resource %s could not be queued (%s)", resource_id, error)
        inspections.fail(resource_id, "no-queue")
        return False
    return True


def find_resource(package_id: str, resource_id: str) -> dict[str, Any] | None:
    """A resource as the database has it, with the address of its data as `url`; None if there is none."""
    package = find_package(package_id)
    if package is None:
        return None
    addresses = {item.identifier: item.url for item in read_package(package).distribution}
    for resource in package["resources"]:
        if resource["id"] == resource_id:
            return {**resource, "url": addresses.get(resource_id) or resource.get("url") or ""}
    return None


def inspect_job(resource_id: str) -> None:
    """The RQ job that looks at a resource's file, stores what it found, and evaluates the dataset again."""
    row = inspections.find(resource_id)
    resource = find_resource(row.package_id, resource_id) if row is not None else None
    if row is None or resource is None:
        return
    inspections.begin(resource_id)
    try:
        found = _inspect(resource)
        file_profiles.keep(row.package_id, resource_id, found.profile)
        inspections.end(resource_id, found)
        evaluate_again(sorted({row.package_id, *links.holders([found.profile.url])}))
    except Exception:
        model.Session.rollback()
        inspections.fail(resource_id, "broke-off")
        _log.exception("the look at the file of the resource %s broke off", resource_id)
        raise
    snapshot_queue.request()


def _inspect(resource: dict[str, Any]) -> Inspection:
    """A file that was uploaded here is read where it is stored: our own address may be a private one."""
    url, now = str(resource["url"]), datetime.datetime.now(datetime.timezone.utc)
    bounds = msgspec.structs.replace(limits(), seconds=_SECONDS)
    if resource.get("url_type") == "upload":
        path = uploader.get_resource_uploader(resource).get_path(resource["id"])
        if os.path.isfile(path):
            return inspect_path(path, url, now, bounds)
        why = "the file is not stored on this server"
        return Inspection(profile=FileProfile(url=url, refusal="not-fetched", reason=why, profiled_at=now))
    allowed = toolkit.config.get("ckanext.aivision.allow_hosts") or []
    with Session(allow_hosts=allowed, limits=_FETCHING) as session:
        return Files(session, bounds).inspect(url)
