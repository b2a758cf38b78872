"""Work spread over processes: in its order, with its errors, and never waiting for a process that is gone."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from itertools import islice

import psutil
import pytest

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.process_pool import ProcessPool

pytestmark = pytest.mark.timeout(60)
LARGE = 200_000_000  # bytes: more than a pipe takes at once, and than is written in a tenth of a second


class Unsendable(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def double(number: int) -> int:
    return 2 * number


def slower_if_even(number: int) -> int:
    time.sleep(0 if number % 2 else 0.02)
    return number


def refuse_seven(number: int) -> int:
    if number == 7:
        raise KeyError("seven")
    return number


def cannot_be_sent(number: int) -> int:
    raise Unsendable(number, number)


def large(text: bytes) -> int:
    return len(text)


class EndsSoon:
    """Kills its process just after it has been pickled."""

    def __reduce__(self) -> tuple[type[bytes], tuple[()]]:
        threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return bytes, ()


def ends_while_it_answers(number: int) -> object:
    return number if number else (bytes(LARGE), EndsSoon())


def ends_itself(number: int) -> int:
    os.kill(os.getpid(), number)
    time.sleep(30)
    return number


def children() -> list[psutil.Process]:
    return psutil.Process().children()


@contextlib.contextmanager
def none_left_behind() -> Iterator[None]:
    before = set(children())
    yield
    assert set(children()) <= before


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    with none_left_behind(), ProcessPool(jobs) as pool:
        assert list(pool.map(slower_if_even, range(40))) == list(range(40))
        assert list(pool.map(double, [])) == []


def test_large_items_and_answers_do_not_wait_for_each_other() -> None:
    with ProcessPool(2) as pool:
        assert list(pool.map(large, (bytes(3_000_000) for _ in range(12)))) == [3_000_000] * 12


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_step_raises_comes_after_the_results_before_it(jobs: int) -> None:
    with none_left_behind(), ProcessPool(jobs) as pool:
        results = pool.map(refuse_seven, range(20))
        assert list(islice(results, 7)) == list(range(7))
        with pytest.raises(KeyError, match="seven"):
            next(results)


def test_results_that_nobody_asked_for_are_not_taken_for_others() -> None:
    with ProcessPool(2) as pool:
        assert list(islice(pool.map(slower_if_even, range(100, 140)), 3)) == [100, 101, 102]
        assert list(pool.map(double, range(20))) == list(range(0, 40, 2))


def test_an_error_that_cannot_be_sent_is_told_by_its_text() -> None:
    with ProcessPool(2) as pool, pytest.raises(RuntimeError, match="Unsendable: 3 and 3"):
        list(pool.map(cannot_be_sent, [3]))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_ends_at_its_work_is_told(number: int) -> None:
    with none_left_behind(), pytest.raises(ServiceError, match="ended from outside"), ProcessPool(2) as pool:
        list(pool.map(ends_itself, [number, 0]))


def test_a_process_that_ends_while_it_answers_is_told() -> None:
    with none_left_behind(), pytest.raises(ServiceError, match="ended from outside"), ProcessPool(2) as pool:
        list(pool.map(ends_while_it_answers, range(4)))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_ends_while_it_waits_for_work_is_told(number: int) -> None:
    before = set(children())
    with none_left_behind(), ProcessPool(2) as pool:
        [idle, _] = set(children()) - before
        idle.send_signal(number)
        idle.wait(10)
        with pytest.raises(ServiceError, match="ended from outside"):
            list(pool.map(double, range(8)))


@pytest.mark.long
def test_a_process_that_does_not_end_when_it_is_told_is_killed() -> None:
    before = set(children())
    with none_left_behind(), ProcessPool(2):
        for worker in set(children()) - before:
            worker.suspend()


def test_a_handler_of_the_first_process_is_not_the_others() -> None:
    earlier = signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        begin = time.monotonic()
        with none_left_behind(), ProcessPool(2):
            pass
        assert time.monotonic() - begin < 4
    finally:
        signal.signal(signal.SIGTERM, earlier)
