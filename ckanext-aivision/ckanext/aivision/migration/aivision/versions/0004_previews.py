"""What a harvest would change: the latest preview of each source, made by the job worker and read on a page."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aivision_preview",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("asked", sa.DateTime, nullable=False),
        sa.Column("started", sa.DateTime),
        sa.Column("finished", sa.DateTime),
        sa.Column("heartbeat", sa.DateTime),
        sa.Column("account", JSONB, nullable=False),
        sa.Column("records", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("aivision_preview")
