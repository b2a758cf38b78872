"""A steward mends several datasets with one fix and undoes it, in a browser, with the site's own job worker."""

from __future__ import annotations

import os
import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import WIDE_BY_DAY, faults, log_in, on_each_screen, on_screens_of_axe, wider_than_the_screen


@pytest.fixture
def office(ckan: Any, live_site: str) -> str:
    """The name of an organization with four datasets, three of which have no licence."""
    site = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    name = f"office-{uuid.uuid4().hex[:8]}"
    owner = ckan.get_action("organization_create")(dict(site), {"name": name, "title": "River office"})["id"]
    several: list[dict[str, Any]] = [{}, {"private": True}, {"state": "draft"}, {"license_id": "OGL-UK-3.0"}]
    for number, fields in enumerate(several):
        package = {
            "name": f"levels-{number}-{uuid.uuid4().hex[:8]}",
            "title": f"River levels of region {number}, weekly averages at all gauging stations since 1988",
            "owner_org": owner,
            "country": "GB",
            "license_id": "none",
            "resources": [{"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}],
            **fields,
        }
        ckan.get_action("package_create")(dict(site), package)
    return name


def _check(page: Any, name: str) -> None:
    # The head and the foot of the site are CKAN's own.
    for _ in on_each_screen(page):
        if folder := os.environ.get("AIVISION_SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)
        assert wider_than_the_screen(page) == []
    for _ in on_screens_of_axe(page):
        assert faults(page, ".aivision-improve") == []


@WIDE_BY_DAY
def test_datasets_are_mended_with_one_fix_and_put_back(live_site: str, stack: Any, page: Any, office: str) -> None:
    log_in(page, live_site, stack)
    page.goto(f"{live_site}/organization/{office}")
    page.get_by_role("link", name="What to improve in these datasets").click()
    _check(page, "list")
    page.get_by_role("link", name="Give an open licence").click()
    _check(page, "fix")
    boxes = page.locator("input[name=dataset]")
    assert boxes.count() == 3
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_label("Licence", exact=True).select_option("OGL-UK-3.0")
    page.get_by_role("button", name="Preview the change").click()
    expect(page.get_by_role("heading", name=re.compile("Checked"))).to_be_visible(timeout=60_000)
    _check(page, "preview")
    page.get_by_role("button", name="Apply to 2 datasets").click()
    expect(page.get_by_role("heading", name="Applied", exact=True)).to_be_visible(timeout=60_000)
    _check(page, "applied")
    page.get_by_role("button", name="Undo in 2 datasets").click()
    expect(page.get_by_role("heading", name="Undone", exact=True)).to_be_visible(timeout=60_000)
    page.goto(f"{live_site}/organization/{office}/improve/fix/licence")
    assert page.locator("input[name=dataset]").count() == 3
    page.goto(f"{live_site}/organization/{office}/improve/sheet")
    _check(page, "sheet")
