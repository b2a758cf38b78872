"""The announcement of a new version of the rubric, and the grades that datasets would have under it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aivision_announcement",
        sa.Column("rubric_version", sa.Text, primary_key=True),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
    )
    op.create_table(
        "aivision_announced_grade",
        sa.Column("package_id", sa.Text, primary_key=True),
        sa.Column("rubric_version", sa.Text, nullable=False),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("score", sa.Double),
        sa.Column("gate", sa.Text, nullable=False),
        sa.Column("criteria", JSONB, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("aivision_announced_grade")
    op.drop_table("aivision_announcement")
