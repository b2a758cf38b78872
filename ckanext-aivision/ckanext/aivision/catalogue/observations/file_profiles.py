"""Store and load file profiles."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.catalogue.tables.records import find_package
from ckanext.aivision.model import file_profile as table
from ckanext.aivision.scoring.observations.file_profile import FileProfile

_columns = table.c


def keep(package_id: str, resource_id: str, profile: FileProfile) -> None:
    """Keeps a resource's profile in place of the one before, within the session's transaction."""
    at = profile.profiled_at or datetime.datetime.now(datetime.timezone.utc)
    row = {
        "package_id": package_id,
        "address": _address(profile.url),
        "profiled_at": naive(at),
        "profile": msgspec.json.encode(profile).decode(),
    }
    statement = insert(table).values(resource_id=resource_id, **row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=row))


def find(urls: Collection[str]) -> dict[str, FileProfile]:
    """The profiles of the files at these addresses; those that were never profiled are left out."""
    if not urls:
        return {}
    wanted = sa.func.any(sa.cast(sa.bindparam("addresses"), sa.ARRAY(sa.Text)))
    query = sa.select(_columns.profile).where(_columns.address == wanted).order_by(_columns.profiled_at)
    found = model.Session.execute(query, {"addresses": [_address(url) for url in urls]}).scalars()
    return {profile.url: profile for profile in map(_profile, found)}


def of_package(package_id: str) -> dict[str, FileProfile]:
    """The profiles of a package's resources by the resource's id."""
    query = sa.select(_columns.resource_id, _columns.profile).where(_columns.package_id == package_id)
    rows = model.Session.execute(query.order_by(_columns.resource_id))
    return {row.resource_id: _profile(row.profile) for row in rows}


def forget_replaced(package_id: str) -> list[str]:
    """Forgets what a package's former files held, within the session's transaction, and gives their addresses.

    A file is another one when its resource is gone or has another address, or when its `last_modified`, which CKAN sets
    at every upload, has moved past the profile.
    """
    known = of_package(package_id)
    package = find_package(package_id) if known else None
    if package is None:
        return []
    now = datetime.datetime.now(datetime.timezone.utc)
    current = {str(resource["id"]): resource for resource in package["resources"]}
    replaced = {
        resource_id: profile.url
        for resource_id, profile in known.items()
        if resource_id not in current or _is_of_other_file(profile, current[resource_id], now)
    }
    if replaced:
        model.Session.execute(sa.delete(table).where(_columns.resource_id.in_(replaced)))
    return list(replaced.values())


def _is_of_other_file(profile: FileProfile, resource: Mapping[str, Any], now: datetime.datetime) -> bool:
    # A harvested resource keeps its download address beside the one that CKAN shows.
    if profile.url not in (resource.get("url"), resource.get("download_url"), resource.get("access_url")):
        return True
    try:
        changed = datetime.datetime.fromisoformat(str(resource.get("last_modified")))
    except ValueError:
        return False
    changed = changed if changed.tzinfo else changed.replace(tzinfo=datetime.timezone.utc)
    # A date in the future is a mistake: it would make every profile one of another file.
    return profile.profiled_at is not None and profile.profiled_at < changed <= now


def _profile(text: str) -> FileProfile:
    return msgspec.json.decode(text, type=FileProfile)


def _address(url: str) -> str:
    return hashlib.sha256(url.encode(errors="surrogatepass")).hexdigest()


def without_flags(profile: FileProfile) -> FileProfile:
    """A profile as everybody may see it: where personal data may stand is for those who can take them out."""
    columns = [msgspec.structs.replace(column, personal=[]) for column in profile.columns]
    return msgspec.structs.replace(profile, columns=columns)
