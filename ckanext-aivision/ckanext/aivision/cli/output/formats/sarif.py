"""SARIF 2.1.0 (OASIS): one run, within what GitHub code scanning takes.

Of more findings than it takes the gravest are kept, and a notification says how many were left out.
"""

from __future__ import annotations

import hashlib
import heapq
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import quote, unquote

import msgspec

from ckanext.aivision import __version__
from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Finding, Findings, Location, Rule, Run

# GitHub's limits of a run: results, and bytes of the file once it is gzipped (10 MB; what is left is for the rest).
MOST_RESULTS = 25_000
MOST_BYTES = 9_500_000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@output_format("sarif", Findings, description="SARIF 2.1.0 with file, line and column, for code scanning")
def write(report: Findings, stream: BinaryIO) -> None:
    """Writes the findings, the gravest first, once everything has been read."""
    gravest = _Gravest()
    for rank, make in report.findings():
        if gravest.takes(rank):
            gravest.keep(rank, _result(make()))
    run = report.run()
    stream.write(b'{"$schema":' + msgspec.json.encode(_SCHEMA) + b',"version":"2.1.0","runs":[{"results":[\n')
    written = 0
    for result in _within(gravest.sorted()):
        stream.write((b",\n" if written else b"") + result)
        written += 1
    driver = {"name": "aivision", "semanticVersion": __version__, "rules": [_rule(rule) for rule in report.rules()]}
    whole = {
        "tool": {"driver": {**driver, **({"properties": run.properties} if run.properties else {})}},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": run.id},
        "invocations": [_invocation(run, written, gravest.count)],
    }
    stream.write(b"\n]," + msgspec.json.encode(whole)[1:] + b"]}\n")


class _Gravest:
    """The gravest results as JSON, in a heap. count: of all results."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, int, bytes]] = []
        self.count = 0

    def takes(self, rank: int) -> bool:
        """Counts a result; whether it is one to keep."""
        self.count += 1
        return len(self._kept) < MOST_RESULTS or rank > self._kept[0][0]

    def keep(self, rank: int, result: dict[str, Any]) -> None:
        """Keeps the result that was counted last."""
        item = (rank, -self.count, msgspec.json.encode(result))
        (heapq.heappush if len(self._kept) < MOST_RESULTS else heapq.heapreplace)(self._kept, item)

    def sorted(self) -> list[bytes]:
        """The results, the gravest first, of equal ones the first."""
        return [item[2] for item in sorted(self._kept, reverse=True)]


def _within(results: list[bytes]) -> Iterator[bytes]:
    """As many of them as stay below the size that an upload may have once it is gzipped."""
    packer, size = zlib.compressobj(), 0
    for result in results:
        size += len(packer.compress(result)) + len(packer.flush(zlib.Z_SYNC_FLUSH))
        if size > MOST_BYTES:
            return
        yield result


def _result(finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "ruleIndex": finding.rule_index,
        "level": finding.level,
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": _physical(finding.location)}],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(finding.marks)},
    }


def _physical(location: Location) -> dict[str, Any]:
    """A place as a physicalLocation (3.29)."""
    found: dict[str, Any] = {"artifactLocation": _artifact(location.uri)}
    if location.span is not None:
        line, column, end = location.span
        found["region"] = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": end}
    return found


def _artifact(uri: str) -> dict[str, Any]:
    """A file or an address as an artifactLocation (3.4).

    GitHub's code scanning refuses a whole report for one URI of http: an address is a relative path there, and stands
    in its description as it is.
    """
    scheme, _, path = uri.partition("://")
    if scheme not in ("http", "https"):
        return {"uri": uri}
    return {"uri": quote(unquote(path), safe="/"), "description": {"text": uri}}


def _fingerprint(marks: tuple[str, ...]) -> str:
    """What makes a result the same one in the next version of its file.

    The number behind the colon counts equal ones, of which there are none.
    """
    return f"{hashlib.sha256(chr(10).join(marks).encode('utf-8', 'replace')).hexdigest()[:16]}:1"


def _rule(rule: Rule) -> dict[str, Any]:
    """A rule as a reportingDescriptor (3.49)."""
    return {
        "id": rule.id,
        **({"name": rule.name} if rule.name else {}),
        "shortDescription": {"text": rule.question},
        **({"fullDescription": {"text": rule.reason}} if rule.reason else {}),
        **({"helpUri": rule.help_uri} if rule.help_uri else {}),
        "help": {"text": rule.help, **({"markdown": rule.help_markdown} if rule.help_markdown else {})},
        "defaultConfiguration": {"level": rule.level},
        "properties": {"tags": rule.tags, **rule.properties},
    }


def _invocation(run: Run, written: int, count: int) -> dict[str, Any]:
    """How the run went: whether the source was read to the end, and how many results were left out."""
    notifications = []
    if written < count:
        text = (
            f"{count - written:,} of {count:,} results were left out, the least grave ones: code "
            f"scanning takes {MOST_RESULTS:,} results and 10 MB; {run.advice}"
        )
        notifications.append({"level": "warning", "message": {"text": text}})
    if run.fault:
        notifications.append({"level": "error", "message": {"text": run.fault}})
    return {"executionSuccessful": not run.fault, "toolExecutionNotifications": notifications}
