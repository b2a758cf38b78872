"""The pages around the comparison in a browser: for everyone, on a phone, on paper, by keyboard and without scripts."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import WIDE_BY_DAY, faults, on_each_screen

OWN = ("/", "/about", "/accessibility", "/privacy", "/dumps", "/dumps/latest/")


@pytest.fixture(scope="module")
def site(ckan_application: Any, site_with_samples: str) -> str:
    """The site with the samples of both countries and a dump in it; gives its address."""
    from ckanext.aivision.snapshot.dump.write_dump import write_dump

    with ckan_application.test_request_context():
        write_dump()
    return site_with_samples


@pytest.fixture(scope="module")
def paths(site: str) -> tuple[str, ...]:
    """Our pages, and CKAN's lists and pages of a dataset and an organization."""
    with urllib.request.urlopen(f"{site}/api/3/action/package_search?rows=1") as answer:
        (package,) = json.load(answer)["result"]["results"]
    found = (f"/dataset/{package['name']}", f"/organization/{package['organization']['name']}")
    return (*OWN, "/dataset/", "/organization/", *found)


def _width(page: Any) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


@WIDE_BY_DAY
def test_no_page_has_a_fault_that_axe_finds_or_is_wider_than_its_screen(
    site: str, page: Any, paths: tuple[str, ...]
) -> None:
    for path in paths:
        page.goto(site + path)
        page.wait_for_load_state("load")
        for _ in on_each_screen(page):
            assert _width(page) <= page.viewport_size["width"], path
        assert faults(page) == [], path


@pytest.mark.parametrize("path", OWN)
def test_our_pages_are_printed_whole(browser: Any, site: str, path: str) -> None:
    """718 pixels are the width of A4 less one centimetre on either side."""
    page = browser.new_page(viewport={"width": 718, "height": 1000})
    page.emulate_media(media="print")
    page.goto(site + path)
    assert _width(page) <= 718
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".masthead")).to_be_hidden()
    cut = "parts => parts.filter(part => part.scrollWidth > part.clientWidth + 1).map(part => part.outerHTML)"
    assert page.locator(".table-responsive, .aivision-measure").evaluate_all(cut) == []
    page.close()


def test_the_home_page_leads_to_the_comparison_and_the_search_by_keyboard_without_scripts(
    browser: Any, site: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.locator("#home-search").focus()
    page.keyboard.type("sample")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dataset/?q=sample")
    page.goto(site)
    page.locator("#dimension-licensed h3 a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/best-practice#dimension-licensed")
    expect(page.locator("#dimension-licensed")).to_be_visible()
    context.close()


def test_the_answer_is_on_the_first_screen(site: str, page: Any) -> None:
    page.goto(site)
    finding = page.locator(".aivision-finding").bounding_box()
    assert finding["y"] + finding["height"] <= page.viewport_size["height"]
