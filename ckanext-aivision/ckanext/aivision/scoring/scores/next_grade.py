"""What would raise a dataset by one grade: the gates to lift, and the fewest criteria to meet."""

from __future__ import annotations

import msgspec

from ckanext.aivision.scoring.results import Evaluation, Grade
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.scoring.scores.score import GRADES, gains, grade, limited, reached


class Step(msgspec.Struct, frozen=True):
    """One criterion to meet, by its id, and the points of 100 that it would add."""

    criterion: str
    gain: float


class NextGrade(msgspec.Struct, frozen=True):
    """What it takes to be of the next better grade, or of a still better one where lifting gates is enough.

    gates: ids of those that hold it back, worst first. steps: criteria that would have to pass, greatest gain first.
    """

    grade: Grade
    gates: list[str]
    steps: list[Step]

    @property
    def fixes(self) -> int:
        """How many things have to be mended."""
        return len(self.gates) + len(self.steps)


def next_grade(evaluation: Evaluation, rubric: Rubric) -> NextGrade | None:
    """The next better grade and the fewest fixes that lead there.

    None for an A, and for an evaluation by another version of the rubric, whose weights are not known.
    The gain of a criterion that a gate's fix meets as well is among the steps if the score needs it too.
    """
    if evaluation.grade == "A" or evaluation.rubric_version != rubric.version:
        return None
    better = [(name, least) for name, least in GRADES if name < evaluation.grade]
    target, least = better[-1]
    holding = [hit.gate for hit in evaluation.gates if hit.limit > target]
    rows = {row.id: row for row in rubric.at(evaluation.beyond)}
    results = [found for found in evaluation.results if found.criterion in rows]
    criteria = [rows[found.criterion] for found in results]
    pairs = zip(results, gains(results, criteria), strict=True)
    possible = [Step(found.criterion, gain) for found, gain in pairs if gain > 0]
    points = reached(results, criteria)
    steps: list[Step] = []
    for step in sorted(possible, key=lambda step: -step.gain):
        if round(points, 1) >= least:
            break
        steps.append(Step(step.criterion, round(step.gain, 1)))
        points += step.gain
    # Where a gate alone holds it back, the score may be enough for more.
    rest = [hit for hit in evaluation.gates if hit.limit <= target]
    return NextGrade(target if steps else limited(grade(evaluation.score), rest), holding, steps)
