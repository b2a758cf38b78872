"""Results as SARIF 2.1.0 (OASIS), within what GitHub code scanning takes.

Only problems are results; what is unknown is none. Of more than it takes the gravest are kept, and a notification says
how many were left out.
"""

from __future__ import annotations

import hashlib
import heapq
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from ckanext.aivision import __version__
from ckanext.aivision.cli.explanation import sources
from ckanext.aivision.cli.linting import Judged, Rows, Scored
from ckanext.aivision.cli.locations import Locations, Place
from ckanext.aivision.errors import Problem
from ckanext.aivision.scoring.results import Result
from ckanext.aivision.scoring.rubric import Criterion

# GitHub's limits of a run: results, and bytes of the file once it is gzipped (10 MB; what is left is for the rest).
_MOST_RESULTS = 25_000
_MOST_BYTES = 9_500_000
_MOST_SOURCES = 8
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_REFUSED = "record-refused"
# A criterion of this weight or more is an error where it fails.
_GRAVE = 4
_RANK = {"error": 3, "warning": 2, "note": 1}

Kept = list[tuple[int, int, bytes]]


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes the results, the gravest first, once everything has been read; no more than the limits are held."""
    rules = {row.id: index for index, row in enumerate(judged.rubric.criteria)}
    kept, count = _gravest(rows, judged, rules)
    results = _within([item[2] for item in sorted(kept, reverse=True)])
    stream.write(b'{"$schema":' + msgspec.json.encode(_SCHEMA) + b',"version":"2.1.0","runs":[{"results":[\n')
    written = 0
    for result in results:
        stream.write((b",\n" if written else b"") + result)
        written += 1
    run = {
        "tool": {"driver": _driver(judged)},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"aivision-score/{judged.on}"},
        "invocations": [_invocation(rows, count, written)],
    }
    stream.write(b"\n]," + msgspec.json.encode(run)[1:] + b"]}\n")


def _gravest(rows: Rows, judged: Judged, rules: dict[str, int]) -> tuple[Kept, int]:
    """The gravest results as JSON, in a heap, and the number of all."""
    criteria = {row.id: row for row in judged.rubric.criteria}
    kept: Kept = []
    count = 0
    with Locations() as locations:
        for row in rows:
            place: Place | None = None
            for rank, problem in _problems(row, criteria):
                count += 1
                if len(kept) == _MOST_RESULTS and rank <= kept[0][0]:
                    continue
                # A record is looked for in its file only where something of it is kept.
                place = place or locations.of(row.source, row.harvested.where)
                item = (rank, -count, msgspec.json.encode(_result(row, problem, place, criteria, rules)))
                (heapq.heappush if len(kept) < _MOST_RESULTS else heapq.heapreplace)(kept, item)
    return kept, count


def _within(results: list[bytes]) -> Iterator[bytes]:
    """As many of them as stay below the size that an upload may have once it is gzipped."""
    packer, size = zlib.compressobj(), 0
    for result in results:
        size += len(packer.compress(result)) + len(packer.flush(zlib.Z_SYNC_FLUSH))
        if size > _MOST_BYTES:
            return
        yield result


def _problems(row: Scored, criteria: dict[str, Criterion]) -> Iterator[tuple[int, Result | Problem]]:
    """What is wrong with a record, each with its rank: a greater one is graver."""
    for problem in row.harvested.problems if row.refused else ():
        yield 100 * _RANK["error"], problem
    for found in row.problems():
        rule = criteria[found.criterion]
        yield 100 * _RANK[_level(found, rule)] + rule.weight, found


def _result(
    row: Scored, found: Result | Problem, place: Place, criteria: dict[str, Criterion], rules: dict[str, int]
) -> dict[str, Any]:
    if isinstance(found, Problem):
        id, index, level, location = _REFUSED, len(rules), "error", place.whole
        message, fingerprint = f"{found.where}: {found.message}", _fingerprint(row, found.code)
    else:
        rule = criteria[found.criterion]
        id, index, level = rule.id, rules[rule.id], _level(found, rule)
        location, fingerprint = place.of(found.field, found.evidence), _fingerprint(row, rule.id)
        title = row.evaluation.title if row.evaluation is not None else ""
        message = f"{rule.question} {found.result.capitalize()}: {found.evidence} ({title})"
    physical: dict[str, Any] = {"artifactLocation": {"uri": location.uri}}
    if location.span is not None:
        line, column, end = location.span
        physical["region"] = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": end}
    return {
        "ruleId": id,
        "ruleIndex": index,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }


def _level(found: Result, rule: Criterion) -> str:
    if found.result == "partial":
        return "note"
    return "error" if rule.weight >= _GRAVE else "warning"


def _fingerprint(row: Scored, id: str) -> str:
    """What makes a result the same one in the next version of its file: the record's identifier and the rule.

    The number behind the colon counts equal ones, of which there are none.
    """
    named = "\n".join((row.harvested.identifier or row.harvested.where, id))
    return f"{hashlib.sha256(named.encode('utf-8', 'replace')).hexdigest()[:16]}:1"


def _driver(judged: Judged) -> dict[str, Any]:
    refused = {
        "id": _REFUSED,
        "name": "RecordRefused",
        "shortDescription": {"text": "Can the record be read as a data set?"},
        "fullDescription": {"text": "A record that cannot be read is neither harvested nor found by anyone."},
        "help": {"text": "Mend the record as the message says."},
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


def _invocation(rows: Rows, count: int, written: int) -> dict[str, Any]:
    """How the run went: whether the source was read to its end, and how many results were left out."""
    told = []
    if written < count:
        text = (
            f"{count - written:,} of {count:,} results were left out, the least grave ones: code scanning takes "
            f"{_MOST_RESULTS:,} results and 10 MB; choose criteria with --select"
        )
        told.append({"level": "warning", "message": {"text": text}})
    if rows.fault is not None:
        told.append({"level": "error", "message": {"text": str(rows.fault)}})
    return {"executionSuccessful": rows.fault is None, "toolExecutionNotifications": told}
