"""Documents about public datasets that need not be written again, and indexes to tell whether they are still true."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aivision_document",
        sa.Column("package_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("form", sa.Text, primary_key=True),
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("aivision_change_package", "aivision_change", ["package_id"])
    op.create_index("aivision_change_changed", "aivision_change", ["changed"])


def downgrade() -> None:
    op.drop_index("aivision_change_changed", "aivision_change")
    op.drop_index("aivision_change_package", "aivision_change")
    op.drop_table("aivision_document")
