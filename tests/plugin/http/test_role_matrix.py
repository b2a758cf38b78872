"""Who may call each action and open each page of ours: every role, and nothing without a row in roles.yaml."""

from __future__ import annotations

import importlib
import pkgutil
import re
import uuid
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Blueprint, Flask

TABLE: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "roles.yaml").read_text(encoding="utf-8"))
ROLES = ("anonymous", "stranger", "member", "editor", "admin", "sysadmin")
# What an answer to somebody who may not see a page is.
REFUSED = (302, 401, 403, 404, 410)


def _our_actions() -> list[str]:
    from ckanext.aivision.plugins import AivisionPlugin

    return sorted(name for name in AivisionPlugin().get_actions() if name.startswith("aivision_"))


@pytest.fixture
def people(ckan: Any, site_user: dict[str, Any], person: Callable[..., str], organization: str) -> dict[str, str]:
    """The name of a user by role."""
    other = ckan.get_action("organization_create")(dict(site_user), {"name": f"other-{uuid.uuid4().hex[:8]}"})["id"]
    members = {role: person(role, organization) for role in ("member", "editor", "admin")}
    return {"anonymous": "", "stranger": person("admin", other), **members, "sysadmin": person("sysadmin")}


@pytest.fixture
def things(ckan: Any, dataset: Any, source: Any, organization: str, harvested: Any, latest: Any) -> dict[str, str]:
    """What the parameters of a call name, all of one organization."""
    import ckan.model as model

    from ckanext.aivision.catalogue.improvement import edits

    name = source(owner_org=organization)
    harvested(name, [])
    edit = edits.create(organization, "", "fix", {"fix": "licence"}, [])
    model.Session.commit()
    public = dataset(resources=[{"url": "https://rivers.example.gov/levels.csv", "name": "Levels", "format": "CSV"}])
    (file,) = ckan.get_action("package_show")({"ignore_auth": True}, {"id": public})["resources"]
    ids = {"dataset": public, "private": dataset(private=True), "source": name, "run": latest(name)["id"]}
    return {**ids, "resource": file["id"], "edit": edit, "organization": organization}


def test_every_action_has_a_row_and_a_rule(ckan: Any) -> None:
    from ckanext.aivision.logic.auth import FUNCTIONS

    actions = _our_actions()
    assert actions == sorted(TABLE["actions"])
    assert set(actions) == set(FUNCTIONS)


def test_each_action_is_for_the_roles_of_its_row(ckan: Any, people: dict[str, str], things: dict[str, str]) -> None:
    wrong = []
    for action, (least, *given) in TABLE["actions"].items():
        data = {name: str(value).format(**things) for name, value in (given[0] if given else {}).items()}
        for role in ROLES:
            expected = ROLES.index(role) >= ROLES.index(least)
            if _may(ckan, people[role], action, data) is not expected:
                wrong.append((action, role, expected))
    assert wrong == []


def _may(ckan: Any, user: str, action: str, data: dict[str, str]) -> bool:
    import ckan.model as model

    try:
        ckan.check_access(action, {"user": user, "auth_user_obj": model.User.get(user) if user else None}, dict(data))
    except ckan.NotAuthorized:
        return False
    return True


@pytest.mark.parametrize("action", ["aivision_run_show", "aivision_bulk_edit_show"])
def test_somebody_who_may_not_see_a_thing_does_not_learn_whether_it_exists(
    ckan: Any, people: dict[str, str], things: dict[str, str], action: str
) -> None:
    kind = "run" if "run" in action else "edit"
    messages = set()
    for id in (things[kind], str(uuid.uuid4())):
        with pytest.raises(ckan.NotAuthorized) as refused:
            ckan.get_action(action)({"user": people["stranger"]}, {"id": id})
        messages.add(str(refused.value))
    assert len(messages) == 1


def test_what_we_do_within_an_action_of_ckan_is_done_after_its_own_rule(ckan: Any) -> None:
    from ckanext.aivision.plugins import AivisionPlugin

    others = {name: act for name, act in AivisionPlugin().get_actions().items() if not name.startswith("aivision_")}
    assert [name for name, act in others.items() if not getattr(act, "chained_action", False)] == []
    assert set(AivisionPlugin().get_auth_functions()) == set(_our_actions())


def test_every_page_has_a_row(ckan_application: Any) -> None:
    endpoints = {rule.endpoint for rule in ckan_application.url_map.iter_rules()}
    ours = {name for name in endpoints if _is_ours(ckan_application.view_functions[name])}
    assert ours == {name for name in TABLE["pages"] if name != "aivision_metrics.show"}


def test_pages_that_a_setting_turns_on_have_a_row_too(ckan: Any) -> None:
    assert {rule.endpoint for rule in _pages_of_all_settings()} == set(TABLE["pages"])


def _is_ours(view: Any) -> bool:
    return str(getattr(view, "view_class", view).__module__).startswith("ckanext.aivision.")


def _pages_of_all_settings() -> list[Any]:
    """The rules of every blueprint that a module of views has, whether a plugin gives it to CKAN or not."""
    import ckanext.aivision.views as views

    bare = Flask("bare")
    modules = [module.name for module in pkgutil.walk_packages(views.__path__, f"{views.__name__}.")]
    found = {
        id(thing): thing
        for name in modules
        for thing in vars(importlib.import_module(name)).values()
        if isinstance(thing, Blueprint) and thing.import_name == name
    }
    for blueprint in found.values():
        bare.register_blueprint(blueprint)
    return [rule for rule in bare.url_map.iter_rules() if rule.endpoint != "static"]


def test_each_page_is_opened_by_its_role_and_refused_to_the_one_below(
    reader: Any, people: dict[str, str], things: dict[str, str], ckan: Any, figures_of_two: str
) -> None:
    def near(least: int) -> list[int]:
        return [role for role in (least - 1, least) if role >= 0]

    assert _wrong_answers(reader, people, things, ckan, near) == []


@pytest.mark.nightly
def test_each_page_is_opened_by_its_role_and_all_above_and_refused_to_all_below(
    reader: Any, people: dict[str, str], things: dict[str, str], ckan: Any, figures_of_two: str
) -> None:
    assert _wrong_answers(reader, people, things, ckan, lambda _: range(len(ROLES))) == []


def _wrong_answers(
    reader: Any, people: dict[str, str], things: dict[str, str], ckan: Any, asked: Callable[[int], Collection[int]]
) -> list[tuple[str, str, str, int]]:
    """Endpoint, address, role and status of each wrong answer. asked: the roles to try, by the least of the row."""
    found = ckan.get_action("organization_show")({"ignore_auth": True}, {"id": things["organization"]})
    names = {**things, "organization": found["name"]}
    readers = {role: reader(name) for role, name in people.items()}
    wrong = []
    for endpoint, (word, *rest) in TABLE["pages"].items():
        if not rest:
            continue
        address, method = rest[0].format(**names), rest[1] if rest[1:] else "GET"
        least = ROLES.index(word)
        for role in asked(least):
            if (method != "GET" and role >= least) or (rest[2:] and ROLES[role] == "stranger"):
                continue
            status = _status(readers[ROLES[role]], method, address)
            if (status not in REFUSED) if role < least else (status != 200):
                wrong.append((endpoint, address, ROLES[role], status))
    return wrong


@pytest.mark.parametrize("fields", [{"private": True}, {"state": "draft"}], ids=["private", "draft"])
def test_no_page_about_a_dataset_tells_strangers_of_one_that_is_not_public(
    ckan_application: Any, reader: Any, people: dict[str, str], dataset: Any, fields: dict[str, Any]
) -> None:
    name = dataset(title="Secret levels of rivers", **fields)
    shown = []
    addresses = {rule.rule for rule in ckan_application.url_map.iter_rules() if "GET" in rule.methods}
    for rule in sorted(address for address in addresses if re.match("/dataset/<(name|id)>", address)):
        path = re.sub("<(name|id)>", name, rule, count=1)
        path = re.sub(r"<any\('?([^',)]+)[^>]*>", r"\1", path)
        path = re.sub("<[^>]*>", "1", path)
        for role in ("anonymous", "stranger"):
            answer = reader(people[role])._ask("GET", path, headers=reader(people[role]).headers)
            if answer.status_code == 200 or b"Secret levels" in answer.get_data():
                shown.append((path, role, answer.status_code))
    assert shown == []


def _status(somebody: Any, method: str, address: str) -> int:
    """The status of an answer; 200 for one that leads on from a form, and not to the log-in page."""
    answer = somebody._ask(method, address, headers=somebody.headers)
    led_on = answer.status_code == 302 and "/user/login" not in answer.headers["Location"]
    return 200 if led_on else int(answer.status_code)
