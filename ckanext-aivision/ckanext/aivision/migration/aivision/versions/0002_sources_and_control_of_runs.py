"""Sources with their schedules, runs that show that they live, records that are gone but not yet removed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aivision_source",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("source", JSONB, nullable=False),
        sa.Column("owner_org", sa.Text, sa.ForeignKey("group.id", ondelete="SET NULL"), index=True),
        sa.Column("schedule", sa.Text, nullable=False, server_default="manual"),
        sa.Column("priority", sa.Integer, nullable=False, server_default="0"),
        sa.Column("state", JSONB, nullable=False, server_default="{}"),
        sa.Column("active", sa.Integer, nullable=False, server_default="0"),
        sa.Column("gone", sa.Integer, nullable=False, server_default="0"),
        sa.Column("last_run", sa.Text),
        sa.Column("last_started", sa.DateTime),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.add_column("aivision_run", sa.Column("heartbeat", sa.DateTime))
    op.add_column("aivision_run", sa.Column("worker", sa.Text, nullable=False, server_default=""))
    op.add_column("aivision_run", sa.Column("cancel_requested", sa.Boolean, nullable=False, server_default="false"))
    op.create_index("aivision_run_started", "aivision_run", ["source", sa.text("started DESC")])
    op.create_index("aivision_problem_kind", "aivision_problem", ["run_id", "severity", "code", "id"])
    op.add_column("aivision_record", sa.Column("state", sa.Text, nullable=False, server_default="active"))
    op.add_column("aivision_record", sa.Column("gone_since", sa.DateTime))
    op.add_column("aivision_record", sa.Column("missing_in", sa.Text))
    op.add_column("aivision_record", sa.Column("fingerprint", sa.Text))
    op.create_index("aivision_record_state", "aivision_record", ["source", "state", "identifier"])
    op.create_index("aivision_record_identifier", "aivision_record", ["identifier"], postgresql_using="hash")
    op.create_index("aivision_record_fingerprint", "aivision_record", ["fingerprint"])
    # What nobody looks for does not have to be looked after.
    op.create_index(
        "aivision_record_missing", "aivision_record", ["missing_in"], postgresql_where=sa.text("missing_in IS NOT NULL")
    )


def downgrade() -> None:
    for column in ("fingerprint", "missing_in", "gone_since", "state"):
        op.drop_column("aivision_record", column)
    op.drop_index("aivision_record_identifier")
    op.drop_index("aivision_problem_kind")
    op.drop_index("aivision_run_started")
    for column in ("cancel_requested", "worker", "heartbeat"):
        op.drop_column("aivision_run", column)
    op.drop_table("aivision_source")
