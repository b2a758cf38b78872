"""The history of evaluations and of their tallies; an evaluation's version and date stand in columns alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# The end of an evaluation's JSON array: its version, its date and, where it was written later, its depths.
_WITHOUT = r"""
    UPDATE aivision_evaluation SET evaluation = regexp_replace(
        evaluation, ',"[^"]*","[0-9]{4}-[0-9]{2}-[0-9]{2}"(,\[[^][]*\])?\]$', '\1]'
    )
"""
_WITH = r"""
    UPDATE aivision_evaluation SET evaluation = regexp_replace(
        evaluation, ',(\[("[a-z]+",?)*\])\]$', ',"' || rubric_version || '","' || reference_date || '",\1]'
    )
"""


def upgrade() -> None:
    op.add_column("aivision_evaluation", sa.Column("point", sa.Text))
    # What is long lies apart: what changes or is counted beside it, a date or a point, is read and written without it.
    op.execute("ALTER TABLE aivision_evaluation SET (toast_tuple_target = 512)")
    op.execute(_WITHOUT)
    op.create_table(
        "aivision_history",
        sa.Column("package_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("rubric_version", sa.Text, primary_key=True),
        sa.Column("reference_date", sa.Date, primary_key=True),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("publisher", sa.Text, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("point", sa.Text, nullable=False),
        sa.Column("record", sa.LargeBinary),
        sa.Column("recomputed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "aivision_past_record",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("record", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "aivision_trend",
        sa.Column("rubric_version", sa.Text, primary_key=True),
        sa.Column("country", sa.Text, primary_key=True),
        sa.Column("level", sa.Text, primary_key=True),
        sa.Column("publisher", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("publishers", sa.Integer, nullable=False),
        sa.Column("lacking", sa.Integer, nullable=False),
        sa.Column("recomputed", sa.Boolean, nullable=False),
        sa.Column("tally", sa.Text, nullable=False),
    )
    op.create_table(
        "aivision_rescore",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rubric_version", sa.Text, nullable=False),
        sa.Column("reference_date", sa.Date, nullable=False),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
        sa.Column("heartbeat", sa.DateTime, nullable=False),
        sa.Column("worker", sa.Text, nullable=False),
        sa.Column("cancel_requested", sa.Boolean, nullable=False),
        sa.Column("account", JSONB, nullable=False),
    )
    op.create_table("aivision_unindexed", sa.Column("package_id", sa.Text, primary_key=True))


def downgrade() -> None:
    for table in ("unindexed", "rescore", "trend", "past_record", "history"):
        op.drop_table(f"aivision_{table}")
    op.execute(_WITH)
    op.execute("ALTER TABLE aivision_evaluation RESET (toast_tuple_target)")
    op.drop_column("aivision_evaluation", "point")
