"""Corrections of harvested datasets, former names of datasets, and who gets the weekly e-mail."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# By a trigger: however a dataset is renamed, its old address leads to the new one. A name that is taken again is no
# former name any more.
_FUNCTION = """
    CREATE OR REPLACE FUNCTION aivision_note_former_name() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF to_regclass('aivision_former_name') IS NULL THEN RETURN NULL; END IF;
        DELETE FROM aivision_former_name WHERE name = NEW.name;
        INSERT INTO aivision_former_name (name, package_id, since)
        VALUES (OLD.name, NEW.id, transaction_timestamp() AT TIME ZONE 'utc')
        ON CONFLICT (name) DO UPDATE SET package_id = excluded.package_id, since = excluded.since;
        RETURN NULL;
    END
    $body$
"""
_TRIGGER = """
    CREATE TRIGGER aivision_former_names AFTER UPDATE OF name ON package FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name AND OLD.state <> 'draft')
    EXECUTE FUNCTION aivision_note_former_name()
"""


def upgrade() -> None:
    op.create_table(
        "aivision_correction",
        sa.Column("package_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("source_value", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("ended", sa.DateTime),
    )
    op.create_table(
        "aivision_corrected",
        sa.Column("package_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("rubric_version", sa.Text, nullable=False),
        sa.Column("gains", sa.Text, nullable=False),
    )
    op.create_table(
        "aivision_former_name",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
    )
    op.create_index("aivision_former_name_package", "aivision_former_name", ["package_id"])
    op.execute(_FUNCTION)
    op.execute(_TRIGGER)
    op.create_table(
        "aivision_digest",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("asked", sa.DateTime, nullable=False),
        sa.Column("sent", sa.DateTime),
    )


def downgrade() -> None:
    op.drop_table("aivision_digest")
    op.execute("DROP TRIGGER IF EXISTS aivision_former_names ON package")
    op.execute("DROP FUNCTION IF EXISTS aivision_note_former_name()")
    op.drop_table("aivision_former_name")
    op.drop_table("aivision_corrected")
    op.drop_table("aivision_correction")
