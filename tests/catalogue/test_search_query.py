"""What readers search for in our own names, as Solr is asked for it."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.scoring.results import Outcome
from ckanext.aivision.scoring.rubric import load

pytest.importorskip("ckan")

from ckanext.aivision.catalogue.index.search_fields import number_fields, points, values_by_token
from ckanext.aivision.catalogue.index.search_query import from_solr, to_solr


@pytest.mark.parametrize(
    ("asked", "in_solr"),
    [
        ("aivision_criteria:licence-open.fail", "vocab_aivision_criteria:aivisionlicenceopenfail"),
        ('aivision_failed:"licence-open"', 'vocab_aivision_failed:"aivisionlicenceopen"'),
        ("-aivision_theme:health", "-vocab_aivision_theme:aivisionhealth"),
        ('aivision_kind:(api OR "tabular")', 'vocab_aivision_kind:(aivisionapi OR "aivisiontabular")'),
        ("aivision_criteria:licence\\-open.*", "vocab_aivision_criteria:aivisionlicenceopen*"),
        ("aivision_theme:[* TO *]", "vocab_aivision_theme:[* TO *]"),
        ("aivision_score:[9.5 TO 70}", "aivision_score:[009.5 TO 070.0}"),
        ("aivision_gain:[5 TO *]", "aivision_gain:[005.0 TO *]"),
        ("aivision_score_machine_readable:100", "aivision_score_machine_readable:100.0"),
        ("aivision_grade:A", "aivision_grade:A"),
        ("tags:health vocab_themes:energy", "tags:health vocab_themes:energy"),
        ("my_aivision_theme:health", "my_aivision_theme:health"),
    ],
)
def test_our_names_become_those_of_solr(asked: str, in_solr: str) -> None:
    assert to_solr({"fq": asked})["fq"] == in_solr
    assert to_solr({"q": asked})["q"] == in_solr
    assert to_solr({"fq_list": [asked]})["fq_list"] == [in_solr]


def test_facets_are_asked_for_and_given_in_our_names() -> None:
    asked = to_solr({"facet.field": ["aivision_failed", "tags"]})
    assert asked["facet.field"] == ["vocab_aivision_failed", "tags"]
    item = {"name": "aivisionlicenceopen", "display_name": "aivisionlicenceopen", "count": 3}
    answer: dict[str, Any] = {
        "facets": {"vocab_aivision_failed": {"aivisionlicenceopen": 3}, "tags": {"river": 1}},
        "search_facets": {"vocab_aivision_failed": {"title": "vocab_aivision_failed", "items": [item]}},
    }
    given_out = from_solr(answer)
    assert given_out["facets"] == {"aivision_failed": {"licence-open": 3}, "tags": {"river": 1}}
    facet = given_out["search_facets"]["aivision_failed"]
    assert (facet["title"], facet["items"][0]["name"], facet["items"][0]["count"]) == (
        "aivision_failed",
        "licence-open",
        3,
    )


def test_each_value_has_a_word_of_its_own_that_solr_does_not_split() -> None:
    criteria = load().everything
    found = values_by_token()
    assert len(found["aivision_criteria"]) == len(criteria) * len(get_args(Outcome))
    assert len(found["aivision_failed"]) == len(criteria)
    assert all(re.fullmatch("[a-z]+", token) for tokens in found.values() for token in tokens)


@given(st.floats(0, 100), st.floats(0, 100))
def test_points_sort_as_texts_as_they_do_as_numbers(one: float, other: float) -> None:
    if round(one, 1) < round(other, 1):
        assert points(one) < points(other)


@given(st.text())
def test_a_query_of_any_text_is_taken(text: str) -> None:
    for field in ("aivision_criteria", *number_fields()):
        assert to_solr({"fq": f"{field}:{text}"})["fq"].count(":") == f"{field}:{text}".count(":")
