"""The comparison as one page: complete in itself, safe whatever records say, readable by everyone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.selection import pairs

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


def test_the_verdict_stands_first_and_says_no_more_than_the_figures(compare: Any, both: list[Evaluation]) -> None:
    found = compare(both)
    words = Page(page(found)).text
    assert found.notes[0].replace(" -", " −") in words
    assert words.index("Overall the two cannot be told apart") < words.index("Overall and by dimension")


def test_every_dimension_opens_to_its_criteria(drawn: Any) -> None:
    for dimension, criteria in (
        ("findable", ("title-descriptive", "keywords-specific")),
        ("licensed", ("licence-open",)),
    ):
        opened = drawn.split(f'id="criteria-{dimension}"')[1].split("</details>")[0]
        assert all(f'id="criterion-{name}"' in opened for name in criteria)
        assert drawn.index(f'id="dimension-{dimension}"') < drawn.index(f'id="criteria-{dimension}"')


def test_every_chart_has_a_name_in_words_or_is_hidden_where_words_stand_beside_it(drawn: Any) -> None:
    charts = [attributes for tag, attributes in Page(drawn).attributes if tag == "svg"]
    assert len(charts) > 20
    assert all(row.get("aria-label") or row.get("aria-hidden") == "true" for row in charts)


def test_the_page_needs_no_other_host_and_no_script(drawn: Any) -> None:
    found = Page(drawn)
    assert found.tags["script"] == found.tags["link"] == found.tags["img"] == found.tags["iframe"] == 0
    addresses = [row.get("href") or row.get("src") for _, row in found.attributes if "src" in row or "href" in row]
    assert len(addresses) > 20
    assert not [address for address in addresses if not str(address).startswith("#")]
    assert not re.search(r"url\(\s*['\"]?https?:|@import", drawn)


def test_every_link_leads_to_something_on_the_page(drawn: Any) -> None:
    attributes = [row for _, row in Page(drawn).attributes]
    ids = {row["id"] for row in attributes if "id" in row}
    assert {str(row["href"]).removeprefix("#") for row in attributes if "href" in row} <= ids


def test_ids_stand_once_and_what_is_named_by_them_is_there(drawn: Any) -> None:
    attributes = [row for _, row in Page(drawn).attributes]
    ids = Counter(row["id"] for row in attributes if "id" in row)
    assert max(ids.values()) == 1
    assert {row["aria-labelledby"] for row in attributes if "aria-labelledby" in row} <= set(ids)


def test_one_number_a_name_is_charted_printed_and_compared(compare: Any, both: list[Evaluation]) -> None:
    found = compare(both)
    gap = found.overall.comparison.by_agency
    row = page(found).split('id="measure-overall"')[1].split("</li>\n")[0]
    for label, mean in (("US", gap.first), ("UK", gap.second)):
        assert f"{label} <b>{mean.value:.1f}</b> ({mean.interval.low:.1f} to {mean.interval.high:.1f})" in row
    assert set(re.findall(r'<use href="#aivision-shape-\d" x="([\d.]+)%"', row)) == {
        str(gap.first.value),
        str(gap.second.value),
    }
    assert "+36.6" in row


def test_sample_sizes_and_both_ways_of_counting_stand_on_the_page(drawn: Any) -> None:
    words = Page(drawn).text
    assert "US (40 datasets, 4 agencies)" in words
    assert "with each agency counted once" in words
    assert "With each dataset counted once" in words


def test_agencies_that_are_too_small_to_count_are_told_beside_the_sample(compare: Any, country: Any) -> None:
    small = country("GB", [(1, 1, 1)] * 3 + [(1, 0, 1)]) + country("US", [(1, 1, 1)] * 7, each=3)
    assert "US (21 datasets, 0 of 7 agencies counted)" in Page(page(compare(small))).text


def test_what_few_records_say_is_told_as_a_share_and_not_as_a_mean(drawn: Any) -> None:
    row = drawn.split('id="criterion-keywords-specific"')[1].split("</div></li>")[0]
    assert "UK said by 0 % of datasets (0 of 40)" in Page(row).text
    assert "not compared" in row
    assert "aivision-shape-1" not in row


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


def test_long_lists_of_agencies_are_cut_and_say_so(compare: Any, country: Any) -> None:
    words = Page(page(compare(country("US", [(1, 1, 1)] * 60, each=1)))).text
    assert "The 15 with the most datasets, out of 60." in words


def test_no_data_sets_at_all_make_a_page_without_charts(compare: Any) -> None:
    assert "aivision-measure" not in page(compare([])).split("<main>")[1]


@pytest.fixture
def shown(browser: Any, drawn: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens the page in a browser window of a width, or as it is printed on A4."""
    path = tmp_path / "page.html"
    path.write_text(drawn, encoding="utf-8")
    tabs = []

    def show(width: int, medium: str = "screen") -> Any:
        tab = browser.new_page(viewport={"width": width, "height": 800})
        tabs.append(tab)
        tab.emulate_media(media=medium)
        tab.asked = []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.goto(path.as_uri())
        return tab

    yield show
    for tab in tabs:
        tab.close()


# 718 pixels are the width of A4 less one centimetre on either side.
@pytest.mark.parametrize(("width", "medium"), [(390, "screen"), (1100, "screen"), (718, "print")])
def test_nothing_is_asked_for_and_nothing_is_cut_off_on_any_screen_or_on_paper(
    shown: Any, width: int, medium: str
) -> None:
    tab = shown(width, medium)
    assert len(tab.asked) == 1
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    sides = "row => [row.getBoundingClientRect().left, row.getBoundingClientRect().right]"
    rows = tab.locator(".aivision-measure > *:visible")
    assert rows.count() > 20
    for place in range(rows.count()):
        left, right = rows.nth(place).evaluate(sides)
        assert 0 <= left <= right <= width


@pytest.mark.parametrize("width", [390, 1100])
def test_both_countries_and_the_verdict_are_seen_in_every_row(shown: Any, width: int) -> None:
    row = shown(width).locator("#dimension-licensed")
    for words in ("US 87.5", "UK 18.8", "US ahead", "+68.8"):
        assert words in " ".join(row.inner_text().split())
    assert row.locator("svg use").count() == 2
    assert all(row.locator("svg use").nth(place).is_visible() for place in range(2))


def test_the_first_screen_answers(shown: Any) -> None:
    tab = shown(1280)
    assert tab.locator("#dimension-accessible").bounding_box()["y"] < 800
    assert tab.locator("#measure-overall").bounding_box()["y"] < 400


def test_what_is_folded_on_a_screen_is_printed(shown: Any) -> None:
    on_screen, on_paper = shown(718), shown(718, "print")
    for name in ("#criterion-licence-open", "#grade-A", "#compare-agencies"):
        assert on_paper.locator(name).is_visible(), name
    assert not on_screen.locator("#criterion-licence-open").is_visible()


def test_a_link_to_a_criterion_opens_what_it_stands_in(shown: Any) -> None:
    tab = shown(1100)
    tab.goto(f"{tab.url}#criterion-licence-open")
    assert tab.locator("#criterion-licence-open").is_visible()


@pytest.mark.parametrize(("width", "opened"), pairs([390, 1100], [False, True]))
def test_axe_finds_no_barrier(shown: Any, width: int, opened: bool) -> None:
    tab = shown(width)
    if opened:
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert [row["id"] for row in Axe().run(tab).response["violations"]] == []
