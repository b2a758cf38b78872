"""Sources' runs, the ledger of their records, evaluations and the tallies that comparisons are made of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aivision_run",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False, index=True),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("account", JSONB, nullable=False),
    )
    op.create_table(
        "aivision_problem",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("run_id", sa.Text, sa.ForeignKey("aivision_run.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("identifier", sa.Text),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.Column("raw", sa.Text),
    )
    op.create_table(
        "aivision_record",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("identifier", sa.Text, primary_key=True),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("dataset", sa.Text, nullable=False),
        sa.Column("indexed", sa.Boolean, nullable=False),
        sa.Column("last_changed", sa.DateTime, nullable=False),
    )
    # The outbox: almost always empty, so the index holds next to nothing.
    op.create_index("aivision_record_unindexed", "aivision_record", ["source"], postgresql_where=sa.text("NOT indexed"))
    op.create_table(
        "aivision_evaluation",
        sa.Column("package_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("coverage", sa.Float, nullable=False),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("rubric_version", sa.Text, nullable=False),
        sa.Column("reference_date", sa.Date, nullable=False),
        sa.Column("evaluation", sa.Text, nullable=False),
    )
    op.create_index("aivision_evaluation_publisher", "aivision_evaluation", ["country", "publisher"])
    op.create_table(
        "aivision_tally",
        sa.Column("country", sa.Text, primary_key=True),
        sa.Column("publisher", sa.Text, primary_key=True),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.Column("tally", JSONB),
    )


def downgrade() -> None:
    for table in ("tally", "evaluation", "record", "problem", "run"):
        op.drop_table(f"aivision_{table}")
