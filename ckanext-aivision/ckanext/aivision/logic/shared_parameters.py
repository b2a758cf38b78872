"""Parameters that several actions have."""

from __future__ import annotations

import functools

from ckanext.aivision.compare.table.filters import NAMES, known_values
from ckanext.aivision.compare.table.listing import GRADES
from ckanext.aivision.logic.parameter_types import Choice, Day, Parameter, Several, Text, Whole
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.lenses.load import names
from ckanext.aivision.scoring.rubric import load

# Ids and names of CKAN have at most 100 characters, and identifiers of sources more.
NAME = Text(longest=1000)
REQUIRED_NAME = Text(longest=1000, required=True)
LENS = Choice(known=names)
AS_OF = Day()
COUNTRY = Choice(known=lambda: list(COUNTRIES))
MOST_ROWS = 1000


def limit(usual: int) -> Whole:
    """How many rows to return at most."""
    return Whole(most=MOST_ROWS, usual=usual)


def criteria(only_metadata: bool = False) -> Choice:
    """A criterion of the rubric. only_metadata: without those of links and contents."""
    return Choice(known=lambda: [row.id for row in (load().criteria if only_metadata else load().everything)])


def _filter(name: str) -> Parameter:
    """A filter of a comparison, which reads its values itself (`compare.table.filters`)."""
    return Several(known=functools.partial(_values, name)) if name in known_values() else Several()


def _values(name: str) -> list[str]:
    return known_values()[name]


FILTERS: dict[str, Parameter] = {name: _filter(name) for name in NAMES}
# What evaluations can be chosen by beside the filters of a comparison.
GRADED: dict[str, Parameter] = {"grade": Choice(known=lambda: GRADES), "min_score": Whole(least=0, most=100)}
