"""The form in a browser with its scripts: entries are added, changed and removed, and nothing is chosen for anybody."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import (
    CKANS_OWN,
    NARROW,
    WIDE,
    WIDE_BY_DAY,
    faults,
    log_in,
    on_each_screen,
    on_screens_of_axe,
    wider_than_the_screen,
)

# Each state and each screen; the other two pairs nightly.
STATES = [
    pytest.param("active", WIDE, id="active-wide"),
    pytest.param("draft", NARROW, id="draft-narrow"),
    pytest.param("active", NARROW, id="active-narrow", marks=pytest.mark.nightly),
    pytest.param("draft", WIDE, id="draft-wide", marks=pytest.mark.nightly),
]


@pytest.fixture
def dataset(ckan: Any, live_site: str) -> Callable[..., str]:
    """Saves a dataset as the API does; gives its name."""
    site = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    office = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "River office"}
    owner = ckan.get_action("organization_create")(dict(site), office)["id"]

    def save(**fields: Any) -> str:
        name = f"levels-{uuid.uuid4().hex[:8]}"
        package = {"name": name, "title": "River levels", "country": "GB", "license_id": "OGL-UK-3.0", **fields}
        ckan.get_action("package_create")(dict(site), {"owner_org": owner, **package})
        return name

    return save


@pytest.fixture
def stored(ckan: Any) -> Callable[[str], dict[str, Any]]:
    def show(name: str) -> dict[str, Any]:
        import ckan.model as model

        model.Session.rollback()
        found: dict[str, Any] = ckan.get_action("package_show")({"ignore_auth": True}, {"id": name})
        return found

    return show


def _save(page: Any) -> None:
    with page.expect_navigation():
        page.click(".form-actions button.btn-primary")


def _open(page: Any, address: str) -> None:
    """Opens a page of the form and waits until its scripts run: they take the templates of entries away."""
    page.goto(address)
    page.locator("[name=repeating-template]").first.wait_for(state="detached")


def _remove(page: Any, number: int) -> None:
    entry = page.locator("[data-field=contact]").nth(number)
    entry.locator("[name=repeating-remove]").click()
    entry.locator(".fields-content input").first.wait_for(state="detached")


@pytest.mark.parametrize(("state", "page"), STATES, indirect=["page"])
def test_contacts_are_changed_added_and_removed(
    live_site: str, stack: Any, page: Any, dataset: Any, stored: Any, state: str
) -> None:
    name = dataset(state=state, contact=[{"name": f"Desk {number}"} for number in range(11)])
    address = f"{live_site}/dataset/{'new' if state == 'draft' else 'edit'}/{name}/1"
    log_in(page, live_site, stack)
    _open(page, address)
    page.fill("[name=contact-0-name]", "First desk")
    _remove(page, 4)
    page.click("fieldset:has([data-field=contact]) [name=repeating-add]")
    page.fill("[name=contact-11-name]", "Last desk")
    _save(page)
    kept = [f"Desk {number}" for number in range(11) if number not in (0, 4)]
    assert [entry["name"] for entry in stored(name)["contact"]] == ["First desk", *kept, "Last desk"]
    _open(page, address)
    for number in range(11):
        _remove(page, number)
    _save(page)
    assert "contact" not in stored(name)


# What a state and a screen change is seen with contacts above; the other pairs nightly.
@pytest.mark.parametrize(
    ("state", "page"),
    [pytest.param("active", WIDE, id="active-wide", marks=pytest.mark.nightly), *STATES[1:]],
    indirect=["page"],
)
def test_a_publisher_is_entered(live_site: str, stack: Any, page: Any, dataset: Any, stored: Any, state: str) -> None:
    name = dataset(state=state)
    log_in(page, live_site, stack)
    page.goto(f"{live_site}/dataset/{'new' if state == 'draft' else 'edit'}/{name}/3")
    page.fill("[name=publisher-0-name]", "Rivers Trust")
    _save(page)
    assert stored(name)["publisher"] == [{"name": "Rivers Trust"}]


@WIDE_BY_DAY
def test_a_steward_chooses_country_licence_and_organization_and_sees_what_publish_does(
    live_site: str, stack: Any, page: Any, ckan: Any, stored: Any
) -> None:
    site = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    for _ in range(2):
        ckan.get_action("organization_create")(dict(site), {"name": f"office-{uuid.uuid4().hex[:8]}"})
    log_in(page, live_site, stack)
    page.goto(f"{live_site}/dataset/new")
    page.wait_for_selector("#field-title ~ .slug-preview")
    name = f"levels-{uuid.uuid4().hex[:8]}"
    page.fill("#field-title", name)
    page.wait_for_selector(f".slug-preview-value:text-is('{name}')")
    _save(page)
    errors = " ".join(page.inner_text(".error-explanation").split())
    for label in ("Organization", "Country of the publisher", "Licence"):
        assert re.search(f"{label}: .", errors), label
    assert faults(page, "[role=main]", without=CKANS_OWN) == []
    page.select_option("#field-organizations", index=1)
    page.select_option("#field-country", "GB")
    page.select_option("#field-license_id", "OGL-UK-3.0")
    for _ in range(5):
        _save(page)
        for _ in on_screens_of_axe(page):
            assert faults(page, "[role=main]", without=CKANS_OWN) == []
        for _ in on_each_screen(page):
            assert wider_than_the_screen(page) == []
    expect(page.locator("text=Publish makes this dataset visible to everyone.")).to_be_visible()
    _save(page)
    assert (stored(name)["state"], stored(name)["private"]) == ("active", False)


@WIDE_BY_DAY
def test_the_form_fills_in_what_the_chosen_organization_begins_with(
    live_site: str, stack: Any, page: Any, ckan: Any
) -> None:
    site = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    defaults = {"aivision_default_country": "GB", "aivision_default_contact_name": "Data desk"}
    made = [
        ckan.get_action("organization_create")(dict(site), {"name": f"office-{uuid.uuid4().hex[:8]}", **extras})["id"]
        for extras in (defaults, {})
    ]
    log_in(page, live_site, stack)
    page.goto(f"{live_site}/dataset/new")
    page.select_option("#field-organizations", made[0])
    expect(page.locator("#field-country")).to_have_value("GB")
    expect(page.locator("[name=contact-0-name]")).to_have_value("Data desk")
    page.select_option("#field-organizations", made[1])
    expect(page.locator("#field-country")).to_have_value("")
