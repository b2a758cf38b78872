"""Filters, lenses and days of the comparison: on the page, in its JSON and in the API."""

from __future__ import annotations

import datetime
import html
from typing import Any

import pytest
from tests.plugin.snapshot.conftest import NOON, NOON_TEXT

from ckanext.aivision.snapshot.files import SnapshotFiles

DAY = datetime.timedelta(days=1)
PAGE, JSON, API = "/best-practice", "/best-practice.json", "/api/3/action/aivision_compare"
REFUSED = [
    "country=FR",
    "colour=red",
    "lens=mqua",
    "lens=..%2Fmqa",
    "as_of=yesterday",
    "year=abc",
    "publisher=no-such-publisher",
    "agency=us-999",
    "source=%27+OR+1%3D1+--",
    "theme=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "format=%00",
    "publisher=%00",
    "q=",
]


@pytest.fixture
def two(files: SnapshotFiles, published: Any, snapshot: Any) -> None:
    """A snapshot with a dataset of the UK that has a CSV, and one of the US that has none."""
    csv = {"name": "Levels", "url": "https://rivers.example.gov/levels.csv", "format": "CSV"}
    published(resources=[csv])
    published(country="US")
    snapshot(lambda: NOON)


def sizes(figures: dict[str, Any]) -> list[int]:
    return [row["data_sets"] for row in figures["countries"]]


@pytest.mark.usefixtures("two")
def test_a_filter_narrows_the_figures_in_the_same_way_on_page_in_json_and_api(reader: Any, ckan: Any) -> None:
    everything = sizes(reader("").get(JSON).get_json())
    assert all(everything)
    british = reader("").get(f"{JSON}?country=GB").get_json()
    assert sizes(british) == [0, everything[1]]
    assert reader("").get(f"{API}?country=GB").get_json()["result"] == british
    assert ckan.get_action("aivision_compare")({"user": ""}, {"country": ["gb"]}) == british
    both = ckan.get_action("aivision_compare")({"user": ""}, {"country": ["US", "GB"]})
    assert sizes(both) == everything
    tables = reader("").get(f"{JSON}?licence=open&format=csv&kind=tabular").get_json()
    assert 0 < sizes(tables)[1] <= everything[1]
    assert sizes(tables)[0] < everything[0]
    text = reader("").text(f"{PAGE}?country=GB")
    assert NOON_TEXT in text


@pytest.mark.usefixtures("two")
def test_filters_that_leave_nothing_are_no_error(reader: Any) -> None:
    narrow = "country=US&year=1601"
    assert sizes(reader("").get(f"{JSON}?{narrow}").get_json()) == [0, 0]
    reader("").get(f"{API}?{narrow}")
    assert NOON_TEXT[len("Figures as of ") :] in reader("").text(f"{PAGE}?{narrow}")


@pytest.mark.usefixtures("two")
def test_a_lens_and_filters_go_together(reader: Any) -> None:
    found = reader("").get(f"{API}?lens=us-commerce&country=GB").get_json()["result"]
    assert found["lens"]["lens"] == "us-commerce"
    assert found["lens"]["citations"]
    assert sizes(found)[0] == 0


@pytest.mark.usefixtures("two")
def test_what_means_nothing_is_refused_with_a_page_and_never_ignored(reader: Any) -> None:
    for asked in REFUSED:
        error = reader("").get(f"{JSON}?{asked}", 400).get_json()["error"]
        page = reader("").get(f"{PAGE}?{asked}", 400).get_data(as_text=True)
        assert "<h1" in page, asked
        assert error in html.unescape(page), asked
        assert "<script>alert" not in page, asked
        answer = reader("").get(f"{API}?{asked}", 409).get_json()
        assert answer["error"]["__type"] == "Validation Error", asked
        for text in (error, page, str(answer)):
            assert "Traceback" not in text, asked
            assert "SELECT" not in text, asked


@pytest.mark.usefixtures("two")
def test_as_of_a_day_gives_its_last_figures(reader: Any, published: Any, snapshot: Any) -> None:
    snapshot(lambda: NOON + DAY)
    published()
    snapshot(lambda: NOON + 3 * DAY)
    newest = reader("").get(JSON).get_json()
    assert newest["as_of"] == "2026-12-02T14:05:30Z"
    for asked, day in (("2026-11-29", 0), ("2026-11-30", 1), ("2026-12-01", 1), ("2026-12-02", 3), ("2099-01-01", 3)):
        found = reader("").get(f"{JSON}?as_of={asked}").get_json()
        assert found["as_of"] == (NOON + day * DAY).strftime("%Y-%m-%dT%H:%M:%SZ"), asked
        assert sum(sizes(found)) == sum(sizes(newest)) - (0 if day == 3 else 1), asked
    assert "Figures as of 30 November 2026, 14:05 UTC" in reader("").text(f"{PAGE}?as_of=2026-12-01")
    lens = reader("").get(f"{JSON}?as_of=2026-11-29&lens=us-commerce").get_json()
    assert lens["lens"]["lens"] == "us-commerce"


@pytest.mark.usefixtures("two")
def test_a_day_before_the_first_snapshot_is_not_found(reader: Any) -> None:
    message = "there are no figures of that day or an earlier one"
    for asked in ("as_of=2026-11-28", "as_of=0001-01-01", "as_of=2026-11-28&country=GB"):
        assert message in reader("").get(f"{JSON}?{asked}", 404).get_json()["error"], asked
        page = reader("").get(f"{PAGE}?{asked}", 404).get_data(as_text=True)
        assert message in page, asked
        assert "<h1" in page, asked
        assert message in str(reader("").get(f"{API}?{asked}", 404).get_json()), asked


@pytest.mark.usefixtures("two")
def test_of_a_day_whose_table_is_gone_there_are_figures_and_no_filters(
    reader: Any, snapshot: Any, files: SnapshotFiles
) -> None:
    for days in (1, 2, 3):
        snapshot(lambda days=days: NOON + days * DAY)
    past = "as_of=2026-11-29"
    assert reader("").get(f"{JSON}?{past}").get_json()["as_of"] == "2026-11-29T14:05:30Z"
    assert NOON_TEXT in reader("").text(f"{PAGE}?{past}")
    message = f"{past}: of that day only the figures of all datasets are kept; leave out the filters"
    assert reader("").get(f"{JSON}?{past}&country=GB", 404).get_json()["error"] == message
    assert message in html.unescape(reader("").get(f"{PAGE}?{past}&country=GB", 404).get_data(as_text=True))
    reader("").get(f"{API}?{past}&country=GB", 404)
    # Of the last three the tables are kept.
    assert sizes(reader("").get(f"{JSON}?as_of=2026-11-30&country=GB").get_json())[0] == 0


@pytest.mark.usefixtures("two")
def test_a_table_that_goes_while_it_is_read_is_not_found(reader: Any, files: SnapshotFiles) -> None:
    newest = files.newest()
    assert newest is not None
    (newest / "sums.npy").unlink()
    reader("").get(f"{JSON}?country=GB", 404)
    reader("").get(f"{PAGE}?country=GB", 404)
    assert NOON_TEXT in reader("").text(PAGE)


@pytest.mark.usefixtures("two")
def test_figures_of_another_rubric_cannot_be_narrowed_until_there_are_new_ones(
    reader: Any, files: SnapshotFiles
) -> None:
    """As after an update, until the rescore."""
    newest = files.newest()
    assert newest is not None
    manifest = newest / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"rubric_version": "', '"rubric_version": "0.'))
    error = reader("").get(f"{JSON}?country=GB", 404).get_json()["error"]
    assert "the figures of 2026-11-29 are under rubric 0." in error
    assert NOON_TEXT in reader("").text(PAGE)


@pytest.mark.usefixtures("two")
def test_figures_of_a_past_day_that_can_no_longer_be_read_are_not_being_computed(
    reader: Any, files: SnapshotFiles
) -> None:
    newest = files.newest()
    assert newest is not None
    (newest / "figures.json").write_text("{}")
    error = reader("").get(f"{JSON}?as_of=2026-11-29", 404).get_json()["error"]
    assert "can no longer be read" in error


@pytest.mark.usefixtures("two")
def test_a_private_dataset_is_not_found_by_its_publisher_either(
    reader: Any, ckan: Any, published: Any, snapshot: Any, site_user: Any
) -> None:
    organization = {"name": "secret-office-of-levels", "title": "Secret office of levels"}
    made = ckan.get_action("organization_create")(dict(site_user), organization)
    published(owner_org=made["id"], private=True)
    snapshot()
    assert "Secret office" not in str(reader("").get(JSON).get_json())
    for publisher in ("secret-office-of-levels", "Secret office of levels"):
        reader("").get(f"{JSON}?publisher={publisher}", 400)
