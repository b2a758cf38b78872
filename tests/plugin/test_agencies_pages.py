"""The pages about agencies: `/best-practice/agencies`, and one for each agency."""

from __future__ import annotations

import html
import re
import statistics
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.plugin.conftest import execute

LIST = "/best-practice/agencies"
OFFICE = f"{LIST}/gb-cabinet-office"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
# Of our pages, that these pages lead to.
OURS = ("/best-practice", "/dataset/", "/api/3/")


@pytest.fixture
def call(ckan: Any) -> Callable[..., Any]:
    """Calls an action as somebody who is not logged in."""
    return lambda action, **asked: ckan.get_action(action)({"user": ""}, asked)


@pytest.fixture(scope="module")
def counted_made() -> list[dict[str, Any]]:
    """What `counted` has published for the tests of this file."""
    return []


@pytest.fixture
def counted(counted_made: list[dict[str, Any]], published: Any, snapshot: Any) -> list[dict[str, Any]]:
    """Datasets enough for the Cabinet Office to be counted beside the others, in the newest snapshot."""
    if not counted_made:
        counted_made += [*(published() for _ in range(5)), published(license_id="none")]
        snapshot()
    return counted_made


@pytest.mark.usefixtures("counted")
def test_the_list_has_the_figures_of_the_api(text: Any, call: Any) -> None:
    found = next(row for row in call("aivision_agency_list")["agencies"] if row["id"] == "gb-cabinet-office")
    shown = text(f"{LIST}?country=GB")
    about = f"national, {found['data_sets']} datasets, {found['known']:.0f} per cent known"
    assert re.search(rf"Cabinet Office .*?UK {found['mean']:.1f} {about}", shown)
    grades = ", ".join(f"{grade} {number}" for grade, number in found["grades"].items() if number)
    assert f"grades: {grades}" in shown
    assert "Figures as of" in shown
    assert "This is not a ranking" in shown


@pytest.mark.usefixtures("counted")
def test_the_page_of_an_agency_has_the_figures_of_the_api(text: Any, call: Any) -> None:
    found = call("aivision_agency_show", id="gb-cabinet-office")
    shown = text(OFFICE)
    of_all = f"the mean of the scores of {found['data_sets']} datasets"
    assert f"Its own score is {found['mean']:.1f} of 100: {of_all}" in shown
    for row in found["dimensions"]:
        if row["mean"] is not None:
            assert f"{row['title']} " in shown
            assert f"this agency {row['mean']:.1f}" in shown
    for row in (*found["publishers"], *found["lowest"]):
        assert row["title"] in shown
    assert "Level of government national" in shown


@pytest.mark.usefixtures("counted")
def test_a_dimension_of_an_agency_is_the_mean_of_its_datasets_and_its_countrys_that_of_the_comparison(
    call: Any,
) -> None:
    found = call("aivision_agency_show", id="gb-cabinet-office")
    evaluations = call("aivision_evaluation_list", agency="gb-cabinet-office", limit=1000)["evaluations"]
    overview = call("aivision_compare")
    for row in found["dimensions"]:
        scores = [one["dimensions"][row["id"]] for one in evaluations if one["dimensions"][row["id"]] is not None]
        if row["mean"] is not None:
            assert row["mean"] == pytest.approx(sum(scores) / len(scores), abs=0.01)
            assert row["data_sets"] == len(scores)
        of_country = next(one for one in overview["dimensions"] if one["id"] == row["id"])["countries"]["GB"]
        assert row["of_country"]["mean"] == of_country["by_agency"]["value"]
    assert any(row["mean"] is not None for row in found["dimensions"])
    assert found["overall"]["mean"] == overview["overall"]["countries"]["GB"]["by_agency"]["value"]


def test_gaps_are_the_criteria_behind_the_countrys_agencies_with_the_fix(
    counted: Any, call: Any, text: Any, ckan: Any, site_user: dict[str, Any], snapshot: Any
) -> None:
    # Another agency that says under which licence its data are.
    name = f"office-{uuid.uuid4().hex[:8]}"
    ckan.get_action("organization_create")(dict(site_user), {"name": name, "title": "Department for Transport"})
    for number in range(6):
        package = {
            "name": f"{name}-{number}",
            "title": "Roads",
            "owner_org": name,
            "country": "GB",
            "license_id": "OGL-UK-3.0",
            "contact": [{"name": "Roads team", "email": "roads@rivers.example.gov"}],
            "resources": [{"url": "https://rivers.example.gov/roads.csv", "format": "CSV"}],
        }
        ckan.get_action("package_create")(dict(site_user), package)
    snapshot()
    found = call("aivision_agency_show", id="gb-cabinet-office")
    by_id = {row["id"]: row for row in found["criteria"]}
    licence = by_id["licence-open"]
    assert licence["behind"] == pytest.approx(licence["of_country"]["mean"] - licence["mean"], abs=0.01)
    assert licence["behind"] > 0
    assert "licence-open" in found["gaps"]
    assert all(by_id[id]["behind"] > 0 for id in found["gaps"])
    shown = text(OFFICE)
    for id in found["gaps"][:5]:
        assert (
            by_id[id]["fix"].replace("`", "") in re.sub(r" (?=[.,;:)])|(?<=\() ", "", shown) or "`" in by_id[id]["fix"]
        )
        assert f"{by_id[id]['behind']:.1f} points below" in shown


def test_an_agency_that_does_not_exist_is_not_found_with_or_without_figures(
    counted: Any, reader: Callable[[str], Any]
) -> None:
    for id in ("gb-no-such-office", "x%27%20OR%201=1", "%3Cscript%3E"):
        reader("").get(f"{LIST}/{id}", 404)


@pytest.mark.usefixtures("no_snapshot")
def test_while_there_is_no_snapshot_the_pages_say_so(text: Any, reader: Callable[[str], Any]) -> None:
    for path in (LIST, f"{LIST}?country=GB&sort=title", OFFICE):
        assert "The first figures are being computed" in text(path)
    reader("").get(f"{LIST}/gb-no-such-office", 404)


@pytest.mark.usefixtures("counted")
def test_an_agency_without_datasets_says_so(text: Any) -> None:
    shown = text(f"{LIST}/us-581-00")
    assert "This catalogue has no public dataset of this agency itself" in shown
    assert "Its own score" not in shown


@pytest.mark.usefixtures("counted")
def test_few_datasets_are_a_small_sample(text: Any, call: Any) -> None:
    number = call("aivision_agency_show", id="gb-cabinet-office")["data_sets"]
    assert (f"Small sample: {number} datasets" in text(OFFICE)) == (number < 30)


@pytest.mark.parametrize(
    "question",
    ["planet=mars", "country=FR", "level=galactic", "sort=best", "page=0", "page=x", "page=-1", "page=1&page=2",
     "lens=mqa", "as_of=2026-11-30", "publisher=nobody-at-all", "kind=", "kind=tabular&year=soon"],
)  # fmt: skip
def test_what_means_nothing_is_refused(question: str, counted: Any, reader: Callable[[str], Any]) -> None:
    # A form sends an empty value for what is not chosen.
    reader("").get(f"{LIST}?{question}", 200 if question == "kind=" else 400)


@pytest.mark.usefixtures("counted")
def test_filters_narrow_the_list_and_stay_in_its_links(reader: Callable[[str], Any], text: Any, call: Any) -> None:
    chosen = call("aivision_agency_list", country="GB", licence="none")["agencies"]
    shown = text(f"{LIST}?country=GB&licence=none&sort=title")
    for row in chosen:
        assert row["title"] in shown
    assert "Country: UK" in shown
    assert "What the licence allows: nothing is said" in shown
    page = reader("").text(f"{LIST}?country=GB&licence=none&sort=title")
    assert f'href="{LIST}?country=GB&licence=none&sort=mean"' in page
    assert '<input type="hidden" name="sort" value="title">' in page
    nothing = text(f"{LIST}?country=US&licence=none&year=1001")
    assert "No agency has datasets like these" in nothing


@pytest.mark.usefixtures("counted")
def test_agencies_with_few_datasets_come_last_in_every_order(text: Any, call: Any) -> None:
    few = call("aivision_agency_list", counted=False)
    assert all(row["data_sets"] < 5 for row in few["agencies"])
    many = call("aivision_agency_list", counted="true")
    assert all(row["data_sets"] >= 5 for row in many["agencies"])
    assert few["count"] + many["count"] == call("aivision_agency_list")["count"]
    if few["count"]:
        last = text(f"{LIST}?sort=title").split("Agencies with fewer than 5 datasets")[1]
        assert all(row["title"] in last for row in few["agencies"])


@pytest.mark.usefixtures("counted")
def test_a_page_that_is_not_there_is_not_found(reader: Callable[[str], Any]) -> None:
    reader("").get(f"{LIST}?page=1")
    reader("").get(f"{LIST}?page=9999", 404)


def test_links_to_the_next_page_lead_through_the_whole_list(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ckanext.aivision.views.best_practice.agencies.ON_A_PAGE", 1)
    found, path = [], f"{LIST}?sort=title"
    while path:
        page = visit(path)
        assert page.status_code == 200, path
        text = html.unescape(page.get_data(as_text=True))
        found += re.findall(r'id="agency-([^"]+)"', text)
        path = next(iter(re.findall(r'rel="next" href="([^"]+)"', text)), "")
    assert {"gb-cabinet-office", "us-026"} <= set(found)
    assert len(found) == len(set(found))


def test_what_a_record_brings_is_escaped(counted: Any, published: Any, snapshot: Any, reader: Any, call: Any) -> None:
    published(title=f"Levels {HOSTILE}", publisher=[{"name": f"Office {HOSTILE}", "part_of": "Cabinet Office"}])
    snapshot()
    found = call("aivision_agency_show", id="gb-cabinet-office")
    assert any(HOSTILE in row["title"] for row in (*found["publishers"], *found["lowest"]))
    for path in (LIST, OFFICE, "/best-practice"):
        page = reader("").get(path).get_data(as_text=True)
        assert "<script>alert(1)" not in page, path
        assert "<img src=x" not in page, path


def test_private_and_deleted_datasets_are_never_named(
    published: Any, snapshot: Any, text: Any, call: Any, ckan: Any, site_user: dict[str, Any]
) -> None:
    private = published(title="Secret levels", private=True, resources=[], license_id="none")
    hidden, gone = (published(title=f"Secret levels {number}", resources=[], license_id="none") for number in (1, 2))
    snapshot()
    named = {row["id"] for row in call("aivision_agency_show", id="gb-cabinet-office")["lowest"]}
    assert hidden["id"] in named
    assert private["id"] not in named
    execute("UPDATE package SET private = TRUE WHERE id = :id", id=hidden["id"])
    ckan.get_action("package_delete")(dict(site_user), {"id": gone["id"]})
    assert "Secret levels" not in text(OFFICE)


@pytest.mark.usefixtures("counted")
def test_every_link_of_ours_leads_somewhere(reader: Callable[[str], Any]) -> None:
    found = set()
    for path in (LIST, OFFICE, f"{LIST}/us-026"):
        page = reader("").text(path)
        main = page[page.index('role="main"') :]
        found |= {link for link in re.findall(r'href="(/[^"]*)"', main) if link.startswith(OURS)}
    assert any(link.startswith("/dataset/?aivision_agency=gb-cabinet-office") for link in found)
    for link in sorted(found, key=lambda one: urlsplit(one).path)[:60]:
        reader("").get(link)


def test_the_search_that_a_page_leads_to_finds_the_datasets_of_the_agency(
    counted: list[dict[str, Any]], call: Any, reader: Callable[[str], Any], text: Any
) -> None:
    (link,) = set(re.findall(r'href="(/dataset/[?][^"]*)"', reader("").text(OFFICE)))
    number = call("package_search", fq="aivision_agency:gb-cabinet-office", rows=0)["count"]
    assert number >= len(counted)
    assert f"{number} datasets found" in text(link)


@pytest.mark.usefixtures("counted")
def test_the_comparison_leads_to_the_pages_of_agencies(reader: Callable[[str], Any]) -> None:
    assert f'href="{LIST}"' in reader("").text("/best-practice")
    page = reader("").text("/best-practice/robustness")
    assert page.count(f'href="{OFFICE}"') >= 2


def test_an_agency_leads_to_the_body_above_it_and_those_below(text: Any, counted: Any, reader: Any) -> None:
    above = reader("").text(f"{LIST}/us-005")
    assert f'href="{LIST}/us-005-18"' in above
    below = reader("").text(f"{LIST}/us-005-18")
    assert f'href="{LIST}/us-005"' in below


def test_a_dataset_leads_to_its_agency_once_it_is_counted(
    counted: list[dict[str, Any]], published: Any, reader: Callable[[str], Any]
) -> None:
    assert f'href="{OFFICE}">Cabinet Office</a>' in reader("").text(f"/dataset/{counted[0]['name']}")
    assert f'href="{OFFICE}"' not in reader("").text(f"/dataset/{published()['name']}")


@pytest.fixture(scope="module")
def peers_made() -> list[str]:
    """The ids of the agencies that `peers` has made for the tests of this file."""
    return []


@pytest.fixture
def peers(counted: Any, peers_made: list[str], ckan: Any, site_user: dict[str, Any], snapshot: Any) -> list[str]:
    """The ids of three other national agencies with datasets enough to be compared."""
    titles = ("Department for Transport", "Home Office", "Ministry of Defence") if not peers_made else ()
    for title in titles:
        name = f"office-{uuid.uuid4().hex[:8]}"
        ckan.get_action("organization_create")(dict(site_user), {"name": name, "title": title})
        for number in range(5):
            package = {
                "name": f"{name}-{number}",
                "title": "Roads",
                "owner_org": name,
                "country": "GB",
                "license_id": "OGL-UK-3.0" if title.startswith("D") else "none",
                "resources": [{"url": "https://rivers.example.gov/roads.csv", "format": "CSV"}],
            }
            ckan.get_action("package_create")(dict(site_user), package)
        peers_made.append(f"gb-{title.lower().replace(' ', '-')}")
    if titles:
        snapshot()
    return peers_made


def test_peers_are_the_other_counted_agencies_of_the_same_country_and_level(
    peers: list[str], call: Any, text: Any, raw: Any
) -> None:
    found = call("aivision_agency_show", id="gb-cabinet-office")
    listed = call("aivision_agency_list", country="GB", level="national", counted="true", limit=1000)["agencies"]
    means = {row["id"]: row["mean"] for row in listed if row["mean"] is not None and row["id"] != "gb-cabinet-office"}
    assert {row["id"]: row["mean"] for row in found["peers"]["agencies"]} == means
    assert set(peers) <= set(means)
    assert found["peers"]["median"] == pytest.approx(statistics.median(means.values()), abs=0.01)
    shown, page = text(OFFICE), raw(OFFICE)
    assert f"Median of its peers: {found['peers']['median']:.1f}" in shown
    assert f"The {len(means)} other agencies of its country and level" in shown
    assert f"this agency {found['mean']:.1f}" in page
    assert f"{LIST}/{peers[0]}" in page


@pytest.mark.usefixtures("peers")
def test_the_peers_median_in_a_dimension_is_that_of_their_own_means(call: Any) -> None:
    found = call("aivision_agency_show", id="gb-cabinet-office")
    others = [call("aivision_agency_show", id=row["id"]) for row in found["peers"]["agencies"]]
    means = [row["mean"] for one in others for row in one["dimensions"] if row["id"] == "licensed"]
    assert found["peers"]["dimensions"]["licensed"]["agencies"] == len(means)
    assert found["peers"]["dimensions"]["licensed"]["median"] == pytest.approx(statistics.median(means), abs=0.01)


@pytest.mark.usefixtures("counted")
def test_an_agency_with_too_few_peers_is_compared_with_none(text: Any, call: Any) -> None:
    found = call("aivision_agency_show", id="us-581-00")
    assert found["peers"]["median"] is None
    assert found["peers"]["dimensions"] == {}


@pytest.mark.usefixtures("peers")
def test_three_strengths_are_above_and_three_gaps_below_the_countrys_mean(call: Any, raw: Any) -> None:
    found = call("aivision_agency_show", id="gb-cabinet-office")
    by_id = {row["id"]: row for row in found["criteria"]}
    assert all(by_id[id]["behind"] < 0 for id in found["strengths"])
    assert all(by_id[id]["behind"] > 0 for id in found["gaps"])
    page = raw(OFFICE)
    assert re.findall(r'id="strength-([^"]+)"', page) == found["strengths"][:3]
    assert re.findall(r'id="criterion-([^"]+)"', page) == found["gaps"][:3]


def test_mending_a_criterion_raises_the_mean_score_by_what_is_promised_at_least(
    counted: Any, counted_made: list[Any], call: Any, snapshot: Any, ckan: Any, site_user: dict[str, Any]
) -> None:
    snapshot()
    before = call("aivision_agency_show", id="gb-cabinet-office")
    gain = next(row["gain"] for row in before["criteria"] if row["id"] == "licence-open")
    assert gain > 0
    for row in call("aivision_evaluation_list", agency="gb-cabinet-office", limit=1000)["evaluations"]:
        ckan.get_action("package_patch")(dict(site_user), {"id": row["id"], "license_id": "OGL-UK-3.0"})
    counted_made.clear()  # The next test that counts on datasets with gaps publishes its own.
    snapshot()
    after = call("aivision_agency_show", id="gb-cabinet-office")
    assert next(row["gain"] for row in after["criteria"] if row["id"] == "licence-open") == 0
    assert after["mean"] - before["mean"] >= gain - 0.05


def test_an_organization_and_its_agency_lead_to_each_other(
    counted: list[dict[str, Any]], raw: Any, cabinet_office: str, ckan: Any, site_user: dict[str, Any]
) -> None:
    name = counted[0]["organization"]["name"]
    assert f'href="{OFFICE}"' in raw(f"/organization/{name}")
    assert f'href="/organization/{name}"' in raw(OFFICE)
    assert "/best-practice/trends?agency=gb-cabinet-office" in raw(OFFICE)
    empty = f"office-{uuid.uuid4().hex[:8]}"
    ckan.get_action("organization_create")(dict(site_user), {"name": empty, "title": "Empty office"})
    assert LIST not in raw(f"/organization/{empty}").split('role="main"')[1]
