"""Chance and many comparisons: by known values, by what the corrected tests promise, and where they have borders."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.compare.estimates.statistics.significance import holm, p_values, student_p


@pytest.mark.parametrize(
    ("statistic", "freedom", "p"),
    [
        (12.7062, 1, 0.05),
        (4.3027, 2, 0.05),
        (3.1824, 3, 0.05),
        (2.7764, 4, 0.05),
        (3.3649, 5, 0.02),
        (4.5869, 10, 0.001),
        (2.0423, 30, 0.05),
        (1.9842, 99, 0.05),
        (1.95996, 10_000, 0.05),
        (0.0, 7, 1.0),
    ],
)
def test_the_chance_of_students_t_is_that_of_the_tables(statistic: float, freedom: int, p: float) -> None:
    assert student_p(statistic, freedom) == pytest.approx(p, rel=1e-3)


@given(st.floats(0, 50), st.integers(1, 400))
def test_it_is_a_probability_and_falls_as_the_statistic_grows(statistic: float, freedom: int) -> None:
    p, further = student_p(statistic, freedom), student_p(statistic + 0.5, freedom)
    assert 0 <= further <= p + 1e-12 <= 1 + 1e-12


def p_of(difference: float, errors: tuple[float, float], clusters: tuple[int, int]) -> float:
    both = (np.array([errors[0]]), np.array([errors[1]])), (np.array([clusters[0]]), np.array([clusters[1]]))
    return float(p_values(np.array([difference]), *both)[0])


def test_a_country_without_error_leaves_the_others_degrees_of_freedom() -> None:
    assert p_of(2 * 2.7764, (2.0, 0.0), (5, 40)) == pytest.approx(0.05, abs=1e-4)
    assert p_of(-2 * 2.7764, (0.0, 2.0), (40, 5)) == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize(("difference", "p"), [(12.5, 0), (0.0, 1), (1e-13, 1), (0.01, 0)])
def test_without_any_error_a_difference_is_certain_and_none_is_none(difference: float, p: float) -> None:
    assert p_of(difference, (0.0, 1e-14), (5, 5)) == p


def test_what_is_not_known_has_no_chance() -> None:
    assert np.isnan(p_of(np.nan, (1.0, 1.0), (5, 5)))


@pytest.mark.parametrize(
    ("p", "corrected"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.9], [1.0, 1.0]),
        ([0.001, 0.01, 0.02, 0.04], [0.004, 0.03, 0.04, 0.04]),
    ],
)
def test_holm_gives_the_values_worked_out_by_hand(p: Any, corrected: Any) -> None:
    assert holm(p) == pytest.approx(corrected)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_holm_never_lowers_a_value_nor_changes_their_order(p: list[float]) -> None:
    found = holm(p)
    assert all(own <= corrected <= 1 for own, corrected in zip(p, found, strict=True))
    assert [row for _, row in sorted(zip(p, found, strict=True))] == sorted(found)


def test_of_fifty_tests_without_any_difference_one_in_twenty_families_errs() -> None:
    chance = np.random.default_rng(3)
    erring = sum(min(holm(chance.uniform(size=50).tolist())) < 0.05 for _ in range(2000))
    assert 0.03 <= erring / 2000 <= 0.07
