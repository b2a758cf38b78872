"""A budget of requests: never more in any hour than allowed, whatever was asked before a restart."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.harvesters.http.request_budget import Budget, retry_after

NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)
HOUR = datetime.timedelta(hours=1)


class Hand:
    """A clock that goes on only when someone sleeps, or turns it."""

    def __init__(self) -> None:
        self.time = NOON
        self.clock = Clock(lambda: self.time, self.turn)

    def turn(self, seconds: float) -> None:
        self.time += datetime.timedelta(seconds=seconds)


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_the_request_that_is_too_many_waits_until_the_hour_allows_it(hand: Hand) -> None:
    budget = Budget(3, (), hand.clock)
    assert [budget.take() for _ in range(3)] == [0, 0, 0]
    assert 3600 <= budget.take() <= 3660


def test_a_restart_does_not_exceed_the_budget(hand: Hand) -> None:
    before = Budget(3, (), hand.clock)
    for _ in range(3):
        before.take()
    hand.turn(600)
    assert Budget(3, before.spent, hand.clock).take() >= 3000


@given(
    per_hour=st.integers(1, 5),
    steps=st.lists(st.tuples(st.floats(0, 2000), st.booleans()), min_size=1, max_size=40),
)
def test_no_hour_sees_more_requests_than_allowed(per_hour: int, steps: list[tuple[float, bool]]) -> None:
    hand, taken = Hand(), list[datetime.datetime]()
    budget = Budget(per_hour, (), hand.clock)
    for seconds, restarted in steps:
        hand.turn(seconds)
        if restarted:
            budget = Budget(per_hour, budget.spent, hand.clock)
        budget.take()
        taken.append(hand.time)
    for moment in taken:
        assert sum(moment <= other < moment + HOUR for other in taken) <= per_hour


def test_the_servers_own_account_goes_before_ours(hand: Hand) -> None:
    budget = Budget(1000, (), hand.clock)
    budget.take()
    budget.heard(200, {"X-RateLimit-Remaining": "1"})
    assert budget.take() == 0
    assert budget.take() >= 3600


def test_retry_after_is_waited_for_but_no_longer_than_an_hour(hand: Hand) -> None:
    budget = Budget(1000, (), hand.clock)
    for asked, waited in (("90", 90), ("86400", 3600)):
        budget.heard(429, {"Retry-After": asked})
        assert budget.closed
        assert budget.take() == waited
        assert not budget.closed


def test_too_many_requests_without_a_word_mean_an_hour_where_none_is_left(hand: Hand) -> None:
    budget = Budget(1000, (), hand.clock)
    budget.heard(429, {"X-RateLimit-Remaining": "0"})
    assert budget.take() >= 3600
    budget.heard(429, {})
    assert not budget.closed


def test_a_wait_can_be_ended_from_outside(hand: Hand) -> None:
    class Stopped(Exception):
        pass

    def stop(seconds: float) -> None:
        hand.turn(seconds)
        if hand.time > NOON + datetime.timedelta(minutes=1):
            raise Stopped

    budget = Budget(1, (), Clock(lambda: hand.time, stop))
    budget.take()
    with pytest.raises(Stopped):
        budget.take()
    assert hand.time < NOON + datetime.timedelta(minutes=2)


def test_a_clock_that_was_set_back_does_not_lock_us_out(hand: Hand) -> None:
    future = int((NOON + datetime.timedelta(days=1)).timestamp() // 60)
    assert Budget(1, ((future, 1),), hand.clock).take() == 0


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("5", 5.0),
        ("Sun, 01 Nov 2026 12:01:00 GMT", 60.0),
        ("Sun, 01 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(asked: str, seconds: float | None) -> None:
    assert retry_after({"Retry-After": asked}, NOON) == seconds


@given(st.text(max_size=40))
def test_any_header_is_a_wait_or_none(value: Any) -> None:
    waited = retry_after({"Retry-After": value}, NOON)
    assert waited is None or waited >= 0
