"""What was found as SARIF 2.1.0 (OASIS), each finding with its line and column where its file is JSON."""

from __future__ import annotations

from typing import Any, BinaryIO

from ckanext.aivision import __version__
from ckanext.aivision.cli.output.locations import Locations, Place
from ckanext.aivision.cli.output.sarif import RANK, Gravest, fingerprint, physical
from ckanext.aivision.cli.validate.formats import Row, Rows
from ckanext.aivision.validation.findings import CATALOGUE, Finding, within
from ckanext.aivision.validation.standards import named

# More rules than any standard has; members that it does not have, which anybody can write, are one rule.
_MOST_RULES = 5_000


def write(rows: Rows, stream: BinaryIO) -> None:
    """Writes the findings, the gravest first, once everything has been read; no more than the limits are held."""
    gravest, rules = Gravest(), _Rules()
    with Locations() as locations:
        for row in rows:
            place: Place | None = None
            for found in row.checked.findings:
                if gravest.takes(RANK[found.level]):
                    place = place or _place(locations, row)
                    gravest.keep(RANK[found.level], _result(row, found, place, rules))
    run = {
        "tool": {"driver": {"name": "aivision", "semanticVersion": __version__, "rules": rules.rows}},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": "aivision-validate/"},
    }
    gravest.write(stream, run, str(rows.fault) if rows.fault is not None else "", "fix these first")


def _place(locations: Locations, row: Row) -> Place:
    if row.checked.part == CATALOGUE:
        # It is all of the file, and stands behind its own records.
        return locations.around(row.source, row.checked.where)
    find = locations.of_node if named(row.checked.standard).language == "shacl" else locations.of
    return find(row.source, row.checked.where)


def _result(row: Row, found: Finding, place: Place, rules: _Rules) -> dict[str, Any]:
    checked = row.checked
    path = within(found.where, checked.where)
    id, index = rules.of(checked.standard, found)
    seen = f" (seen: {found.seen})" if found.seen else ""
    message = f"{found.field or checked.part} {found.message}{seen}{': ' if found.fix else ''}{found.fix}"
    return {
        "ruleId": id,
        "ruleIndex": index,
        "level": found.level,
        "message": {"text": message},
        "locations": [{"physicalLocation": physical(place.at(path))}],
        "partialFingerprints": {
            "primaryLocationLineHash": fingerprint(checked.identifier or checked.where, id, path or found.where)
        },
    }


class _Rules:
    """The rules of the findings, in the order in which they came. rows: as SARIF has them (3.49)."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
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


def _rule(id: str, standard: str, field: str, found: Finding) -> dict[str, Any]:
    title = named(standard).title
    return {
        "id": id,
        "shortDescription": {"text": f"{field or 'A member'} {found.message} ({title})"},
        "help": {"text": f"Asked by {title}."},
        "defaultConfiguration": {"level": found.level},
        "properties": {"tags": ["validation", standard]},
    }
