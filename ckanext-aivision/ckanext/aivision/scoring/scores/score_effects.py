"""Why the score of one record differs between two evaluations: the effect of each criterion."""

from __future__ import annotations

from ckanext.aivision.scoring.results import Evaluation, Result
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.scoring.scores.score import weighted


def find_effects(before: Evaluation, after: Evaluation, rubric: Rubric) -> dict[str, float]:
    """The points of 100 that each criterion with another result adds to the new score, or takes from it if negative.

    before: perhaps of another version, whose weights are not known. after: of this rubric. The effect of a criterion is
    the new score minus the score if only this result had stayed as it was; of a new criterion, minus the score without
    it. What the effects do not explain follows from weights, from criteria that the rubric no longer has, and from how
    scores are calculated.
    """
    criteria = rubric.at(after.beyond)
    former = {found.criterion: found for found in before.results}
    effects = {}
    for place, (found, row) in enumerate(zip(after.results, criteria, strict=True)):
        was = former.get(found.criterion)
        if was is not None and _counts_the_same(was, found):
            continue
        kept = [(was, row)] if was is not None else []
        results = [*after.results[:place], *(result for result, _ in kept), *after.results[place + 1 :]]
        rows = [*criteria[:place], *(criterion for _, criterion in kept), *criteria[place + 1 :]]
        score, _ = weighted(results, rows)
        effect = round((after.score or 0.0) - (score or 0.0), 1)
        if effect:
            effects[found.criterion] = effect
    return effects


def _counts_the_same(one: Result, other: Result) -> bool:
    return (one.result, one.value) == (other.result, other.value)
