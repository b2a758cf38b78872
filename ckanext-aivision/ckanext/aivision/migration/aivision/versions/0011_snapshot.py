"""Facets for snapshots; the tallies and the stored comparison, which snapshots replace, go."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LOOKED_AT = """replace(replace(substring(evaluation from '\\]\\],\\[((?:"[a-z]+",?)+)\\]'), '"', ''), ',', ' ')"""


def upgrade() -> None:
    op.create_table(
        "aivision_facets",
        sa.Column("package_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("edited", sa.DateTime),
        sa.Column("changed", sa.DateTime),
        sa.Column("facets", sa.Text, nullable=False),
    )
    op.add_column("aivision_evaluation", sa.Column("looked_at", sa.Text, sa.Computed(_LOOKED_AT, persisted=True)))
    op.drop_table("aivision_tally")
    op.drop_table("aivision_comparison")


def downgrade() -> None:
    op.create_table(
        "aivision_comparison",
        sa.Column("lens", sa.Text, primary_key=True),
        sa.Column("software", sa.Text, nullable=False),
        sa.Column("tried", sa.DateTime, nullable=False),
        sa.Column("fingerprint", sa.Text),
        sa.Column("problem", sa.Text),
        sa.Column("made", sa.DateTime),
        sa.Column("figures", sa.Text),
        sa.Column("digest", sa.Text),
        sa.Column("charts", JSONB),
    )
    op.create_table(
        "aivision_tally",
        sa.Column("country", sa.Text, primary_key=True),
        sa.Column("publisher", sa.Text, primary_key=True),
        sa.Column("tally", JSONB),
        sa.Column("sample_tally", JSONB),
        sa.Column("fingerprint", sa.Text),
    )
    op.drop_column("aivision_evaluation", "looked_at")
    op.drop_table("aivision_facets")
