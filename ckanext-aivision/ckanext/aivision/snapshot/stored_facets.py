"""Keep the facets of each dataset beside its evaluation, so that a snapshot reads no records.

They are worked out here, in the job, and not where a dataset is written: only for those whose record changed since, or
where the tables that they come from are of another version.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa

from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.records import datasets
from ckanext.aivision.compare.estimates.sample import CriterionLike
from ckanext.aivision.compare.lens import asked_of_records, rows_of_records
from ckanext.aivision.compare.table.facets import Facets, facets_of, version
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.schema import Lens

_BATCH = 500
# An edit moves metadata_modified, a harvest last_changed.
_STALE = sa.text(
    f"""
    SELECT p.id, p.metadata_modified AS edited, r.last_changed AS changed
    FROM aivision_evaluation e
    JOIN package p ON p.id = e.package_id
    LEFT JOIN aivision_record r ON r.package_id = p.id
    LEFT JOIN aivision_facets f ON f.package_id = p.id
    WHERE p.state = 'active' AND p.type = {DATASET_TYPES} AND NOT p.private
        AND (f.version, f.edited, f.changed) IS DISTINCT FROM (:version, p.metadata_modified, r.last_changed)
    """  # noqa: S608
)
_KEPT = sa.text(
    f"""
    INSERT INTO aivision_facets (package_id, version, edited, changed, facets)
    SELECT r.* {statements.from_rows("package_id text, version text, edited timestamp, changed timestamp, facets text")}
    ON CONFLICT (package_id) DO UPDATE SET
        version = excluded.version, edited = excluded.edited, changed = excluded.changed, facets = excluded.facets
    """
)
_OF_ONE = sa.text("SELECT facets FROM aivision_facets WHERE package_id = :id")
_FORGOTTEN = sa.text("DELETE FROM aivision_facets f WHERE NOT EXISTS (SELECT FROM package p WHERE p.id = f.package_id)")


class StoredFacets(Facets, frozen=True, omit_defaults=True):
    """of_lenses: the results of what lenses ask of the record itself, a letter for each of `asked_by_lenses`."""

    of_lenses: str = ""


def asked_by_lenses() -> list[CriterionLike]:
    """What the lenses of this installation ask of records themselves, beyond the rubric's criteria, as MQA does."""
    return [row for lens in _lenses() for row in rows_of_records(lens)]


def bring_up_to_date() -> int:
    """Works out the facets of the public datasets that lack current ones. Commits. Returns how many."""
    stale = model.Session.execute(_STALE, {"version": version()}).all()
    model.Session.rollback()
    for start in range(0, len(stale), _BATCH):
        _keep(stale[start : start + _BATCH])
    model.Session.execute(_FORGOTTEN)
    model.Session.commit()
    return len(stale)


def agency_of(package_id: str) -> str:
    """The id of the agency that a dataset was placed with for the last snapshot; empty where there is none."""
    found = model.Session.execute(_OF_ONE, {"id": package_id}).scalar()
    return msgspec.json.decode(found, type=Facets).agency if found else ""


def _lenses() -> list[Lens]:
    return [lens for lens in map(load_lens, names()) if lens.has_metrics]


def _stored(dataset: Dataset) -> StoredFacets:
    of_lenses = "".join(asked_of_records(lens, dataset) for lens in _lenses())
    return StoredFacets(**msgspec.structs.asdict(facets_of(dataset)), of_lenses=of_lenses)


def _keep(rows: Any) -> None:
    found = dict(datasets([row.id for row in rows]))
    kept = [
        {
            "package_id": row.id,
            "version": version(),
            "edited": row.edited,
            "changed": row.changed,
            "facets": msgspec.json.encode(_stored(found[row.id])).decode(),
        }
        for row in rows
        if row.id in found
    ]
    if kept:
        statements.execute(model.Session, _KEPT, kept)
    model.Session.commit()
