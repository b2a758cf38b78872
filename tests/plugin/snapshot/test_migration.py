"""The migration to snapshots, forth and back, on evaluations that are there."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from ckanext.aivision import model as model_of_migrations

_LOOKED_AT = sa.text("SELECT package_id, looked_at FROM aivision_evaluation ORDER BY package_id")


def test_the_migration_brings_facets_drops_tallies_and_says_what_was_looked_at(ckan: Any, published: Any) -> None:
    import ckan.model as model

    from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations

    package = published()
    path = Path(model_of_migrations.__file__).parents[1] / "migration/aivision/versions/0011_snapshot.py"
    migration = runpy.run_path(str(path))
    model.Session.rollback()
    with model.meta.engine.connect() as connection:
        connection.execute(sa.text("SET lock_timeout = '20s'"))
        before = connection.execute(_LOOKED_AT).all()
        with Operations.context(MigrationContext.configure(connection)):
            migration["downgrade"]()
            former = set(sa.inspect(connection).get_table_names())
            migration["upgrade"]()
        tables = set(sa.inspect(connection).get_table_names())
        assert connection.execute(_LOOKED_AT).all() == before
        connection.rollback()
    assert former - tables == {"aivision_tally", "aivision_comparison"}
    assert tables - former == {"aivision_facets"}
    evaluation = evaluations.find(package["id"])
    assert evaluation is not None
    assert dict(tuple(row) for row in before)[package["id"]] in (None, "")
