"""Stored link checks: which links are due, the result of each, and the datasets that have it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterable, Sequence

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.links.answer import Target
from ckanext.aivision.model import link as link_table
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.distributions import linked
from ckanext.aivision.scoring.facts.link_quality import is_declared_as_page
from ckanext.aivision.scoring.observations.observations import NOTHING, Link, Observed
from ckanext.aivision.serialise.resource import from_resource

# Addresses of public datasets that were never asked for, or are to be asked for again: those longest ago first.
_DUE = sa.text(
    f"""
    SELECT r.url,
        jsonb_agg(DISTINCT jsonb_build_object('url', r.url, 'format', r.format, 'mimetype', r.mimetype)) AS told
    FROM resource r
    JOIN package p ON p.id = r.package_id AND p.state = 'active' AND p.type = {DATASET_TYPES} AND NOT p.private
    LEFT JOIN aivision_link l ON l.id = encode(sha256(convert_to(r.url, 'UTF8')), 'hex')
    WHERE r.state = 'active' AND r.url ~* '^https?://' AND coalesce(r.url_type, '') <> 'upload'
        AND (CAST(:source AS text) IS NULL OR EXISTS (
            SELECT FROM aivision_record o WHERE o.package_id = p.id AND o.source = :source AND o.state = 'active'))
        AND (l.id IS NULL OR l.due <= :now OR (l.due IS NULL AND l.checked_at <= :old))
    GROUP BY r.url
    ORDER BY min(l.checked_at) NULLS FIRST, r.url
    LIMIT :most
    """  # noqa: S608
)
_HOLDERS = sa.text(
    f"""
    SELECT DISTINCT p.id FROM package p JOIN resource r ON r.package_id = p.id
    WHERE p.state = 'active' AND p.type = {DATASET_TYPES} AND r.state = 'active' AND r.url = ANY(:urls)
    ORDER BY p.id
    """  # noqa: S608
)


def due(
    now: datetime.datetime, max_age: datetime.timedelta, source: str | None = None, limit: int | None = None
) -> list[Target]:
    """The addresses of public datasets to ask for. now: UTC. source: only of what was harvested from it."""
    moment = naive(now)
    values = {"source": source, "now": moment, "old": moment - max_age, "most": limit}
    rows = model.Session.execute(_DUE, values).all()
    return [Target(row.url, not all(is_declared_as_page(from_resource(told)) for told in row.told)) for row in rows]


def find(urls: Collection[str]) -> dict[str, Link]:
    """What is held of these addresses; those that were never checked are left out."""
    if not urls:
        return {}
    query = sa.select(link_table.c.link).where(link_table.c.id == sa.func.any(sa.cast(sa.bindparam("ids"), _TEXTS)))
    found = model.Session.execute(query, {"ids": [_id(url) for url in urls]}).scalars()
    links = (msgspec.json.decode(text, type=Link) for text in found)
    return {link.url: link for link in links}


_TEXTS = sa.ARRAY(sa.Text)


def keep(links: Iterable[Link]) -> None:
    """Writes what is held of addresses, within the session's transaction."""
    rows = [
        {
            "id": _id(link.url),
            "url": link.url,
            "state": link.state,
            "checked_at": naive(link.checked_at),
            "due": naive(link.due) if link.due is not None else None,
            "link": msgspec.json.encode(link).decode(),
        }
        for link in links
        if link.checked_at is not None
    ]
    if rows:
        statement = insert(link_table)
        replaced = {name: statement.excluded[name] for name in ("state", "checked_at", "due", "link")}
        model.Session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=replaced), rows)


def holders(urls: Collection[str]) -> list[str]:
    """The ids of the active datasets that have one of these addresses."""
    return list(model.Session.execute(_HOLDERS, {"urls": list(urls)}).scalars())


def last_check() -> datetime.datetime | None:
    """When a link was checked last, UTC without a time zone; None if none ever was."""
    return model.Session.execute(sa.select(sa.func.max(link_table.c.checked_at))).scalar()


def observed(datasets: Sequence[Dataset]) -> list[Observed]:
    """What is held of the addresses of each dataset; nothing if none of its addresses was ever checked."""
    urls = [[str(item.url) for item in linked(dataset)] for dataset in datasets]
    known = find({url for some in urls for url in some})
    found = []
    for some in urls:
        links = {url: known[url] for url in some if url in known}
        found.append(Observed(links=links) if links else NOTHING)
    return found


def _id(url: str) -> str:
    return hashlib.sha256(url.encode(errors="surrogatepass")).hexdigest()
