"""The profiles of files in the database."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Sequence

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.control import naive
from ckanext.aivision.model import file_profile as table
from ckanext.aivision.scoring.file_profile import FileProfile

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
    """The profiles of the files at these addresses; those that were never looked into are left out."""
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


def forget_others(package_id: str, resource_ids: Sequence[str]) -> None:
    """Forgets what a package's former resources held. resource_ids: those that it has."""
    gone = sa.delete(table).where(_columns.package_id == package_id, _columns.resource_id.not_in(resource_ids))
    model.Session.execute(gone)


def _profile(text: str) -> FileProfile:
    return msgspec.json.decode(text, type=FileProfile)


def _address(url: str) -> str:
    return hashlib.sha256(url.encode(errors="surrogatepass")).hexdigest()


def without_flags(profile: FileProfile) -> FileProfile:
    """A profile as everybody may see it: where personal data may stand is for those who can take them out."""
    columns = [msgspec.structs.replace(column, personal=[]) for column in profile.columns]
    return msgspec.structs.replace(profile, columns=columns)
