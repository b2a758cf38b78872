"""Guidance of the two countries side by side: what criteria and lenses cite, both ways and nothing else."""

from __future__ import annotations

import pytest

from ckanext.aivision.scoring.crosswalk import ClauseRow, crosswalk
from ckanext.aivision.scoring.guidance import load_guidance
from ckanext.aivision.scoring.rubric import load


@pytest.fixture(scope="module")
def clauses() -> dict[str, ClauseRow]:
    return {row.code: row for of in crosswalk(load()).values() for found in of for row in found.clauses}


def test_both_countries_have_documents_of_their_own() -> None:
    found = crosswalk(load())
    assert {country: [one.id for one in of] for country, of in found.items()} == {
        "US": ["DOC", "USAF", "US", "DCAT-US"],
        "GB": ["DSIT", "ODI", "UK", "UKMEM"],
    }


def test_what_a_criterion_cites_is_answered_by_it_or_its_parts_are(clauses: dict[str, ClauseRow]) -> None:
    guidance = load_guidance()
    for criterion in load().everything:
        for code in criterion.sources:
            if guidance[code.partition(" ")[0]].jurisdiction in ("US", "GB"):
                parts = [row for other, row in clauses.items() if other.startswith((code, f"{code}.", f"{code} "))]
                assert any(criterion.id in row.criteria for row in parts), (criterion.id, code)


def test_clauses_of_both_countries_lead_to_each_other(clauses: dict[str, ClauseRow]) -> None:
    for code, row in clauses.items():
        for other in row.others:
            assert code in clauses[other].others
            assert set(row.criteria) & set(clauses[other].criteria)


def test_a_criterion_in_a_part_of_a_pillar_is_under_that_part(clauses: dict[str, ClauseRow]) -> None:
    assert "api-documented" in clauses["DSIT P1 scale and performance"].criteria
    assert "identifier-persistent" in clauses["DOC 1.1.2"].criteria
    assert "DSIT P3" in clauses["DOC 1.1.2"].others


def test_a_clause_that_nothing_answers_has_the_reason_of_its_lens(clauses: dict[str, ClauseRow]) -> None:
    assert clauses["DOC 1.2.2"].criteria == []
    assert clauses["DOC 1.2.2"].reason == "The software that publishers use is not part of a dataset's metadata."
    assert not any(row.reason and not row.code for row in clauses.values())
