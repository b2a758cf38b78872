"""What a site shows after three recipes of CONTRIBUTING.md: two pages, and a figure of agencies."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.recipes import PACKAGE, add_agency_figure, add_best_practice_page, add_page, copy_checkout, run_python

# The chosen country has the figure calculated; the figures of the snapshot are older than it.
AGENCIES = "/best-practice/agencies?country=US"
API, HELP, FILE = (
    "/api/3/action/aivision_agency_list?country=US",
    "/api/3/action/help_show?name=aivision_agency_list",
    "/best-practice/figures/agencies.csv?country=US",
)
OLDER, SIZES, SITEMAP = "/api/3/action/aivision_agency_list", "/best-practice/sizes", "/sitemap-pages.xml"
ADDRESSES = ("/grades", "/dataset/", SIZES, SITEMAP, AGENCIES, API, OLDER, HELP, FILE)
# A site of its own, since CKAN loads plugins once in a process.
SITE = """
import json, sys
import ckanext.aivision
from ckan.cli import load_config
from ckan.config.middleware import make_app
application = make_app(load_config(sys.argv[1]))._wsgi_app
answers = {path: application.test_client().get(path) for path in sys.argv[2:]}
pages = {path: [answer.status_code, answer.get_data(as_text=True)] for path, answer in answers.items()}
print(json.dumps({"code": ckanext.aivision.__file__, "pages": pages}))
"""


@pytest.fixture(scope="module")
def older_snapshot(ckan_application: Any, figures_of_two: str) -> Path:
    """One from before the figure, also in a checkout that has it already because a newcomer followed the recipe."""
    from ckanext.aivision.snapshot import read

    with ckan_application.app_context():
        newest = read.newest()
    assert newest is not None
    path = newest.folder / "figures.json"
    figures = msgspec.json.decode(path.read_bytes())
    for agency in figures["agencies"]:
        agency.pop("scored", None)
    path.write_bytes(msgspec.json.encode(figures))
    return newest.folder


@pytest.fixture(scope="module")
def pages(stack: Any, older_snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of ADDRESSES, of a site with the recipes followed."""
    copy = tmp_path_factory.mktemp("copy")
    copy_checkout(copy)
    for add in (add_page, add_best_practice_page, add_agency_figure):
        add(copy)
    done = run_python(copy, "-c", SITE, stack.ini, *ADDRESSES)
    assert done.returncode == 0, done.stderr
    site = json.loads(done.stdout.splitlines()[-1])
    assert site["code"] == str(copy / PACKAGE / "__init__.py")
    assert {path: status for path, (status, _) in site["pages"].items() if status != 200} == {}
    return {path: text for path, (_, text) in site["pages"].items()}


def test_a_page_shows_its_figures_and_every_page_has_its_tab(pages: dict[str, str]) -> None:
    rows = re.findall(r"<tr><td>([A-E])</td><td>(\d+)</td></tr>", pages["/grades"])
    assert rows == sorted(rows)
    assert sum(int(count) for _, count in rows) > 0
    assert re.search(r'<a href="/grades"[^>]*>Grades</a>', pages["/dataset/"])


def test_a_page_below_best_practice_shows_its_figures_and_is_in_the_list_and_the_sitemap(
    pages: dict[str, str],
) -> None:
    assert "<li>US: 5</li>" in pages[SIZES]
    assert f'<a href="{SIZES}" aria-current="page">Sizes</a>' in pages[SIZES]
    assert f'<a href="{SIZES}">Sizes</a>' in pages[AGENCIES].replace("?country=US", "")
    assert f"{SIZES}</loc>" in pages[SITEMAP]


def test_a_figure_of_agencies_is_on_the_page_in_the_api_its_reference_and_the_file(pages: dict[str, str]) -> None:
    (agency,) = json.loads(pages[API])["result"]["agencies"]
    assert agency["scored"] == agency["data_sets"] == 5
    assert re.search(r"5 datasets, \d+ per cent known, 5 with a score, small sample", pages[AGENCIES])
    assert "publishers, scored, mean (0 to 100; " in pages[HELP]
    table = csv.DictReader(io.StringIO(pages[FILE].removeprefix("\ufeff")))
    assert [row["Datasets with a score"] for row in table] == ["5"]
    assert {row["scored"] for row in json.loads(pages[OLDER])["result"]["agencies"]} == {0}
