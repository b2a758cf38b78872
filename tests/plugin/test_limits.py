"""How much anonymous visitors may ask at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

FILTERED, PLAIN, FILE = "/best-practice?licence=open", "/best-practice", "/best-practice/figures/grades.csv"
MOST = 2
# A new minute may begin meanwhile, once; of this many requests some are beyond the limit all the same.
ENOUGH = 2 * MOST + 1
API = "/api/3/action/aivision_compare"


@pytest.fixture
def limited(ckan: Any, snapshot: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets limits for one test, counted apart from all others."""
    snapshot()
    monkeypatch.setitem(ckan.config, "ckan.site_id", f"test-{uuid.uuid4().hex}")

    def limit(**limits: int) -> None:
        for name, number in limits.items():
            monkeypatch.setitem(ckan.config, f"ckanext.aivision.limit_{name}", number)

    return limit


@pytest.fixture
def visit(ckan_application: Any) -> Callable[..., list[Any]]:
    """Asks ENOUGH times, and gives the answers."""

    def ask(path: str, who: str = "192.0.2.1", number: int = ENOUGH, **options: Any) -> list[Any]:
        client = ckan_application.test_client()
        return [client.open(path, environ_base={"REMOTE_ADDR": who}, buffered=True, **options) for _ in range(number)]

    return ask


def statuses(answers: list[Any]) -> set[int]:
    return {answer.status_code for answer in answers}


@pytest.mark.parametrize(
    ("path", "limit"), [(FILTERED, "filters"), (f"{FILE}?licence=open", "filters"), (FILE, "files")]
)
def test_one_address_is_refused_beyond_its_limit_and_told_when_to_come_back(
    limited: Any, visit: Any, path: str, limit: str
) -> None:
    limited(**{limit: MOST})
    answers = visit(path)
    assert statuses(answers[:MOST]) == {200}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert "Too many requests in a minute. Please try again in" in refused.get_data(as_text=True)
    assert statuses(visit(path, who="192.0.2.2", number=1)) == {200}


def test_all_addresses_together_have_a_limit_too(limited: Any, visit: Any) -> None:
    limited(filters_of_all=MOST)
    answers = [visit(FILTERED, who=f"192.0.2.{number}", number=1)[0] for number in range(ENOUGH)]
    assert 429 in statuses(answers)


def test_pages_without_filters_are_never_refused(limited: Any, visit: Any) -> None:
    limited(filters=1, filters_of_all=1, files=1, files_of_all=1)
    for path in (
        PLAIN,
        "/best-practice/frameworks/us-commerce?theme=",
        "/best-practice/criteria",
        "/best-practice/embed/grades",
    ):
        assert statuses(visit(path, number=3)) == {200}


def test_zero_means_no_limit(limited: Any, visit: Any) -> None:
    limited(filters=0, filters_of_all=0, files=0, files_of_all=0)
    assert statuses(visit(f"{FILE}?licence=open")) == {200}


def test_who_is_logged_in_is_not_limited(limited: Any, reader: Any, person: Any) -> None:
    limited(filters=1, filters_of_all=1)
    member = reader(person())
    for _ in range(3):
        member.get(FILTERED)


@pytest.mark.parametrize(
    "options", [{"query_string": {"licence": "open"}}, {"method": "POST", "json": {"licence": "open"}}]
)
def test_the_api_is_limited_alike_and_answers_in_its_own_form(
    limited: Any, visit: Any, options: dict[str, Any]
) -> None:
    limited(filters=MOST)
    answers = visit(API, **options)
    assert statuses(answers[:MOST]) == {200}
    refused = next(answer for answer in answers if answer.status_code == 429).get_json()
    assert refused["success"] is False
    assert refused["error"]["message"].startswith("Too many requests in a minute")
    assert statuses(visit(API)) == {200}, "without filters"


def test_an_action_that_is_tried_on_its_page_counts_as_called(limited: Any, visit: Any) -> None:
    limited(filters=MOST)
    page = "/api/aivision/aivision_compare?try=1"
    assert 429 in statuses(visit(f"{page}&licence=open"))
    assert statuses(visit(page)) == {200}, "without filters"


@pytest.mark.parametrize("address", ["/changes", "/api/3/action/aivision_change_list"])
def test_changes_with_packages_are_limited_wherever_they_are_asked_for(limited: Any, visit: Any, address: str) -> None:
    limited(files=MOST)
    answers = visit(f"{address}?include=package&limit=1")
    assert statuses(answers[:MOST]) == {200}
    assert 429 in statuses(answers)
    assert statuses(visit(f"{address}?limit=1")) == {200}, "without packages"


def test_who_has_the_file_already_is_not_counted(limited: Any, visit: Any) -> None:
    limited(files=1)
    (first,) = visit(FILE, number=1)
    assert statuses(visit(FILE, headers={"If-None-Match": first.headers["ETag"]})) == {304}


def test_without_redis_pages_answer(limited: Any, visit: Any, ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(filters=1, filters_of_all=1, files=1, files_of_all=1)
    # Port 1 of this machine: nobody listens there.
    monkeypatch.setitem(ckan.config, "ckan.redis.url", "redis://127.0.0.1:1/0")
    assert statuses(visit(FILTERED)) == {200}
    assert statuses(visit(FILE)) == {200}
