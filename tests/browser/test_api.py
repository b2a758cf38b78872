"""The pages of the API in a browser: they fit the screen, and an action can be tried by keyboard without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import SCREENS, WIDE_BY_DAY, faults, on_each_screen
from tests.selection import pairs

TRIED = ("/aivision_score_show?id=nope&try=1", "/aivision_lens_list?try=1")
PAGES = ("", "/aivision_compare", *TRIED, "/aivision_harvest")
WIDTH = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def site(site_with_samples: str) -> str:
    """Its address."""
    return site_with_samples


@pytest.mark.parametrize(("path", "page"), pairs(PAGES, SCREENS), indirect=["page"])
def test_a_page_fits_the_screen_and_has_no_fault_that_axe_finds(path: str, site: str, page: Any) -> None:
    page.goto(f"{site}/api/aivision{path}")
    for _ in on_each_screen(page):
        assert page.evaluate(WIDTH) <= 0
    assert faults(page, "[role=main]") == []


def test_an_action_is_found_and_tried_by_keyboard_without_scripts(site: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/api/aivision")
    page.get_by_role("link", name="aivision_criterion_list").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("aivision_criterion_list")
    page.get_by_label("dimension").focus()
    page.keyboard.type("licensed")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The answer")).to_be_in_viewport()
    expect(page.locator(".aivision-answer")).to_contain_text('"dimension": "licensed"')
    expect(page.get_by_label("dimension")).to_have_value("licensed")
    context.close()


@WIDE_BY_DAY
def test_a_refusal_is_shown_beside_the_form(site: str, page: Any) -> None:
    page.goto(f"{site}/api/aivision/aivision_score_show")
    page.get_by_label("id").fill("nope")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator(".aivision-answer")).to_contain_text("Not found")
    expect(page.get_by_label("id")).to_have_value("nope")


@WIDE_BY_DAY
def test_on_paper_there_is_no_form_and_no_line_is_cut(site: str, page: Any) -> None:
    page.goto(f"{site}/api/aivision/aivision_criterion_list?try=1")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Show the answer")).to_be_hidden()
    cut = page.locator("pre").evaluate_all("found => found.filter(one => one.scrollWidth > one.clientWidth).length")
    assert cut == 0
