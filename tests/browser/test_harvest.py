"""What an operator does, in a browser: adds a source, harvests it, looks at the run and at what it met."""

from __future__ import annotations

import functools
import http.server
import json
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import WIDE_BY_DAY, faults, log_in, on_each_screen, on_screens_of_axe
from tests.records import record

from ckanext.aivision.services.stack import Stack

# Its job worker harvests.
pytestmark = pytest.mark.usefixtures("live_site")
LONG = "A very long title of a source, as councils and departments of the state give them, about rivers and lakes"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def address(folder: Path, readable_socket: socket.socket) -> Iterator[str]:
    """Where a data.json is served that the site may read."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    where = readable_socket.getsockname()
    with http.server.ThreadingHTTPServer(where, handler, bind_and_activate=False) as server:
        server.socket.close()
        server.socket = readable_socket.dup()
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://{where[0]}:{where[1]}/data.json"
        server.shutdown()
        thread.join(10)


def add(page: Any, stack: Stack, address: str) -> str:
    """Adds a source in the form; its page is shown then. Gives its name."""
    name = f"rivers-{uuid.uuid4().hex[:8]}"
    page.goto(f"{stack.site_url}/harvest")
    page.click("text=Add a source")
    page.fill("#field-name", name)
    page.fill("#field-title", f"{LONG} {name}")
    page.fill("#field-url", address)
    page.click(".form-actions button")
    page.wait_for_url(f"**/harvest/source/{name}")
    return name


def faults_on_screens(page: Any) -> list[str]:
    return [fault for _ in on_screens_of_axe(page) for fault in faults(page, "[role=main]")]


def is_as_wide_as_the_window(page: Any) -> bool:
    script = (
        "[...document.querySelectorAll('[role=main] *')].every(e => e.getBoundingClientRect().right <= innerWidth + 8)"
    )
    seen = [page.evaluate(script) for _ in on_each_screen(page)]
    return all(seen)


@WIDE_BY_DAY
def test_a_sysadmin_adds_a_source_harvests_it_and_looks_at_what_is_wrong(
    stack: Stack, page: Any, folder: Path, address: str
) -> None:
    bad = [
        record(number, identifier=f"https://rivers.example.gov/{'station/' * 20}{number}", title="")
        for number in range(60)
    ]
    (folder / "data.json").write_text(json.dumps({"dataset": [record(1), *bad]}))
    log_in(page, stack.site_url, stack)
    name = add(page, stack, address)
    assert faults_on_screens(page) == []
    page.click("text=Harvest now")
    # The list of runs is asked for again by itself until one is there and has ended.
    page.wait_for_selector("#source-runs .aivision-state-finished", timeout=60_000)
    page.click("#source-runs td a")
    page.wait_for_url("**/harvest/run/*")
    text = page.inner_text("[role=main]")
    for words in ("Finished", "title-missing", "add one that says what the data are"):
        assert words in text
    expect(page.locator(".aivision-problems tbody tr")).to_have_count(50)
    assert faults_on_screens(page) == []
    assert is_as_wide_as_the_window(page)
    page.click("text=Next problems")
    page.wait_for_url("**after=*")
    expect(page.locator(".aivision-problems tbody tr")).to_have_count(10)
    with page.expect_download() as download:
        page.click("text=Download all problems with the raw records (CSV)")
    assert Path(download.value.path()).read_text().count("title-missing") == 60
    page.goto(f"{stack.site_url}/harvest?q={name}")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert faults_on_screens(page) == []
    assert is_as_wide_as_the_window(page)
    page.goto(f"{stack.site_url}/harvest/edit?name={name}")
    assert faults_on_screens(page) == []


@WIDE_BY_DAY
def test_a_preview_shows_itself_when_it_is_made_and_leads_to_the_harvest(
    stack: Stack, page: Any, folder: Path, address: str
) -> None:
    records = [record(number) for number in range(10)]
    (folder / "data.json").write_text(json.dumps({"dataset": records}))
    log_in(page, stack.site_url, stack)
    add(page, stack, address)
    page.click("text=Harvest now")
    page.wait_for_selector("#source-runs .aivision-state-finished", timeout=60_000)
    changed = {**records[1], "title": LONG, "description": "https://rivers.example.gov/" + "levels" * 60}
    (folder / "data.json").write_text(json.dumps({"dataset": [changed, record(11), *records[3:]]}))
    page.click("button:text-is('Preview')")
    page.wait_for_selector("#preview-now .aivision-state-finished", timeout=60_000)
    page.wait_for_selector("#changed-heading")
    text = page.inner_text("[role=main]")
    for words in ("Nothing was written", LONG, "Weekly river levels at station 1", "station 11", "station 0"):
        assert words in text, words
    assert faults_on_screens(page) == []
    assert is_as_wide_as_the_window(page)
    page.click("text=Harvest now")
    page.wait_for_url("**/harvest/source/**")


def test_everything_is_done_without_scripts(stack: Stack, browser: Any, folder: Path, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(30_000)
    page = context.new_page()
    log_in(page, stack.site_url, stack)
    (folder / "data.json").write_text(json.dumps({"dataset": [record(number) for number in range(10)]}))
    add(page, stack, address)
    page.click("text=Harvest now")
    _until(page, ".aivision-state-finished")
    (folder / "data.json").write_text(json.dumps({"dataset": [record(number) for number in range(3)]}))
    page.click("button:text-is('Preview')")
    _until(page, ".aivision-state-needs-confirmation")
    expect(page.locator("#gone-heading ~ ul li")).to_have_count(7)
    page.click("text=Harvest now")
    _until(page, ".aivision-state-needs-confirmation")
    page.click("#source-runs td a >> nth=0")
    page.click("text=Yes, mark 7 datasets as gone")
    assert "This was confirmed" in page.inner_text("[role=main]")
    page.go_back()
    page.goto(page.url)
    page.click(".breadcrumb li:nth-child(3) a")
    page.select_option("#filter-state", "gone")
    page.click("text=Filter")
    # The run that the confirmation started is running meanwhile.
    _until(page, "#records tbody tr:nth-child(7)", page.reload)
    expect(page.locator("#records tbody tr")).to_have_count(7)
    page.click("#records tbody a >> nth=0")
    assert "The source of this dataset no longer lists it" in page.inner_text("[role=main]")
    context.close()


def _until(page: Any, selector: str, again: Callable[[], Any] | None = None) -> None:
    """Presses Refresh, or asks `again`, until the page has it, for a minute."""
    for _ in range(60):
        if page.locator(selector).count():
            return
        threading.Event().wait(1)
        (again or (lambda: page.click("text=Refresh")))()
    pytest.fail(f"{selector} did not appear within a minute")
