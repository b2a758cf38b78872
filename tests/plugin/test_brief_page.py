"""`/best-practice/brief`: what the comparison says, on two sheets of A4."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

BRIEF = "/best-practice/brief"
LARGEST = 100_000  # bytes of a page


@pytest.fixture
def figures(ckan: Any) -> Callable[..., dict[str, Any]]:
    """The comparison as the API gives it out."""
    return lambda **asked: ckan.get_action("aivision_compare")({"user": ""}, asked)


@pytest.mark.usefixtures("compared")
def test_it_has_the_answer_of_the_comparison_and_all_that_a_reader_must_know(text: Any, figures: Any) -> None:
    shown, found = text(BRIEF), figures()
    assert found["notes"][0].replace(" -", " −") in shown
    for row in found["dimensions"]:
        assert row["title"] in shown
    for country in found["countries"]:
        assert f"datasets: {country['data_sets']:,}; agencies: {country['agencies']:,}" in shown
        assert f"The {country['label']} here is {country['data_sets']:,} datasets of" in shown
    for words in (
        "What each side can say",
        "What both are weak in",
        "Under every framework",
        "Sources, US (datasets):",
    ):
        assert words in shown
    day = found["as_of"][:10]
    version = found["rubric_version"]
    assert f"Figures as of {day}, rubric {version}. http" in shown
    assert f"{BRIEF}" in shown[shown.index("How to cite:") :]


@pytest.mark.usefixtures("compared")
def test_each_side_has_three_points(raw: Any) -> None:
    page = raw(BRIEF)
    part = page[page.index('id="brief-points"') : page.index('id="brief-weak"')]
    sides = re.findall(r"<h3>.*?</h3>\s*<ul>(.*?)</ul>", part, re.DOTALL)
    assert [side.count("<li>") for side in sides] == [3, 3]


@pytest.mark.usefixtures("compared")
def test_filters_narrow_it_and_are_said_and_cited(text: Any, figures: Any, raw: Any) -> None:
    asked = f"{BRIEF}?country=US&licence=none"
    shown, found = text(f"{BRIEF}?country=US"), figures(country="US")
    assert "Only datasets with: Country: " in shown
    assert found["notes"][0] in shown
    assert "The whole catalogue, of which these figures are a part:" in shown
    assert f"{BRIEF}?country=US" in shown[shown.index("How to cite:") :]
    assert f'href="{BRIEF}?country=US"' in raw("/best-practice?country=US")
    assert "licence=none" in raw(asked)


@pytest.mark.usefixtures("compared")
def test_what_means_nothing_is_refused(reader: Callable[[str], Any]) -> None:
    for question in ("planet=mars", "country=FR", "lens=mqa", "as_of=yesterday", "publisher=nobody-at-all"):
        reader("").get(f"{BRIEF}?{question}", 400)
    reader("").get(f"{BRIEF}?kind=")
    reader("").get(f"{BRIEF}?as_of=1999-01-01", 404)


@pytest.mark.usefixtures("compared")
def test_it_is_small(reader: Callable[[str], Any]) -> None:
    assert len(reader("").get(BRIEF).get_data()) < LARGEST


@pytest.mark.usefixtures("no_snapshot")
def test_while_there_is_no_snapshot_it_says_so(text: Any) -> None:
    assert "The first figures are being computed" in text(BRIEF)
