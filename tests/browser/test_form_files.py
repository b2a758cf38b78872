"""A dataset with an uploaded file is published with the keyboard alone, in few steps; columns stand in a table."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import (
    CKANS_OWN,
    NARROW,
    WIDE,
    WIDE_BY_DAY,
    faults,
    log_in,
    on_each_screen,
    wider_than_the_screen,
)

LEVELS = "station,level_m,day\n" + "".join(f"A{number},1.{number},2026-01-{number:02}\n" for number in range(1, 29))
# What a good record may ask for: fields that are filled in and buttons that are pressed.
MOST_STEPS = 25


class Steps:
    """Somebody without a mouse, whose fields and presses are counted."""

    def __init__(self, page: Any, scripts: bool) -> None:
        self.page, self.scripts, self.number = page, scripts, 0

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

    def add_keywords(self, *words: str) -> None:
        """A comma ends each keyword. With JavaScript they are typed beside the form's own input, and become buttons."""
        self._go_to(".form-group:has([name=tag_string]) :is(input, textarea)")
        for number, word in enumerate(words, 1):
            self.page.keyboard.type(f"{word},")
            if self.scripts:
                count = "many => document.querySelectorAll('.select2-selection__choice').length === many"
                self.page.wait_for_function(count, arg=number)
        self.number += 1

    def choose(self, selector: str, value: str) -> None:
        """Types the words of a choice into a list, as people do who do not open it."""
        self._go_to(selector)
        find = "([one, value]) => [...document.querySelector(one).options].find(item => item.value === value).label"
        words = self.page.evaluate(find, [selector, value]).strip()
        for _ in range(3):
            self.page.keyboard.type(words)
            if self.page.input_value(selector) == value:
                break
            # A list begins anew after a second without a key.
            self.page.wait_for_timeout(1_200)
        assert self.page.input_value(selector) == value, words
        self.number += 1

    def attach(self, selector: str, path: Path) -> None:
        self.page.wait_for_load_state("load")
        self._go_to(selector)
        with self.page.expect_file_chooser() as chooser:
            # Once the page answers, it has been told who chooses the file.
            self.page.evaluate("1")
            self.page.keyboard.press("Enter")
        chooser.value.set_files(path)
        self.number += 1

    def press(self, selector: str) -> None:
        self._go_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.number += 1


@pytest.fixture
def office(ckan: Any, live_site: str) -> str:
    site = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": f"Office of rivers {uuid.uuid4().hex[:8]}"}
    made: str = ckan.get_action("organization_create")(site, data)["id"]
    return made


_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"


def _publish(page: Any, site: str, office: str, folder: Path, scripts: bool) -> tuple[str, int]:
    """Makes a good record with an upload, with the keyboard alone; gives its name and the number of steps."""
    page.goto(f"{site}/dataset/new")
    page.wait_for_load_state("load")
    steps = Steps(page, scripts)
    steps.fill("#field-title", f"River levels in Yorkshire, daily {uuid.uuid4().hex[:6]}")
    told = "One row for each gauge and day, with the level in metres above the zero of the gauge, measured by sensors."
    steps.fill("#field-notes", told)
    steps.add_keywords("river levels", "gauges", "floods")
    steps.choose("#field-organizations", office)
    steps.choose("#field-country", "GB")
    steps.choose("#field-license_id", "OGL-UK-3.0")
    steps.choose("#field-access_rights", _PUBLIC)
    steps.fill("[name=contact-0-name]", "River desk")
    steps.fill("[name=contact-0-email]", "rivers@example.gov")
    steps.fill("[name=modified]", "31 January 2026")
    steps.press("button[name=save][value=go-data]")
    (folder / "levels.csv").write_text(LEVELS)
    steps.attach("#resource-upload-button" if scripts else "input[type=file]", folder / "levels.csv")
    steps.fill("#field-name", "River levels, January 2026, CSV")
    steps.press("button[formaction$='to=everyone']")
    page.wait_for_selector("#file-check")
    name = page.url.split("/dataset/")[1].split("/")[0]
    _wait_for_the_check(steps)
    for _ in on_each_screen(page):
        assert wider_than_the_screen(page) == []
    steps.press("form[action$='/use'] button")
    steps.press("button[value=go-metadata]")
    return name, steps.number


def _wait_for_the_check(steps: Steps) -> None:
    """The page asks again by itself until the worker is done; without JavaScript a link loads it again."""
    done, steps_before = "form[action$='/use']", steps.number
    for _ in range(60):
        steps.page.wait_for_timeout(2_000)
        if steps.page.query_selector(done) is not None:
            break
        if not steps.scripts:
            steps.press("#file-check a")
    steps.page.wait_for_selector(done)
    # Waiting is no step.
    steps.number = steps_before


def _check(ckan: Any, name: str) -> None:
    import ckan.model as model

    model.Session.rollback()
    stored = ckan.get_action("package_show")({"ignore_auth": True}, {"id": name})
    assert (stored["state"], stored["private"]) == ("active", False)
    assert {tag["name"] for tag in stored["tags"]} == {"river levels", "gauges", "floods"}
    (file,) = stored["resources"]
    assert (file["size"], file["columns"].splitlines()[0].split(" | ")[:2]) == (len(LEVELS), ["station", "text"])
    # The file is in the portal, so that it counts though the site of this test has no public address.
    assert ckan.get_action("aivision_score_show")({"ignore_auth": True}, {"id": name})["grade"] in "ABC"


@WIDE_BY_DAY
def test_a_good_record_with_an_upload_is_published_in_few_steps(
    live_site: str, stack: Any, page: Any, ckan: Any, office: str, tmp_path: Path
) -> None:
    log_in(page, live_site, stack)
    name, steps = _publish(page, live_site, office, tmp_path, scripts=True)
    assert steps <= MOST_STEPS
    _check(ckan, name)
    (file,) = ckan.get_action("package_show")({"ignore_auth": True}, {"id": name})["resources"]
    page.goto(f"{live_site}/dataset/{name}/files/{file['id']}")
    assert faults(page, "[role=main]", without=CKANS_OWN) == []


@pytest.mark.parametrize(
    "screen", [pytest.param(NARROW, id="narrow"), pytest.param(WIDE, id="wide", marks=pytest.mark.nightly)]
)
def test_it_is_published_without_scripts_too(
    live_site: str, stack: Any, browser: Any, ckan: Any, office: str, tmp_path: Path, screen: tuple[int, int]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": screen[0], "height": screen[1]})
    context.set_default_timeout(30_000)
    page = context.new_page()
    log_in(page, live_site, stack)
    name, steps = _publish(page, live_site, office, tmp_path, scripts=False)
    assert steps <= MOST_STEPS
    _check(ckan, name)
    context.close()


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
    log_in(page, live_site, stack)
    page.goto(f"{live_site}/dataset/{made['name']}/files/{made['resources'][0]['id']}/columns")
    assert faults(page, "[role=main]") == []
    for _ in on_each_screen(page):
        assert wider_than_the_screen(page) == []
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
