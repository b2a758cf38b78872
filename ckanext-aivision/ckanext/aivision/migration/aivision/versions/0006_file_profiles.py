"""What the files of datasets hold: one row a resource that was looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aivision_file_profile",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("package_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("address", sa.Text, nullable=False, index=True),
        sa.Column("profiled_at", sa.DateTime, nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("aivision_file_profile")
