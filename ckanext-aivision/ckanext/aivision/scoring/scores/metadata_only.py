"""An evaluation restricted to what the metadata alone show."""

from __future__ import annotations

import msgspec

from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.scoring.scores.score import dimension_scores, grade, limited, weighted


def of_metadata(evaluation: Evaluation, rubric: Rubric) -> Evaluation:
    """The part of an evaluation that rests on the metadata, scored again; what rests on nothing else stays as it is.

    Datasets are comparable only where all were looked at to the same depth. One of another version of the rubric is
    given back unchanged: its weights are not known.
    """
    if not evaluation.beyond or evaluation.rubric_version != rubric.version:
        return evaluation
    rows = {row.id: row for row in rubric.criteria}
    results = [result for result in evaluation.results if result.criterion in rows]
    criteria = [rows[result.criterion] for result in results]
    score, coverage = weighted(results, criteria)
    shallow = {row.id for row in rubric.gates_at(())}
    gates = [hit for hit in evaluation.gates if hit.gate in shallow]
    return msgspec.structs.replace(
        evaluation,
        score=score,
        coverage=coverage,
        grade=limited(grade(score), gates),
        dimensions=dimension_scores(results, criteria),
        results=results,
        beyond=(),
        gates=gates,
    )
