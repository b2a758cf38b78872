"""Results as one JSON object a record (https://github.com/ndjson/ndjson-spec), refused ones with their reasons."""

from __future__ import annotations

from typing import Any, BinaryIO

import msgspec

from ckanext.aivision.cli.explanation import described
from ckanext.aivision.cli.linting import Judged, Rows, Scored
from ckanext.aivision.scoring.results import Evaluation


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes each record as soon as it has been read."""
    encoder = Encoder(judged)
    for row in rows:
        stream.write(encoder.encode(row) + b"\n")


class Encoder:
    """Makes the JSON object of a record."""

    def __init__(self, judged: Judged) -> None:
        self._encoder = msgspec.json.Encoder()
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
        return self._encoder.encode(self._explained(row.evaluation) if self._told else row.evaluation)

    def _explained(self, evaluation: Evaluation) -> dict[str, Any]:
        """An evaluation whose results have the reason and the sources of their criterion beside the fix."""
        found: dict[str, Any] = msgspec.to_builtins(evaluation)
        for result in found["results"]:
            told = self._told[result["criterion"]]
            result.update({key: told[key] for key in ("question", "reason", "sources")})
        return found
