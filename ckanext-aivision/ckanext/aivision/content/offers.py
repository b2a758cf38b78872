"""What was found of a file, beside what its metadata say: what can be filled in, what differs and what agrees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from ckanext.aivision.content.dictionary import merged
from ckanext.aivision.content.inspection import Inspection
from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.text import one

_SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


class Offer(NamedTuple):
    """One field of a resource. stored, found: as the metadata have it, and as the file shows it.

    state: `new` if the metadata have nothing, `differs`, or `agrees`. fields: what is stored if the steward takes it.
    """

    field: str
    stored: str
    found: str
    state: Literal["new", "differs", "agrees"]
    fields: Mapping[str, str]


def offers(resource: Mapping[str, Any], found: Inspection) -> list[Offer]:
    """What the metadata of a resource can take from its file. Columns are added to, never taken away."""
    profile = found.profile
    columns = one(resource.get("columns")) or ""
    stored = {field: one(resource.get(field)) or "" for field in ("format", "mimetype", "size", "hash")}
    told = [
        _offer("format", stored["format"], profile.format, _format(stored["format"]) == profile.format),
        _offer("mimetype", stored["mimetype"], found.media_type, _media_type(stored["mimetype"]) == found.media_type),
        _offer("size", stored["size"], "" if found.byte_size is None else str(found.byte_size)),
        _offer("hash", stored["hash"], found.sha256, stored["hash"].lower() == found.sha256, hash_algorithm=_SHA256),
    ]
    if profile.columns:
        told.append(_offer("columns", columns.strip(), merged(columns, profile)))
    return [offer for offer in told if offer.found]


def _offer(field: str, stored: str, found: str, agrees: bool = False, **beside: str) -> Offer:
    state: Literal["new", "differs", "agrees"] = "agrees" if agrees or stored == found else "differs"
    return Offer(field, stored, found, state if stored else "new", {field: found, **beside})


def _format(stored: str) -> str | None:
    return media_types.from_format(stored).id if stored else None


def _media_type(stored: str) -> str | None:
    return media_types.clean(stored).id if stored else None
