"""Indexes by which pages go through runs, problems and records; identifiers in the order of their code points."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # An identifier is no text of a language: in this order one index serves order, paging and the search by beginning.
    op.alter_column("aivision_record", "identifier", type_=sa.Text(collation="C"), existing_nullable=False)
    op.create_index("aivision_source_order", "aivision_source", [sa.text('name COLLATE "C"')])
    op.create_index("aivision_run_latest", "aivision_run", [sa.text("started DESC"), sa.text("id DESC")])
    op.create_index("aivision_problem_identifier", "aivision_problem", ["run_id", "identifier"])


def downgrade() -> None:
    op.drop_index("aivision_problem_identifier")
    op.drop_index("aivision_run_latest")
    op.drop_index("aivision_source_order")
    op.alter_column("aivision_record", "identifier", type_=sa.Text(), existing_nullable=False)
