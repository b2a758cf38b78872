"""Figures on other sites, and taken away by hand: what a policy officer does with them."""

from __future__ import annotations

import http.server
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import SCREENS, faults, on_each_screen
from tests.selection import pairs

EMBED, FIGURES = "/best-practice/embed", "/best-practice/figures"


@pytest.fixture
def site(live_site: str, figures_of_two: str) -> str:
    """The address of the site, with an agency of each country in it."""
    return live_site


@pytest.fixture
def blog(serve: Callable[..., str], site: str) -> str:
    """The address of another site, which has a chart of ours in a frame, and a page of ours that may not be in one."""
    frames = "".join(
        f'<iframe id="{id}" title="{id}" src="{site}{path}" style="width:100%;height:400px"></iframe>'
        for id, path in (("chart", f"{EMBED}/dimensions"), ("page", "/best-practice"))
    )

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        body = f"<!doctype html><html lang=en><title>A blog</title><h1>A blog</h1>{frames}</html>".encode()
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return serve(answer)


@pytest.mark.parametrize(
    ("figure", "page"), pairs(["dimensions", "criteria", "criterion/licence-open"], SCREENS), indirect=["page"]
)
def test_an_embedded_chart_fits_a_telephone_and_has_no_fault_that_axe_finds(site: str, page: Any, figure: str) -> None:
    page.goto(f"{site}{EMBED}/{figure}")
    for _ in on_each_screen(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert "US" in page.inner_text("main")
    assert "UK" in page.inner_text("main")
    assert faults(page) == []


def test_other_sites_can_show_the_chart_in_a_frame_and_no_other_page(blog: str, browser: Any) -> None:
    page = browser.new_page()
    page.goto(blog)
    assert page.frame_locator("#chart").locator("h1").inner_text().startswith("AI readiness of US and UK datasets")
    refused = next(frame for frame in page.frames if frame.parent_frame and "/embed/" not in frame.url)
    assert refused.locator("h1").count() == 0 or "Best practice" not in refused.locator("h1").first.inner_text()
    page.close()


def test_a_figure_is_taken_away_by_keyboard_without_scripts(site: str, browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{site}/best-practice")
    bar = page.locator("details.aivision-take-away").first
    bar.locator("summary").focus()
    page.keyboard.press("Enter")
    with page.expect_download() as started:
        bar.get_by_role("link", name="XLSX").press("Enter")
    started.value.save_as(tmp_path / "figures.xlsx")
    assert started.value.suggested_filename.startswith("aivision-dimensions-us-uk-")
    assert (tmp_path / "figures.xlsx").read_bytes().startswith(b"PK")
    bar.get_by_role("link", name="Permalink, embed code and citation").press("Enter")
    page.wait_for_url(f"**{FIGURES}/dimensions")
    assert "rubric" in page.inner_text("#cite + p")
    context.close()
