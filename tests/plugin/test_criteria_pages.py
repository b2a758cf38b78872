"""The pages of criteria: all of them in a list, and each with the agencies and datasets behind its figures."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from ckanext.aivision.scoring.rubric import load

LIST, PAGE = "/best-practice/criteria", "/best-practice/criteria/licence-open"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
REFUSED = ("country=FR", "colour=red", "theme=%3Cscript%3Ealert(1)%3C/script%3E", "agency=us-999", "as_of=yesterday")
OPEN, CLOSED = "OGL-UK-3.0", "none"
LEAST = 5
OUTCOMES = ("passed", "partial", "failed", "unknown", "not_applicable")
EXAMPLE = re.compile(r'href="/dataset/([\w-]+)#ai-readiness"')


@pytest.fixture
def published(ckan: Any, site_user: dict[str, Any], offices: dict[str, str]) -> Callable[..., dict[str, Any]]:
    """Publishes a dataset of the country's agency."""

    def publish(country: str = "GB", licence: str = OPEN, **fields: Any) -> dict[str, Any]:
        package = {
            "name": f"levels-{uuid.uuid4().hex[:8]}",
            "title": "River levels, weekly",
            "owner_org": offices[country],
            "country": country,
            "license_id": licence,
            "resources": [{"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}],
            **fields,
        }
        made: dict[str, Any] = ckan.get_action("package_create")(dict(site_user), package)
        return made

    return publish


@pytest.fixture(scope="module")
def both_made() -> list[dict[str, Any]]:
    """What `both` has published for the tests of this file."""
    return []


@pytest.fixture
def both(both_made: list[dict[str, Any]], published: Any, snapshot: Any) -> None:
    """A snapshot in which an agency of each country has datasets enough to count, and some fail."""
    if not both_made:
        for country in ("US", "GB"):
            both_made += [published(country, CLOSED if number == 0 else OPEN) for number in range(LEAST)]
        snapshot()


@pytest.fixture
def narrowed(ckan: Any) -> Callable[[str], str]:
    """The address of the page, narrowed to the publisher of a dataset, which is given by name."""

    def find(name: str) -> str:
        asked = {"sort": "modified", "limit": 1000, "fields": "name,publisher"}
        rows = ckan.get_action("aivision_evaluation_list")({"user": ""}, asked)["evaluations"]
        publisher = next(row["publisher"] for row in rows if row["name"] == name)
        return f"{PAGE}?{urlencode({'publisher': publisher})}"

    return find


def row_of(text: str, id: str) -> str:
    """The row with this id, as readers see it: words without tags."""
    part = text.split(f'id="{id}"')[1].split("</li>\n")[0].split('<div class="aivision-measure')[0]
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", part).split()))


def links(text: str) -> set[str]:
    """Where links of the main part of a page lead on this site, without the part of the page."""
    main = text.split('role="main"')[1].split("</article>")[0]
    found = {html.unescape(address) for address in re.findall(r'href="([^"]+)"', main)}
    return {address.split("#")[0] for address in found if address.startswith("/") and address.split("#")[0]}


@pytest.mark.usefixtures("both")
def test_the_list_has_every_criterion_with_its_question_weight_and_link(raw: Callable[[str], str]) -> None:
    text = raw(LIST)
    for criterion in load().everything:
        row = row_of(text, criterion.id)
        assert criterion.question in row
        assert f"Weight {criterion.weight:g}." in row
        assert f'href="{LIST}/{criterion.id}"' in text


@pytest.mark.usefixtures("both")
def test_a_criterion_has_the_same_marks_and_verdict_in_the_list_on_its_page_and_in_the_comparison(
    raw: Callable[[str], str], ckan: Any
) -> None:
    figures = ckan.get_action("aivision_compare")({"user": ""}, {})
    found = next(row for row in figures["criteria"] if row["id"] == "licence-open")
    compared = found["comparison"]["distinguishable"] is not None
    difference = found["comparison"]["by_agency"]
    means = (difference["first"], difference["second"]) if compared else ()
    for text, id in (
        (raw("/best-practice"), "criterion-licence-open"),
        (raw(LIST), "licence-open"),
        (raw(PAGE), "score"),
    ):
        row = row_of(text, id)
        assert [f"{mean['value']:.1f}" in row for mean in means] == [True] * len(means)
        assert ("not compared" in row) == (not compared)
    passed = found["countries"]["GB"]["passed"]
    row = row_of(raw(PAGE), "passing")
    assert f"UK {passed['value']:.1f} %" in row
    assert f"UK: {passed['known']:,} of " in row_of(raw(PAGE), "score")


@pytest.mark.usefixtures("both")
def test_the_comparison_leads_to_the_pages_of_its_criteria_with_its_filters(raw: Callable[[str], str]) -> None:
    text = html.unescape(raw("/best-practice?country=GB&licence=open"))
    assert f'href="{PAGE}?country=GB&licence=open"' in text
    assert f'href="{LIST}?country=GB&licence=open"' in text


@pytest.mark.usefixtures("both")
def test_agencies_stand_side_by_side_with_the_share_that_passes(raw: Callable[[str], str], ckan: Any) -> None:
    text = raw(PAGE)
    shown = ckan.get_action("aivision_criterion_show")({"user": ""}, {"id": "licence-open"})
    shares = {row["id"]: row for row in shown["agencies"]}
    for agency, country in (("gb-cabinet-office", "GB"), ("us-026", "US")):
        part = text.split(f'id="agencies-{country}"')[1].split("</section>")[0]
        share = shares[agency]
        judged = share["passed"] + share["partial"] + share["failed"]
        row = row_of(part, f"agency-{agency}")
        assert f"{100 * share['passed'] / judged:.1f} %" in row
        assert judged == sum(share[part] for part in OUTCOMES), "each is judged"
        assert f"{share['passed']:,} of {judged:,} datasets pass" in row


def test_an_agency_with_too_few_datasets_is_not_listed(
    published: Any, snapshot: Any, raw: Callable[[str], str]
) -> None:
    published("GB")
    snapshot()
    few = raw(f"{PAGE}?agency=gb-cabinet-office&year=1601")
    assert 'id="agency-gb-cabinet-office"' not in few


@pytest.mark.usefixtures("both")
def test_filters_narrow_figures_agencies_and_datasets(published: Any, snapshot: Any, raw: Callable[[str], str]) -> None:
    american = published("US", title=f"Rockets {uuid.uuid4().hex}")
    snapshot()
    text = raw(f"{PAGE}?country=GB")
    assert 'id="agencies-US"' not in text
    assert 'id="agencies-GB"' in text
    assert american["name"] not in text
    assert "United States" not in text.split('id="datasets"')[1].split("</article>")[0]
    assert "/api/3/action/aivision_evaluation_list?criterion=licence-open.fail&amp;country=GB" in text
    assert f'href="{LIST}?country=GB' in text


@pytest.mark.usefixtures("both")
def test_what_means_nothing_is_refused_and_a_day_before_all_figures_is_not_found(reader: Any) -> None:
    for path in (LIST, PAGE):
        for asked in REFUSED:
            assert "<script>alert" not in reader("").get(f"{path}?{asked}", 400).get_data(as_text=True)
        reader("").get(f"{path}?as_of=2001-01-01", 404)


def test_an_unknown_criterion_is_not_found(reader: Any) -> None:
    for id in ("no-such-criterion", "licence_open", "LICENCE-OPEN", "%3Cscript%3Ealert(1)", "%00"):
        assert "<script>alert" not in reader("").get(f"{LIST}/{id}", 404).get_data(as_text=True)


@pytest.mark.usefixtures("both")
def test_every_criterion_has_a_page_with_its_reason_fix_and_clauses(reader: Any) -> None:
    for criterion in load().everything:
        text = reader("").text(f"{LIST}/{criterion.id}").replace("<code>", "`").replace("</code>", "`")
        for words in (criterion.question, criterion.reason, criterion.fix, *criterion.sources):
            assert words in text, criterion.id


def test_what_a_dataset_brings_is_escaped(
    published: Any, snapshot: Any, raw: Callable[[str], str], narrowed: Callable[[str], str], ckan: Any, site_user: Any
) -> None:
    data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": f"Office {uuid.uuid4().hex[:6]} {HOSTILE}"}
    office = ckan.get_action("organization_create")(dict(site_user), data)["id"]
    names = [published(licence=of, title=f"Rivers {HOSTILE}", owner_org=office)["name"] for of in (OPEN, CLOSED)]
    snapshot()
    text = raw(narrowed(names[0]))
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert text.count("&lt;script&gt;alert(1)") >= len(names)


def test_a_dataset_that_is_no_longer_public_is_not_shown(
    published: Any, snapshot: Any, raw: Callable[[str], str], narrowed: Callable[[str], str], ckan: Any, site_user: Any
) -> None:
    data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": f"Office {uuid.uuid4().hex[:6]}"}
    office = ckan.get_action("organization_create")(dict(site_user), data)["id"]
    public, private, deleted = (published(licence=CLOSED, owner_org=office) for _ in range(3))
    never = published(licence=CLOSED, owner_org=office, private=True)
    snapshot()
    path = narrowed(public["name"])
    shown = EXAMPLE.findall(raw(path))
    assert sorted(shown) == sorted(one["name"] for one in (public, private, deleted))
    ckan.get_action("package_patch")(dict(site_user), {"id": private["id"], "private": True})
    ckan.get_action("package_delete")(dict(site_user), {"id": deleted["id"]})
    text = raw(path)
    assert EXAMPLE.findall(text) == [public["name"]]
    assert never["name"] not in text


@pytest.mark.usefixtures("both")
def test_ten_datasets_at_most_pass_and_fail_in_the_lists(
    published: Any, snapshot: Any, raw: Callable[[str], str]
) -> None:
    for _ in range(11):
        published(licence=CLOSED)
    snapshot()
    failing = raw(PAGE).split('id="datasets-fail"')[1].split("</section>")[0]
    assert failing.count("#ai-readiness") == 10


@pytest.mark.usefixtures("both")
def test_figures_of_a_past_day_stand_without_agencies_and_datasets_which_are_not_kept(
    raw: Callable[[str], str],
) -> None:
    from ckanext.aivision.snapshot.read import newest

    made = newest()
    assert made is not None
    tables = [path for path in made.folder.iterdir() if path.suffix != ".json"]
    assert tables
    for path in tables:
        path.rename(path.with_name(f"aside-{path.name}"))
    try:
        text = raw(PAGE)
    finally:
        for path in tables:
            path.with_name(f"aside-{path.name}").rename(path)
    assert "Of that day only the figures are kept" in text
    assert 'id="score"' in text
    assert 'id="agencies"' not in text


@pytest.mark.usefixtures("no_snapshot")
@pytest.mark.parametrize("path", [LIST, PAGE])
def test_without_a_snapshot_the_page_says_so_and_still_shows_what_is_asked(path: str, reader: Any) -> None:
    text = reader("").text(path)
    assert "The first figures are being computed" in text
    assert next(row.question for row in load().criteria if row.id == "licence-open") in text


def of_each_kind(addresses: set[str]) -> list[str]:
    """One of the addresses that differ in their values alone: in the end of the path, or in those of a query."""
    kinds = {}
    for address in sorted(addresses):
        parts = urlsplit(address)
        names = sorted(parse_qs(parts.query, keep_blank_values=True))
        kinds[parts.path.rpartition("/")[0], " ".join(names)] = address
    return list(kinds.values())


@pytest.mark.usefixtures("both")
def test_links_lead_somewhere(reader: Any, raw: Callable[[str], str], pytestconfig: pytest.Config) -> None:
    found = [links(raw(path)) for path in (LIST, PAGE, f"{PAGE}?country=GB&theme=")]
    assert min(map(len, found)) > 5
    every = set.union(*found)
    for address in every if pytestconfig.getoption("--nightly") else of_each_kind(every):
        reader("").get(address)


@pytest.mark.usefixtures("both")
def test_the_search_finds_the_datasets_that_the_page_leads_to(
    published: Any, ckan: Any, raw: Callable[[str], str]
) -> None:
    failing = published(licence=CLOSED)
    text = html.unescape(raw(f"{PAGE}?country=GB"))
    address = next(one for one in links(text) if one.startswith("/dataset/?aivision_criteria=licence-open.fail"))
    assert urlsplit(address).query.endswith("aivision_country=UK")
    found = ckan.get_action("package_search")(
        {"user": ""}, {"fq": "aivision_criteria:licence-open.fail AND aivision_country:UK", "rows": 1000}
    )
    assert failing["name"] in {row["name"] for row in found["results"]}


def test_the_questions_on_a_dataset_page_lead_to_their_criteria(published: Any, raw: Callable[[str], str]) -> None:
    text = raw(f"/dataset/{published()['name']}")
    assert f'href="{PAGE}"' in text
