"""Which datasets of a snapshot may still be named: since it was made, some may have become private or are gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.snapshot.page_reads import note_read

_PUBLIC = sa.text(
    f"""
    SELECT id, name, title FROM package
    WHERE id = ANY(:ids) AND state = 'active' AND type = {DATASET_TYPES} AND NOT private
    """  # noqa: S608
)


def still_public(ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The id, name and title of those that are public now, as they are called now, by id."""
    return note_read(_find, tuple(sorted(set(ids))))


def _find(ids: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    found = model.Session.execute(_PUBLIC, {"ids": list(ids)})
    return {row.id: {"id": row.id, "name": row.name, "title": row.title or ""} for row in found}
