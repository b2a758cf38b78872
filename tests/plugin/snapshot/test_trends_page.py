"""`/best-practice/trends`: scores over time, what changed in the sample, and what the address may ask."""

from __future__ import annotations

import datetime
import html
import uuid
from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from tests.plugin.snapshot.conftest import NOON, words

from ckanext.aivision.compare.series import store
from ckanext.aivision.snapshot.files import SnapshotFiles

PAGE = "/best-practice/trends"
DAY = datetime.timedelta(days=1)
LEAST = 5
FORMER = "1.0.0"
REFUSED = (
    "country=FR",
    "country=US&country=GB",
    "colour=red",
    "agency=us-999",
    "agency=%3Cscript%3Ealert(1)%3C/script%3E",
    "agency=gb-cabinet-office&country=US",
    "dimension=nice",
    "criterion=no-such",
    "criterion=licence-open&dimension=timely",
    "rubric_version=0.0.0-none",
    "rubric_version=%00",
    "first=yesterday",
    "last=20261130",
    "first=2026-11-30&last=2026-11-01",
)


@pytest.fixture
def many(published: Callable[..., dict[str, Any]], cabinet_office: str) -> Callable[[int], None]:
    """Publishes some datasets of the Cabinet Office."""

    def publish(number: int) -> None:
        for _ in range(number):
            published(owner_org=cabinet_office)

    return publish


def clock_at(moment: datetime.datetime) -> Callable[[], datetime.datetime]:
    """A clock that stands still."""
    return lambda: moment


@pytest.fixture(scope="module")
def two_days_stored(ckan_application: Any, cabinet_office: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A storage with figures of two days: the second has more than a tenth more datasets."""
    from ckan.plugins import toolkit

    from ckanext.aivision.snapshot.build import build

    storage = str(tmp_path_factory.mktemp("storage"))
    with ckan_application.test_request_context(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(toolkit.config, "ckan.storage_path", storage)
        user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        for moment in (NOON, NOON + DAY):
            for _ in range(LEAST):
                package = {"name": f"levels-{uuid.uuid4().hex[:8]}", "title": "River levels", "country": "GB"}
                package |= {"owner_org": cabinet_office, "license_id": "OGL-UK-3.0"}
                toolkit.get_action("package_create")({"ignore_auth": True, "user": user}, package)
            build(clock_at(moment))
    return storage


@pytest.fixture
def two_days(ckan: Any, two_days_stored: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue with these figures."""
    monkeypatch.setitem(ckan.config, "ckan.storage_path", two_days_stored)


def under_former_version(files: SnapshotFiles) -> None:
    """Makes the points of the newest snapshot ones of an earlier version of the rubric."""
    folder = files.newest()
    assert folder is not None
    path, part = folder / store.POINTS, folder / "part.parquet"
    former = f"SELECT * REPLACE ('{FORMER}' AS rubric_version) FROM '{path}'"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({former}) TO '{part}' (FORMAT parquet)")
    part.replace(path)


def test_on_one_day_there_is_one_point_and_the_page_says_when_the_next_comes(
    files: SnapshotFiles, many: Callable[[int], None], snapshot: Any, raw: Callable[[str], str]
) -> None:
    many(LEAST)
    snapshot(lambda: NOON)
    text = words(raw(PAGE))
    assert "There is one point so far." in text
    assert "The next one comes with the first day after 29 November 2026 (UTC)" in text
    assert "the only point so far" in text
    assert "the agencies’ mean score on everything known" in text
    assert "It is not the number of the comparison" in text


@pytest.mark.usefixtures("two_days")
def test_the_points_are_the_agencies_means_of_the_figures_of_each_day(
    raw: Callable[[str], str], ckan: Any, reader: Any
) -> None:
    figures = ckan.get_action("aivision_compare")({"user": ""}, {})["overall"]["countries"]["GB"]
    text = raw(f"{PAGE}?country=GB")
    mean = figures["by_agency"]["value"]
    assert f"UK, 30 November 2026: {mean:.1f}" in html.unescape(text)
    (series,) = reader("").get(f"{PAGE}.json?country=GB").get_json()["series"]
    assert [point["day"] for point in series["points"]] == ["2026-11-29", "2026-11-30"]
    assert series["points"][-1]["value"] == mean
    assert series["points"][-1]["data_sets"] - series["points"][0]["data_sets"] == LEAST


@pytest.mark.usefixtures("two_days")
def test_a_sample_that_grew_is_a_numbered_seam_and_the_day_leads_to_its_figures(
    raw: Callable[[str], str], reader: Any
) -> None:
    text = raw(f"{PAGE}?agency=gb-cabinet-office")
    ((change,),) = (
        row["changes"] for row in reader("").get(f"{PAGE}.json?agency=gb-cabinet-office").get_json()["series"]
    )
    before, after = change["data_sets"]
    assert after == before + LEAST
    assert text.count('class="aivision-seam"') == 1
    assert f"{before} datasets before, {after} after" in words(text)
    assert "The sample changed in between" in words(text)
    whole = html.unescape(raw(PAGE))
    assert 'href="/best-practice?as_of=2026-11-29"' in whole
    assert "Figures as of 29 November 2026" in reader("").text("/best-practice?as_of=2026-11-29")


@pytest.mark.usefixtures("two_days")
@pytest.mark.parametrize(
    "asked", ["dimension=licensed", "criterion=licence-open", "agency=gb-cabinet-office&criterion=licence-open"]
)
def test_a_dimension_a_criterion_and_an_agency_can_be_chosen(raw: Callable[[str], str], asked: str) -> None:
    text = raw(f"{PAGE}?{asked}&country=GB&first=2026-11-01&last=2026-12-31&rubric_version=")
    for name, value in (one.split("=") for one in asked.split("&")):
        part = text.split(f'name="{name}"')[1].split("</select>")[0]
        assert f'<option value="{value}" selected>' in part
    assert text.count("<title>") > 2
    assert len(text.encode()) < 100_000


@pytest.mark.usefixtures("two_days")
def test_a_mean_of_an_agency_has_no_interval_and_the_page_says_why(raw: Callable[[str], str]) -> None:
    text = words(raw(f"{PAGE}?agency=gb-cabinet-office"))
    assert "It has no interval, because all its datasets are counted." in text
    assert "Interval" not in text


@pytest.mark.usefixtures("two_days")
def test_the_time_is_limited_and_begins_with_the_value_that_held_then(raw: Callable[[str], str]) -> None:
    before = words(raw(f"{PAGE}?country=GB&last=2026-11-29"))
    assert "2026-11-29" in before
    assert "2026-11-30" not in before.split("Choose a country")[1].split("Show both")[1]
    later = words(raw(f"{PAGE}?country=GB&first=2026-12-05"))
    assert "30 November 2026, the only point so far" in later
    assert "There are no points of this time." in words(raw(f"{PAGE}?last=2001-01-01"))


def test_a_former_version_of_the_rubric_is_on_the_same_axis_behind_a_seam(
    files: SnapshotFiles, many: Callable[[int], None], snapshot: Any, raw: Callable[[str], str]
) -> None:
    many(LEAST)
    snapshot(lambda: NOON)
    under_former_version(files)
    snapshot(lambda: NOON + DAY)
    text = raw(f"{PAGE}?country=GB")
    assert f"the rubric changed from version {FORMER} to" in words(text)
    assert "Hollow marks are of a former version of the rubric." in words(text)
    assert text.count('class="aivision-faint"') == 1
    only = raw(f"{PAGE}?country=GB&rubric_version={FORMER}")
    assert "2026-11-30</a>" not in only
    assert "2026-11-29</a>" in only


def test_the_kept_figures_of_past_days_are_the_first_points(
    files: SnapshotFiles, many: Callable[[int], None], snapshot: Any, raw: Callable[[str], str]
) -> None:
    many(LEAST)
    snapshot(lambda: NOON)
    many(1)
    snapshot(lambda: NOON + DAY)
    for folder in files.last_of_days():
        (folder / store.POINTS).unlink()
    snapshot(lambda: NOON + 2 * DAY)
    table = raw(f"{PAGE}?country=GB").split('id="trend-table"')[1]
    assert table.index("2026-11-30</a>") < table.index("2026-11-29</a>")


@pytest.mark.usefixtures("two_days")
@pytest.mark.parametrize("asked", REFUSED)
def test_what_means_nothing_is_refused(reader: Any, asked: str) -> None:
    for path in (PAGE, f"{PAGE}.json"):
        assert "<script>alert" not in reader("").get(f"{path}?{asked}", 400).get_data(as_text=True)


@pytest.mark.usefixtures("two_days")
def test_an_agency_with_few_datasets_is_said_to_have_no_points_yet(raw: Callable[[str], str]) -> None:
    assert "There are no points of this agency here." in words(raw(f"{PAGE}?agency=us-026"))


def test_without_a_snapshot_the_page_says_so(files: SnapshotFiles, reader: Any) -> None:
    assert "The first figures are being computed" in reader("").text(PAGE)
    assert reader("").get(f"{PAGE}.json").get_json()["series"] == []


@pytest.mark.usefixtures("two_days")
def test_the_comparison_and_the_page_of_an_agency_lead_there(raw: Callable[[str], str], reader: Any) -> None:
    text = raw("/best-practice")
    for page in (PAGE, "/best-practice/coverage", "/best-practice/method"):
        assert f'href="{page}"' in text
        reader("").get(page)
    assert 'id="trend-table"' not in text
    reader("").get("/best-practice?rubric_version=1.0.0", 400)
    assert f'href="{PAGE}?agency=gb-cabinet-office"' in raw("/best-practice/agencies/gb-cabinet-office")


def test_words_of_records_are_escaped(
    files: SnapshotFiles, harvested: Any, snapshot: Any, raw: Callable[[str], str]
) -> None:
    from tests.records import record

    snapshot(lambda: NOON)
    harvested("rivers-first", [record(number, keyword=["a"]) for number in range(LEAST)])
    snapshot(lambda: NOON + DAY)
    name = f'<img src=x onerror="alert({uuid.uuid4().hex[:4]})">'
    harvested(name, [record(number) for number in range(LEAST)])
    snapshot(lambda: NOON + 2 * DAY)
    for page in (f"{PAGE}?country=US", "/best-practice/coverage"):
        text = raw(page)
        assert "<img src=x" not in text
        assert "&lt;img src=x" in text
