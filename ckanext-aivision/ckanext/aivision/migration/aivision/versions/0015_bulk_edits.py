"""What can be mended in each dataset, for work lists; changes to many datasets at once, with what they replaced."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("aivision_evaluation", sa.Column("gains", sa.Text))
    op.create_index("aivision_package_owner", "package", ["owner_org"])
    op.create_table(
        "aivision_bulk_edit",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("organization", sa.Text, sa.ForeignKey("group.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("what", JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("asked", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
        sa.Column("heartbeat", sa.DateTime),
    )
    op.create_table(
        "aivision_bulk_row",
        sa.Column("edit", sa.Text, sa.ForeignKey("aivision_bulk_edit.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("patch", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("score_before", sa.Double),
        sa.Column("score_after", sa.Double),
        sa.Column("grade_before", sa.Text, nullable=False),
        sa.Column("grade_after", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("aivision_bulk_row")
    op.drop_table("aivision_bulk_edit")
    op.drop_index("aivision_package_owner", "package")
    op.drop_column("aivision_evaluation", "gains")
