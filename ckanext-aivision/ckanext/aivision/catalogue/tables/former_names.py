"""Former names of datasets, which a trigger notes (migration 0016)."""

from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa

_CURRENT = sa.text(
    """
    SELECT p.name FROM aivision_former_name f JOIN package p ON p.id = f.package_id
    WHERE f.name = :name AND p.state = 'active' AND NOT EXISTS (SELECT FROM package other WHERE other.name = :name)
    """
)


def find_current_name(former: str) -> str | None:
    """The name that a dataset of a former name has now; None if there is none, or the name belongs to another."""
    name: str | None = model.Session.execute(_CURRENT, {"name": former}).scalar()
    return name
