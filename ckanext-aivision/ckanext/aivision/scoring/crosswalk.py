"""Guidance of the two countries side by side: which criteria answer a clause, and what these answer of the other's.

From the clauses that criteria cite (`config/rubric`), the groups of the lenses (`config/lenses`) and the documents
(`config/guidance.yaml`).
"""

from __future__ import annotations

from typing import NamedTuple

from ckanext.aivision.scoring.guidance import Document, load_guidance
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import Rubric

COUNTRIES = ("US", "GB")


class ClauseRow(NamedTuple):
    """code: such as `DOC 2.1.2`. criteria: ids of those that answer it. others: clauses of the other country that these
    criteria answer too. reason: why no criterion answers it, where a lens says so."""

    code: str
    criteria: list[str]
    others: list[str]
    reason: str


class DocumentRows(NamedTuple):
    """id: as citations use it. clauses: those that a criterion answers, and those that nothing answers; no headings."""

    id: str
    document: Document
    clauses: list[ClauseRow]


def crosswalk(rubric: Rubric) -> dict[str, list[DocumentRows]]:
    """The documents of each country that criteria answer, by the country's code, with their clauses in order."""
    cited = _cited(rubric)
    reasons = _reasons()
    return {country: _documents(country, cited, reasons) for country in COUNTRIES}


def _documents(country: str, cited: dict[str, list[str]], reasons: dict[str, str]) -> list[DocumentRows]:
    answers: dict[str, list[str]] = {}
    for criterion, codes in cited.items():
        for code in codes:
            answers.setdefault(code, []).append(criterion)
    found = []
    for id, document in load_guidance().items():
        codes = [f"{id} {name}" for name in document.clauses]
        if document.jurisdiction != country or not any(code in answers for code in codes):
            continue
        rows = []
        for code in codes:
            if code in answers or code in reasons or not _has_parts(code, codes):
                criteria = answers.get(code, [])
                rows.append(ClauseRow(code, criteria, _others(criteria, cited, country), reasons.get(code, "")))
        found.append(DocumentRows(id, document, rows))
    return found


def _others(criteria: list[str], cited: dict[str, list[str]], country: str) -> list[str]:
    guidance = load_guidance()
    codes = dict.fromkeys(code for criterion in criteria for code in cited[criterion])
    elsewhere = [other for other in COUNTRIES if other != country]
    return sorted(code for code in codes if guidance[code.partition(" ")[0]].jurisdiction in elsewhere)


def _cited(rubric: Rubric) -> dict[str, list[str]]:
    """By criterion, the clauses of the countries' documents that it answers, the finest that is known of each."""
    guidance = load_guidance()
    cited: dict[str, list[str]] = {row.id: list(row.sources) for row in rubric.everything}
    for lens in map(load_lens, names()):
        for criterion, codes in _by_lens(lens):
            cited[criterion] += codes
    return {
        criterion: [
            code
            for code in dict.fromkeys(codes)
            if (document := guidance.get(code.partition(" ")[0])) is not None
            and document.jurisdiction in COUNTRIES
            and not _has_parts(code, codes)
        ]
        for criterion, codes in cited.items()
    }


def _by_lens(lens: Lens) -> list[tuple[str, list[str]]]:
    """What each criterion answers: the clause of its row, or that of its group where that is a part of it."""
    groups = [found for group in lens.groups for found in (group, *group.groups)]
    return [
        (row.criterion, [group.clause if _is_part(group.clause, code) else code for code in row.clauses])
        for group in groups
        for row in group.rows
        if row.criterion
    ]


def _reasons() -> dict[str, str]:
    return {
        missing.clause: missing.reason
        for lens in map(load_lens, names())
        for group in lens.groups
        for found in (group, *group.groups)
        for missing in found.not_measured
    }


def _has_parts(code: str, codes: list[str]) -> bool:
    return any(_is_part(other, code) for other in codes)


def _is_part(code: str, whole: str) -> bool:
    """Whether a clause is a part of another: `DOC 1.1.2` of `DOC 1.1`, `DSIT P1 granularity` of `DSIT P1`."""
    return code.startswith((f"{whole}.", f"{whole} "))
