"""When an address is considered broken, and when it is asked for again."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.links.answer import Answer
from ckanext.aivision.links.link_state import KINDS, LONGEST_PAUSE, after, is_due
from ckanext.aivision.scoring.observations.observations import Fault, Link

NOW = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.timezone.utc)
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
MONTH = datetime.timedelta(days=30)

histories = st.lists(
    st.tuples(st.sampled_from(list(KINDS)), st.timedeltas(min_value=datetime.timedelta(), max_value=3 * DAY)),
    min_size=1,
    max_size=12,
)


def check_in_turn(*checks: tuple[Fault, datetime.timedelta]) -> list[Link]:
    """What is held after each of some checks. checks: what each met, and how long after the one before."""
    links: list[Link] = []
    now = NOW
    for fault, wait in checks:
        now += wait
        links.append(after(links[-1] if links else None, "https://rivers.example.gov/x", Answer(fault=fault), now))
    return links


@pytest.mark.parametrize(
    ("checks", "states"),
    [
        ([("", HOUR)], "reachable"),
        ([("not-found", HOUR)], "unknown"),
        ([("not-found", HOUR), ("not-found", DAY)], "unknown broken"),
        ([("not-found", HOUR), ("not-found", DAY - HOUR)], "unknown unknown"),
        ([("not-found", HOUR), ("timeout", HOUR), ("refused", DAY)], "unknown unknown broken"),
        ([("timeout", HOUR), ("", HOUR), ("timeout", DAY)], "unknown reachable unknown"),
        ([("refused", HOUR), ("refused", DAY), ("", DAY)], "unknown broken reachable"),
        # What tells nothing neither breaks an address nor mends it.
        ([("too-many-requests", HOUR)] * 3 + [("too-many-requests", 3 * DAY)], "unknown unknown unknown unknown"),
        ([("not-found", HOUR), ("too-many-requests", DAY), ("not-found", HOUR)], "unknown unknown broken"),
        ([("disallowed-by-robots", DAY), ("not-allowed", DAY), ("lookup-failed", DAY)], "unknown unknown unknown"),
        # Whoever is kept out cannot say that it is broken.
        ([("forbidden", HOUR), ("forbidden", DAY), ("forbidden", DAY)], "unknown unknown unknown"),
        ([("forbidden", HOUR), ("not-found", DAY)], "unknown unknown"),
        ([("page-instead-of-data", HOUR), ("page-instead-of-data", DAY)], "reachable reachable"),
    ],
)
def test_two_failures_at_least_a_day_apart_break_an_address(
    checks: list[tuple[Fault, datetime.timedelta]], states: str
) -> None:
    assert [link.state for link in check_in_turn(*checks)] == states.split()


@given(histories)
def test_nothing_is_broken_without_two_dead_answers_a_day_apart_and_no_success_between(
    checks: list[tuple[Fault, datetime.timedelta]],
) -> None:
    links = check_in_turn(*checks)
    for place, link in enumerate(links):
        if link.state != "broken":
            continue
        since_success = [fault for fault, _ in checks[: place + 1]]
        last = max((at for at, fault in enumerate(since_success) if KINDS[fault] == "none"), default=-1)
        dead = [links[at].checked_at for at in range(last + 1, place + 1) if KINDS[checks[at][0]] == "dead"]
        assert len(dead) >= 2
        assert dead[-1] - dead[0] >= DAY


@given(histories)
def test_an_answer_with_the_data_clears_everything(checks: list[tuple[Fault, datetime.timedelta]]) -> None:
    link = check_in_turn(*checks, ("", HOUR))[-1]
    assert (link.state, link.failures, link.failing_since, link.due, link.lasts) == ("reachable", 0, None, None, False)


@pytest.mark.long
@given(histories)
def test_a_failure_is_looked_into_again_later_each_time_and_within_a_month_or_so(
    checks: list[tuple[Fault, datetime.timedelta]],
) -> None:
    for link in check_in_turn(*checks):
        assert link.checked_at is not None
        if link.fault:
            assert link.due is not None
            assert DAY <= link.due - link.checked_at <= LONGEST_PAUSE
            assert not is_due(link, link.due - datetime.timedelta(seconds=1), datetime.timedelta())
            assert is_due(link, link.due, MONTH)


def test_the_pauses_double() -> None:
    links = check_in_turn(*[("not-found", 40 * DAY)] * 8)
    pauses = [(link.due - link.checked_at).days for link in links if link.due and link.checked_at]
    assert pauses == [1, 2, 4, 8, 16, 32, 32, 32]


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks() -> None:
    busy = after(None, "u", Answer(fault="too-many-requests", retry_after=3 * 86400), NOW)
    assert busy.due == NOW + 3 * DAY
    forever = after(None, "u", Answer(fault="too-many-requests", retry_after=float("inf")), NOW)
    assert forever.due == NOW + 7 * DAY


def test_a_success_is_asked_for_again_when_it_is_old() -> None:
    link = check_in_turn(("", HOUR))[-1]
    assert link.checked_at is not None
    assert not is_due(link, link.checked_at + MONTH - HOUR, MONTH)
    assert is_due(link, link.checked_at + MONTH, MONTH)
    assert is_due(None, NOW, MONTH)


def test_a_clock_that_was_set_back_makes_no_failure_older() -> None:
    first = after(None, "u", Answer(fault="timeout"), NOW)
    again = after(first, "u", Answer(fault="timeout"), NOW - 400 * DAY)
    assert (again.state, again.checked_at) == ("unknown", NOW)
