"""The comparison of two countries, on figures that can be worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import CountedEvaluation, Tally, collect
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Criterion


def measure(found: Overview, name: str) -> Any:
    return next(row for row in (found.overall, *found.dimensions, *found.criteria) if row.id == name)


def placed(
    evaluations: Sequence[Evaluation], agency: str, source: str = "", title: str = "", level: str = ""
) -> list[CountedEvaluation]:
    """The evaluations as they are counted once they are placed with an agency."""
    lines = (msgspec.json.decode(msgspec.json.encode(row), type=CountedEvaluation) for row in evaluations)
    return [
        msgspec.structs.replace(line, agency=agency, agency_title=title, level=level, source=source) for line in lines
    ]


def test_both_means_are_given_and_a_large_agency_moves_only_one(compare: Any, evaluation: Any) -> None:
    rows = [evaluation((1, 1, 1), "Large")] * 20 + [evaluation((0, 0, 0), "Small")] * 5
    figures = compare(rows).overall.countries["US"]
    assert (figures.by_data_set.value, figures.by_agency.value) == (80, 50)
    assert (figures.data_sets, figures.agencies) == (25, 2)


def test_publishers_of_one_agency_count_once_together(compare: Any, evaluation: Any) -> None:
    nasa = [evaluation((1, 1, 1), name) for name in ("NASA", "nasa.gov", "N.A.S.A.") for _ in range(5)]
    rows = placed(nasa, "us-026", title="NASA", level="national") + placed([evaluation((0, 0, 0), "EPA")] * 5, "us-020")
    found = compare(rows)
    assert found.overall.countries["US"].by_agency.value == 50
    assert found.overall.countries["US"].by_data_set.value == 75
    (row,) = [row for row in found.agencies if row.id == "us-026"]
    assert (row.title, row.level, row.data_sets, row.publishers, row.mean) == ("NASA", "national", 15, 3, 100)
    assert [(row.name, row.agency) for row in found.publishers if row.agency != "us-026"] == [("EPA", "us-020")]
    assert (found.countries[0].agencies, found.countries[0].publishers, found.countries[0].unplaced) == (2, 4, 0)


@pytest.mark.parametrize(("data_sets", "mean", "left_out"), [(4, 100, 1), (5, 50, 0)])
def test_an_agency_of_fewer_than_five_data_sets_is_left_out_where_each_counts_once(
    compare: Any, evaluation: Any, data_sets: int, mean: int, left_out: int
) -> None:
    found = compare([evaluation((1, 1, 1), "Large")] * 6 + [evaluation((0, 0, 0), "Small")] * data_sets)
    assert found.overall.countries["US"].by_agency.value == mean
    assert found.overall.countries["US"].by_data_set.value == pytest.approx(600 / (6 + data_sets), abs=0.01)
    assert found.countries[0].agencies_left_out == left_out
    assert [row.counted for row in found.agencies] == [True, not left_out]
    note = "1 of the 2 US agencies has fewer than 5 datasets and is left out where each agency counts once."
    assert (note in found.notes) == bool(left_out)


def test_fewer_than_three_agencies_have_no_interval_and_a_reason(compare: Any, country: Any) -> None:
    figures = compare(country("US", [(1, 1, 1)] * 2)).overall.countries["US"]
    assert figures.by_agency.interval is None
    assert figures.by_agency.note == "no interval: 2 of the 3 agencies needed"
    assert (figures.passed.value, figures.passed.interval, figures.passed.cases) == (100, None, 0)


def test_three_publishers_have_an_interval_around_their_mean(compare: Any, country: Any) -> None:
    mean = compare(country("US", [(0, 0, 0), (1, 1, 1), (1, 0, 1)])).overall.countries["US"].by_agency
    assert mean.value == pytest.approx(62.5)
    assert mean.interval.low < 62.5 < mean.interval.high
    assert mean.interval.low >= 0
    assert mean.interval.high <= 100


def test_a_criterions_share_that_passes_is_as_sure_as_its_agencies_are_alike(compare: Any, country: Any) -> None:
    # 120 datasets, a third of which pass. Of 12 agencies, each as the country is; of 12 that do all or nothing.
    mixed = [evaluation for _ in range(4) for evaluation in country("US", [(1, 1, 1)] * 4 + [(0, 1, 1)] * 8)]
    alike = [msgspec.structs.replace(row, publisher=f"Agency {place % 12}") for place, row in enumerate(mixed)]
    for rows, effective in ((country("US", [(1, 1, 1)] * 4 + [(0, 1, 1)] * 8), 11.0), (alike, 480.0)):
        share = measure(compare(rows), "title-descriptive").countries["US"].passed
        assert share.value == pytest.approx(33.33, abs=0.01)
        assert share.cases == pytest.approx(effective, abs=0.1)
    assert share.interval.low > 28


def test_no_share_is_surer_than_one_of_as_many_independent_data_sets(compare: Any, country: Any) -> None:
    # Every agency has the same share of passes, so they do not differ at all; 20 of 30 results of 10 datasets each.
    share = compare(country("US", [(1, 1, 0)] * 4)).overall.countries["US"].passed
    assert (share.passed, share.known, share.cases) == (80, 120, 40)


def test_a_share_of_none_or_all_has_an_interval_of_as_many_datasets_as_agencies(compare: Any, country: Any) -> None:
    found = compare(country("US", [(1, 0, 1)] * 6, each=50))
    for name, value in (("title-descriptive", 100), ("keywords-specific", 0)):
        share = measure(found, name).countries["US"].passed
        assert (share.value, share.cases) == (value, 6)
        assert share.interval.high - share.interval.low > 40


def test_what_is_answered_is_counted_by_weight_and_that_a_question_does_not_apply_is_an_answer(
    compare: Any, evaluation: Any
) -> None:
    # Weights 3, 1, 4; the second dataset's licence does not apply: 4 of 8 and 7 of 8 are answered.
    found = compare([evaluation((1, 1, None)), evaluation((1, None, "n/a"))])
    assert found.overall.countries["US"].known == pytest.approx(100 * 11 / 16, abs=0.01)
    assert measure(found, "licence-open").countries["US"].known == 0


def test_the_difference_is_made_of_what_is_known_on_both_sides(compare: Any, both: list[Evaluation]) -> None:
    # Title (3) and licence (4) alone: US 7/7, 5.5/7, 5/7, 4/7; UK 3/7, 3.5/7, 0.75/7, 4/7.
    difference = compare(both).overall.comparison.by_agency
    assert difference.first.value == pytest.approx(100 * 21.5 / 28, abs=0.01)
    assert difference.second.value == pytest.approx(100 * 11.25 / 28, abs=0.01)
    assert difference.value == pytest.approx(100 * 10.25 / 28, abs=0.01)


def test_a_criterion_unknown_on_one_side_is_left_out_and_said_so(compare: Any, both: list[Evaluation]) -> None:
    found = compare(both)
    (left,) = found.left_out
    assert left.criterion == "keywords-specific"
    assert left.reason == "known for too few datasets (US 100 %, UK 0 %; 50 % needed in both countries)"
    assert measure(found, "keywords-specific").comparison.by_agency.value is None
    assert (found.overall.comparison.criteria, found.overall.comparison.of_criteria) == (2, 3)


def test_one_large_agency_cannot_make_a_criterion_known_for_its_country(
    compare: Any, country: Any, evaluation: Any
) -> None:
    rows = country("GB", [(1, 1, 1)] * 3) + country("US", [(1, None, 1)] * 9, each=5)
    found = compare(rows + [evaluation((1, 1, 1), "Large", "US")] * 450)
    assert [row.criterion for row in found.left_out] == ["keywords-specific"]


def test_a_criterion_that_applies_to_nobody_is_left_out_with_its_own_reason(compare: Any, country: Any) -> None:
    found = compare(country("US", [(1, "n/a", 1)] * 3) + country("GB", [(1, 1, 1)] * 3))
    assert found.left_out[0].reason == "applies to none of the datasets of the US"


def test_countries_far_apart_are_distinguishable(compare: Any, country: Any) -> None:
    us = country("US", [(1, 1, 1), (1, 0.9, 1), (0.9, 1, 1), (1, 1, 0.9)])
    comparison = compare(us + country("GB", [(0, 0, 0.1), (0, 0.1, 0), (0.1, 0, 0), (0, 0, 0)])).overall.comparison
    assert comparison.distinguishable is True
    assert comparison.by_agency.interval.low > 0


def test_countries_alike_are_not_distinguishable(compare: Any, country: Any) -> None:
    rows = [(0, 0, 1), (1, 1, 0), (0.5, 1, 1), (1, 0, 0)]
    comparison = compare(country("US", rows) + country("GB", rows)).overall.comparison
    assert comparison.by_agency.value == 0
    assert comparison.by_agency.interval.low < 0 < comparison.by_agency.interval.high
    assert comparison.distinguishable is False


def test_the_verdict_rests_on_agencies_alone(compare: Any, country: Any, evaluation: Any) -> None:
    # Ten small US agencies are better than the UK's, a large one is as bad: by dataset the countries are alike.
    us = country("US", [(1, 1, 1)] * 10, each=5) + [evaluation((0.1, 0.1, 0.1), "Large", "US")] * 5000
    comparison = compare(
        us + country("GB", [(0.1, 0.1, 0.1), (0.2, 0.1, 0.1), (0, 0.1, 0.1)], each=20)
    ).overall.comparison
    assert comparison.by_data_set.distinguishable is False
    assert (comparison.by_agency.distinguishable, comparison.distinguishable) == (True, True)


def test_what_only_the_count_of_data_sets_tells_apart_is_not_distinguishable(compare: Any, country: Any) -> None:
    # Half of the agencies are good in both countries, but in the US the good ones are large.
    us = country("US", [(1, 1, 1)] * 10, each=100) + country("US small", [(0, 0, 0)] * 10, each=5)
    us = [msgspec.structs.replace(row, country="US") for row in us]
    comparison = compare(us + country("GB", [(1, 1, 1), (0, 0, 0)] * 10)).overall.comparison
    assert comparison.by_data_set.distinguishable is True
    assert (comparison.by_agency.distinguishable, comparison.distinguishable) == (False, False)


def test_the_second_country_can_be_ahead(compare: Any, country: Any) -> None:
    us, uk = (
        country("US", [(0, 0, 0.1), (0, 0.1, 0), (0.1, 0, 0)]),
        country("GB", [(1, 1, 1), (1, 0.9, 1), (0.9, 1, 1)]),
    )
    comparison = compare(us + uk).overall.comparison
    assert comparison.distinguishable is True
    assert comparison.by_agency.interval.high < 0


@pytest.mark.parametrize(
    ("publishers", "each", "lacking"),
    [(2, 20, "UK: 2 of the 3 agencies needed"), (4, 5, "UK: 20 of the 30 datasets needed")],
)
def test_too_small_a_sample_gives_no_verdict_but_the_reason(
    compare: Any, country: Any, publishers: Any, each: Any, lacking: Any
) -> None:
    us = country("US", [(1, 1, 1), (1, 0, 1), (0, 1, 1)])
    comparison = compare(us + country("GB", [(0, 0, 0)] * publishers, each)).overall.comparison
    assert comparison.distinguishable is None
    assert lacking in comparison.note


def test_the_spread_between_agencies_is_told_after_the_verdict(compare: Any, country: Any) -> None:
    rows = [(place / 10,) * 3 for place in range(11)]
    found = compare(country("US", rows) + country("GB", rows))
    spread = found.countries[0].spread
    assert (spread.p10, spread.p50, spread.p90, spread.width) == (10, 50, 90, 80)
    assert found.notes[1] == (
        "Between the 10th and 90th percentile of agencies, their own scores differ by 80.0 points in the US and "
        "80.0 points in the UK. So agencies within one country differ more than the two countries do."
    )


def test_a_difference_that_may_be_wider_than_the_spread_is_not_called_less(compare: Any, country: Any) -> None:
    found = compare(country("US", [(1, 1, 1)] * 4) + country("GB", [(0, 0, 0)] * 4))
    assert found.notes[1].startswith("Between the 10th and 90th percentile")
    assert "differ more" not in found.notes[1]


def test_an_agency_that_stands_for_its_country_is_pointed_out(compare: Any, country: Any, evaluation: Any) -> None:
    found = compare([*country("US", [(1, 1, 1)] * 2), *[evaluation((0, 0, 0), "NASA")] * 80])
    assert any(note.startswith("NASA has 80 % of the US datasets") for note in found.notes)


def test_publishers_are_listed_by_size_and_small_samples_marked(compare: Any, country: Any, evaluation: Any) -> None:
    found = compare([evaluation((1, 1, 1), "Small")] * 29 + [evaluation((0, 0, 0), "Large")] * 30)
    assert [(row.name, row.data_sets, row.mean, row.small_sample) for row in found.publishers] == [
        ("Large", 30, 0, False),
        ("Small", 29, 100, True),
    ]


def test_the_uk_is_called_uk(compare: Any, both: list[Evaluation]) -> None:
    assert [(row.code, row.label) for row in compare(both).countries] == [("US", "US"), ("GB", "UK")]


def test_grades_are_shared_out_by_data_set_and_by_agency(compare: Any, evaluation: Any) -> None:
    rows = [evaluation((1, 1, 1), "Large")] * 20 + [evaluation((0, 0, 0), "Small")] * 5
    grades = {row.grade: row for row in compare(rows).countries[0].grades}
    assert (grades["A"].by_data_set.value, grades["A"].by_agency.value) == (80, 50)
    assert sum(row.by_data_set.passed for row in grades.values()) == 25


def test_a_grades_share_is_as_unsure_as_the_agencies_differ(compare: Any, country: Any) -> None:
    # A third of 3,000 datasets has an A, but of 6 agencies: "33 % (31-35)" would be as if datasets were independent.
    grades = {
        row.grade: row for row in compare(country("US", [(1, 1, 1)] * 2 + [(0, 0, 0)] * 4, 500)).countries[0].grades
    }
    for found in (grades["A"].by_data_set, grades["A"].by_agency):
        assert found.value == pytest.approx(33.33, abs=0.01)
        assert found.interval.low < 10
        assert found.interval.high > 70


def test_one_country_alone_is_shown_and_the_other_said_to_be_missing(compare: Any, country: Any) -> None:
    found = compare(country("GB", [(1, 0, 1)] * 3))
    assert found.notes == [
        "There are no datasets of the US, so nothing can be compared.",
        "30 UK datasets are placed with no agency: each of their publishers counts as one.",
    ]
    assert found.overall.countries["GB"].by_agency.value == pytest.approx(87.5)
    assert found.overall.countries["US"].by_agency.value is None
    assert found.overall.comparison.note == "no datasets of the US"
    assert found.left_out == []


def test_no_evaluations_at_all_give_an_empty_comparison(compare: Any) -> None:
    found = compare([])
    assert (found.first_date, found.rubric_version, found.publishers) == (None, "", [])
    assert found.overall.comparison.distinguishable is None


def test_data_sets_of_which_nothing_is_known_break_nothing(compare: Any, country: Any) -> None:
    found = compare(country("US", [(None, None, None)] * 3) + country("GB", [(1, 1, 1)] * 3))
    assert found.overall.countries["US"].by_agency.value is None
    assert found.overall.comparison.distinguishable is None


def test_other_countries_are_not_compared_but_counted(compare: Any, both: list[Evaluation], evaluation: Any) -> None:
    found = compare([*both, evaluation((1, 1, 1), "Statistics Canada", "CA")])
    assert found.other_countries == {"CA": 1}
    assert [row.data_sets for row in found.countries] == [40, 40]


def test_mixed_rubric_versions_are_refused(criteria: list[Criterion], evaluation: Any) -> None:
    mixed = collect([evaluation((1, 1, 1))]) + collect([evaluation((1, 1, 1), "Another", "GB", "2")])
    with pytest.raises(UsageError, match="versions 1 and 2"):
        overview(mixed, criteria)


def test_the_same_data_give_the_same_bytes_in_any_order(criteria: list[Criterion], tallies: list[Tally]) -> None:
    one, other = (overview(order, criteria, seed=7) for order in (tallies, tallies[::-1]))
    assert msgspec.json.encode(one) == msgspec.json.encode(other)


def test_a_publishers_tallies_in_parts_give_the_same_as_in_one(
    criteria: list[Criterion], both: list[Evaluation]
) -> None:
    parts = [tally for row in both for tally in collect([row])]
    assert msgspec.json.encode(overview(parts, criteria)) == msgspec.json.encode(overview(collect(both), criteria))


def test_another_seed_moves_intervals_a_little_and_means_not_at_all(compare: Any, both: list[Evaluation]) -> None:
    one, other = (compare(both, seed=seed).overall.countries["US"].by_agency for seed in (1, 2))
    assert one.value == other.value
    assert one.interval != other.interval
    assert one.interval.low == pytest.approx(other.interval.low, abs=5)


def test_one_countrys_intervals_do_not_depend_on_the_others_data(
    compare: Any, both: list[Evaluation], evaluation: Any
) -> None:
    more = [*both, evaluation((1, 1, 1), "One more", "US")]
    one, other = (compare(rows).overall.countries["GB"] for rows in (both, more))
    assert one == other


def test_the_overview_survives_json(compare: Any, both: list[Evaluation]) -> None:
    found = compare(both)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Overview) == found


def test_every_dimension_and_criterion_of_the_rubric_has_its_figures(
    compare: Any, both: list[Evaluation], criteria: list[Criterion]
) -> None:
    found = compare(both)
    assert len(found.dimensions) == 8
    assert [row.id for row in found.criteria] == [row.id for row in criteria]
