"""Alembic's entry for `ckan db upgrade -p aivision`: our tables only, under a version table of our own."""

from alembic import context
from sqlalchemy import engine_from_config, pool

NAME = "aivision"


def run() -> None:
    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, version_table=f"{NAME}_alembic_version")
        with context.begin_transaction():
            context.run_migrations()


run()
