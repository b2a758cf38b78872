"""`/best-practice` and the pages of frameworks: the same answer everywhere, and one number a name."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from ckanext.aivision.compare.answer import MOST_WORDS
from ckanext.aivision.scoring.lenses.load import load_lens, names

PAGE, JSON, FRAMEWORKS = "/best-practice", "/best-practice.json", "/best-practice/frameworks"
CROSSWALK, ROBUSTNESS, CRITERIA = f"{FRAMEWORKS}/crosswalk", "/best-practice/robustness", "/best-practice/criteria"
LENS_PAGES = tuple(f"{FRAMEWORKS}/{name}" for name in names())
PAGES = (PAGE, FRAMEWORKS, CROSSWALK, ROBUSTNESS, CRITERIA, *LENS_PAGES)
LARGEST = 100_000  # bytes of a page
FIGURE = re.compile(r"(US|UK) (\d+\.\d)( \(\d+\.\d to \d+\.\d\))?")


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def tree(text: str) -> Any:
    return etree.fromstring(text, etree.HTMLParser())


def by_class(element: Any, name: str) -> list[Any]:
    found: list[Any] = element.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]")
    return found


def printed(page: Any) -> dict[tuple[str, str], set[str]]:
    """Every figure of a country that the page prints, charts or says, by its name and the country."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in by_class(page, "aivision-measure"):
        headings = row.xpath("./h3|./h4")
        if not headings:
            continue
        told = [words(item) for item in row.xpath("./ul/li")]
        told += [title.text for title in row.xpath("./svg//title")]
        told += [part.partition(": ")[2] for part in row.xpath("./svg/@aria-label")]
        for label, value, interval in (match.groups("") for text in told for match in FIGURE.finditer(text)):
            found.setdefault((words(headings[0]), label), set()).add(value + interval)
    for row in page.xpath("//table[.//th[text()='Questions compared']]/tbody/tr"):
        for label in ("US", "UK"):
            for cell in row.xpath(f"./td[@data-label='{label}']"):
                found.setdefault((words(row.xpath("./th")[0]), label), set()).add(words(cell))
    return found


@pytest.mark.usefixtures("compared")
def test_no_name_has_two_numbers_on_the_pages_of_the_comparison(raw: Callable[[str], str]) -> None:
    together: dict[tuple[str, str], set[str]] = {}
    for path in (PAGE, FRAMEWORKS, CRITERIA, ROBUSTNESS):
        for key, figures in printed(tree(raw(path))).items():
            together.setdefault(key, set()).update(figures)
    assert ("Overall", "US") in together
    assert ("Overall, by dataset", "US") in together
    assert ("MQA", "UK") in together
    assert {key: figures for key, figures in together.items() if len(figures) > 1} == {}
    assert together["Overall", "US"] == together["Our view", "US"]


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize("path", LENS_PAGES)
def test_no_name_has_two_numbers_on_the_page_of_a_framework(raw: Callable[[str], str], path: str) -> None:
    figures = printed(tree(raw(path)))
    assert figures
    assert [key for key, values in figures.items() if len(values) > 1] == []


@pytest.mark.usefixtures("compared")
def test_the_answer_is_the_same_on_the_page_in_json_and_in_the_api(raw: Callable[[str], str], ckan: Any) -> None:
    for asked in ("", "?licence=open", "?country=GB"):
        figures = json.loads(raw(f"{JSON}{asked}"))
        said = words(by_class(tree(raw(f"{PAGE}{asked}")), "aivision-finding")[0])
        assert said == figures["verdict"].replace(" -", " −")
        assert len(said.split()) <= MOST_WORDS
    assert ckan.get_action("aivision_compare")({"user": ""}, {"country": ["GB"]})["verdict"] == figures["verdict"]
    assert json.loads(raw(JSON))["verdict"].startswith("Overall the ")
    assert "no datasets of the US" in figures["verdict"]


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize("name", names()[1:])
def test_the_answer_through_a_framework_is_that_of_its_figures(raw: Callable[[str], str], name: str) -> None:
    figures = json.loads(raw(f"{JSON}?lens={name}"))
    said = words(by_class(tree(raw(f"{FRAMEWORKS}/{name}")), "aivision-finding")[0])
    assert said == figures["verdict"].replace(" -", " −") == figures["lens"]["verdict"].replace(" -", " −")
    assert said.startswith(f"Through {load_lens(name).short} the ")


@pytest.mark.usefixtures("compared")
def test_every_framework_has_a_row_that_leads_to_its_page(raw: Callable[[str], str]) -> None:
    page = tree(raw(f"{PAGE}?licence=open"))
    rows = page.xpath("//table[.//th[text()='Questions compared']]/tbody/tr")
    assert {row.xpath("./th/a/@href")[0] for row in rows} == {f"{path}?licence=open" for path in LENS_PAGES}
    for row in rows:
        cells = {cell.get("data-label"): words(cell) for cell in row.xpath("./td")}
        assert list(cells) == ["US", "UK", "Difference", "Result", "Questions compared"]
        assert re.fullmatch(r"[+−]?\d+\.\d+ \([+−]?\d+\.\d+ to [+−]?\d+\.\d+\)", cells["Difference"]), cells
        assert cells["Result"] in ("US ahead", "UK ahead", "cannot be told apart")
        assert re.fullmatch(r"\d+ of \d+ \(\d+ %\)", cells["Questions compared"])


@pytest.mark.usefixtures("compared")
def test_mqa_is_compared_by_what_the_records_themselves_say(raw: Callable[[str], str]) -> None:
    """Of the 100 points for findability, keywords give 30; the records name no theme, place or period."""
    figures = json.loads(raw(f"{JSON}?lens=mqa"))["lens"]
    found = next(row for row in figures["groups"] if row["id"] == "findability")["comparison"]["by_data_set"]
    assert figures["lacking"] == ""
    assert found["first"]["value"] == pytest.approx(30)
    assert found["second"]["value"] == pytest.approx(30 * 2 / 3)
    narrowed = json.loads(raw(f"{JSON}?lens=mqa&licence=open&country=US"))["lens"]["groups"]
    assert narrowed[0]["countries"]["US"]["by_data_set"]["value"] == pytest.approx(30)


@pytest.mark.usefixtures("compared")
def test_titles_and_headings_differ_by_framework_and_filter(raw: Callable[[str], str]) -> None:
    paths = [*PAGES, *(f"{path}?{asked}" for path in PAGES for asked in ("licence=open", "kind=tabular"))]
    pages = [tree(raw(path)) for path in paths if not path.startswith(f"{CRITERIA}?")]
    assert len({words(page.find(".//title")) for page in pages}) == len(pages)
    assert len({words(page.find(".//h1")) for page in pages}) == len(pages)


@pytest.mark.usefixtures("compared")
def test_the_former_address_of_a_lens_leads_to_its_page_with_the_filters(reader: Any) -> None:
    answer = reader("").get(f"{PAGE}?lens=uk-dsit&licence=open", 302)
    assert answer.headers["Location"].endswith(f"{FRAMEWORKS}/uk-dsit?licence=open")
    reader("").get(f"{PAGE}?lens=aivision")


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{FRAMEWORKS}/no-such", 404),
        (f"{FRAMEWORKS}/..%2Fmqa", 404),
        (f"{FRAMEWORKS}/mqa?lens=odi", 400),
        (f"{FRAMEWORKS}?lens=odi", 400),
        (f"{FRAMEWORKS}?colour=red", 400),
        (f"{CROSSWALK}?theme=%3Cscript%3Ealert(1)%3C/script%3E", 400),
        (f"{ROBUSTNESS}?as_of=yesterday", 400),
        (f"{PAGE}?lens=no-such", 400),
    ],
)
def test_what_there_is_not_is_refused(reader: Any, path: str, status: int) -> None:
    assert "<script>alert" not in reader("").get(path, status).get_data(as_text=True)


@pytest.mark.usefixtures("compared")
def test_a_clause_has_its_criteria_with_figures_and_the_clauses_of_the_other_country(
    raw: Callable[[str], str],
) -> None:
    page = tree(raw(f"{CROSSWALK}?licence=open"))
    row = page.xpath("//tr[@id='clause-DOC-2.1.1']")[0]
    keywords = next(words(item) for item in row.xpath(".//li") if words(item).startswith("Keywords specific: "))
    figures = printed(tree(raw(f"{CRITERIA}?licence=open")))
    for label in ("US", "UK"):
        (value,) = figures["Keywords specific", label]
        assert f"{label} {value.partition(' ')[0]}" in keywords
    assert f"{CRITERIA}/keywords-specific?licence=open" in row.xpath(".//li/a/@href")
    assert "DSIT P2" in words(row.xpath("./td[2]")[0])
    targets = {anchor for anchor in page.xpath("//td/a/@href") if anchor.startswith("#")}
    assert targets <= {f"#{id}" for id in page.xpath("//tr/@id")}


@pytest.mark.usefixtures("compared")
def test_what_few_records_say_is_a_share_and_never_a_mean(raw: Callable[[str], str]) -> None:
    figures = json.loads(raw(JSON))
    few = [
        (row["title"], found)
        for row in (*figures["criteria"], *figures["dimensions"])
        for found in row["countries"].values()
        if found["too_little"]
    ]
    assert "said by 3 % of datasets (1 of 30)" in [found["too_little"] for _, found in few]
    for title, found in few:
        assert found["by_agency"]["value"] is found["by_data_set"]["value"] is found["passed"]["value"] is None, title
    for path in (PAGE, CRITERIA):
        text = html.unescape(raw(path))
        assert "said by 3 % of datasets (1 of 30)" in text


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_not_large(raw: Callable[[str], str], path: str) -> None:
    assert len(raw(path).encode()) < LARGEST
