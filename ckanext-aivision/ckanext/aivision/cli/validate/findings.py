"""What was found in checked records as findings with a rule and a place."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from ckanext.aivision.cli.output import report
from ckanext.aivision.cli.output.locations import Locations, Place
from ckanext.aivision.cli.output.report import Ranked, Rule
from ckanext.aivision.cli.validate.checked_records import Row, Rows
from ckanext.aivision.validation.findings import CATALOGUE, Finding, Level, within
from ckanext.aivision.validation.standards import find_standard

# More rules than any standard has; members that it does not have, which anybody can write, are one rule.
_MOST_RULES = 5_000
_RANK: dict[Level, int] = {"error": 3, "warning": 2, "note": 1}


def validation_findings(rows: Rows, rules: Rules) -> Iterator[Ranked]:
    """Each finding of each record. rules: takes in the rules of those that are wanted."""
    with Locations() as locations:
        for row in rows:
            # A record is located in its file only if one of its findings is reported.
            place = functools.cache(functools.partial(_place, locations, row))
            for found in row.checked.findings:
                yield Ranked(_RANK[found.level], functools.partial(_finding, row, found, place, rules))


def _place(locations: Locations, row: Row) -> Place:
    if row.checked.part == CATALOGUE:
        # It is all of the file, and comes after its own records.
        return locations.around(row.source, row.checked.where)
    find = locations.of_node if find_standard(row.checked.standard).language == "shacl" else locations.of
    return find(row.source, row.checked.where)


def _finding(row: Row, found: Finding, place: Callable[[], Place], rules: Rules) -> report.Finding:
    checked = row.checked
    path = within(found.where, checked.where)
    location = place().at(path)
    id, index = rules.of(checked.standard, found)
    seen = f" (seen: {found.seen})" if found.seen else ""
    message = f"{found.field or checked.part} {found.message}{seen}{': ' if found.fix else ''}{found.fix}"
    marks = (checked.identifier or checked.where, id, path or found.where)
    return report.Finding(id, index, found.level, message, location, marks)


class Rules:
    """The rules of the findings, in the order in which they came."""

    def __init__(self) -> None:
        self.rows: list[Rule] = []
        self._indexes: dict[str, int] = {}

    def of(self, standard: str, found: Finding) -> tuple[str, int]:
        """The id of a finding's rule, and its place among the rules."""
        field = "" if found.rule.endswith(("Properties", ":closed")) else found.field
        id = "/".join(part for part in (standard, field.replace(" ", "/"), found.rule) if part)
        if id not in self._indexes and len(self.rows) >= _MOST_RULES:
            id = f"{standard}/other"
        if id not in self._indexes:
            self._indexes[id] = len(self.rows)
            self.rows.append(_rule(id, standard, field, found))
        return id, self._indexes[id]


def _rule(id: str, standard: str, field: str, found: Finding) -> Rule:
    title = find_standard(standard).title
    return Rule(
        id=id,
        level=found.level,
        question=f"{field or 'A member'} {found.message} ({title})",
        help=f"Asked by {title}.",
        tags=["validation", standard],
    )
