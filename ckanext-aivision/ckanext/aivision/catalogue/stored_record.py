"""The record behind a package: as it was harvested, or as it now stands where somebody has edited it since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.model import record as record_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import from_package

# A record of which the source's own is passed over: no criterion looks at it, and it is half of the text.
_ALONE = msgspec.defstruct(
    "Alone",
    [("raw", dict[str, Any], msgspec.field(default_factory=dict, name="no member's name"))],
    bases=(Dataset,),
    frozen=True,
    kw_only=True,
    omit_defaults=True,
)
_decode: Callable[[str], Dataset] = msgspec.json.Decoder(_ALONE).decode  # type: ignore[assignment]


def without_raw(text: str) -> Dataset:
    """The record in a ledger's `dataset`, without the source's own record."""
    return _decode(text)


def alone(dataset: Dataset) -> Dataset:
    """A record without the source's own record."""
    return msgspec.structs.replace(dataset, raw={})


def datasets(package_ids: Sequence[str]) -> Iterator[tuple[str, Dataset]]:
    """Each package's id with its record, in the order given. Whoever calls has checked that they may be read."""
    columns, package = record_table.c, model.Package.__table__
    # `last_changed` is taken after the package was written; an edit since then has moved metadata_modified past it.
    query = (
        sa.select(columns.package_id, columns.dataset)
        .join(package, package.c.id == columns.package_id)
        .where(columns.package_id.in_(package_ids), package.c.metadata_modified <= columns.last_changed)
    )
    harvested = dict(model.Session.execute(query).all())
    for package_id in package_ids:
        stored = harvested.get(package_id)
        if stored is not None:
            yield package_id, without_raw(stored)
        else:
            shown = toolkit.get_action("package_show")({"ignore_auth": True}, {"id": package_id})
            yield package_id, from_package(shown)
