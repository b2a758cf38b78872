"""Evaluate what a steward is typing, before it is saved."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import posted_form
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.evaluations.drafts import evaluate_draft
from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT, is_dataset
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Fields
from ckanext.aivision.logic.shared_parameters import NAME
from ckanext.aivision.scoring.gate_rows import Gate
from ckanext.aivision.scoring.results import Evaluation, GateHit
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.next_grade import next_grade
from ckanext.aivision.scoring.scores.score import largest_gains

__all__ = ["aivision_score_draft"]
_LONGEST_DRAFT = 2_000_000


@accepts(package=Fields(longest=_LONGEST_DRAFT, required=True), id=NAME)
def aivision_score_draft(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Evaluate a dataset as it would be if these fields were saved. Nothing is stored.

    Only people who have logged in can do this and, for a stored dataset, only people who can edit it.

    :param package: fields of the dataset, as `package_create` takes them, the inputs of a page of the form too
    :param id: the id or name of a stored dataset: fields that are not given stay as they are (optional)
    :returns: score (0-100), coverage (0-1), grade (A-E), gates ([{gate, limit, evidence, label, fix, warning}], worst
        first), next_grade (null for an A), fixes ([{criterion, question, result, evidence, fix, field (of the form),
        points}], those that add most first), stored ({score, grade} of the stored dataset, of a harvested one with its
        corrections, or null) and rubric_version
    :raises NotFound: if there is no such dataset
    :raises ValidationError: if `package` is no object, or too large
    """
    package = model.Package.get(data_dict["id"]) if "id" in data_dict else None
    if "id" in data_dict and (package is None or not is_dataset(package.type)):
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    id = package.id if package is not None else ""
    toolkit.check_access("aivision_score_draft", context, {"id": id} if id else {})
    typed = dict(data_dict["package"])
    posted_form.read_page(typed, package.type if package is not None else DEFAULT)
    typed.pop("_ckan_phase", None)
    evaluation, unchanged = evaluate_draft(typed, id)
    kept = unchanged or (evaluations.find(id) if id else None)
    rows = {row.id: row for row in load().gates}
    return {
        "score": evaluation.score,
        "coverage": evaluation.coverage,
        "grade": evaluation.grade,
        "gates": [_gate(hit, rows[hit.gate]) for hit in evaluation.gates if hit.gate in rows],
        "next_grade": msgspec.to_builtins(next_grade(evaluation, load())),
        "fixes": _fixes(evaluation),
        "stored": {"score": kept.score, "grade": kept.grade} if kept is not None else None,
        "rubric_version": evaluation.rubric_version,
    }


def _gate(hit: GateHit, row: Gate) -> dict[str, Any]:
    told = {"label": row.label, "fix": row.fix, "warning": row.warning, "field": row.form_field}
    return {**msgspec.to_builtins(hit), **told}


def _fixes(evaluation: Evaluation) -> list[dict[str, Any]]:
    return [
        {
            "criterion": row.id,
            "question": row.question,
            "result": result.result,
            "evidence": result.evidence,
            "fix": row.fix,
            "field": row.form_field,
            "points": round(points, 2),
        }
        for row, result, points in largest_gains(evaluation, load())
    ]
