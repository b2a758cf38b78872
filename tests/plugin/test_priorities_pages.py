"""The page of priorities: three lists from the figures, each row with its figures and where it leads."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

PAGE = "/best-practice/priorities"
AGENCIES = {
    "US": (
        "National Aeronautics and Space Administration",
        "Department of Education",
        "Department of Energy",
        "Department of Labor",
        "Small Business Administration",
        "Department of the Treasury",
    ),
    "GB": (
        "Cabinet Office",
        "HM Revenue and Customs",
        "Environment Agency",
        "Public Health Scotland",
        "Dundee City Council",
        "Glasgow City Council",
    ),
}
LEAST = 5
LICENCES = {"US": "CC0-1.0", "GB": "none"}


@pytest.fixture(scope="module")
def compared(ckan_application: Any) -> None:
    """A snapshot with six agencies a country: the US has open licences, the UK none, and nobody says much."""
    from ckan.plugins import toolkit

    from ckanext.aivision.snapshot.build import build

    with ckan_application.test_request_context():
        context = {"ignore_auth": True, "user": toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
        for country, titles in AGENCIES.items():
            for title in titles:
                data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": title}
                office = toolkit.get_action("organization_create")(dict(context), data)["id"]
                for number in range(LEAST):
                    package = {
                        "name": f"levels-{uuid.uuid4().hex[:8]}",
                        "title": f"River levels by week, station {number}",
                        "owner_org": office,
                        "country": country,
                        "license_id": LICENCES[country],
                        "resources": [{"url": "https://rivers.agency.gov.uk/levels.csv", "format": "CSV"}],
                    }
                    toolkit.get_action("package_create")(dict(context), package)
        build()


def in_words(part: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", part).split()))


def row(text: str, id: str) -> str:
    return text.split(f'id="{id}"')[1].split("</li>")[0]


@pytest.mark.usefixtures("compared")
def test_a_gap_has_its_figures_intervals_sample_sizes_gain_and_links(raw: Callable[[str], str], ckan: Any) -> None:
    found = next(
        one for one in ckan.get_action("aivision_compare")({"user": ""}, {})["criteria"] if one["id"] == "licence-open"
    )
    difference = found["comparison"]["by_agency"]
    part = row(raw(PAGE), "learn-licence-open")
    words = in_words(part)
    assert f"US ahead by {difference['value']:.1f} points" in words
    assert f"{difference['interval']['low']:.1f} to {difference['interval']['high']:.1f}" in words
    assert "US 100.0" in words
    assert words.count(f"{6 * LEAST} datasets judged, 6 agencies") == 2
    assert re.search(r"raise the mean score of the UK by about \d+\.\d points", words)
    assert 'href="/best-practice/criteria/licence-open"' in part
    assert 'href="/best-practice/exemplars?criterion=licence-open"' in part
    assert "River levels by week" in words, "the example to look at is of the country that is ahead"


@pytest.mark.usefixtures("compared")
def test_what_both_lack_is_in_the_second_list_and_what_no_format_says_in_the_third(raw: Callable[[str], str]) -> None:
    text = raw(PAGE)
    together = text.split('id="together"')[1].split("</section>")[0]
    unknown = text.split('id="unknown"')[1].split("</section>")[0]
    listed = set(re.findall(r'id="together-([\w-]+)"', together))
    assert "keywords-specific" in listed
    assert "licence-open" not in listed
    assert not listed & set(re.findall(r'id="unknown-([\w-]+)"', unknown))
    assert re.search(r"would rise by about: \d+\.\d points in the US; \d+\.\d points in the UK", in_words(together))


@pytest.mark.usefixtures("compared")
def test_the_lists_are_those_of_the_figures_and_numbered_above(raw: Callable[[str], str], ckan: Any) -> None:
    text = raw(PAGE)
    figures = ckan.get_action("aivision_compare")({"user": ""}, {})["criteria"]
    ahead = {one["id"] for one in figures if one["comparison"]["distinguishable"]}
    assert set(re.findall(r'id="learn-([\w-]+)"', text)) == ahead
    assert f"Learn from the other : {len(ahead)}" in in_words(text)


@pytest.mark.usefixtures("compared")
def test_filters_follow_and_one_country_alone_has_no_priorities(raw: Callable[[str], str], reader: Any) -> None:
    assert "there are only those of one" in raw(f"{PAGE}?country=GB")
    narrowed = html.unescape(raw(f"{PAGE}?kind=tabular"))
    assert 'href="/best-practice/criteria/licence-open?kind=tabular"' in narrowed
    assert 'href="/best-practice/exemplars?criterion=licence-open&kind=tabular"' in narrowed
    for asked in ("theme=no-such", "colour=red", "country=FR"):
        reader("").get(f"{PAGE}?{asked}", 400)


@pytest.mark.usefixtures("compared")
def test_the_comparison_leads_here_and_the_page_is_small(raw: Callable[[str], str]) -> None:
    assert f'href="{PAGE}"' in raw("/best-practice")
    assert 'href="/best-practice/exemplars"' in raw("/best-practice")
    assert len(raw(PAGE).encode()) < 100_000


@pytest.mark.usefixtures("no_snapshot")
def test_without_a_snapshot_the_page_says_so(reader: Any) -> None:
    assert "The first figures are being computed" in reader("").text(PAGE)
