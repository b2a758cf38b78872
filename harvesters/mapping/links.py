"""Typed links of a record (RFC 8288, as in OGC API Records and STAC): files, licence, documentation, landing page."""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import urljoin

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.table import Raw, Row, objects, read, stripped, table, term
from ckanext.aivision.harvesters.mapping.values import byte_size, checksum
from ckanext.aivision.normalise import dates, licences, media_types
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Distribution, Term

_FILE, _PAGE_TYPE = "file", "text/html"
# What can be fetched from its address; a page or a service needs a person or a protocol.
_FETCHED_KINDS = ("data", "archive", "document", "image")
LINK = table(
    Row("access_url", "href", stripped),
    Row("title", "title", stripped),
    Row("media_type", "type", term(media_types.clean)),
    Row("byte_size", "length", byte_size, frozenset((str, int))),
    Row("modified", "updated", dates.moment),
    Row("issued", "created", dates.moment),
    Row("checksum", "file:checksum", checksum),
)


@functools.cache
def _leads_to() -> dict[str, str]:
    return {row["relation"]: row["leads_to"] for row in rows("link_relations")}


def read_links(value: Any, where: str, problems: list[Problem], base: str = "") -> dict[str, Any]:
    """The fields that the links of a record give; its files as `distribution`.

    base: the address of the document, which relative addresses are relative to.
    """
    fields: dict[str, Any] = {}
    files: list[Distribution] = []
    for index, link in objects(value, where, problems):
        relation = link.get("rel")
        field = _leads_to().get(relation) if isinstance(relation, str) else None
        if field is None or not isinstance(href := link.get("href"), str) or not href.strip():
            continue
        address = absolute(href, base)
        if field == _FILE:
            files.append(read_file(link, f"{where}[{index}]", problems, base))
        elif field == "license":
            fields.setdefault("license", licences.clean(address))
        elif field in ("page", "derived_from"):
            fields.setdefault(field, []).append(address)
        elif field != "landing_page" or link.get("type") in (None, _PAGE_TYPE):
            fields.setdefault(field, address)
    return {**fields, "distribution": files} if files else fields


def read_file(link: Raw, where: str, problems: list[Problem], base: str = "") -> Distribution:
    """The file or service that a link, or an asset of STAC, leads to."""
    fields = read(link, LINK, where, problems)
    if base and "access_url" in fields:
        fields["access_url"] = absolute(fields["access_url"], base)
    if (url := fields.get("access_url")) is not None and _is_fetched(url, fields.get("media_type")):
        fields["download_url"] = url
    return Distribution(**fields)


def absolute(address: str, base: str) -> str:
    """An address as it is meant in a document at `base`; as it is written if it cannot be read, or there is no base."""
    try:
        return urljoin(base, address.strip()) if base else address.strip()
    except ValueError:
        return address.strip()


def _is_fetched(url: str, media_type: Term | None) -> bool:
    key = media_types.of_url(url).id or (media_type.id if media_type is not None else None)
    traits = media_types.traits(key) if key else None
    return traits is not None and traits.kind in _FETCHED_KINDS
