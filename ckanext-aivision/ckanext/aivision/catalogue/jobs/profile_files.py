"""Profile the files of stored datasets one by one; an interrupted run keeps its results."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

import ckan.lib.uploader as uploader
import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import snapshot_queue
from ckanext.aivision.catalogue.observations import file_profiles, links
from ckanext.aivision.catalogue.rescore.run_rescore import evaluate_again
from ckanext.aivision.catalogue.tables.dataset_types import dataset_types
from ckanext.aivision.catalogue.tables.package_record import read_package
from ckanext.aivision.catalogue.tables.records import find_package
from ckanext.aivision.content.files import FETCHING, Files, files_of
from ckanext.aivision.content.limits import MEBIBYTE, ProfileLimits
from ckanext.aivision.content.profile import profile_path
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.model import record as record_table
from ckanext.aivision.scoring.observations.file_profile import FileProfile


class Counts(msgspec.Struct):
    """profiled, refused: files looked at now, by what came of it. kept: looked at before, and not again."""

    profiled: int = 0
    refused: int = 0
    kept: int = 0


Listener = Callable[[str, FileProfile], None]


def limits() -> ProfileLimits:
    """What the profile of one file may take, by the settings."""
    megabytes = int(toolkit.config.get("ckanext.aivision.profile_megabytes") or 50)
    return ProfileLimits(fetched=megabytes * MEBIBYTE)


def choose_datasets(dataset: str | None, source: str | None) -> list[str]:
    """The ids of the datasets that are meant: one by its id or name, those of a source, or all.

    Raises UsageError if there is none.
    """
    package = model.Package.__table__
    query = sa.select(package.c.id).where(package.c.state == "active", package.c.type.in_(dataset_types()))
    query = query.order_by(package.c.id)
    if dataset is not None:
        query = query.where(sa.or_(package.c.id == dataset, package.c.name == dataset))
    if source is not None:
        ours = sa.select(record_table.c.package_id).where(record_table.c.source == source)
        query = query.where(package.c.id.in_(ours))
    found = list(model.Session.execute(query).scalars())
    if not found and (dataset or source):
        raise UsageError(f"{dataset or source}: there is no such dataset, or the source has none; check the name")
    return found


def profile_files(
    package_ids: Sequence[str],
    most: int | None,
    again: datetime.timedelta,
    listener: Listener,
    allow_hosts: Collection[str] = (),
) -> Counts:
    """Profiles the tabular files of datasets, each committed by itself, and evaluates the datasets again.

    most: files to look at now. again: after which a file is looked at again. listener: hears of each address.
    allow_hosts: on private networks, beside those of the setting `ckanext.aivision.allow_hosts`.
    """
    configured = toolkit.config.get("ckanext.aivision.allow_hosts") or []
    with Session(allow_hosts=[*configured, *allow_hosts], limits=FETCHING) as session:
        counts = _profile_files(package_ids, Files(session, limits()), most, again, listener)
    snapshot_queue.request()
    return counts


def _profile_files(
    package_ids: Sequence[str], files: Files, most: int | None, again: datetime.timedelta, listener: Listener
) -> Counts:
    counts = Counts()
    for package_id in package_ids:
        looked_at = file_profiles.forget_replaced(package_id)
        for resource, url in _due(package_id, again, counts):
            if most is not None and counts.profiled + counts.refused >= most:
                break
            found = _profile(files, resource, url)
            counts.refused += bool(found.refusal)
            counts.profiled += not found.refusal
            file_profiles.keep(package_id, resource["id"], found)
            model.Session.commit()
            listener(url, found)
            looked_at.append(url)
        if looked_at:
            # A file may have been replaced while it was read; and other datasets may give the same address.
            looked_at += file_profiles.forget_replaced(package_id)
            evaluate_again(sorted({package_id, *links.holders(looked_at)}))
        if most is not None and counts.profiled + counts.refused >= most:
            break
    return counts


def _due(package_id: str, again: datetime.timedelta, counts: Counts) -> Iterator[tuple[dict[str, Any], str]]:
    """The resources with a table that was not looked at, or longer ago, or at another address; with that address."""
    package = find_package(package_id)
    if package is None:
        return
    resources = {resource["id"]: resource for resource in package["resources"]}
    known = file_profiles.of_package(package_id)
    oldest = datetime.datetime.now(datetime.timezone.utc) - again
    for item in files_of(read_package(package)):
        resource, url = resources[str(item.identifier)], str(item.url)
        found = known.get(resource["id"])
        if found is not None and found.url == url and found.profiled_at is not None and found.profiled_at > oldest:
            counts.kept += 1
        else:
            yield resource, url


def _profile(files: Files, resource: dict[str, Any], url: str) -> FileProfile:
    """A file that was uploaded here is read where it lies: our own address may be a private one."""
    if resource.get("url_type") != "upload":
        return files.profile(url)
    path = uploader.get_resource_uploader(resource).get_path(resource["id"])
    now = datetime.datetime.now(datetime.timezone.utc)
    if not os.path.isfile(path):
        return FileProfile(url=url, refusal="not-fetched", reason="its file is not on this machine", profiled_at=now)
    return msgspec.structs.replace(profile_path(path, now, limits()), url=url)
