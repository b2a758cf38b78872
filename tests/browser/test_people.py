"""What users do in a browser: a steward publishes and fixes a dataset, a policy officer reads the comparison."""

from __future__ import annotations

import datetime
import http.server
import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect
from tests.browser.conftest import (
    SCREENS,
    WIDE_BY_DAY,
    faults,
    log_in,
    on_each_screen,
    on_screens_of_axe,
    wider_than_the_screen,
)
from tests.catalogue.history import rows
from tests.examples import is_nightly
from tests.selection import pairs

from ckanext.aivision.services.stack import ADMIN

CRITERION_PAGE = "/best-practice/criteria/licence-open"
AGENCIES = "/best-practice/agencies"
EXAMPLES, PRIORITIES = "/best-practice/exemplars", "/best-practice/priorities"
EXAMPLES_OF_ONE = f"{EXAMPLES}?criterion=limitations-described"
FRAMEWORK_PAGES = tuple(f"/best-practice/frameworks{page}" for page in ("", "/us-commerce", "/mqa", "/crosswalk"))
REGISTER_PAGES = (
    "/guidance/",
    "/guidance/us-commerce-generative-ai-and-open-data",
    "/cooperation/us-uk-technology-prosperity-deal",
    "/training/?aivision_entry_kind=course",
)
PRINTED_PAGES = (
    *("/best-practice", *FRAMEWORK_PAGES, "/best-practice/robustness"),
    *("/best-practice/criteria", CRITERION_PAGE),
    *(EXAMPLES, EXAMPLES_OF_ONE, PRIORITIES),
    *("/best-practice/trends?criterion=licence-open", "/best-practice/coverage", "/best-practice/method"),
)
SHOWN_PAGES = (
    *PRINTED_PAGES,
    *(AGENCIES, f"{AGENCIES}/us-005"),
    "/best-practice/figures/criteria?licence=open",
    *REGISTER_PAGES,
)


@pytest.fixture(scope="module")
def samples_harvested(stack: Any, site_with_samples: str) -> str:
    """The site with the samples of both countries and the registers in it; gives its address."""
    stack.ckan("aivision", "registers", "load")
    return site_with_samples


@pytest.fixture
def samples_alone(samples_harvested: str, snapshot: Any, ckan: Any) -> str:
    """The same without the datasets that other tests published: beside real datasets samples are not compared."""
    published = """SELECT name FROM package WHERE type = 'dataset' AND state = 'active'
        AND NOT EXISTS (SELECT FROM aivision_record WHERE package_id = package.id)"""
    for (name,) in rows(published):
        ckan.get_action("package_delete")({"ignore_auth": True, "user": ADMIN}, {"id": name})
    snapshot()
    return samples_harvested


@pytest.fixture
def files(serve: Callable[..., str]) -> str:
    """The address of a portal: `people.csv` is a table with what looks like personal data, all else a page."""
    people = "station,contact,level (m)\n" + "".join(
        f"A{number},a{number}@rivers.example.gov,1.5\n" for number in range(20)
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
    from ckanext.aivision.catalogue.jobs.profile_files import choose_datasets, profile_files

    page = {"package_id": name, "name": "Stations", "url": f"{files}/page.csv", "format": "CSV"}
    ckan.get_action("resource_create")({"ignore_auth": True, "user": ADMIN}, page)
    month = datetime.timedelta(days=30)
    counts = profile_files(choose_datasets(name, None), None, month, lambda *told: None, [urlsplit(files).netloc])
    assert (counts.profiled, counts.refused) == (1, 1)


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


@WIDE_BY_DAY
def test_a_steward_publishes_a_data_set_mends_what_its_page_names_and_sees_what_its_files_hold(
    samples_harvested: str, stack: Any, page: Any, ckan: Any, files: str
) -> None:
    title = f"River levels by station, week by week {uuid.uuid4().hex[:6]}"
    log_in(page, samples_harvested, stack)
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
    expect(page.locator("text=Floods between two weekly readings")).not_to_have_count(0)
    _look_into_files(ckan, name, files)
    page.goto(f"{samples_harvested}/dataset/{name}/files")
    assert "Some columns look like personal data" in page.inner_text("[role=main]")
    expect(page.locator("text=This file could not be profiled")).to_have_count(1)
    for _ in on_each_screen(page):
        assert wider_than_the_screen(page) == []
    for _ in on_screens_of_axe(page):
        assert faults(page, "[role=main]") == []
    page.goto(f"{samples_harvested}/dataset/{name}?lens=uk-dsit")
    expect(page.locator("text=Does each table begin with one clean header row?")).to_have_count(1)
    for _ in on_screens_of_axe(page):
        assert faults(page, "#ai-readiness") == []


@WIDE_BY_DAY
def test_a_policy_officer_reads_the_comparison(samples_harvested: str, page: Any) -> None:
    page.goto(f"{samples_harvested}/best-practice")
    text = page.inner_text("[role=main]")
    for words in ("Figures as of", "Overall", "Under every framework"):
        assert words in text
    page.click("#criteria-licensed summary")
    row = page.locator("#criterion-licence-open")
    assert "UK " in " ".join(row.inner_text().split())
    row.locator("h4 a").click()
    page.wait_for_url(f"**{CRITERION_PAGE}")
    assert "Agencies of the UK" in page.inner_text("[role=main]")
    for _ in on_each_screen(page):
        assert wider_than_the_screen(page) == []


def test_a_trend_is_chosen_without_scripts_and_the_address_holds_the_choice(browser: Any, samples_alone: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{samples_alone}/best-practice/trends")
    page.click("summary:has-text('Choose a country')")
    page.select_option("#trend-country", "GB")
    page.select_option("#trend-dimension", "licensed")
    page.click("button:has-text('Show')")
    page.wait_for_url("**country=GB**")
    page.wait_for_url("**dimension=licensed**")
    assert page.locator("h1").inner_text() == "Over time: Licensed"
    expect(page.locator(".aivision-trend use")).to_have_count(1)
    page.goto(f"{samples_alone}/best-practice")
    page.click("text=Since when")
    page.wait_for_url("**/best-practice/trends")
    context.close()


def test_the_comparison_is_printed_whole(browser: Any, samples_harvested: str) -> None:
    """718 pixels are the width of A4 less one centimetre on either side."""
    page = browser.new_page(viewport={"width": 718, "height": 1000})
    page.goto(f"{samples_harvested}/best-practice")
    page.emulate_media(media="print")
    expect(page.locator("#criterion-licence-open")).to_be_visible()
    expect(page.locator("th:has-text('US Commerce')")).to_be_visible()
    expect(page.locator(".masthead")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    right = "parts => Math.max(...parts.map(part => part.getBoundingClientRect().right))"
    assert page.locator(".aivision-measure > *").evaluate_all(right) <= 718
    page.close()


@pytest.fixture
def agency(samples_harvested: str, snapshot: Any, ckan: Any) -> Iterator[str]:
    """The address of an agency that has real datasets while a test runs: samples are of no agency in the register."""
    admin = {"ignore_auth": True, "user": ADMIN}
    office = f"office-{uuid.uuid4().hex[:8]}"
    ckan.get_action("organization_create")(dict(admin), {"name": office, "title": "Cabinet Office"})
    for number in range(6):
        package = {
            "name": f"{office}-{number}",
            "title": "Levels_of_rivers_by_station_and_week_" * 3,
            "owner_org": office,
            "country": "GB",
            "license_id": "none" if number else "OGL-UK-3.0",
        }
        ckan.get_action("package_create")(dict(admin), package)
    snapshot()
    yield f"{samples_harvested}{AGENCIES}/gb-cabinet-office"
    for number in range(6):
        ckan.get_action("package_delete")(dict(admin), {"id": f"{office}-{number}"})
    snapshot()


def test_a_policy_officer_goes_from_the_list_to_an_agency_on_every_screen_and_on_paper(
    browser: Any, samples_harvested: str, agency: str
) -> None:
    """718 pixels are the width of A4 less one centimetre on either side."""
    for width, media in ((390, "screen"), (720, "screen"), (1280, "screen"), (718, "print")):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.emulate_media(media=media)
        page.goto(f"{samples_harvested}{AGENCIES}?country=GB&sort=title")
        assert wider_than_the_screen(page) == []
        # Between a phone and a wide screen axe looks at night.
        looked_at = is_nightly() or width != 720
        assert not looked_at or faults(page, "[role=main]") == []
        page.click(".aivision-measures h3 a >> text=Cabinet Office")
        expect(page).to_have_url(agency)
        expect(page.locator("#profile-overall")).to_be_visible()
        assert wider_than_the_screen(page) == []
        assert not looked_at or faults(page, "[role=main]") == []
        right = "parts => Math.max(...parts.map(part => part.getBoundingClientRect().right))"
        assert page.locator(".aivision-measure > *").evaluate_all(right) <= width
        page.close()


@pytest.mark.parametrize(("path", "page"), pairs(SHOWN_PAGES, SCREENS), indirect=["page"])
def test_pages_fit_a_telephone_and_a_sheet_of_paper_and_have_no_fault_that_axe_finds_in_what_we_added(
    samples_harvested: str, page: Any, path: str
) -> None:
    """718 pixels are the width of A4 less one centimetre on either side."""
    page.goto(samples_harvested + path)
    assert faults(page, "[role=main]") == []
    for width, media in ((1280, "screen"), (390, "screen"), *([(718, "print")] if path in PRINTED_PAGES else [])):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media=media)
        assert wider_than_the_screen(page) == [], (width, media)


def test_every_page_of_best_practice_is_among_those_shown_here(samples_harvested: str) -> None:
    page = requests.get(f"{samples_harvested}/best-practice", timeout=60).text
    listed = re.findall(r'href="([^"?]+)', page.split('class="aivision-pages"')[1].split("</ul>")[0])
    # tests/browser/test_brief.py opens the brief.
    assert set(listed) - {urlsplit(path).path for path in SHOWN_PAGES} == {"/best-practice/brief"}


def test_a_policy_officer_finds_words_to_copy_by_keyboard_without_scripts(browser: Any, samples_alone: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{samples_alone}{EXAMPLES}")
    page.locator("#limitations-described h3 a").press("Enter")
    page.wait_for_url(f"**{EXAMPLES_OF_ONE}")
    for code in ("US", "GB"):
        expect(page.locator(f"#exemplar-{code}-1 blockquote")).to_be_visible()
    page.locator("#exemplar-GB-1 .aivision-snippets > summary").press("Enter")
    expect(page.locator("#exemplar-GB-1 pre").first).to_be_visible()
    page.locator("#exemplar-GB-1 details details summary >> text=DCAT-AP").press("Enter")
    assert "a dcat:Dataset" in page.locator("#exemplar-GB-1 pre").last.inner_text()
    context.close()


@WIDE_BY_DAY
def test_the_form_of_an_entry_fits_the_screen_and_has_no_fault_that_axe_finds(
    samples_harvested: str, stack: Any, page: Any
) -> None:
    log_in(page, samples_harvested, stack)
    page.goto(f"{samples_harvested}/guidance/edit/us-privacy-act")
    for _ in on_each_screen(page):
        assert wider_than_the_screen(page) == []
    assert faults(page, "[role=main]") == []


@pytest.mark.parametrize(("lens", "page"), pairs(["aivision", "mqa", "us-commerce"], SCREENS), indirect=["page"])
def test_a_data_set_page_has_no_fault_that_axe_finds(samples_harvested: str, page: Any, lens: str) -> None:
    page.goto(f"{samples_harvested}/dataset/?q=hotline")
    page.click(".dataset-heading a")
    page.wait_for_selector("#ai-readiness")
    page.goto(f"{page.url}?lens={lens}")
    assert faults(page, "#ai-readiness") == []
    for _ in on_each_screen(page):
        assert page.locator("#ai-readiness").evaluate("card => card.scrollWidth <= card.clientWidth")


def test_the_score_card_can_be_opened_by_keyboard_without_scripts(browser: Any, samples_harvested: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{samples_harvested}/dataset/?q=hotline")
    page.click(".dataset-heading a")
    summary = page.locator("#ai-readiness summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ai-readiness details[open] .aivision-criterion").first).to_be_visible()
    context.close()


def test_a_lens_is_chosen_by_a_link_without_scripts_and_its_address_leads_back_to_it(
    browser: Any, samples_harvested: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{samples_harvested}/dataset/?q=hotline")
    page.click(".dataset-heading a")
    page.click(".aivision-lenses >> text=UK DSIT")
    page.wait_for_url("**lens=uk-dsit**")
    assert page.locator(".aivision-lenses [aria-current]").inner_text() == "UK DSIT"
    page.click("summary:has-text('Technical optimisation')")
    expect(page.locator("#ai-readiness details[open] h4").first).to_be_visible()
    page.goto(f"{samples_harvested}/best-practice")
    page.click("th >> text=FAIR")
    assert page.locator("h1").inner_text() == "US and UK through FAIR"
    context.close()
