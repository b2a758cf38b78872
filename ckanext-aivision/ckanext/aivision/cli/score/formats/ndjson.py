"""Results as one JSON object a record (https://github.com/ndjson/ndjson-spec), refused ones with their reasons."""

from __future__ import annotations

from typing import Any, BinaryIO

import msgspec

from ckanext.aivision.cli.criteria.explanation import described
from ckanext.aivision.cli.input.records import Judged, Rows, Scored
from ckanext.aivision.cli.output.lens_table import seen


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes each record as soon as it has been read."""
    encoder = Encoder(judged)
    for row in rows:
        stream.write(encoder.encode(row) + b"\n")


class Encoder:
    """Makes the JSON object of a record."""

    def __init__(self, judged: Judged) -> None:
        self._encoder, self._judged = msgspec.json.Encoder(), judged
        self._told = {row.id: described(row) for row in judged.rubric.criteria} if judged.explain else {}

    def encode(self, row: Scored) -> bytes:
        """The object as JSON on one line, without its end."""
        if row.evaluation is None:
            harvested = row.harvested
            return self._encoder.encode(
                {
                    "identifier": harvested.identifier,
                    "where": harvested.where,
                    "refused": True,
                    "problems": harvested.problems,
                }
            )
        if not self._told and self._judged.lens is None:
            return self._encoder.encode(row.evaluation)
        found: dict[str, Any] = msgspec.to_builtins(row.evaluation)
        if self._told:
            self._explain(found)
        if self._judged.lens is not None:
            through = seen(self._judged.lens, self._judged.rubric, row.evaluation, row.harvested.dataset, row.seen)
            found["lens"] = msgspec.to_builtins(through)
        return self._encoder.encode(found)

    def _explain(self, found: dict[str, Any]) -> None:
        """Puts the reason and the sources of its criterion beside each result's fix."""
        for result in found["results"]:
            told = self._told[result["criterion"]]
            result.update({key: told[key] for key in ("question", "reason", "sources")})
