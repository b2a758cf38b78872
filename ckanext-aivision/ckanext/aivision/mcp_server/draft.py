"""Lint a draft of metadata that a model has in hand: it is read and evaluated here, and kept nowhere."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import msgspec

from ckanext.aivision.api.records import evaluate, read
from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.next_grade import next_grade

# Characters of a draft, and records of which results are given.
LONGEST_DRAFT = 200_000
MOST_RECORDS = 10


def lint(text: str, country: str = "") -> dict[str, Any]:
    """The grade, the problems and the fixes of each record of a document.

    text: a DCAT-US data.json, a CKAN package_search answer, DCAT in RDF, or any other document that is harvested.

    Raises UsageError for a text that is empty or too long, and SourceError for one that no reader recognises.
    """
    if not text.strip():
        raise UsageError("the draft is empty; send the text of a metadata document")
    if len(text) > LONGEST_DRAFT:
        raise UsageError(f"the draft has {len(text):,} characters, more than {LONGEST_DRAFT:,}; send fewer records")
    with tempfile.TemporaryDirectory(prefix="aivision-draft-") as folder:
        path = Path(folder) / "draft"
        path.write_bytes(text.encode("utf-8", "replace"))
        records = list(read(path, country=country or None, limit=MOST_RECORDS + 1))
    return {
        "records": [_linted(record) for record in records[:MOST_RECORDS]],
        "more": len(records) > MOST_RECORDS,
        "rubric_version": load().version,
    }


def _linted(record: Harvested) -> dict[str, Any]:
    problems = [
        {"code": problem.code, "severity": problem.severity, "where": problem.where, "message": problem.message}
        for problem in record.problems
    ]
    if record.dataset is None:
        return {"identifier": record.identifier, "refused": True, "problems": problems}
    evaluation = evaluate(record)
    fixes = [
        {"criterion": found.criterion, "result": found.result, "evidence": found.evidence, "fix": found.fix}
        for found in evaluation.results
        if found.result in ("fail", "partial")
    ]
    return {
        "identifier": record.dataset.identifier,
        "title": record.dataset.title,
        "refused": False,
        "grade": evaluation.grade,
        "score": evaluation.score,
        "gates": msgspec.to_builtins(evaluation.gates),
        "next_grade": msgspec.to_builtins(next_grade(evaluation, load())),
        "problems": problems,
        "fixes": fixes,
    }
