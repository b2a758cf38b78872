"""One run in SARIF 2.1.0 (OASIS), within what GitHub code scanning takes: of more results the gravest are kept."""

from __future__ import annotations

import hashlib
import heapq
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from ckanext.aivision.cli.output.locations import Location

RANK = {"error": 3, "warning": 2, "note": 1}

# GitHub's limits of a run: results, and bytes of the file once it is gzipped (10 MB; what is left is for the rest).
_MOST_RESULTS = 25_000
_MOST_BYTES = 9_500_000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class Gravest:
    """The gravest results as JSON, in a heap, and the number of all."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, int, bytes]] = []
        self._count = 0

    def takes(self, rank: int) -> bool:
        """Counts a result; whether it is one to keep. rank: a greater one is graver."""
        self._count += 1
        return len(self._kept) < _MOST_RESULTS or rank > self._kept[0][0]

    def keep(self, rank: int, result: dict[str, Any]) -> None:
        """Keeps the result that was counted last."""
        item = (rank, -self._count, msgspec.json.encode(result))
        (heapq.heappush if len(self._kept) < _MOST_RESULTS else heapq.heapreplace)(self._kept, item)

    def write(self, stream: BinaryIO, run: dict[str, Any], fault: str, advice: str) -> None:
        """Writes the file, the gravest first.

        run: its other members. fault: why the reading broke off, where it did. advice: what gives fewer results.
        """
        stream.write(b'{"$schema":' + msgspec.json.encode(_SCHEMA) + b',"version":"2.1.0","runs":[{"results":[\n')
        written = 0
        for result in _within([item[2] for item in sorted(self._kept, reverse=True)]):
            stream.write((b",\n" if written else b"") + result)
            written += 1
        whole = {**run, "invocations": [self._invocation(written, fault, advice)]}
        stream.write(b"\n]," + msgspec.json.encode(whole)[1:] + b"]}\n")

    def _invocation(self, written: int, fault: str, advice: str) -> dict[str, Any]:
        """How the run went: whether the source was read to the end, and how many results were left out."""
        told = []
        if written < self._count:
            text = (
                f"{self._count - written:,} of {self._count:,} results were left out, the least grave ones: code "
                f"scanning takes {_MOST_RESULTS:,} results and 10 MB; {advice}"
            )
            told.append({"level": "warning", "message": {"text": text}})
        if fault:
            told.append({"level": "error", "message": {"text": fault}})
        return {"executionSuccessful": not fault, "toolExecutionNotifications": told}


def _within(results: list[bytes]) -> Iterator[bytes]:
    """As many of them as stay below the size that an upload may have once it is gzipped."""
    packer, size = zlib.compressobj(), 0
    for result in results:
        size += len(packer.compress(result)) + len(packer.flush(zlib.Z_SYNC_FLUSH))
        if size > _MOST_BYTES:
            return
        yield result


def physical(location: Location) -> dict[str, Any]:
    """A place as a physicalLocation (3.29)."""
    found: dict[str, Any] = {"artifactLocation": {"uri": location.uri}}
    if location.span is not None:
        line, column, end = location.span
        found["region"] = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": end}
    return found


def fingerprint(*names: str) -> str:
    """What makes a result the same one in the next version of its file: the record's identifier and the rule.

    The number behind the colon counts equal ones, of which there are none.
    """
    return f"{hashlib.sha256(chr(10).join(names).encode('utf-8', 'replace')).hexdigest()[:16]}:1"
