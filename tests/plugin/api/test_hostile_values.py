"""Hostile values in every parameter of every action, and in the addresses of our pages: an answer, never a fault."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import pytest

ANSWERS = (200, 400, 403, 404, 409)
HOSTILE: list[Any] = [
    *("nul\0", "\ud800", "x" * 10_000, "' OR 1=1; --", "../../etc/passwd", "{{7*7}}", "%00", "\u202e", "-1", "1e400"),
    *(0, -1, 2**31, 2**63, 2**200, 1.5, True, False),
    *([], ["a"], ["\ud800"], [None], [[["a"]]], {}, {"a": 1}, ["x"] * 200, {"\0": "\0"}, [{"id": 1}]),
]
FILTERS = (
    *("country", "level", "agency", "publisher", "source", "theme", "kind", "format", "licence", "year", "looked_at"),
)
NAMES = ["", "\0", "\ud800", "x" * 5000, "__extras", "__junk", "callback_", "id[]", "__proto__", "_"]
IN_ADDRESSES = [
    "%00",
    "%ED%A0%80",
    "x" * 3000,
    "%27%20OR%201=1",
    "..%2f..%2f",
    "-1",
    "99999999999999999999",
    "%F0%9F%98%80",
]
PARAMETERS = ("page", "q", "theme", "country", "lens", "as_of", "sort", "criterion", "year", "after", "id", "first")


@pytest.fixture(scope="module")
def actions(ckan_application: Any) -> dict[str, dict[str, Any]]:
    """The actions of ours with their parameters."""
    from ckan.plugins import toolkit

    from ckanext.aivision.logic.accept import parameters_of
    from ckanext.aivision.plugins import AivisionPlugin

    with ckan_application.test_request_context():
        names = [name for name in AivisionPlugin().get_actions() if name.startswith("aivision_")]
        return {name: parameters_of(toolkit.get_action(name)) for name in names}


@pytest.fixture(autouse=True)
def no_limits(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to come back later, which would hide what happens."""
    for limit in ("filters", "filters_of_all", "files", "files_of_all"):
        monkeypatch.setitem(ckan.config, f"ckanext.aivision.limit_{limit}", 0)


@pytest.fixture
def post(ckan_application: Any, ckan: Any, person: Callable[..., str]) -> Callable[[str, Any], Any]:
    """Posts JSON as a sysadmin: nothing is refused before it is read."""
    name = person("sysadmin")
    data = {"user": name, "name": "test"}
    token = ckan.get_action("api_token_create")({"ignore_auth": True, "user": name}, data)["token"]
    client = ckan_application.test_client()

    def send(action: str, body: Any) -> Any:
        text = json.dumps(body)
        headers = {"Authorization": token, "Content-Type": "application/json"}
        return client.post(f"/api/3/action/{action}", data=text, headers=headers)

    return send


@pytest.mark.parametrize("share", [8, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_hostile_value_is_answered_in_every_parameter(
    actions: dict[str, dict[str, Any]],
    post: Callable[[str, Any], Any],
    dataset: Callable[..., str],
    snapshot: Any,
    share: int,
) -> None:
    """By day each parameter gets another eighth of the values."""
    name, _ = dataset(), snapshot()
    wrong = []
    for action, parameters in actions.items():
        usual = {key: name for key, one in parameters.items() if one.required}
        for place, parameter in enumerate(parameters):
            # Filters are alike: each gets another quarter of the values at most.
            apart = max(share, 4) if parameter in FILTERS else share
            for value in HOSTILE[place % apart :: apart]:
                answer = post(action, {**usual, parameter: value})
                if answer.status_code not in ANSWERS:
                    wrong.append((action, parameter, repr(value)[:60], answer.status_code))
    assert wrong == []


def test_an_unknown_parameter_is_refused_by_every_action(
    actions: dict[str, dict[str, Any]], post: Callable[[str, Any], Any]
) -> None:
    wrong = [
        (action, name[:20], answer.status_code)
        for action, parameters in actions.items()
        for name in NAMES
        if (answer := post(action, {**{key: "x" for key, one in parameters.items() if one.required}, name: "x"}))
        and answer.status_code not in (403, 404, 409)
    ]
    assert wrong == []


@pytest.mark.parametrize("body", [None, [], "x", 1, [[]], {"id": {}}])
def test_a_body_that_is_no_object_is_refused(body: Any, actions: dict[str, Any], post: Any) -> None:
    statuses = {action: post(action, body).status_code for action in actions}
    assert {action: status for action, status in statuses.items() if status not in ANSWERS} == {}


def addresses(rules: Any) -> Iterator[str]:
    """Addresses of our pages with hostile parts, and with hostile parameters."""
    for rule in rules.iter_rules():
        if not rule.endpoint.startswith("aivision_") or "GET" not in rule.methods:
            continue
        for value in IN_ADDRESSES:
            path = rule.rule
            # An argument may have a value of its own, and no place in the address.
            while "<" in path:
                start = path.index("<")
                path = path[:start] + value.replace("/", "") + path[path.index(">") + 1 :]
            if path != rule.rule:
                yield path
            else:
                yield f"{path}?{'&'.join(f'{name}={value}' for name in PARAMETERS)}"
        yield rule.rule if not rule.arguments else path


@pytest.mark.parametrize("share", [8, pytest.param(1, marks=pytest.mark.nightly)])
def test_hostile_addresses_of_our_pages_are_answered(
    ckan_application: Any, snapshot: Any, sysadmin: Any, share: int
) -> None:
    """By day an anonymous visitor asks for one eighth of them, and a sysadmin for another."""
    snapshot()
    wrong = []
    people: list[dict[str, str]] = [{}, sysadmin.headers]
    for turn, person in enumerate(people):
        client = ckan_application.test_client()
        for address in list(addresses(ckan_application.url_map))[turn % share :: share]:
            answer = client.get(address, headers=person)
            if answer.status_code >= 500:
                wrong.append((urllib.parse.unquote(address[:120], errors="replace"), answer.status_code))
    assert wrong == []
