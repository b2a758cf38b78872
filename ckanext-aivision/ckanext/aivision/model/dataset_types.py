"""The types of packages that are datasets, as a table and as a condition in SQL."""

from __future__ import annotations

import sqlalchemy as sa

from ckanext.aivision.model.metadata import metadata

# What the setting `ckanext.aivision.dataset_types` lists, written when CKAN starts: the triggers that note changes
# (migration 0017) know no settings.
dataset_type = sa.Table("aivision_dataset_type", metadata, sa.Column("name", sa.Text, primary_key=True))

# For the right side of `p.type = ...`. PostgreSQL reads the list once for a statement; a join would mislead its planner
# about how few packages are left.
DATASET_TYPES = "ANY(ARRAY(SELECT name FROM aivision_dataset_type))"
