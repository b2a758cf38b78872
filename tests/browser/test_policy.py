"""The policy of pages in a real browser: it refuses nothing of ours, and everything of a stranger."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from tests.browser.conftest import log_in

from ckanext.aivision.services.stack import ADMIN

OF_READERS = (
    *("/", "/about", "/accessibility", "/privacy", "/dataset/", "/organization/", "/guidance/", "/dumps"),
    *("/best-practice", "/best-practice/brief", "/api/aivision", "/user/login"),
)
OF_SYSADMINS = (
    *("/harvest", "/harvest/new", "/dataset/new", "/ckan-admin/config", "/organization/new", "/guidance/new"),
    *(f"/user/{ADMIN}/api-tokens", "/dashboard/notices"),
)


@pytest.fixture(scope="module")
def site(live_site: str, stack: Any) -> str:
    stack.ckan("aivision", "harvest", "sample-uk")
    stack.ckan("aivision", "registers", "load")
    stack.ckan("aivision", "snapshot")
    return live_site


@pytest.fixture
def dataset(ckan: Any) -> dict[str, Any]:
    """A dataset of which text and link try what a stranger could try."""
    admin = {"ignore_auth": True, "user": ADMIN}
    office = ckan.get_action("organization_create")(dict(admin), {"name": f"office-{uuid.uuid4().hex[:8]}"})
    package = {"name": f"levels-{uuid.uuid4().hex[:8]}", "owner_org": office["id"], "country": "GB", "title": "Levels"}
    package["resources"] = [{"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}]
    made: dict[str, Any] = ckan.get_action("package_create")(dict(admin), package)
    return made


@pytest.mark.parametrize("page", [(1280, 900)], indirect=True, ids=["wide"])
def test_no_page_loads_or_runs_what_its_policy_refuses(site: str, stack: Any, page: Any, dataset: Any) -> None:
    """The fixture `page` has what was refused."""
    resource = f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}"
    for path in (*OF_READERS, f"/dataset/{dataset['name']}", resource):
        assert page.goto(site + path, wait_until="load").status == 200, path
    log_in(page, site, stack)
    edits = (f"/dataset/edit/{dataset['name']}", f"/dataset/{dataset['name']}/resource/new")
    for path in (*OF_SYSADMINS, *edits, f"/organization/{dataset['organization']['name']}/improve"):
        assert page.goto(site + path, wait_until="load").status == 200, path


@pytest.mark.parametrize("path", ["/best-practice", "/dataset/{name}"])
def test_a_script_that_a_stranger_brings_into_a_page_does_not_run(
    browser: Any, site: str, dataset: dict[str, Any], path: str
) -> None:
    page = browser.new_page()
    page.goto(site + path.format(name=dataset["name"]))
    page.evaluate("""() => {
        const brought = document.createElement('div');
        brought.innerHTML = '<img src="/none" onerror="window.taken = 1">';
        document.body.append(brought);
        const inline = document.createElement('script');
        inline.textContent = 'window.taken = 2';
        document.body.append(inline);
    }""")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.taken") is None
    page.close()
