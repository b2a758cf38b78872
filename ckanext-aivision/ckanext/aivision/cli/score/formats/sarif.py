"""Results as SARIF 2.1.0 (OASIS), within what GitHub code scanning takes.

Only problems are results; what is unknown is none. Of more than it takes the gravest are kept, and a notification says
how many were left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from ckanext.aivision import __version__
from ckanext.aivision.cli.criteria.explanation import sources
from ckanext.aivision.cli.input.records import Judged, Rows, Scored
from ckanext.aivision.cli.output.locations import Locations, Place
from ckanext.aivision.cli.output.sarif import RANK, Gravest, fingerprint, physical
from ckanext.aivision.errors import Problem
from ckanext.aivision.scoring.results import Result
from ckanext.aivision.scoring.rubric import Criterion

_MOST_SOURCES = 8
_REFUSED = "record-refused"
# A criterion of this weight or more is an error where it fails.
_GRAVE = 4


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes the results, the gravest first, once everything has been read; no more than the limits are held."""
    rules = {row.id: index for index, row in enumerate(judged.rubric.criteria)}
    criteria = {row.id: row for row in judged.rubric.criteria}
    gravest = Gravest()
    with Locations() as locations:
        for row in rows:
            place: Place | None = None
            for rank, problem in _problems(row, criteria):
                if gravest.takes(rank):
                    # A record is looked for in its file only where something of it is kept.
                    place = place or locations.of(row.source, row.harvested.where)
                    gravest.keep(rank, _result(row, problem, place, criteria, rules))
    run = {
        "tool": {"driver": _driver(judged)},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"aivision-score/{judged.on}"},
    }
    gravest.write(stream, run, str(rows.fault) if rows.fault is not None else "", "choose criteria with --select")


def _problems(row: Scored, criteria: dict[str, Criterion]) -> Iterator[tuple[int, Result | Problem]]:
    """What is wrong with a record, each with its rank: a greater one is graver."""
    for problem in row.harvested.problems if row.refused else ():
        yield 100 * RANK["error"], problem
    for found in row.problems():
        rule = criteria[found.criterion]
        yield 100 * RANK[_level(found, rule)] + rule.weight, found


def _result(
    row: Scored, found: Result | Problem, place: Place, criteria: dict[str, Criterion], rules: dict[str, int]
) -> dict[str, Any]:
    name = row.harvested.identifier or row.harvested.where
    if isinstance(found, Problem):
        id, index, level, location = _REFUSED, len(rules), "error", place.whole
        message, mark = f"{found.where}: {found.message}", fingerprint(name, found.code)
    else:
        rule = criteria[found.criterion]
        id, index, level = rule.id, rules[rule.id], _level(found, rule)
        location, mark = place.of(found.field, found.evidence), fingerprint(name, rule.id)
        title = row.evaluation.title if row.evaluation is not None else ""
        message = f"{rule.question} {found.result.capitalize()}: {found.evidence} ({title})"
    return {
        "ruleId": id,
        "ruleIndex": index,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": physical(location)}],
        "partialFingerprints": {"primaryLocationLineHash": mark},
    }


def _level(found: Result, rule: Criterion) -> str:
    if found.result == "partial":
        return "note"
    return "error" if rule.weight >= _GRAVE else "warning"


def _driver(judged: Judged) -> dict[str, Any]:
    refused = {
        "id": _REFUSED,
        "name": "RecordRefused",
        "shortDescription": {"text": "Can the record be read as a dataset?"},
        "fullDescription": {"text": "A record that cannot be read cannot be harvested or found."},
        "help": {"text": "Fix the record as the message says."},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["reading"]},
    }
    return {
        "name": "aivision",
        "semanticVersion": __version__,
        "rules": [*(_rule(row) for row in judged.rubric.criteria), refused],
        "properties": {"rubric_version": judged.rubric.version, "reference_date": judged.on},
    }


def _rule(row: Criterion) -> dict[str, Any]:
    cited = sources(row)[:_MOST_SOURCES]
    listed = "\n".join(f"- {source}" for source in cited)
    return {
        "id": row.id,
        "name": "".join(word.capitalize() for word in row.id.split("-")),
        "shortDescription": {"text": row.question},
        "fullDescription": {"text": row.reason},
        "help": {
            "text": f"{row.fix} From: {'; '.join(cited)}",
            "markdown": f"**Why.** {row.reason}\n\n**Fix.** {row.fix}\n\n**From**\n\n{listed}\n",
        },
        "defaultConfiguration": {"level": "error" if row.weight >= _GRAVE else "warning"},
        "properties": {"tags": [row.dimension], "weight": row.weight},
    }
