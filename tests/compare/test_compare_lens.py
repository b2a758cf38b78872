"""Two countries through a lens, on figures that can be worked out by hand."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ckanext.aivision.compare.directories import read
from ckanext.aivision.compare.lens import counted
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import collect
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.lenses.load import named
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


def test_a_large_publisher_moves_only_one_of_the_two_means(compare: Any, evaluation: Any, lens: Lens) -> None:
    rows = [evaluation((1, 1, 1), "Large")] * 8 + [evaluation((0, 0, 0), "Small")] * 2
    figures = measure(compare(rows, lens=lens), "words").countries["US"]
    assert (figures.by_data_set.value, figures.by_publisher.value) == (80, 50)
    assert (figures.data_sets, figures.publishers) == (10, 2)


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
    assert (terms.by_data_set, terms.by_publisher) == (licensed.by_data_set, licensed.by_publisher)


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
    found = overview(collect(both), load().criteria, lens=named("mqa")).lens
    assert "checks the records themselves" in found.lacking
    assert overview(collect(both), load().criteria, lens=named("fair")).lens.lacking == ""


def test_what_a_lens_asks_of_the_records_is_tallied_with_them() -> None:
    dataset = record(keyword=["river"], theme=["ENVI"])
    lines = [counted(evaluate(dataset, load(), ON), dataset, [named("mqa")])]
    found = overview(collect(lines), load().criteria, lens=named("mqa"))
    assert found.lens.lacking == ""
    assert mean(found, "findability", "GB") == 60


@pytest.fixture
def harvested(harvest_directory: Any) -> Any:
    dataset = record(keyword=["river"])
    folder = harvest_directory("rivers", [evaluate(dataset, load(), ON)] * 2)
    (folder / "datasets.ndjson").write_bytes((msgspec.json.encode(dataset) + b"\n") * 2)
    return folder


def test_a_harvest_is_read_with_its_records_where_the_lens_asks_them(harvested: Any) -> None:
    assert "mqa/keyword" in read([harvested], named("mqa")).tallies[0].criteria
    assert "mqa/keyword" not in read([harvested], named("fair")).tallies[0].criteria
    assert "mqa/keyword" not in read([harvested]).tallies[0].criteria


def test_records_and_evaluations_of_two_runs_are_refused(harvested: Any) -> None:
    path = harvested / "datasets.ndjson"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(UsageError, match="not from the same run"):
        read([harvested], named("mqa"))
    path.write_text("no record\n")
    with pytest.raises(UsageError, match="line 1: not a record"):
        read([harvested], named("mqa"))
    path.unlink()
    with pytest.raises(UsageError, match=r"no datasets\.ndjson"):
        read([harvested], named("mqa"))
