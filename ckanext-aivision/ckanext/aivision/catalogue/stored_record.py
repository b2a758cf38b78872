"""The record behind a package: as it was harvested, or as it now stands where somebody has edited it since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.model import record as record_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import from_package


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
            yield package_id, msgspec.json.decode(stored, type=Dataset)
        else:
            shown = toolkit.get_action("package_show")({"ignore_auth": True}, {"id": package_id})
            yield package_id, from_package(shown)
