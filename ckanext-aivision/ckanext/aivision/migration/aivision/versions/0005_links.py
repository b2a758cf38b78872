"""What the links of datasets answer."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aivision_link",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("checked_at", sa.DateTime, nullable=False),
        sa.Column("due", sa.DateTime),
        sa.Column("link", sa.Text, nullable=False),
    )
    op.create_index("aivision_link_checked_at", "aivision_link", ["checked_at"])


def downgrade() -> None:
    op.drop_table("aivision_link")
