"""Pages of a real Chromium on the really served site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.examples import is_nightly

from ckanext.aivision.services.stack import ADMIN

SCREENS = WIDE, NARROW = (1280, 900), (390, 844)
# For a long journey, whose pages are looked at `on_each_screen`: the whole of it on a phone nightly.
WIDE_BY_DAY = pytest.mark.parametrize(
    "page",
    [pytest.param(WIDE, id="wide"), pytest.param(NARROW, id="narrow", marks=pytest.mark.nightly)],
    indirect=True,
)
# What takes axe most of its time. Our pages have the same colours on every screen.
_COLOURS = "color-contrast"
# CKAN's script for keywords and formats, which CKAN draws without a name and in too light a grey.
CKANS_OWN = [[".select2"]]
_POLICY = "Content Security Policy"


@pytest.fixture(scope="module")
def site_with_samples(ckan_application: Any, live_site: str) -> str:
    """The site with the samples of both countries in it, and figures of them; gives its address."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import load_sources
    from ckanext.aivision.snapshot.build import build

    with ckan_application.test_request_context():
        for name in ("sample-us", "sample-uk"):
            assert harvest_into_ckan(load_sources()[name]).state == "finished"
        build()
    return live_site


def on_each_screen(page: Any) -> Iterator[None]:
    """The same page wide and as on a phone; it is as wide as before afterwards."""
    before = page.viewport_size
    for width, height in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        yield
    page.set_viewport_size(before)


def on_screens_of_axe(page: Any) -> Iterator[None]:
    """The page of a journey as axe looks at it: as it is, and nightly on each screen."""
    if is_nightly():
        yield from on_each_screen(page)
    else:
        yield


def log_in(page: Any, site: str, stack: Any) -> None:
    """Logs the sysadmin in, as people do."""
    page.goto(f"{site}/user/login")
    page.fill("#field-login", ADMIN)
    page.fill("#field-password", stack.password_file.read_text().strip())
    page.press("#field-password", "Enter")
    page.wait_for_url(lambda address: "/user/login" not in address)


def wider_than_the_screen(page: Any) -> list[str]:
    """What reaches beyond the right edge of the window and cannot be scrolled by itself; empty if the page fits.

    A word that is wider than its paragraph widens the page too, and no element.
    """
    # After a click the page may be there before its styles.
    page.wait_for_load_state("load")
    found: list[str] = page.evaluate("""() => {
        const width = document.documentElement.scrollWidth;
        if (width <= window.innerWidth) return [];
        const parts = [...document.body.querySelectorAll('*')]
            .filter(part => part.getBoundingClientRect().right > window.innerWidth)
            .filter(part => !part.closest('.table-responsive'))
            .map(part => part.outerHTML.slice(0, 120));
        return parts.length ? parts : [`a text: the page is ${width} wide`];
    }""")
    return found


def faults(page: Any, *places: str, without: list[list[str]] | None = None) -> list[str]:
    """What axe finds in these places of a page, or in the whole, with every part that can be opened open.

    By day colours are compared on a wide screen and on paper, and not on a phone as well.
    """
    page.wait_for_load_state("load")
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    on_paper = page.evaluate("matchMedia('print').matches")
    compared = is_nightly() or on_paper or page.viewport_size["width"] == WIDE[0]
    options = {"resultTypes": ["violations"], "rules": {_COLOURS: {"enabled": compared}}}
    context = {"include": [[place] for place in places] or [["html"]], "exclude": without or []}
    found = Axe().run(page, context, options).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found]


@pytest.fixture(params=SCREENS, ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A page of its own session, wide and as on a phone.

    What it loads from another host, and what its own policy (Content-Security-Policy) refuses, fails the test.
    """
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(30_000)
    opened = context.new_page()
    foreign: list[str] = []
    refused: list[str] = []
    opened.on("console", lambda message: refused.append(message.text) if _POLICY in message.text else None)
    opened.on("request", lambda asked: None if _is_ours(asked.url) else foreign.append(asked.url))
    yield opened
    context.close()
    assert foreign == []
    assert refused == []


def _is_ours(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))
