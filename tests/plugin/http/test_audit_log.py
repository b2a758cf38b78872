"""The audit log: what it notes, what it never has, who reads it, and how long it is kept."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.catalogue.history import rows
from tests.records import record

from ckanext.aivision.catalogue.audit_log import noted


@pytest.fixture
def act(ckan: Any) -> Callable[..., Any]:
    """Calls an action as a user, with their rights."""
    return lambda user, action, **data: ckan.get_action(action)({"user": user}, data)


@pytest.fixture
def entries(ckan: Any) -> Callable[..., list[dict[str, Any]]]:
    """The entries with some filters, the newest first."""
    return lambda **filters: list(ckan.get_action("aivision_audit_list")({"ignore_auth": True}, filters))


def _added(act: Any, who: str, **fields: Any) -> str:
    name = f"rivers-{uuid.uuid4().hex[:8]}"
    act(who, "aivision_source_create", name=name, url="https://rivers.example.gov/data.json", **fields)
    return name


def test_changes_of_a_source_are_noted_with_who_when_and_what(act: Any, entries: Any, person: Any) -> None:
    who = person("sysadmin")
    name = _added(act, who)
    act(who, "aivision_source_update", name=name, schedule="weekly")
    act(who, "aivision_source_delete", name=name)
    found = entries(thing=name)
    assert [row["action"].removeprefix("aivision_source_") for row in found] == ["delete", "update", "create"]
    assert {(row["who"], row["kind"]) for row in found} == {(who, "source")}
    assert found[1]["details"]["fields"] == ["name", "schedule"]
    assert found[1]["details"]["schedule"] == "weekly"
    made = datetime.datetime.fromisoformat(found[0]["made"].removesuffix("Z"))
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert abs(now - made) < datetime.timedelta(minutes=5)


def test_secrets_of_a_source_are_in_no_entry(act: Any, entries: Any, person: Any) -> None:
    who = person("sysadmin")
    name = f"rivers-{uuid.uuid4().hex[:8]}"
    address = "https://steward:hunter2@rivers.example.gov/data.json?api_key=hunter3secret"
    act(who, "aivision_source_create", name=name, url=address)
    act(who, "aivision_source_update", name=name, url=address.replace("data", "all"))
    found = entries(who=who)
    assert len(found) == 2
    assert "hunter" not in str(found)
    assert "rivers.example.gov" in str(found[0]["details"]["url"])


def test_what_was_refused_is_not_noted(act: Any, entries: Any, person: Any, ckan: Any) -> None:
    who, stranger = person("sysadmin"), person()
    name = _added(act, who)
    with pytest.raises(ckan.NotAuthorized):
        act(stranger, "aivision_source_delete", name=name)
    with pytest.raises(ckan.ValidationError):
        act(who, "aivision_source_update", name=name, schedule="hourly")
    assert [row["action"] for row in entries(thing=name)] == ["aivision_source_create"]


def test_an_edit_of_a_harvested_dataset_is_noted_with_its_fields_alone(
    act: Any, entries: Any, person: Any, harvested: Any
) -> None:
    source = f"rivers-{uuid.uuid4().hex[:8]}"
    harvested(source, [record(1)])
    who = person("sysadmin")
    ((id,),) = rows("SELECT package_id FROM aivision_record WHERE source = :source", source=source)
    act(who, "package_patch", id=id, title="Another title")
    act(who, "aivision_correction_delete", id=id, field="title")
    found = entries(thing=id, who=who)
    assert [(row["action"], row["kind"]) for row in found][:2] == [
        ("aivision_correction_delete", "dataset"),
        ("correction", "dataset"),
    ]
    assert found[1]["details"] == {"fields": ["title"]}
    assert "Another title" not in str(found)


def test_a_restored_dataset_is_noted(act: Any, entries: Any, person: Any, dataset: Any) -> None:
    who, name = person("sysadmin"), dataset()
    act(who, "package_delete", id=name)
    act(who, "aivision_dataset_restore", id=name)
    (row,) = entries(thing=name)
    assert (row["who"], row["action"]) == (who, "aivision_dataset_restore")


def test_a_command_is_noted_with_its_words_and_no_secret(stack: Any, entries: Any) -> None:
    stack.ckan("aivision", "registers", "load", "--dry-run")
    stack.ckan("aivision", "harvest", "sample-uk")
    found = entries(action="command")
    assert found[0]["thing"] == "harvest sample-uk"
    assert not any("--dry-run" in row["thing"] for row in found)


@pytest.mark.parametrize("role", ["anonymous", "stranger", "editor", "admin"])
def test_only_sysadmins_read_the_log(
    role: str, ckan: Any, reader: Any, person: Any, organization: str, act: Any
) -> None:
    made = {"anonymous": lambda: "", "stranger": person}
    user = made.get(role, lambda: person(role, organization))()
    with pytest.raises(ckan.NotAuthorized):
        act(user, "aivision_audit_list")
    reader(user).get("/ckan-admin/audit-log", 302 if role == "anonymous" else 403)


def test_the_page_shows_and_filters_the_entries(act: Any, person: Any, reader: Any) -> None:
    who = person("sysadmin")
    name, other = _added(act, who), _added(act, who)
    text = reader(who).text(f"/ckan-admin/audit-log?thing={name}")
    assert name in text
    assert other not in text
    assert "aivision_source_create" in text
    assert "No entries match" in reader(who).text("/ckan-admin/audit-log?thing=nothing-of-this-name")
    reader(who).get("/ckan-admin/audit-log?since=yesterday", 400)


def test_every_entry_is_on_one_page_of_the_list(act: Any, entries: Any, person: Any) -> None:
    who = person("sysadmin")
    names = [_added(act, who) for _ in range(5)]
    found, before = [], None
    while page := entries(who=who, limit=2, **({"before": before} if before else {})):
        found += [row["thing"] for row in page]
        before = page[-1]["id"]
    assert found == names[::-1]


def test_old_entries_are_deleted_as_the_setting_says(
    act: Any, entries: Any, person: Any, ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.jobs.schedule import prune_audit_log
    from ckanext.aivision.catalogue.tables.moments import now

    name = _added(act, person("sysadmin"))
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_audit_days", 10)
    prune_audit_log(now() + datetime.timedelta(days=9))
    assert entries(thing=name)
    prune_audit_log(now() + datetime.timedelta(days=11))
    assert not entries(thing=name)


def test_every_action_that_is_noted_exists_and_names_its_parameters(ckan: Any) -> None:
    from ckanext.aivision.logic.accept import parameters_of

    for name, row in noted().actions.items():
        action = ckan.get_action(name)
        if name.startswith("aivision_"):
            wanted = {row.id, *row.parameters, row.only_with} - {""}
            assert {one for one in wanted if not one.startswith("result.")} <= set(parameters_of(action)), name
