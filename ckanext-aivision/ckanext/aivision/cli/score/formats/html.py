"""Results as one self-contained HTML page: styles inside, no scripts, nothing loaded from anywhere."""

from __future__ import annotations

import collections
from typing import Any, BinaryIO

from ckanext.aivision.cli.criteria.explanation import described
from ckanext.aivision.cli.input.records import Judged, Rows, Scored
from ckanext.aivision.cli.score.summary.lowest import Lowest
from ckanext.aivision.cli.score.summary.totals import Totals
from ckanext.aivision.serialise.pages import environment

# A page with more could hardly be opened.
_MOST_SHOWN = 1_000
_MOST_REFUSALS = 100


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes the page once everything has been read. Of more than 1,000 records those with the lowest scores are shown.

    Everything that comes from records is escaped.
    """
    totals, lowest = Totals(judged.rubric), Lowest(_MOST_SHOWN)
    failing: collections.Counter[str] = collections.Counter()
    refusals: list[Scored] = []
    for row in rows:
        totals.add(row)
        lowest.add(row)
        failing.update(found.criterion for found in row.problems())
        if row.evaluation is None and len(refusals) < _MOST_REFUSALS:
            refusals.append(row)
    page = environment().get_template("aivision/score_report.html")
    values: dict[str, Any] = {
        "totals": totals,
        "judged": judged,
        "criteria": {row.id: described(row) for row in judged.rubric.criteria},
        "failing": failing.most_common(),
        "shown": _shown(lowest.rows()),
        "refusals": refusals,
        "fault": rows.fault,
    }
    for piece in page.generate(**values):
        stream.write(piece.encode("utf-8", "replace"))


def _shown(rows: list[Scored]) -> list[dict[str, Any]]:
    return [{"of": row.evaluation, "problems": row.problems(), "source": row.source.name} for row in rows]
