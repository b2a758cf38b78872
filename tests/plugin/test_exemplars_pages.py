"""The pages of examples: real words of public datasets of both countries, narrowed as the comparison is."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.records import record

LIST = "/best-practice/exemplars"
PAGE = f"{LIST}?criterion=limitations-described"
CRITERION = "/best-practice/criteria/limitations-described"
US_WORDS = (
    "Levels of the twelve mountain stations in Idaho are not included for the winter of 2019, when they were frozen."
)
UK_WORDS = "Levels of the nine coastal stations in Norfolk are missing for March 2021, when their gauges were replaced."
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
MORE_HOSTILE = (
    'Levels of 12 stations in Kent are not included in 2019 data "javascript:alert(3)" or &lt;b onmouseover=1&gt;.'
)
DATASET = re.compile(r'href="/dataset/([\w-]+)#ai-readiness"')


@pytest.fixture(scope="module")
def publish(ckan_application: Any, offices: dict[str, str]) -> Callable[..., dict[str, Any]]:
    """Publishes a dataset of the country's agency."""
    from ckan.plugins import toolkit

    def publish(country: str = "GB", **fields: Any) -> dict[str, Any]:
        package = {
            "name": f"levels-{uuid.uuid4().hex[:8]}",
            "title": "River levels by station, week by week",
            "notes": "Levels of rivers in metres above the gauge's zero, measured weekly by a sensor at each station.",
            "owner_org": offices[country],
            "country": country,
            "license_id": "OGL-UK-3.0",
            "theme": ["HEAL"] if country == "US" else ["ENVI"],
            "resources": [{"url": "https://rivers.agency.gov.uk/levels.csv", "format": "CSV", "name": "Levels, CSV"}],
            **fields,
        }
        with ckan_application.test_request_context():
            user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
            made: dict[str, Any] = toolkit.get_action("package_create")({"ignore_auth": True, "user": user}, package)
        return made

    return publish


@pytest.fixture(scope="module")
def both(publish: Any, ckan_application: Any) -> dict[str, dict[str, Any]]:
    """A snapshot with a dataset of each country that states its limitations."""
    from ckanext.aivision.snapshot.build import build

    made = {"US": publish("US", limitations=US_WORDS), "GB": publish("GB", limitations=UK_WORDS)}
    with ckan_application.test_request_context():
        build()
    return made


@pytest.fixture
def published(publish: Any, both: Any) -> Any:
    """`publish`, beside the two."""
    assert both
    return publish


def part(text: str, code: str) -> str:
    """The country's part of a page."""
    return text.split(f'id="exemplars-{code}"')[1].split("</section>")[0]


def test_the_words_of_both_countries_stand_side_by_side_with_dataset_agency_and_country(
    both: Any, raw: Callable[[str], str]
) -> None:
    text = raw(PAGE)
    for code, words, agency in (("US", US_WORDS, "National Aeronautics"), ("GB", UK_WORDS, "Cabinet Office")):
        shown = html.unescape(part(text, code))
        assert words in shown
        assert agency in shown
        assert f'href="/dataset/{both[code]["name"]}#ai-readiness"' in shown
    assert US_WORDS not in part(text, "GB")


@pytest.mark.usefixtures("both")
def test_each_has_a_snippet_in_every_format_without_scripts(raw: Callable[[str], str]) -> None:
    shown = html.unescape(part(raw(PAGE), "GB"))
    for format in ("DCAT-US 1.1 (JSON)", "DCAT-US 3 (JSON-LD)", "CKAN (package JSON)", "DCAT-AP (Turtle)"):
        assert f"<summary>{format}</summary>" in shown
    assert f'"limitations": "{UK_WORDS}"' in shown
    assert f'dct:description "{UK_WORDS}"' in shown
    assert "<script" not in shown


@pytest.mark.usefixtures("both")
def test_the_list_has_one_of_each_country_for_a_criterion_and_leads_to_more(raw: Callable[[str], str]) -> None:
    text = html.unescape(raw(LIST))
    section = text.split('id="limitations-described"')[1].split("</section>")[0]
    assert US_WORDS in section
    assert UK_WORDS in section
    assert section.index(US_WORDS) < section.index(UK_WORDS), "the US stands left"
    assert f'href="{PAGE}"' in section


@pytest.mark.usefixtures("both")
def test_the_page_of_a_criterion_shows_them_and_leads_to_more(raw: Callable[[str], str]) -> None:
    text = html.unescape(raw(f"{CRITERION}?country=GB"))
    shown = text.split('id="exemplars"')[1].split('id="agencies"')[0]
    assert UK_WORDS in shown
    assert US_WORDS not in shown
    assert f'href="{PAGE}&country=GB"' in shown


@pytest.mark.usefixtures("both")
def test_filters_of_the_comparison_narrow_them(raw: Callable[[str], str], published: Any, snapshot: Any) -> None:
    published("US", theme=["ENVI"], limitations="Counts of the six stations in Utah are incomplete for all of 2020.")
    snapshot()
    health = html.unescape(raw(f"{PAGE}&theme=health"))
    assert US_WORDS in health
    assert "Utah" not in health
    assert UK_WORDS not in health
    assert "Utah" in html.unescape(raw(f"{PAGE}&theme=environment"))
    assert "theme=health" in raw(f"{LIST}?theme=health")


def test_what_is_asked_for_wrongly_is_refused(reader: Any) -> None:
    for asked in (
        "criterion=no-such",
        "criterion=%3Cscript%3Ealert(1)%3C/script%3E",
        "criterion=licence-open&criterion=licence-machine-readable",
        "theme=no-such",
        "colour=red",
        "criterion=licence-open&country=FR",
    ):
        assert "<script>alert" not in reader("").get(f"{LIST}?{asked}", 400).get_data(as_text=True)


def test_a_criterion_that_asks_nothing_of_words_says_so(both: Any, raw: Callable[[str], str]) -> None:
    assert both
    assert "There is nothing to copy" in raw(f"{LIST}?criterion=metadata-profile-stated")


def test_words_of_a_harvested_record_change_with_its_source_and_not_with_a_correction(
    harvested: Any, snapshot: Any, raw: Callable[[str], str], ckan: Any, site_user: Any
) -> None:
    name = f"gauges-{uuid.uuid4().hex[:8]}"

    def harvest(words: str) -> str:
        run = harvested(name, [record(7, identifier=name, publisher={"name": f"Office {name}"}, description=words)])
        assert run.state == "finished"
        (row,) = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name})
        snapshot()
        return str(row["package_id"])

    first = "Levels of the five stations in Alaska are not included for the winter of 2017, when they were frozen."
    id = harvest(first)
    assert first in html.unescape(raw(PAGE))
    corrected = "Levels of the six stations in Oregon are not included for the spring of 2018, when they were flooded."
    ckan.get_action("package_patch")(dict(site_user), {"id": id, "notes": corrected})
    snapshot()
    shown = html.unescape(raw(PAGE))
    assert first in shown, "the comparison is of what the source says"
    assert corrected not in shown
    last = "Levels of the seven stations in Nevada are not included for the summer of 2020, when they were rebuilt."
    harvest(last)
    shown = html.unescape(raw(PAGE))
    assert last in shown
    assert first not in shown


def test_what_is_no_longer_public_is_not_shown(
    published: Any, snapshot: Any, raw: Callable[[str], str], ckan: Any, site_user: Any
) -> None:
    words = "Levels of station {} in Kent are not included in the figures of 2019, as it was rebuilt after a flood."
    rows = [published("GB", limitations=words.format(place)) for place in ("one", "two", "three")]
    published("GB", limitations=words.format("four"), private=True)
    snapshot()
    path = f"{PAGE}&country=GB"
    before = set(DATASET.findall(raw(path)))
    private, deleted, purged = rows
    assert "station four" not in raw(path)
    ckan.get_action("package_patch")(dict(site_user), {"id": private["id"], "private": True})
    ckan.get_action("package_delete")(dict(site_user), {"id": deleted["id"]})
    ckan.get_action("dataset_purge")(dict(site_user), {"id": purged["id"]})
    after = set(DATASET.findall(raw(path)))
    gone = {one["name"] for one in rows}
    assert before & gone
    assert not after & gone
    for page in (path, LIST, CRITERION):
        assert "rebuilt after a flood" not in raw(page)


def test_what_a_record_brings_is_escaped(published: Any, snapshot: Any, raw: Callable[[str], str]) -> None:
    published("US", title=f"Rivers of Kent and levels {HOSTILE}", limitations=MORE_HOSTILE, theme=["TRAN"])
    published(
        "US", title=f"Rivers of Devon {HOSTILE}", keyword="x", tag_string="kent rivers,gauges,floods", theme=["TRAN"]
    )
    snapshot()
    for path in (PAGE, LIST, CRITERION, f"{LIST}?criterion=title-descriptive", f"{LIST}?criterion=keywords-specific"):
        text = raw(path)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript:' not in text


def test_a_boilerplate_is_not_shown_but_a_licence_that_many_share_is(
    published: Any, snapshot: Any, raw: Callable[[str], str]
) -> None:
    words = "Figures of the stations in Rutland are not included here for 2018, nor for any year before that one."
    for _ in range(4):
        published("GB", limitations=words)
    snapshot()
    assert words not in html.unescape(raw(PAGE))
    assert "OGL-UK-3.0" in part(raw(f"{LIST}?criterion=licence-open"), "GB")


@pytest.mark.usefixtures("both")
def test_of_a_contact_no_person_and_no_mail_is_shown(published: Any, snapshot: Any, raw: Callable[[str], str]) -> None:
    published("US", contact=[{"name": "Jane Doe", "email": "jane.doe@rivers.gov.uk"}])
    published("US", contact=[{"name": "River data desk", "email": "desk@rivers.gov.uk"}])
    snapshot()
    text = raw(f"{LIST}?criterion=contact-reachable")
    assert "River data desk" in text
    for personal in ("Jane", "jane.doe", "desk@rivers"):
        assert personal not in text


@pytest.mark.usefixtures("no_snapshot")
@pytest.mark.parametrize("path", [LIST, PAGE])
def test_without_a_snapshot_the_page_says_so(path: str, reader: Any) -> None:
    assert "The first figures are being computed" in reader("").text(path)


@pytest.mark.usefixtures("both")
def test_of_a_snapshot_without_the_file_the_pages_say_so_and_stand(raw: Callable[[str], str]) -> None:
    from ckanext.aivision.snapshot.read import newest

    made = newest()
    assert made is not None
    path = made.folder / "exemplars.parquet"
    aside = path.rename(path.with_name("aside.parquet"))
    try:
        assert "No examples are kept of that day" in raw(PAGE)
        assert "No examples are kept of that day" in raw(LIST)
        assert 'id="exemplars"' not in raw(CRITERION)
        raw("/best-practice/priorities")
    finally:
        aside.rename(path)


@pytest.mark.usefixtures("both")
def test_pages_are_small(raw: Callable[[str], str]) -> None:
    assert max(len(raw(path).encode()) for path in (LIST, PAGE, f"{LIST}?criterion=licence-open")) < 100_000
