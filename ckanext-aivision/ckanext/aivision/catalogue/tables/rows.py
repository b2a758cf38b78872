"""A package of `serialise.package.to_package` as the rows that CKAN's own `package_create` would store.

`package_create` asks a chain of validators for every field of every dataset: 100 ms. What `to_package` gives is
valid by construction, so here it is a matter of which column a field goes to. A test holds the two ways against
each other, field by field.
"""

from __future__ import annotations

import datetime
import json
import mimetypes
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ckan.lib.helpers import unified_resource_format

# Ids are made from what they name, so that a run that is repeated after a crash makes the same ones.
_NAMESPACE = uuid.UUID("3f6a2f0e-6a55-5d52-9d43-6a1f6f1f9d0c")

PACKAGE_COLUMNS = ("title", "version", "url", "notes", "license_id", "type")
RESOURCE_COLUMNS = ("url", "format", "description", "hash", "name", "mimetype", "size")
_ELSEWHERE = frozenset(("tags", "resources"))
_NO_EXTRAS = frozenset((*RESOURCE_COLUMNS, "id"))


class Rows(NamedTuple):
    """What is stored of one dataset.

    package, resources: columns of CKAN's tables `package` and `resource` by name; `extras` as an object.
    tags: names, in order, each once.
    """

    package: dict[str, Any]
    resources: list[dict[str, Any]]
    tags: list[str]


def package_id(source: str, identifier: str) -> str:
    """The id of a source's dataset: the same in every run."""
    return _id("package", source, identifier)


def tag_id(name: str) -> str:
    """The id of a new tag. CKAN's table has no rule against a name that comes twice; equal ids keep one of them out."""
    return _id("tag", name)


def organization_id(name: str) -> str:
    """The id of a publisher's new organisation."""
    return _id("organization", name)


def member_id(member: str, organization: str) -> str:
    """The id of the row that puts a package, or a user, into an organisation."""
    return _id("member", member, organization)


def package_tag_id(package: str, tag: str) -> str:
    """The id of the row that gives a package a tag."""
    return _id("package_tag", package, tag)


def to_rows(
    package: Mapping[str, Any], id: str, name: str, owner_org: str, creator: str, now: datetime.datetime
) -> Rows:
    """The rows of a package.

    package: of `to_package`. creator: the id of a user. now: UTC, without a time zone, as CKAN keeps it.
    """
    stored: dict[str, Any] = {column: package.get(column) for column in PACKAGE_COLUMNS}
    further = sorted((key for key in package if key not in stored and key not in _ELSEWHERE), key=_as_jsonb_sorts)
    extras = {key: _stored(package[key]) for key in further}
    moment = now.isoformat()
    stored |= {
        "id": id,
        "name": name,
        "owner_org": owner_org,
        "creator_user_id": creator,
        "metadata_created": moment,
        "metadata_modified": moment,
        "private": False,
        "state": "active",
        "extras": extras,
    }
    seen: dict[str, int] = {}
    resources = [_resource(item, id, place, seen, moment) for place, item in enumerate(package["resources"])]
    return Rows(stored, resources, [tag["name"] for tag in package.get("tags", ())])


def _resource(
    item: Mapping[str, Any], package: str, position: int, seen: dict[str, int], moment: str
) -> dict[str, Any]:
    """The row of a resource. Its id stays while its address does, so that links to it and views of it stay good."""
    address = item.get("url") or ""
    known_by = address or item.get("name") or ""
    seen[known_by] = count = seen.get(known_by, 0) + 1
    guessed = None if item.get("format") and item.get("mimetype") else _guessed(address)
    written = item.get("format") or guessed
    return {
        **{column: item.get(column) for column in RESOURCE_COLUMNS},
        # A file that was corrected has the id that its source's own address gave it.
        "id": item.get("id") or _id("resource", package, known_by, str(count)),
        "package_id": package,
        "url": address,
        "format": unified_resource_format(written) if written else "",
        "mimetype": item.get("mimetype") or guessed,
        "hash": item.get("hash") or "",
        "description": item.get("description"),
        "position": position,
        "created": moment,
        "metadata_modified": moment,
        "state": "active",
        "extras": {key: _stored(value) for key, value in item.items() if key not in _NO_EXTRAS},
    }


def _guessed(url: str) -> str | None:
    """The media type that an address shows (ckan.logic.validators.if_empty_guess_format)."""
    parts = urlsplit(url)
    if not url or (parts.scheme and not parts.path):
        return None
    return mimetypes.guess_type(url)[0]


def _as_jsonb_sorts(key: str) -> tuple[int, str]:
    """The order in which PostgreSQL gives the members of a JSONB object back."""
    return len(key), key


def _stored(value: Any) -> str:
    """An extra is text: lists and groups of subfields are kept as JSON, as ckanext-scheming writes it."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "\n".join(parts)))
