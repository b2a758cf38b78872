"""DCAT-US 1.1 catalogues (`data.json`), streamed in constant memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from ckanext.aivision.errors import Problem, SourceError
from ckanext.aivision.harvesters.dcat_us_fields import to_harvested
from ckanext.aivision.harvesters.repair import RepairedStream
from ckanext.aivision.harvesters.source import Source
from ckanext.aivision.record import Harvested

_HTML = re.compile(rb"^<(?:!doctype|html|\?xml|head|body)", re.IGNORECASE)
_POSITION = re.compile(r"\s+")


def entries(stream: RepairedStream, name: str) -> Iterator[tuple[str, Any]]:
    """The data sets of a catalogue with their JSON paths, as they come.

    Raises SourceError where the document is none, or breaks off: what came before has been yielded.
    """
    head = stream.peek()
    prefix = _prefix(head, name)
    count = 0
    try:
        for raw in ijson.items(stream, f"{prefix}item", use_float=True):
            yield f"$.dataset[{count}]" if prefix else f"$[{count}]", raw
            count += 1
    except (ijson.JSONError, UnicodeError, ValueError, OverflowError) as error:
        reason = _POSITION.sub(" ", str(error)).strip()[:120]
        raise SourceError(
            f"{name}: the JSON breaks off or is broken after {count:,} data sets ({reason}); "
            "ask the publisher for a whole file"
        ) from error
    if count == 0 and prefix and not re.search(rb'"dataset"\s*:\s*\[', head):
        raise SourceError(f"{name}: no list `dataset` in the document; a DCAT-US catalogue has its data sets there")


def _prefix(head: bytes, name: str) -> str:
    if not head:
        raise SourceError(f"{name}: the document is empty")
    if _HTML.match(head):
        raise SourceError(f"{name}: a web page came instead of JSON; check the address, or try again later")
    if head[:1] == b"{":
        return "dataset."
    if head[:1] == b"[":
        return ""
    raise SourceError(f"{name}: not JSON (it begins with {head[:20].decode('utf-8', 'replace')!r})")


def records(raw: BinaryIO, source: Source) -> Iterator[Harvested]:
    """The records of a catalogue. What had to be repaired in its bytes is reported beside the nearest record."""
    stream = RepairedStream(raw)
    reported = 0
    for where, entry in entries(stream, source.name):
        harvested = to_harvested(entry, source, where)
        if stream.repairs > reported:
            message = (
                f"{stream.repairs - reported} repairs in or near this record: bytes that are not UTF-8, a byte-order "
                "mark or half a surrogate pair; have the file written in UTF-8"
            )
            reported = stream.repairs
            harvested.problems.append(Problem("text-repaired", where, message))
        yield harvested
