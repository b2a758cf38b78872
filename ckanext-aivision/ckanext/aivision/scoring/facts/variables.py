"""What a record says in words of its variables: rows, units, codes, missing values and margins of error."""

from __future__ import annotations

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.evidence import Mention, find_mention

# Subjects of config/vocabularies/mentions.yaml, each a kind of fact about variables.
_KINDS = ("variable_rows", "variable_units", "variable_columns", "variable_missing", "uncertainty")
# Two kinds tell nearly as much as a dictionary; one is a beginning.
SEVERAL, ONE = 0.8, 0.4
_DETAILS = ("detail_level", "raw_or_derived")


def variables_in_words(dataset: Dataset) -> list[Mention]:
    """The words for each kind of fact about variables that the prose tells."""
    return _mentions(dataset, _KINDS)


def granularity_in_words(dataset: Dataset) -> list[Mention]:
    """The words for the level of detail, and those for whether the data are raw or derived."""
    return _mentions(dataset, _DETAILS)


def _mentions(dataset: Dataset, subjects: tuple[str, ...]) -> list[Mention]:
    return [found for subject in subjects if (found := find_mention(dataset, subject)) is not None]
