"""Read the ledger: the records of a source, and the source of a dataset."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.sources.removal import grace
from ckanext.aivision.catalogue.sources.samples import is_sample_source
from ckanext.aivision.catalogue.tables.moments import iso
from ckanext.aivision.model import record as record_table
from ckanext.aivision.model import source as source_table
from ckanext.aivision.normalise.web.credentials import mask

STATES = ("active", "gone", "deleted")

_columns = record_table.c
_ESCAPED = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class _Stored(msgspec.Struct):
    """Of a stored record.Dataset, what is shown of it."""

    landing_page: str | None = None
    raw: msgspec.Raw = msgspec.Raw(b"{}")


def records(
    source: str, most: int, state: str | None = None, beginning: str = "", after: str | None = None
) -> list[dict[str, Any]]:
    """What the ledger has of a source, by identifier.

    beginning: of the identifier. after: the identifier before the first one.
    """
    query = _listing_query().where(_columns.source == source).order_by(_columns.identifier).limit(most)
    if state:
        query = query.where(_columns.state == state)
    if beginning:
        query = query.where(_columns.identifier.like(beginning.translate(_ESCAPED) + "%"))
    if after is not None:
        query = query.where(_columns.identifier > after)
    return [_describe_record(row) for row in model.Session.execute(query)]


def names(source: str, identifiers: Collection[str]) -> dict[str, str]:
    """The names of the datasets that the catalogue has of these records of a source, by identifier."""
    query = _listing_query().where(
        _columns.source == source, _columns.identifier.in_(identifiers), _columns.state != "deleted"
    )
    return {row.identifier: row.name for row in model.Session.execute(query) if row.name}


def missing(run_id: str, most: int) -> list[dict[str, Any]]:
    """The records that a run would have removed and still waits with, by identifier."""
    waiting = _listing_query().where(_columns.missing_in == run_id, _columns.state == "active")
    return [_describe_record(row) for row in model.Session.execute(waiting.order_by(_columns.identifier).limit(most))]


def origin(package_id: str) -> dict[str, Any] | None:
    """Where a dataset came from: source (name and title), identifier, state and times; None if nobody harvested it.

    sample: whether it is made up.
    removed_on: when it will be deleted, where it is gone from its source. landing_page: its page there, as the source
    wrote it. source_url: what is harvested, as it was entered; None if the source is not on the list.
    """
    query = (
        sa.select(
            record_table,
            source_table.c.source["title"].astext.label("title"),
            source_table.c.source["url"].astext.label("source_url"),
        )
        .outerjoin(source_table, source_table.c.name == _columns.source)
        .where(_columns.package_id == package_id)
    )
    row = model.Session.execute(query).first()
    if row is None:
        return None
    return {
        "source": row.source,
        "source_title": row.title or row.source,
        "source_url": row.source_url,
        "identifier": row.identifier,
        "state": row.state,
        "sample": is_sample_source(row.source),
        "last_changed": row.last_changed,
        "gone_since": row.gone_since,
        "removed_on": row.gone_since + grace() if row.state == "gone" and row.gone_since else None,
        "landing_page": msgspec.json.decode(row.dataset, type=_Stored).landing_page,
    }


def source_record(package_id: str) -> bytes | None:
    """The record of a dataset as its source gave it, as JSON; None if it was not harvested."""
    text = model.Session.execute(sa.select(_columns.dataset).where(_columns.package_id == package_id)).scalar()
    if text is None:
        return None
    # What was stored before credentials were masked may hold some.
    return mask(bytes(msgspec.json.decode(text, type=_Stored).raw).decode()).encode()


def _listing_query() -> Any:
    fields = (_columns.identifier, _columns.state, _columns.last_changed, _columns.gone_since, _columns.package_id)
    package = model.Package.__table__
    return sa.select(*fields, package.c.name, package.c.title).select_from(
        record_table.outerjoin(package, package.c.id == _columns.package_id)
    )


def _describe_record(row: Any) -> dict[str, Any]:
    return {
        "identifier": row.identifier,
        "state": row.state,
        "package_id": row.package_id,
        "name": row.name,
        "title": row.title,
        "last_changed": iso(row.last_changed),
        "gone_since": iso(row.gone_since),
    }
