"""The brief in a browser: on every screen, and on paper two sheets of A4 with nothing cut."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import WIDE_BY_DAY, faults, on_each_screen

BRIEF = "/best-practice/brief"
SHEETS = 2
# Of A4 and of the smaller US Letter, in pixels less a margin of one centimetre.
WIDTH_OF_A4 = 718


@pytest.fixture
def site(site_with_samples: str) -> str:
    """Its address."""
    return site_with_samples


@WIDE_BY_DAY
def test_it_fits_the_screen_and_has_no_fault_that_axe_finds(site: str, page: Any) -> None:
    page.goto(site + BRIEF)
    for _ in on_each_screen(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    expect(page.locator("h3:has-text('UK')").last).to_be_visible()
    assert faults(page, "[role=main]") == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_is_printed_on_two_sheets(site: str, browser: Any, paper: str) -> None:
    page = browser.new_page()
    page.goto(site + BRIEF)
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "1cm")
    pdf = page.pdf(format=paper, margin=margin)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == SHEETS


def test_nothing_is_cut_on_paper(site: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": WIDTH_OF_A4, "height": 1000})
    page.goto(site + BRIEF)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH_OF_A4
    right = "parts => Math.max(...parts.map(part => part.getBoundingClientRect().right))"
    assert page.locator(".aivision-brief *:not(svg *)").evaluate_all(right) <= WIDTH_OF_A4
    expect(page.locator(".masthead")).to_be_hidden()
    page.close()
