"""What users do in a browser: a steward publishes and fixes a dataset, a policy officer reads the comparison."""

from __future__ import annotations

import datetime
import http.server
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from ckanext.aivision.services.stack import ADMIN

SHOWN_PAGES = ("/", "/dataset/", "/best-practice", "/best-practice?lens=us-commerce", "/best-practice?lens=mqa")
# What CKAN's theme draws as it likes: the search box of its home page, and the arrow of its paging (without a name).
_CKANS_OWN = [[".module-search"], [".hero .module"], [".pagination-wrapper"]]


@pytest.fixture(scope="module")
def samples_harvested(stack: Any, live_site: str) -> str:
    """The site with the samples of both countries in it; gives its address."""
    for name in ("sample-us", "sample-uk"):
        stack.ckan("aivision", "harvest", name)
    stack.ckan("aivision", "renew-figures")
    return live_site


@pytest.fixture
def files(serve: Callable[..., str]) -> str:
    """The address of a portal: `people.csv` is a table with what looks like personal data, all else a page."""
    people = "station,contact,level (m)\n" + "".join(
        f"A{number},a{number}@rivers.example,1.5\n" for number in range(20)
    )

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        body = (people if request.path == "/people.csv" else "<!doctype html><html>Log in</html>").encode()
        request.send_response(200 if request.path != "/robots.txt" else 404)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return serve(answer)


def _look_into_files(ckan: Any, name: str, files: str) -> None:
    """Adds a second file, which is a page, and profiles both."""
    from ckanext.aivision.catalogue.jobs.profile_files import chosen, profile_files

    page = {"package_id": name, "name": "Stations", "url": f"{files}/page.csv", "format": "CSV"}
    ckan.get_action("resource_create")({"ignore_auth": True, "user": ADMIN}, page)
    month = datetime.timedelta(days=30)
    counts = profile_files(chosen(name, None), None, month, lambda *told: None, [urlsplit(files).netloc])
    assert (counts.profiled, counts.refused) == (1, 1)


def _faults(page: Any, *places: str, without: list[list[str]] | None = None) -> list[str]:
    """What axe finds in these places of a page, with every part that can be opened open."""
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    found = Axe().run(page, context={"include": [[place] for place in places], "exclude": without or []})
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found.response["violations"]]


def _wider_than_the_screen(page: Any) -> list[str]:
    """What reaches beyond the right edge of the window and cannot be scrolled by itself; empty if the page fits."""
    found: list[str] = page.evaluate("""() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
        [...document.body.querySelectorAll('*')]
            .filter(part => part.getBoundingClientRect().right > window.innerWidth)
            .filter(part => !part.closest('.table-responsive'))
            .map(part => part.outerHTML.slice(0, 120))""")
    return found


def _log_in(page: Any, site: str, stack: Any) -> None:
    page.goto(f"{site}/user/login")
    page.fill("#field-login", ADMIN)
    page.fill("#field-password", stack.password_file.read_text().strip())
    page.press("#field-password", "Enter")
    page.wait_for_url(lambda address: "/user/login" not in address)


def _first_page(page: Any, site: str, title: str) -> None:
    page.goto(f"{site}/dataset/new")
    # CKAN's script makes a name of the title, once it is at work.
    page.wait_for_selector("#field-title ~ .slug-preview")
    page.fill("#field-title", title)
    page.fill("#field-notes", "Levels of rivers, measured every week by an automated sensor at each station.")
    page.evaluate("""() => {
        const choice = document.querySelector('[name=owner_org]');
        choice.selectedIndex = [...choice.options].findIndex(option => option.value);
    }""")
    page.select_option("#field-country", "GB")
    page.select_option("#field-license_id", "OGL-UK-3.0")
    page.select_option("[name=private]", "False")


def _next(page: Any) -> None:
    page.click(".form-actions button.btn-primary")
    page.wait_for_load_state()


def test_a_steward_publishes_a_data_set_mends_what_its_page_names_and_sees_what_its_files_hold(
    samples_harvested: str, stack: Any, page: Any, ckan: Any, files: str
) -> None:
    title = f"River levels by station, week by week {uuid.uuid4().hex[:6]}"
    _log_in(page, samples_harvested, stack)
    _first_page(page, samples_harvested, title)
    for _ in range(5):
        _next(page)
    page.locator("button:visible", has_text="Link").first.click()
    page.fill("[name=url]", f"{files}/people.csv")
    page.fill("[name=name]", "River levels, CSV")
    page.click("button[value=go-metadata]")
    page.wait_for_selector("#ai-readiness")
    assert title in page.inner_text("h1")
    name = page.url.rsplit("/", 1)[-1]
    before = page.inner_text("#ai-readiness .aivision-head")
    assert "grade" in before
    page.click("summary:has-text('Documented')")
    page.click("[aria-label='Fix: Are known limitations and errors described?']")
    page.fill(
        "#field-limitations", "Floods between two weekly readings do not show; twelve stations stand idle in frost."
    )
    _next(page)
    page.goto(f"{samples_harvested}/dataset/{name}")
    assert page.inner_text("#ai-readiness .aivision-head") != before
    assert page.locator("text=Floods between two weekly readings").count()
    _look_into_files(ckan, name, files)
    page.goto(f"{samples_harvested}/dataset/{name}/files")
    assert "Some columns look like personal data" in page.inner_text("[role=main]")
    assert page.locator("text=This file could not be profiled").count() == 1
    assert _wider_than_the_screen(page) == []
    assert _faults(page, "[role=main]") == []
    page.goto(f"{samples_harvested}/dataset/{name}?lens=uk-dsit")
    assert page.locator("text=Does each table begin with one clean header row?").count() == 1
    assert _faults(page, "#ai-readiness") == []


def test_a_policy_officer_reads_the_comparison(samples_harvested: str, page: Any) -> None:
    page.goto(f"{samples_harvested}/best-practice")
    assert page.locator("svg[role=img]:visible").count() >= 4
    text = page.inner_text("[role=main]")
    for words in ("Publishers within each country", "US minus UK", "By criterion", "How to read these figures"):
        assert words in text
    numbers = page.locator("table >> text=/datasets, [0-9]+ publishers/")
    assert numbers.count() > 8


@pytest.mark.parametrize("path", SHOWN_PAGES)
def test_pages_have_no_fault_that_axe_finds_in_what_we_added(samples_harvested: str, page: Any, path: str) -> None:
    page.goto(samples_harvested + path)
    assert _faults(page, "[role=main]", without=_CKANS_OWN) == []


@pytest.mark.parametrize("lens", ["aivision", "mqa", "us-commerce"])
def test_a_data_set_page_has_no_fault_that_axe_finds(samples_harvested: str, page: Any, lens: str) -> None:
    page.goto(f"{samples_harvested}/dataset/?q=hotline")
    page.click(".dataset-heading a")
    page.wait_for_selector("#ai-readiness")
    page.goto(f"{page.url}?lens={lens}")
    assert _faults(page, "#ai-readiness") == []
    assert page.locator("#ai-readiness").evaluate("card => card.scrollWidth <= card.clientWidth")


def test_the_score_card_can_be_opened_by_keyboard_without_scripts(browser: Any, samples_harvested: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{samples_harvested}/dataset/?q=hotline")
    page.click(".dataset-heading a")
    summary = page.locator("#ai-readiness summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#ai-readiness details[open] .aivision-criterion").first.is_visible()
    context.close()


def test_a_lens_is_chosen_by_a_link_without_scripts_and_its_address_leads_back_to_it(
    browser: Any, samples_harvested: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{samples_harvested}/dataset/?q=hotline")
    page.click(".dataset-heading a")
    page.click(".aivision-lenses >> text=UK DSIT")
    assert "lens=uk-dsit" in page.url
    assert page.locator(".aivision-lenses [aria-current]").inner_text() == "UK DSIT"
    page.click("summary:has-text('Technical optimisation')")
    assert page.locator("#ai-readiness details[open] h4").first.is_visible()
    page.goto(f"{samples_harvested}/best-practice")
    page.click(".aivision-lenses >> text=FAIR")
    assert page.locator("#compare-lens").is_visible()
    context.close()
