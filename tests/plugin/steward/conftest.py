"""An organization whose datasets need the same things, and a change to many of them as the job worker makes it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

Act = Callable[..., Any]


class Office(NamedTuple):
    """An organization that the tests of a file share, which change nothing in it. datasets: ids by their titles."""

    id: str
    name: str
    editor: str
    datasets: dict[str, str]


@pytest.fixture(scope="module")
def office(ckan_application: Any) -> Office:
    """One with a public and a private dataset and a draft, none of which has a licence."""
    from ckan.plugins import toolkit

    name = f"office-{uuid.uuid4().hex[:8]}"
    with ckan_application.test_request_context():
        site = {"ignore_auth": True, "user": toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
        account = {"name": f"editor-of-{name}", "email": f"{name}@rivers.example.gov", "password": uuid.uuid4().hex}
        toolkit.get_action("user_create")(dict(site), account)
        members = [{"name": account["name"], "capacity": "editor"}]
        made = toolkit.get_action("organization_create")(dict(site), {"name": name, "title": name, "users": members})
        datasets = {}
        states: dict[str, dict[str, Any]] = {"weekly": {}, "daily": {"private": True}, "hourly": {"state": "draft"}}
        for title, fields in states.items():
            package = {"name": f"{title}-{name}", "title": title, "owner_org": made["id"], "country": "GB"}
            stored = toolkit.get_action("package_create")(dict(site), {**package, "license_id": "none", **fields})
            datasets[title] = stored["id"]
    return Office(made["id"], name, account["name"], datasets)


@pytest.fixture
def editor(person: Callable[..., str], organization: str) -> str:
    return person("editor", organization)


@pytest.fixture
def act(ckan: Any) -> Act:
    """Calls an action as a user."""

    def call(user: str, action: str, **data: Any) -> Any:
        return ckan.get_action(f"aivision_{action}")({"user": user}, data)

    return call


@pytest.fixture
def levels(ckan: Any, site_user: dict[str, Any], organization: str) -> Callable[..., dict[str, Any]]:
    """Saves a dataset of the organization without a licence."""

    def save(**fields: Any) -> dict[str, Any]:
        package = {
            "name": f"levels-{uuid.uuid4().hex[:8]}",
            "title": "River levels, weekly, by station",
            "owner_org": organization,
            "country": "GB",
            "license_id": "none",
            "resources": [{"url": "https://rivers.example.gov/levels.csv", "format": "CSV", "name": "Levels"}],
            **fields,
        }
        made: dict[str, Any] = ckan.get_action("package_create")(dict(site_user), package)
        return made

    return save


@pytest.fixture
def shown(ckan: Any, site_user: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """A dataset as it is stored."""

    def show(id: str) -> dict[str, Any]:
        import ckan.model as model

        model.Session.expire_all()
        found: dict[str, Any] = ckan.get_action("package_show")({**site_user, "use_cache": False}, {"id": id})
        return found

    return show


@pytest.fixture
def worker(ckan: Any) -> Callable[..., None]:
    """Does what the job worker does: `worker("check", id, user)`."""
    from ckanext.aivision.catalogue.improvement import apply_edit, check_edit

    jobs = {"check": check_edit.check_job, "apply": apply_edit.apply_job, "undo": apply_edit.undo_job}

    def work(job: str, id: str, user: str) -> None:
        jobs[job](id, user)

    return work


@pytest.fixture
def prepared(act: Act, worker: Any, organization: str, editor: str) -> Callable[..., str]:
    """Prepares a fix and has it checked; gives its id."""

    def prepare(fix: str, values: dict[str, Any], datasets: list[str], **more: Any) -> str:
        given = {"organization": organization, "fix": fix, "values": values, "datasets": datasets, **more}
        id: str = act(editor, "bulk_edit_create", **given)["id"]
        worker("check", id, editor)
        return id

    return prepare


@pytest.fixture
def applied(act: Act, worker: Any, prepared: Any, editor: str) -> Callable[..., str]:
    """Prepares a fix and applies it; gives its id."""

    def apply(fix: str, values: dict[str, Any], datasets: list[str], **more: Any) -> str:
        id: str = prepared(fix, values, datasets, **more)
        act(editor, "bulk_edit_apply", id=id)
        worker("apply", id, editor)
        return id

    return apply
