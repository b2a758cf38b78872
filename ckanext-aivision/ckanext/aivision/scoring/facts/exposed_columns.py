"""Facts about the columns of files that identify people."""

from __future__ import annotations

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.table_quality import profiled
from ckanext.aivision.scoring.registry import Context

# Kinds of config/vocabularies/personal_data.csv that identify a person by themselves, and those that do with a name.
IDENTITY = {
    "national insurance number",
    "social security number",
    "health service number",
    "passport or driving licence",
}
NAME, WITH_A_NAME = "name of a person", {"date of birth", "home address"}


def count_exposed(dataset: Dataset, context: Context) -> int:
    """How many columns of its files look like identity numbers, or like what identifies people beside a name."""
    count = 0
    for _, found in profiled(dataset, context):
        kinds = {kind for column in found.columns for kind in column.personal}
        grave = IDENTITY | WITH_A_NAME if NAME in kinds else IDENTITY
        count += sum(1 for column in found.columns if not grave.isdisjoint(column.personal))
    return count
