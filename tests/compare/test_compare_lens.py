"""Two countries through a lens, on figures that can be worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.aivision.compare.directories import read
from ckanext.aivision.compare.lens import add_lens_results
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.table_comparison import compare as compare_table
from ckanext.aivision.compare.tallies.tally import collect
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.lenses.load import load_lens
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load


def measure(found: Any, name: Any) -> Any:
    return next(row for row in (found.lens.overall, *found.lens.groups) if row.id == name)


def mean(found: Any, name: Any, country: Any = "US") -> Any:
    return measure(found, name).countries[country].by_data_set.value


def test_a_group_has_the_mean_of_its_rows_and_of_what_is_within_it(compare: Any, evaluation: Any, lens: Lens) -> None:
    found = compare([evaluation((1, 0, 0.5))], lens=lens)
    assert mean(found, "words") == 75  # title 3 of 3, keywords 0 of 1
    assert mean(found, "few") == 0
    assert mean(found, "terms") == 50


def test_a_lens_weighs_by_its_own_weights(compare: Any, evaluation: Any, lens: Lens) -> None:
    found = compare([evaluation((1, 0, 0.5))], lens=lens)
    assert mean(found, "overall") == pytest.approx(100 * (3 + 0 + 1) / 6, abs=0.01)
    assert measure(found, "terms").weight == 2


def test_a_large_agency_moves_only_one_of_the_two_means(compare: Any, evaluation: Any, lens: Lens) -> None:
    rows = [evaluation((1, 1, 1), "Large")] * 20 + [evaluation((0, 0, 0), "Small")] * 5
    figures = measure(compare(rows, lens=lens), "words").countries["US"]
    assert (figures.by_data_set.value, figures.by_agency.value) == (80, 50)
    assert (figures.data_sets, figures.agencies) == (25, 2)


def test_countries_differ_over_what_is_known_for_both(compare: Any, both: list[Evaluation], lens: Lens) -> None:
    found = compare(both, lens=lens)
    words = measure(found, "words").comparison
    assert (words.criteria, words.of_criteria) == (1, 2)  # keywords are unknown in the UK
    assert words.by_data_set.value == pytest.approx(100 * (2.5 / 4 - 2.75 / 4), abs=0.01)
    assert words.by_data_set.interval is not None
    assert [row.criterion for row in found.lens.left_out] == ["keywords-specific"]
    assert measure(found, "few").comparison.note == "none of it is known for both countries"


def test_the_group_of_a_dimension_alone_has_the_dimensions_difference(
    compare: Any, both: list[Evaluation], lens: Lens
) -> None:
    found = compare(both, lens=lens)
    licensed = next(row for row in found.dimensions if row.id == "licensed").comparison
    terms = measure(found, "terms").comparison
    assert (terms.by_data_set, terms.by_agency) == (licensed.by_data_set, licensed.by_agency)


def test_what_nothing_answers_is_told_with_the_reason(compare: Any, both: list[Evaluation], lens: Lens) -> None:
    missing = compare(both, lens=lens).lens.not_measured
    assert [(row.criterion, row.reason) for row in missing] == [("B.2", "No court is asked.")]


def test_the_same_data_give_the_same_figures_and_none_without_a_lens(
    compare: Any, both: list[Evaluation], lens: Lens
) -> None:
    assert compare(both, lens=lens) == compare(both[::-1], lens=lens)
    assert compare(both).lens is None


def test_countries_without_data_sets_are_not_compared(compare: Any, country: Any, lens: Lens) -> None:
    found = compare(country("GB", [(1, 0, 1)] * 3), lens=lens)
    assert measure(found, "words").comparison.note == "no datasets of the US"
    assert compare([], lens=lens).lens.overall.comparison.by_data_set.value is None


def test_tallies_of_criteria_alone_say_that_a_lens_needs_the_records(compare: Any, both: list[Evaluation]) -> None:
    found = overview(collect(both), load().criteria, lens=load_lens("mqa")).lens
    assert "checks the records themselves" in found.lacking
    assert overview(collect(both), load().criteria, lens=load_lens("fair")).lens.lacking == ""


def test_what_a_lens_asks_of_the_records_is_tallied_with_them() -> None:
    dataset = record(keyword=["river"], theme=["ENVI"])
    lines = [add_lens_results(evaluate(dataset, load(), ON), dataset, [load_lens("mqa")])]
    found = overview(collect(lines), load().criteria, lens=load_lens("mqa"))
    assert found.lens.lacking == ""
    assert mean(found, "findability", "GB") == 60


@pytest.fixture
def harvested(harvest_directory: Any) -> Any:
    dataset = record(keyword=["river"])
    return harvest_directory("rivers", [evaluate(dataset, load(), ON)] * 2, datasets=[dataset] * 2)


@pytest.mark.long
def test_what_the_lens_asks_of_the_records_is_in_the_table(harvested: Any) -> None:
    assert "mqa/keyword" in read([harvested], load(), load_lens("mqa")).table.criteria
    assert "mqa/keyword" not in read([harvested], load(), load_lens("fair")).table.criteria
    assert "mqa/keyword" not in read([harvested], load()).table.criteria


def test_the_table_gives_the_same_comparison_through_a_lens_as_tallies(harvested: Any) -> None:
    lens, dataset = load_lens("mqa"), record(keyword=["river"])
    table = read([harvested], load(), lens).table
    found = compare_table(table, load().criteria, load().version, lenses=[lens])[-1]
    lines = [add_lens_results(evaluate(dataset, load(), ON), dataset, [lens])] * 2
    assert found.lens == overview(collect(lines), load().criteria, lens=lens).lens
