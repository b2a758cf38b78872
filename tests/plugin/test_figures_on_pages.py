"""Where figures stand: on their pages, on a page of their own, and embedded in those of others."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from lxml import etree

FILES, EMBED = "/best-practice/figures", "/best-practice/embed"
# The figures below each page; the list of agencies has a page of its own, and stands on that of robustness too.
BELOW = {
    "/best-practice": {"dimensions"},
    "/best-practice/robustness": {"dimensions-by-dataset", "grades", "agencies"},
    "/best-practice/frameworks/us-commerce": {"lens"},
    "/best-practice/criteria": {"criteria"},
    "/best-practice/criteria/licence-open": {"criterion/licence-open", "criterion-agencies/licence-open"},
    "/best-practice/agencies": {"agencies"},
    "/best-practice/agencies/gb-cabinet-office": {
        *("agency/gb-cabinet-office", "agency-criteria/gb-cabinet-office", "agency-datasets/gb-cabinet-office"),
    },
    "/best-practice/trends": {"trends"},
    "/best-practice/trends?agency=gb-cabinet-office&first=2026-01-01": {"trends"},
    "/best-practice/priorities": {"priorities"},
    "/best-practice/exemplars": {"exemplars"},
    "/best-practice/exemplars?criterion=licence-open": {"exemplars"},
    "/best-practice/frameworks": {"frameworks"},
    "/best-practice/frameworks/crosswalk": {"crosswalk"},
    "/best-practice/coverage": {"coverage-catalogues", "coverage-levels", "coverage-bodies", "coverage-sources"},
}
# These are tables: their bars offer no picture.
TABLES = {
    *("agency-datasets/gb-cabinet-office", "priorities", "exemplars", "crosswalk"),
    *("coverage-catalogues", "coverage-sources"),
}


def test_only_the_page_to_embed_can_be_shown_in_a_frame(visit: Any) -> None:
    embedded = visit(f"{EMBED}/dimensions")
    assert embedded.headers["Content-Security-Policy"].endswith("frame-ancestors *")
    assert "X-Frame-Options" not in embedded.headers
    for path in ("/best-practice", "/best-practice/criteria", f"{FILES}/dimensions", "/best-practice/agencies"):
        answer = visit(path)
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_the_page_to_embed_has_no_scripts_and_leads_back(visit: Any) -> None:
    text = visit(f"{EMBED}/criterion/licence-open").get_data(as_text=True)
    assert "<script" not in text
    assert not re.search(r'(?:src|@import|<link rel="stylesheet")', text)
    assert f"{FILES}/criterion/licence-open?as_of=" in text
    assert len(text) < 30_000


def test_the_codes_to_embed_can_be_copied(visit: Any) -> None:
    page = visit(f"{FILES}/criterion/licence-open").get_data(as_text=True)
    codes = [html.unescape(code) for code in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]
    frame, image = (etree.fromstring(code, etree.HTMLParser()) for code in codes)
    source = frame.find(".//iframe").get("src")
    assert visit(source).status_code == 200
    assert "Licence open" in image.find(".//a/img").get("alt")
    assert "<script" not in "".join(codes)
    assert image.find(".//a/img").get("src").endswith(".svg")


@pytest.mark.parametrize(("page", "figures_below"), BELOW.items())
def test_every_figure_of_a_page_can_be_taken_away(visit: Any, page: str, figures_below: set[str]) -> None:
    addresses = [
        html.unescape(found) for found in re.findall(rf'href="({FILES}/[^"]+)"', visit(page).get_data(as_text=True))
    ]
    files = [found for found in addresses if "." in found]
    for ending in ("csv", "xlsx", "json", "svg", "png"):
        found = {path.partition("?")[0].removeprefix(f"{FILES}/") for path in files if f".{ending}" in path}
        assert found == {
            f"{figure}.{ending}" for figure in figures_below if figure not in TABLES or ending not in ("svg", "png")
        }
    for path in addresses:
        if not re.search(r"\.(svg|png)", path):
            assert visit(path).status_code == 200, path


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("?licence=open&country=GB", "dimensions.csv?country=GB&licence=open"),
        ("/priorities?licence=open", "priorities.csv?licence=open"),
        ("/exemplars?criterion=licence-open&country=GB", "exemplars.csv?country=GB&criterion=licence-open"),
        (
            "/trends?agency=gb-cabinet-office&dimension=licensed&first=2026-01-01",
            "trends.csv?agency=gb-cabinet-office&dimension=licensed&first=2026-01-01",
        ),
    ],
)
def test_files_are_narrowed_as_their_page_is(visit: Any, page: str, file: str) -> None:
    text = html.unescape(visit(f"/best-practice{page}").get_data(as_text=True))
    assert f'{FILES}/{file}"' in text
    assert visit(f"{FILES}/{file}").status_code == 200


@pytest.mark.parametrize("figure", sorted(TABLES))
def test_a_table_is_no_picture_and_cannot_be_embedded(visit: Any, figure: str) -> None:
    assert visit(f"{EMBED}/{figure}").status_code == 404
    assert visit(f"{FILES}/{figure}.png").status_code == 404
    assert "<iframe" not in html.unescape(visit(f"{FILES}/{figure}").get_data(as_text=True))


@pytest.mark.parametrize("figure", sorted(set.union(*BELOW.values())))
def test_a_figures_own_page_leads_to_a_page_that_it_stands_on(visit: Any, figure: str) -> None:
    asked = f"{figure}?lens=us-commerce" if figure == "lens" else figure
    text = html.unescape(visit(f"{FILES}/{asked}").get_data(as_text=True))
    (address,) = re.findall(r'href="([^"]+)">The page of this figure', text)
    answer = visit(address)
    shown = visit(answer.location) if answer.status_code == 302 else answer
    assert shown.status_code == 200
    assert f"{FILES}/{figure}" in shown.get_data(as_text=True)
