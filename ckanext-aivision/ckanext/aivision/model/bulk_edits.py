"""The tables of changes to many datasets at once (migration 0015)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.aivision.model.metadata import metadata

# Changes to many datasets of one organization at once. kind: fix, sheet or new. what: the fix and its values, or the
# name of the file. state: checking, checked, applying, applied, undoing, undone, failed or discarded; heartbeat: moved
# on while a job works on it. message: why it failed.
bulk_edit = sa.Table(
    "aivision_bulk_edit",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organization", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("what", JSONB, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("asked", sa.DateTime, nullable=False),
    sa.Column("finished", sa.DateTime),
    sa.Column("heartbeat", sa.DateTime),
)

# What a bulk edit changes, one row a dataset. place: of the row, from 1; in a file the number of its line. package_id:
# empty where there is no such dataset, or not yet. patch, before: fields and values as JSON text, before those that the
# fields had. digest: of the dataset as the edit left it. state: waiting, ready, refused, unchanged, applied, skipped,
# undone or kept; message: why.
bulk_row = sa.Table(
    "aivision_bulk_row",
    metadata,
    sa.Column("edit", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
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
