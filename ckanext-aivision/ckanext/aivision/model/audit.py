"""The table of the audit log (migration 0018)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.aivision.model.metadata import metadata

# What administrators and stewards did. who: the name of a user, or of the account that ran a command; empty for nobody.
# action: its name, `command` with the command's words, or `correction` for an edit of a harvested dataset. kind, thing:
# what it was about, and its id or name.
audit = sa.Table(
    "aivision_audit",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("made", sa.DateTime, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("thing", sa.Text, nullable=False),
    sa.Column("details", JSONB, nullable=False),
)
