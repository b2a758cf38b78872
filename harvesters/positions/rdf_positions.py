"""Where the nodes of an RDF document stand: the first place in its text that names one as a subject.

The parser tells no places, so they are found by their look, as the usual writers write them; a node that is written
otherwise (by a prefix, relatively) has none.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
from collections.abc import Iterator

from ckanext.aivision.harvesters.positions.json_positions import Record

# A subject of Turtle at the beginning of a line, of RDF/XML, and of JSON-LD.
_SUBJECT = re.compile(
    r"^[ \t]*<([^<>\s]+)>|\babout\s*=\s*([\"'][^\"'<>]+[\"'])|\"@id\"\s*:\s*(\"[^\"\n]+\")", re.MULTILINE
)


def records(text: str) -> dict[str, Record]:
    """The places of the nodes by their IRIs."""
    found: dict[str, Record] = {}
    line, line_start = 1, 0
    for match in _SUBJECT.finditer(text):
        start, end = match.span(match.lastindex or 0)
        if lines := text.count("\n", line_start, start):
            line, line_start = line + lines, text.rfind("\n", line_start, start) + 1
        for iri in _read(match):
            found.setdefault(iri, Record(text[start:end], start, line, start - line_start + 1))
    return found


def _read(match: re.Match[str]) -> Iterator[str]:
    turtle, xml, linked = match.groups()
    if turtle is not None:
        yield turtle
    elif xml is not None:
        yield html.unescape(xml[1:-1])
    else:
        with contextlib.suppress(ValueError):
            yield json.loads(linked)
