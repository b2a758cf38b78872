"""The comparison's figures and charts are stored; tallies are compared with the tables by a fingerprint."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
    op.add_column("aivision_tally", sa.Column("fingerprint", sa.Text))
    op.drop_column("aivision_tally", "stale")


def downgrade() -> None:
    op.add_column("aivision_tally", sa.Column("stale", sa.Boolean, nullable=False, server_default=sa.true()))
    op.alter_column("aivision_tally", "stale", server_default=None)
    op.drop_column("aivision_tally", "fingerprint")
    op.drop_table("aivision_comparison")
