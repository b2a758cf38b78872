"""What can be mended in a dataset, as one short text that a database sums up over thousands of datasets."""

from __future__ import annotations

import functools

from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.scoring.scores.score import largest_gains

# Stands among the ids of criteria and gates for a dataset whose country is not known.
UNKNOWN_COUNTRY = "country-unknown"
# Hexadecimal digits of each key: hundredths of points, or that there is nothing to mend.
WIDTH, NOTHING = 4, "ffff"


def mendable(evaluation: Evaluation, rubric: Rubric) -> dict[str, float]:
    """The points of each criterion that would add some, and 0 for each gate that holds, by id.

    Also `UNKNOWN_COUNTRY` with 0 where the country is not known.
    """
    found = {row.id: round(points, 2) for row, _, points in largest_gains(evaluation, rubric)}
    found |= {hit.gate: 0.0 for hit in evaluation.gates}
    return found | ({UNKNOWN_COUNTRY: 0.0} if evaluation.country == "XX" else {})


def mendable_keys(rubric: Rubric) -> tuple[str, ...]:
    """What can be mended by a version of the rubric, in the order of the text."""
    return _keys(rubric.version, tuple(row.id for row in rubric.everything), tuple(row.id for row in rubric.gates))


def to_mendable_text(evaluation: Evaluation, rubric: Rubric) -> str:
    """What can be mended, four digits for each of `mendable_keys`."""
    found = mendable(evaluation, rubric)
    return "".join(f"{round(found[key] * 100):04x}" if key in found else NOTHING for key in mendable_keys(rubric))


@functools.lru_cache(4)
def _keys(version: str, criteria: tuple[str, ...], gates: tuple[str, ...]) -> tuple[str, ...]:
    return (*criteria, *gates, UNKNOWN_COUNTRY)
