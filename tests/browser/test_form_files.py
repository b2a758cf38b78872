"""A dataset with an uploaded file is published with the keyboard alone, in few steps; columns stand in a table."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import WIDE_BY_DAY, faults, on_each_screen
from tests.browser.test_form import _CKANS_OWN
from tests.browser.test_people import _log_in, _wider_than_the_screen

from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.package import from_package

LEVELS = "station,level_m,day\n" + "".join(f"A{number},1.{number},2026-01-{number:02}\n" for number in range(1, 29))
# What a good record may ask for: fields that are filled in and buttons that are pressed.
MOST_STEPS = 25


class Steps:
    """Somebody without a mouse, whose fields and presses are counted."""

    def __init__(self, page: Any) -> None:
        self.page, self.number = page, 0

    def _go_to(self, selector: str) -> None:
        """Presses Tab until the element has the focus."""
        for _ in range(250):
            if self.page.evaluate("one => document.activeElement.matches(one)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    def fill(self, selector: str, text: str) -> None:
        self._go_to(selector)
        self.page.keyboard.type(text)
        self.number += 1

    def choose(self, selector: str, value: str) -> None:
        self._go_to(selector)
        # Chromium opens another list on each system; what is typed chooses on all of them.
        self.page.select_option(selector, value)
        self.number += 1

    def press(self, selector: str) -> None:
        self._go_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.number += 1


@pytest.fixture
def office(ckan: Any, live_site: str) -> str:
    site = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "River office"}
    made: str = ckan.get_action("organization_create")(site, data)["id"]
    return made


@WIDE_BY_DAY
def test_a_good_record_with_an_upload_is_published_in_few_steps(
    live_site: str, stack: Any, page: Any, ckan: Any, office: str, tmp_path: Path
) -> None:
    import ckan.model as model

    _log_in(page, live_site, stack)
    page.goto(f"{live_site}/dataset/new")
    page.wait_for_selector("#field-title ~ .slug-preview")
    steps, title = Steps(page), f"River levels in Yorkshire, daily {uuid.uuid4().hex[:6]}"
    steps.fill("#field-title", title)
    told = "One row for each gauge and day, with the level in metres above the zero of the gauge, measured by sensors."
    steps.fill("#field-notes", told)
    page.fill("[name=tag_string]", "river levels, gauges, floods")
    steps.number += 1
    steps.choose("#field-organizations", office)
    steps.choose("#field-country", "GB")
    steps.choose("#field-license_id", "OGL-UK-3.0")
    steps.choose("#field-access_rights", "http://publications.europa.eu/resource/authority/access-right/PUBLIC")
    steps.fill("[name=contact-0-name]", "River desk")
    steps.fill("[name=contact-0-email]", "rivers@example.gov")
    steps.fill("[name=modified]", "31 January 2026")
    steps.press("button[name=save][value=go-data]")
    (tmp_path / "levels.csv").write_text(LEVELS)
    page.set_input_files("input[type=file]", tmp_path / "levels.csv")
    steps.number += 1
    page.fill("#field-name", "River levels, January 2026, CSV")
    steps.number += 1
    steps.press("button[formaction$='to=everyone']")
    page.wait_for_selector("#file-check")
    name = page.url.split("/dataset/")[1].split("/")[0]
    # The page asks again by itself until the worker is done.
    page.wait_for_selector("form[action$='/use']", timeout=120_000)
    assert faults(page, "[role=main]", without=_CKANS_OWN) == []
    for _ in on_each_screen(page):
        assert _wider_than_the_screen(page) == []
    steps.press("form[action$='/use'] button")
    steps.press("button[value=go-metadata]")
    assert steps.number <= MOST_STEPS
    model.Session.rollback()
    stored = ckan.get_action("package_show")({"ignore_auth": True}, {"id": name})
    assert (stored["state"], stored["private"]) == ("active", False)
    (file,) = stored["resources"]
    assert (file["size"], file["columns"].splitlines()[0].split(" | ")[:2]) == (len(LEVELS), ["station", "text"])
    # Nobody can download from the address of this test's site.
    public = {**stored, "resources": [{**file, "url": "https://data.example.gov.uk/levels.csv"}]}
    assert evaluate(from_package(public), load(), ON).grade in "ABC"


@WIDE_BY_DAY
def test_columns_are_described_with_the_keyboard(live_site: str, stack: Any, page: Any, ckan: Any, office: str) -> None:
    import ckan.model as model

    site = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    columns = "\n".join(f"column_{number} | number | depth at point {number}" for number in range(200))
    package = {
        "name": f"levels-{uuid.uuid4().hex[:8]}",
        "owner_org": office,
        "country": "GB",
        "license_id": "OGL-UK-3.0",
    }
    file = {"url": "https://rivers.example.gov/levels.csv", "name": "Levels", "columns": columns}
    made = ckan.get_action("package_create")(site, {**package, "title": "Depths", "resources": [file]})
    _log_in(page, live_site, stack)
    page.goto(f"{live_site}/dataset/{made['name']}/files/{made['resources'][0]['id']}/columns")
    assert faults(page, "[role=main]") == []
    for _ in on_each_screen(page):
        assert _wider_than_the_screen(page) == []
    page.focus("[name=unit] >> nth=150")
    page.keyboard.type("metres")
    if page.viewport_size["width"] > 600:
        head = page.locator(".aivision-dictionary-table thead th").nth(1).bounding_box()
        assert head["y"] >= page.locator(".aivision-dictionary-table").bounding_box()["y"]
    with page.expect_navigation():
        page.keyboard.press("Enter")
    model.Session.rollback()
    stored = ckan.get_action("package_show")({"ignore_auth": True}, {"id": made["id"]})["resources"][0]["columns"]
    assert stored.splitlines()[150] == "column_150 | number | depth at point 150 | unit: metres"
    assert len(stored.splitlines()) == 200
