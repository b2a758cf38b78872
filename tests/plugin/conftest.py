"""What the tests of actions and pages share: people, sources and runs of a test's own."""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.plugin.forms import Steward
from tests.records import record

Person = dict[str, Any]
FEWEST = 30


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
        account = {"name": name, "email": f"{name}@rivers.example.gov", "password": uuid.uuid4().hex, **sysadmin}
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
        given = {"name": name, "url": f"https://rivers.example.gov/{name}.json", **fields}
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
    from ckanext.aivision.catalogue.ckan import stored_previews as previews
    from ckanext.aivision.catalogue.ckan.harvest_job import preview_job

    def make(name: str, records: list[Any]) -> dict[str, Any]:
        (tmp_path / "data.json").write_text(json.dumps({"dataset": records}))
        preview_job(previews.ask(name))
        shown: dict[str, Any] = ckan.get_action("aivision_preview_show")({"ignore_auth": True}, {"name": name})
        return shown

    return make


@pytest.fixture(scope="module")
def cabinet_office(ckan_application: Any) -> str:
    """The id of an organisation whose title is that of an agency."""
    from ckan.plugins import toolkit

    with ckan_application.test_request_context():
        user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "Cabinet Office"}
        made: str = toolkit.get_action("organization_create")({"ignore_auth": True, "user": user}, data)["id"]
        return made


@pytest.fixture(scope="module")
def offices(ckan_application: Any) -> dict[str, str]:
    """The ids of two organisations whose titles are those of agencies, by country."""
    from ckan.plugins import toolkit

    with ckan_application.test_request_context():
        user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        titles = {"GB": "Cabinet Office", "US": "National Aeronautics and Space Administration"}
        create = toolkit.get_action("organization_create")
        return {
            country: create(
                {"ignore_auth": True, "user": user}, {"name": f"office-{uuid.uuid4().hex[:8]}", "title": title}
            )["id"]
            for country, title in titles.items()
        }


@pytest.fixture
def published(ckan: Any, site_user: dict[str, Any], cabinet_office: str) -> Callable[..., dict[str, Any]]:
    """Publishes a dataset of the Cabinet Office."""

    def publish(**fields: Any) -> dict[str, Any]:
        package = {
            "name": f"levels-{uuid.uuid4().hex[:8]}",
            "title": "River levels, weekly",
            "owner_org": cabinet_office,
            "country": "GB",
            "license_id": "OGL-UK-3.0",
            "resources": [{"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}],
            **fields,
        }
        made: dict[str, Any] = ckan.get_action("package_create")(dict(site_user), package)
        return made

    return publish


@pytest.fixture
def no_snapshot(ckan: Any) -> Iterator[None]:
    """Puts the snapshots aside for a test."""
    from ckanext.aivision.snapshot.read import files

    folder = files().folder
    aside = folder.with_name(f"aside-{uuid.uuid4().hex}")
    folder.rename(aside) if folder.exists() else aside.mkdir(parents=True)
    yield
    if folder.exists():
        folder.rename(folder.with_name(f"left-{uuid.uuid4().hex}"))
    aside.rename(folder)


@pytest.fixture
def compared(ckan: Any, snapshot: Any, tmp_path: Path) -> None:
    """A snapshot with enough datasets of three offices of each country for a difference."""
    from ckanext.aivision.snapshot.read import newest

    stored = newest()
    if stored is not None and all(row.data_sets >= FEWEST for row in stored.manifest.countries):
        return
    for country in ("US", "GB"):
        _harvest(tmp_path, country, [_record(country, number) for number in range(FEWEST)])
    snapshot()


def _record(country: str, number: int) -> dict[str, Any]:
    """A US record always has keywords; of the UK's, two in three do. One in thirty says what its data cannot show."""
    fields: dict[str, Any] = {} if country == "US" or number % 3 else {"keyword": []}
    if number == 0:
        fields["description"] = (
            "Levels in metres above the gauge's zero, measured every week by an automated sensor. Known limitations: "
            "the sensor freezes below minus five degrees, so levels in hard winters are missing for up to a month."
        )
    return record(number, publisher={"name": f"{country} river office {number % 3}"}, **fields)


def _harvest(folder: Path, country: str, records: list[dict[str, Any]]) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import Source

    path = folder / f"{country}.json"
    path.write_text(json.dumps({"dataset": records}))
    name = f"comparison-{country.lower()}"
    harvest_into_ckan(Source(name=name, url=str(path), kind="dcat-us", profile="dcat-us-1.1", country=country))


@pytest.fixture
def raw(reader: Any) -> Callable[[str], str]:
    """The page as it is sent."""
    return lambda path: str(reader("").get(path).get_data(as_text=True))


@pytest.fixture
def visit(ckan_application: Any, figures_of_two: str) -> Callable[..., Any]:
    """Asks as somebody who is not logged in, from an address of this test's own if none is given."""
    own = f"192.0.2.{uuid.uuid4().int % 250}:{uuid.uuid4().hex[:8]}"

    def ask(path: str, method: str = "GET", who: str = own, **headers: str) -> Any:
        client = ckan_application.test_client()
        return client.open(path, method=method, headers=headers, environ_base={"REMOTE_ADDR": who}, buffered=True)

    return ask


@pytest.fixture
def text(reader: Callable[[str], Any]) -> Callable[[str], str]:
    """The words of a page as somebody reads it who is not logged in, in one line."""

    def read(path: str) -> str:
        page = reader("").text(path)
        main = page[page.index('role="main"') :]
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())

    return read


def execute(statement: str, **values: Any) -> None:
    """Runs SQL in a separate transaction."""
    import ckan.model as model
    import sqlalchemy as sa

    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(statement), values)


class Reader:
    """Somebody with a browser that runs no scripts."""

    def __init__(self, application: Any, toolkit: Any, user: str) -> None:
        self._client, self.user = application.test_client(), user
        self.headers = {}
        if user:
            data = {"user": user, "name": "test"}
            token = toolkit.get_action("api_token_create")({"ignore_auth": True, "user": user}, data)["token"]
            self.headers = {"Authorization": token}

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        # In a thread of its own, as a server would: within the test's request everybody would be the same user.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self._client.open, path, method=method, buffered=True, **options).result(60)

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        answer = self._ask("GET", path, headers=self.headers | headers)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return answer

    def text(self, path: str) -> str:
        text: str = html.unescape(self.get(path).get_data(as_text=True))
        return text

    def post(self, path: str, status: int | None = 302, /, **fields: Any) -> Any:
        """The answer to a form. status: that it must have, or None for any."""
        answer = self._ask("POST", path, data=fields, headers=self.headers)
        assert status in (None, answer.status_code), f"{path}: {answer.status_code}"
        return answer


@pytest.fixture
def reader(ckan_application: Any, ckan: Any) -> Callable[[str], Reader]:
    return lambda user: Reader(ckan_application, ckan, user)


@pytest.fixture
def sysadmin(reader: Any, person: Any) -> Reader:
    found: Reader = reader(person("sysadmin"))
    return found


@pytest.fixture
def steward(reader: Any, person: Callable[..., str], ckan: Any, organization: str) -> Steward:
    return Steward(reader(person("editor", organization)), ckan, organization)


@pytest.fixture
def dataset(ckan: Any, site_user: dict[str, Any], organization: str) -> Callable[..., str]:
    """Saves a dataset as the API does; gives its name."""

    def save(**fields: Any) -> str:
        name = f"levels-{uuid.uuid4().hex[:8]}"
        package = {"name": name, "title": "River levels", "country": "GB", "license_id": "OGL-UK-3.0", **fields}
        ckan.get_action("package_create")(dict(site_user), {"owner_org": organization, **package})
        return name

    return save


@pytest.fixture(params=["edit", "new"], ids=["published", "draft"])
def page(request: pytest.FixtureRequest, dataset: Callable[..., str]) -> Callable[..., tuple[str, str]]:
    """Saves a dataset, as a draft or published; gives its name and the address of a page of its form."""

    def open_page(number: int, **fields: Any) -> tuple[str, str]:
        name = dataset(state="draft" if request.param == "new" else "active", **fields)
        return name, f"/dataset/{request.param}/{name}/{number}"

    return open_page
