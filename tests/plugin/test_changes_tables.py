"""The tables and triggers behind `/changes`: taken out and put back, or dropped by hand."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def test_taking_the_tables_out_takes_the_triggers_out(ckan: Any) -> None:
    """And without them CKAN's tables are written as before."""
    import runpy
    from pathlib import Path

    import ckan.model as model
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    from ckanext.aivision import model as our_model

    model.Session.rollback()
    versions = Path(our_model.__file__).parents[1] / "migration/aivision/versions"
    # From the newest down, as alembic takes them.
    newest, later, migration = (
        runpy.run_path(str(versions / f"{name}.py"))
        for name in ("0017_dataset_types", "0016_corrections", "0013_changes")
    )
    left = sa.text(
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'aivision%' UNION "
        "SELECT proname FROM pg_proc WHERE proname LIKE 'aivision%'"
    )
    public = sa.text("SELECT count(*) FROM package WHERE type = 'dataset' AND state = 'active' AND NOT private")
    noted = sa.text("SELECT count(*) FROM aivision_change WHERE kind = 'created'")
    with model.meta.engine.connect() as connection:
        connection.execute(sa.text("SET lock_timeout = '20s'"))
        with Operations.context(MigrationContext.configure(connection)):
            assert connection.execute(left).all()
            newest["downgrade"]()
            later["downgrade"]()
            migration["downgrade"]()
            assert connection.execute(left).all() == []
            connection.execute(sa.text("UPDATE package SET title = title"))
            migration["upgrade"]()
            later["upgrade"]()
            newest["upgrade"]()
            # What there was before is in the first pages.
            assert connection.execute(noted).scalar() == connection.execute(public).scalar()
        connection.rollback()


def test_ckan_is_still_written_where_our_tables_were_dropped_by_hand(published: Any, ckan: Any) -> None:
    import ckan.model as model

    id = published()["id"]
    with model.meta.engine.connect() as connection:
        connection.execute(sa.text("DROP TABLE aivision_change"))
        connection.execute(sa.text("UPDATE package SET title = 'By hand' WHERE id = :id"), {"id": id})
        connection.execute(sa.text("UPDATE resource SET name = 'By hand' WHERE package_id = :id"), {"id": id})
        connection.rollback()
