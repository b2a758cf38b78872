"""Tables of what the people who look after datasets do and want."""

from __future__ import annotations

import sqlalchemy as sa

from ckanext.aivision.model.metadata import metadata

# What people here correct of a harvested dataset, field by field. resource_id: of a file; empty for a field of the
# dataset. field: empty for a file as a whole. source_value, value: JSON; null for nothing. outcome: why a harvest
# dropped it, on `ended`: `agreed` or `changed`; empty while it applies.
correction = sa.Table(
    "aivision_correction",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, primary_key=True),
    sa.Column("source_value", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("made", sa.DateTime, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("ended", sa.DateTime),
)

# What is left to mend (`aivision_evaluation.gains`) in a harvested dataset with the corrections of people here.
corrected = sa.Table(
    "aivision_corrected",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("rubric_version", sa.Text, nullable=False),
    sa.Column("gains", sa.Text, nullable=False),
)

# Names that datasets had, written by a trigger (migration 0016): their old addresses lead to the new ones.
former_name = sa.Table(
    "aivision_former_name",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("since", sa.DateTime, nullable=False),
)

# Who gets the weekly e-mail. asked, sent: when the user asked for it, and when the last one was sent.
digest = sa.Table(
    "aivision_digest",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("asked", sa.DateTime, nullable=False),
    sa.Column("sent", sa.DateTime),
)

# Looks at single files that people asked for, or that an upload began. url: of the file that is meant; if the resource
# has another by now, the look was at another file. found: content.inspection.Inspection without its profile, as JSON.
inspection = sa.Table(
    "aivision_inspection",
    metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("asked", sa.DateTime, nullable=False),
    sa.Column("started", sa.DateTime),
    sa.Column("finished", sa.DateTime),
    sa.Column("found", sa.Text, nullable=False),
)
