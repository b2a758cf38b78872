"""Whether the difference hangs on the weights of the criteria."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.aivision.scoring.results import Evaluation


def test_a_country_ahead_on_every_criterion_stays_ahead_under_all_weights(compare: Any, country: Any) -> None:
    found = compare(country("US", [(1, 0.9, 1)] * 3) + country("GB", [(0.5, 0.2, 0)] * 3)).sensitivity
    assert (found.weightings, found.by_agency.same_sign, found.by_data_set.same_sign) == (1000, 1000, 1000)


def test_gains_on_one_criterion_and_as_much_loss_on_another_turn_with_every_second_weighting(
    compare: Any, country: Any
) -> None:
    # Title (3) against licence (4), keywords alike and so without say: a fair coin decides.
    found = compare(country("US", [(0, 1, 1)] * 3) + country("GB", [(1, 1, 0)] * 3)).sensitivity.by_agency
    assert found.difference == pytest.approx(100 / 8)
    assert found.equal_weights == 0
    assert 450 <= found.same_sign <= 550


def test_the_rubrics_own_weights_give_the_difference_of_the_overview(compare: Any, both: list[Evaluation]) -> None:
    found = compare(both)
    assert found.sensitivity.by_agency.difference == found.overall.comparison.by_agency.value
    assert found.sensitivity.by_data_set.difference == found.overall.comparison.by_data_set.value


def test_equal_weights_count_each_comparable_criterion_once(compare: Any, both: list[Evaluation]) -> None:
    # Title and licence, US 2, 1.5, 1.5, 1 of 2; UK 1, 1, 0.25, 1.25 of 2.
    assert compare(both).sensitivity.by_agency.equal_weights == pytest.approx(100 * 2.5 / 8)


def test_the_same_seed_gives_the_same_count(compare: Any, both: list[Evaluation]) -> None:
    assert compare(both, seed=5).sensitivity == compare(both, seed=5).sensitivity


def test_one_country_alone_has_none_and_the_reason(compare: Any, country: Any) -> None:
    found = compare(country("US", [(1, 1, 1)] * 3)).sensitivity
    assert found.by_agency is None
    assert found.note == "needs datasets of both countries and a criterion known for both"
