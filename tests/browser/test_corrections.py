"""Correcting a harvested dataset in a browser, and what is shared about it: on a screen and on a telephone."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import WIDE_BY_DAY, faults, log_in, on_each_screen, on_screens_of_axe, wider_than_the_screen
from tests.records import record


@pytest.fixture
def harvested(ckan: Any, live_site: str, tmp_path: Path) -> dict[str, Any]:
    """A dataset of a source of its own."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.catalogue.tables.rows import package_id
    from ckanext.aivision.harvesters.sources.source import Source

    name = f"rivers-{uuid.uuid4().hex[:8]}"
    publisher = {"@type": "org:Organization", "name": f"Office {name}"}
    (tmp_path / "data.json").write_text(json.dumps({"dataset": [record(1, identifier=name, publisher=publisher)]}))
    url = str(tmp_path / "data.json")
    harvest_into_ckan(Source(name=name, url=url, kind="dcat-us", profile="dcat-us-1.1", country="US"))
    found: dict[str, Any] = ckan.get_action("package_show")({"ignore_auth": True}, {"id": package_id(name, name)})
    return found


def _check(page: Any, *places: str) -> None:
    for _ in on_each_screen(page):
        assert wider_than_the_screen(page) == [], page.url
    for _ in on_screens_of_axe(page):
        assert faults(page, *places) == [], page.url


@WIDE_BY_DAY
def test_a_harvested_dataset_is_corrected_and_the_correction_sent_to_its_publisher(
    live_site: str, stack: Any, page: Any, harvested: dict[str, Any]
) -> None:
    name, office = harvested["name"], harvested["organization"]["name"]
    log_in(page, live_site, stack)
    page.goto(f"{live_site}/dataset/edit/{name}/5")
    page.fill("#field-correction_reason", "From the handbook.")
    page.fill("[name=limitations]", "The sensor freezes below minus five degrees.")
    with page.expect_navigation():
        page.click(".form-actions button.btn-primary")
    page.goto(f"{live_site}/dataset/{name}")
    card = page.locator("#corrections")
    assert "The sensor freezes below minus five degrees." in card.inner_text()
    assert "From the handbook." in card.inner_text()
    page.locator("#cite summary").click()
    assert page.locator("#cite summary img").evaluate("image => image.naturalWidth") > 50
    _check(page, "#corrections", "#cite")
    page.goto(f"{live_site}/organization/{office}")
    page.click("text=Send 1 correction to the publisher")
    assert "From the handbook." in page.locator("#letter").input_value()
    _check(page, ".primary")
    for path in (f"/dataset/{name}/score-sheet", "/dashboard/notices", f"/organization/{office}/deleted"):
        page.goto(f"{live_site}{path}")
        _check(page, ".primary" if "dashboard" not in path else ".module-content")
    page.goto(f"{live_site}/dataset/{name}")
    with page.expect_navigation():
        page.click("#corrections button")
    assert page.locator("#corrections").count() == 0
