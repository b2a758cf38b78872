"""The lenses of this installation are whole: every criterion, every clause of the framework, the published points."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
import yaml

from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.schema import Lens, Subgroup
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.scoring.scores.score import GRADES

GUIDANCE = yaml.safe_load((resources.files("ckanext.aivision.config") / "guidance.yaml").read_text("utf-8"))
DOCUMENTS = {name: load_lens(name).guidance for name in names() if load_lens(name).guidance}
# What DOC lists as future work is no practice of it, and MQA's bands are no question: neither needs a place.
NO_PLACE = {"DOC integrity", "MQA bands"}
# data.europa.eu, MQA methodology: points by dimension and metric, in its order.
MQA = {
    "findability": [30, 30, 20, 20],
    "accessibility": [50, 20, 30],
    "interoperability": [20, 10, 10, 20, 20, 30],
    "reusability": [20, 10, 10, 5, 20, 10],
    "contextuality": [5, 5, 5, 5],
}


@pytest.fixture(params=names())
def lens(request: pytest.FixtureRequest) -> Lens:
    return load_lens(request.param)


def groups(lens: Lens) -> list[Subgroup]:
    return [found for group in lens.groups for found in (group, *group.groups)]


def clauses(lens: Lens) -> set[str]:
    """Every clause that the lens names."""
    cited = {found.clause for found in groups(lens)} | {clause for row in lens.rows() for clause in row.clauses}
    return cited | {missing.clause for found in groups(lens) for missing in found.not_measured}


def test_the_six_lenses_are_there_and_our_own_comes_first() -> None:
    assert names() == ["aivision", "fair", "mqa", "odi", "uk-dsit", "us-commerce"]
    assert sorted(DOCUMENTS) == names()[1:]
    assert [load_lens(name).name for name in names()] == names()


def test_every_criterion_that_cites_the_framework_is_in_its_lens_or_left_out_with_a_reason(
    lens: Lens, rubric: Rubric
) -> None:
    used = {row.criterion for row in lens.rows() if row.criterion}
    left_out = {id for listed in lens.left_out for id in listed.criteria}
    citing = {row.id for row in rubric.everything for source in row.sources if source.split()[0] == lens.guidance}
    assert citing - used - left_out == set()
    assert used & left_out == set()


def test_what_is_not_measured_until_a_deeper_look_is_answered_by_a_row_then(lens: Lens, rubric: Rubric) -> None:
    depths = {row.id: row.depth for row in rubric.everything}
    answered = {(clause, depths.get(row.criterion)) for row in lens.rows() for clause in row.clauses}
    waiting = {(found.clause, found.until) for group in groups(lens) for found in group.not_measured if found.until}
    assert waiting - answered == set()


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_clause_of_the_framework_is_there_and_no_other(name: str) -> None:
    document = DOCUMENTS[name]
    listed = {f"{document} {clause}" for clause in GUIDANCE[document]["clauses"]}
    assert listed - clauses(load_lens(name)) - NO_PLACE == set()
    assert clauses(load_lens(name)) - listed == set()


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_lens_says_where_its_framework_is_published_and_how_well_we_know_it(name: str) -> None:
    lens, document = load_lens(name), GUIDANCE[DOCUMENTS[name]]
    assert lens.address.startswith("https://")
    assert lens.sure == document["sure"]
    assert lens.date.startswith(document["date"])
    assert lens.sure == "full" or lens.note, "say in the note what is not known"


def test_no_text_is_empty_and_every_sentence_ends(lens: Lens) -> None:
    for group in groups(lens):
        assert group.question.endswith("?"), group.id
        assert group.title[0].isupper(), group.id
        for missing in group.not_measured:
            assert missing.reason.endswith("."), missing
    assert lens.note.endswith(".")
    assert all(listed.reason.endswith(".") for listed in lens.left_out)


def test_our_own_lens_is_the_rubric_by_dimension_with_its_grades(rubric: Rubric) -> None:
    lens = load_lens("aivision")
    shown = {group.id: [row.criterion for row in group.rows] for group in lens.groups}
    assert shown == {name: [row.id for row in rubric.everything if row.dimension == name] for name in DIMENSIONS}
    assert all(row.weight is None for row in lens.rows())
    assert [(band.title, band.least) for band in lens.bands[:-1]] == list(GRADES)


def test_mqa_counts_the_405_points_of_its_publication_and_has_its_bands() -> None:
    lens = load_lens("mqa")
    points: dict[str, list[Any]] = {group.id: [row.points for row in group.rows] for group in lens.groups}
    assert points == MQA
    assert lens.total == 405
    assert [group.points for group in lens.groups] == [100, 100, 110, 75, 20]
    assert [(band.title, band.least) for band in lens.bands] == [
        ("Excellent", 351),
        ("Good", 221),
        ("Sufficient", 121),
        ("Bad", 0),
    ]


def test_the_uk_lens_has_four_pillars_and_the_us_lens_five_areas() -> None:
    assert [group.id for group in load_lens("uk-dsit").groups] == ["P1", "P2", "P3", "P4"]
    assert [group.id for group in load_lens("us-commerce").groups] == ["1", "2", "3", "4", "5"]
    assert [group.id for group in load_lens("fair").groups] == ["F", "A", "I", "R"]
