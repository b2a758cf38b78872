"""What looks like personal data, over config/vocabularies/personal_data.csv: a flag for a person, never a verdict."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import msgspec

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile

_CHECKED = "health service number"
_BIRTH = "date of birth"
# Dates that begin before this year, and are from so many years or more: those of people's births, not of what they did.
_BORN_BEFORE, _BORN_WITHIN = 1990, 20
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z']+|[A-Z]+|\d+")


class Kind(msgspec.Struct, frozen=True):
    """A row of personal_data.csv. pattern: RE2, empty if only names tell. least_share: 0 to 1.

    checked: whether a value has a check digit as well, as NHS numbers have.
    """

    kind: str
    pattern: str
    least_share: float
    name: re.Pattern[str]
    checked: bool = False


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """The kinds of personal data that are detected."""
    return tuple(
        Kind(
            row["kind"],
            row["pattern"],
            float(row["least_share"] or 1),
            re.compile(row["name"]),
            row["kind"] == _CHECKED,
        )
        for row in rows("personal_data")
    )


def kinds_by_name(column: str) -> list[str]:
    """The kinds of personal data that a column of this name would hold: `PatientSurname`, `e-mail`, `DOB`."""
    words = " ".join(_WORD.findall(column)).lower()
    return [kind.kind for kind in kinds() if kind.name.search(words)]


def shows_personal_data(text: str) -> bool:
    """Whether a text itself is or holds an address or number of a person."""
    return any(kind.pattern and not kind.checked and re.search(kind.pattern, text) for kind in kinds())


def about_people(columns: Sequence[ColumnProfile], has_header: bool) -> list[ColumnProfile]:
    """The columns of a table whose rows are about people: without ranges, which are facts about somebody.

    has_header: if there is none, a column of dates from decades is told by them to be one of dates of birth.
    """
    found = []
    for column in columns:
        personal = [*column.personal, *([_BIRTH] if not has_header and _may_be_births(column) else [])]
        found.append(msgspec.structs.replace(column, least=None, greatest=None, personal=personal))
    return found


def _may_be_births(column: ColumnProfile) -> bool:
    if column.type != "date" or column.least is None or column.greatest is None:
        return False
    first, last = int(column.least[:4]), int(column.greatest[:4])
    return first < _BORN_BEFORE and last - first >= _BORN_WITHIN
