"""The comparison as one page: complete in itself, safe whatever records say, readable by everyone."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.serialise.report import page

pytestmark = pytest.mark.long


class Page(HTMLParser):
    """Counts what tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: Any, attrs: Any) -> None:
        self.tags[tag] += 1
        self.attributes.append((tag, dict(attrs)))

    def handle_data(self, data: Any) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def drawn(compare: Any, both: list[Evaluation]) -> Any:
    return page(compare(both))


def test_every_table_has_a_caption_and_its_heads_a_scope(drawn: Any) -> None:
    found = Page(drawn)
    assert found.tags["table"] >= 6
    assert found.tags["caption"] == found.tags["table"]
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in found.attributes if tag == "th")


def test_the_page_needs_no_other_host_and_no_script(drawn: Any) -> None:
    found = Page(drawn)
    assert found.tags["script"] == found.tags["link"] == found.tags["img"] == found.tags["iframe"] == 0
    assert not [attributes for _, attributes in found.attributes if "src" in attributes or "href" in attributes]
    assert not re.search(r"url\(\s*['\"]?https?:|@import", drawn)


def test_ids_stand_once_and_what_is_named_by_them_is_there(drawn: Any) -> None:
    attributes = [row for _, row in Page(drawn).attributes]
    ids = Counter(row["id"] for row in attributes if "id" in row)
    assert max(ids.values()) == 1
    assert {row["aria-labelledby"] for row in attributes if "aria-labelledby" in row} <= set(ids)


def test_each_chart_is_there_wide_and_narrow(drawn: Any) -> None:
    assert Page(drawn).tags["svg"] == 8


def test_the_spread_within_countries_stands_before_the_countries_side_by_side(drawn: Any) -> None:
    assert drawn.index('id="compare-spread"') < drawn.index('id="compare-dimensions"')


def test_sample_sizes_and_both_ways_of_counting_stand_with_the_figures(drawn: Any) -> None:
    words = Page(drawn).text
    assert "40 datasets, 4 publishers" in words
    assert "by publisher" in words
    assert "by dataset" in words
    assert "76.8 and 40.2: +36.6" in words


def test_what_was_left_out_is_listed_with_its_reason(drawn: Any) -> None:
    assert "Keywords specific known for too few datasets (US 100 %, UK 0 %" in Page(drawn).text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"])
def test_names_out_of_records_are_text(compare: Any, evaluation: Any, both: list[Evaluation], name: Any) -> None:
    drawn = page(compare([*both, *[evaluation((1, 1, 1), name)] * 90]))
    found = Page(drawn)
    assert found.tags["script"] == found.tags["img"] == 0
    assert name in found.text


@pytest.mark.parametrize("code", ["US", "GB"])
def test_one_country_alone_makes_a_page_that_says_so(compare: Any, country: Any, code: Any) -> None:
    other = "UK" if code == "US" else "US"
    assert f"There are no datasets of the {other}" in Page(page(compare(country(code, [(1, 0, 1)] * 3)))).text


def test_long_lists_of_publishers_are_cut_and_say_so(compare: Any, country: Any) -> None:
    words = Page(page(compare(country("US", [(1, 1, 1)] * 60, each=1)))).text
    assert "the 50 with the most datasets, out of 60" in words


def test_no_data_sets_at_all_make_a_page_without_charts(compare: Any) -> None:
    assert Page(page(compare([]))).tags["svg"] == 0


@pytest.mark.parametrize("width", [390, 1100])
def test_a_browser_asks_for_nothing_and_scrolls_only_tables_sideways(
    browser: Any, drawn: Any, tmp_path: Path, width: Any
) -> None:
    path = tmp_path / "page.html"
    path.write_text(drawn, encoding="utf-8")
    tab = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    shown = tab.locator("svg:visible")
    assert shown.count() == 4
    assert all(shown.nth(place).bounding_box()["width"] <= width for place in range(4))
    tab.close()


@pytest.mark.parametrize("width", [390, 1100])
def test_axe_finds_no_barrier(browser: Any, drawn: Any, tmp_path: Path, width: Any) -> None:
    path = tmp_path / "page.html"
    path.write_text(drawn, encoding="utf-8")
    tab = browser.new_page(viewport={"width": width, "height": 800})
    tab.goto(path.as_uri())
    violations = [row["id"] for row in Axe().run(tab).response["violations"]]
    tab.close()
    assert violations == []
