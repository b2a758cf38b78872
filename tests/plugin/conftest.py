"""What the tests of actions and pages share: people, sources and runs of a test's own."""

from __future__ import annotations

import html
import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

Person = dict[str, Any]


@pytest.fixture
def site_user(ckan: Any) -> dict[str, Any]:
    """A context in which everything is allowed."""
    return {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}


@pytest.fixture
def person(ckan: Any, site_user: dict[str, Any]) -> Callable[..., str]:
    """Makes a user; with capacity and organization, a member of it. Gives the name."""

    def make(capacity: str = "", organization: str = "") -> str:
        name = f"person-{uuid.uuid4().hex[:8]}"
        sysadmin = {"sysadmin": True} if capacity == "sysadmin" else {}
        account = {"name": name, "email": f"{name}@rivers.example", "password": uuid.uuid4().hex, **sysadmin}
        ckan.get_action("user_create")(dict(site_user), account)
        if organization:
            member = {"id": organization, "username": name, "role": capacity}
            ckan.get_action("organization_member_create")(dict(site_user), member)
        return name

    return make


@pytest.fixture
def organization(ckan: Any, site_user: dict[str, Any]) -> str:
    """The id of an organisation."""
    data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "River office"}
    made: str = ckan.get_action("organization_create")(dict(site_user), data)["id"]
    return made


@pytest.fixture
def source(ckan: Any, site_user: dict[str, Any]) -> Callable[..., str]:
    """Adds a source and gives its name."""

    def add(**fields: Any) -> str:
        name = f"rivers-{uuid.uuid4().hex[:8]}"
        given = {"name": name, "url": f"https://rivers.example/{name}.json", **fields}
        ckan.get_action("aivision_source_create")(dict(site_user), given)
        return str(given["name"])

    return add


@pytest.fixture
def harvested(ckan: Any, tmp_path: Path) -> Callable[..., Any]:
    """Harvests records of a file into a source's name and gives the run's account."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import Source

    path = tmp_path / "data.json"

    def harvest(name: str, records: list[Any], **options: Any) -> Any:
        path.write_text(json.dumps({"dataset": records}))
        source = Source(name=name, url=str(path), kind="dcat-us", profile="dcat-us-1.1", country="US")
        return harvest_into_ckan(source, **options)

    return harvest


@pytest.fixture
def latest(ckan: Any) -> Callable[[str], dict[str, Any]]:
    """The newest run of a source."""

    def find(source: str) -> dict[str, Any]:
        found: dict[str, Any] = ckan.get_action("aivision_run_list")({"ignore_auth": True}, {"source": source})[0]
        return found

    return find


@pytest.fixture
def previewed(ckan: Any, tmp_path: Path) -> Callable[[str, list[Any]], dict[str, Any]]:
    """Makes the preview of a source that was `harvested` from a file, as a worker does, and gives what it shows."""
    from ckanext.aivision.catalogue.ckan import previews
    from ckanext.aivision.catalogue.ckan.harvest_job import preview_job

    def make(name: str, records: list[Any]) -> dict[str, Any]:
        (tmp_path / "data.json").write_text(json.dumps({"dataset": records}))
        preview_job(previews.ask(name))
        shown: dict[str, Any] = ckan.get_action("aivision_preview_show")({"ignore_auth": True}, {"name": name})
        return shown

    return make


def execute(statement: str, **values: Any) -> None:
    """Runs SQL in a separate transaction."""
    import ckan.model as model
    import sqlalchemy as sa

    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


class Reader:
    """Somebody with a browser that runs no scripts."""

    def __init__(self, application: Any, toolkit: Any, user: str) -> None:
        self._client = application.test_client()
        self._headers = {}
        if user:
            data = {"user": user, "name": "test"}
            token = toolkit.get_action("api_token_create")({"ignore_auth": True, "user": user}, data)["token"]
            self._headers = {"Authorization": token}

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        # In a thread of its own, as a server would: within the test's request everybody would be the same user.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self._client.open, path, method=method, buffered=True, **options).result(60)

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        answer = self._ask("GET", path, headers=self._headers | headers)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return answer

    def text(self, path: str) -> str:
        text: str = html.unescape(self.get(path).get_data(as_text=True))
        return text

    def post(self, path: str, status: int = 302, **fields: str) -> Any:
        answer = self._ask("POST", path, data=fields, headers=self._headers)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return answer


@pytest.fixture
def reader(ckan_application: Any, ckan: Any) -> Callable[[str], Reader]:
    return lambda user: Reader(ckan_application, ckan, user)


@pytest.fixture
def sysadmin(reader: Any, person: Any) -> Reader:
    found: Reader = reader(person("sysadmin"))
    return found
