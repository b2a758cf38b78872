"""What is kept beside the datasets for snapshots: their facets, and the day's points of the trends."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.catalogue.history import rows
from tests.plugin.conftest import execute
from tests.plugin.snapshot.conftest import NOON
from tests.records import record

from ckanext.aivision.scoring.rubric import load

Package = dict[str, Any]


@pytest.fixture
def brought(ckan: Any) -> Callable[[], int]:
    """Brings the facets up to date; gives how many had to be worked out."""
    from ckanext.aivision.snapshot.stored_facets import bring_up_to_date

    bring_up_to_date()
    return bring_up_to_date


def facets(package: Package) -> list[Any]:
    return [row[0] for row in rows("SELECT facets FROM aivision_facets WHERE package_id = :id", id=package["id"])]


def test_only_those_of_datasets_that_changed_are_worked_out(
    ckan: Any, site_user: Any, published: Any, brought: Callable[[], int]
) -> None:
    one, _ = published(), published()
    assert brought() == 2
    assert brought() == 0
    before = facets(one)
    resource = {"name": "Levels", "url": "https://rivers.example.gov/levels.csv", "format": "CSV"}
    ckan.get_action("package_patch")(dict(site_user), {"id": one["id"], "resources": [resource]})
    assert brought() == 1
    assert facets(one) != before
    assert "CSV" in facets(one)[0]


def test_those_of_a_harvest_are_worked_out_when_a_record_changed(
    harvested: Any, source: Any, brought: Callable[[], int]
) -> None:
    name = source()
    harvested(name, [record(1), record(2)])
    assert brought() == 2
    harvested(name, [record(1), record(2)])
    assert brought() == 0
    harvested(name, [record(1, license="https://creativecommons.org/licenses/by/4.0/"), record(2)])
    assert brought() == 1


def test_those_of_private_drafts_and_deleted_ones_are_not_and_are_once_they_are_public(
    ckan: Any, site_user: Any, published: Any, brought: Callable[[], int]
) -> None:
    package = published(private=True)
    assert brought() == 0
    assert facets(package) == []
    ckan.get_action("package_patch")(dict(site_user), {"id": package["id"], "private": False})
    assert brought() == 1


def test_a_new_version_of_the_tables_that_they_come_from_works_out_all(
    published: Any, brought: Callable[[], int]
) -> None:
    published()
    brought()
    everything = len(rows("SELECT FROM aivision_facets f JOIN package p ON p.id = f.package_id AND NOT p.private"))
    execute("UPDATE aivision_facets SET version = 'of before'")
    assert 0 < brought() <= everything
    joined = "aivision_facets f JOIN package p ON p.id = f.package_id AND p.state = 'active' AND NOT p.private"
    assert rows(f"SELECT FROM {joined} WHERE f.version = 'of before'") == []


def test_those_of_purged_datasets_go(ckan: Any, site_user: Any, published: Any, brought: Callable[[], int]) -> None:
    package = published()
    brought()
    assert len(facets(package)) == 1
    ckan.get_action("dataset_purge")(dict(site_user), {"id": package["id"]})
    brought()
    assert facets(package) == []


def test_a_publisher_has_one_series_however_it_is_spelled_and_from_how_many_sources(
    harvested: Any, source: Any, files: Any, snapshot: Any, ckan: Any
) -> None:
    """A snapshot and a rescore, which keep the same days, name it as the tables of agencies do, and count the same."""
    from ckanext.aivision.catalogue.evaluations.tallies import keep_todays

    spellings = ["EPA", "U.S. Environmental Protection Agency", "U.S. EPA", "Environmental Protection Agency"]
    for name in (source(), source()):
        harvested(name, [record(at, publisher={"name": spelling}) for at, spelling in enumerate(spellings)])
    execute("DELETE FROM aivision_trend")
    snapshot()

    def kept() -> list[tuple[Any, ...]]:
        """level, country, publisher, number of publishers, and what is counted of them."""
        query = "SELECT level, country, publisher, publishers, tally FROM aivision_trend WHERE publishers > 0"
        counted = ("data_sets", "scored", "score_tenths", "grades", "first_date", "last_date")
        found = [(*row[:4], *(json.loads(row[4])[name] for name in counted)) for row in rows(query)]
        return sorted(found, key=lambda row: row[:3])

    of_snapshot = kept()
    environment = [row[4] for row in of_snapshot if "Environmental Protection" in row[2] or row[2] == "EPA"]
    assert environment == [8]
    counts = {row[1]: row[3] for row in of_snapshot if row[0] == "country"}
    publishers = [row[1] for row in of_snapshot if row[0] == "publisher"]
    assert counts == {country: publishers.count(country) for country in counts}
    keep_todays()
    assert kept() == of_snapshot


def test_a_snapshot_keeps_the_points_of_its_day(
    published: Any, office: Any, files: Any, snapshot: Any, ckan: Any, site_user: Any
) -> None:
    packages = [published(), published()]
    query = "SELECT day, publishers FROM aivision_trend WHERE publisher = :name AND rubric_version = :of ORDER BY day"
    asked = {"name": office["title"], "of": load().version}
    day = datetime.timedelta(days=1)
    snapshot(lambda: NOON)
    snapshot(lambda: NOON + day)
    assert rows(query, **asked) == [(NOON.date(), 1)], "a day that says the same as the one before is left out"
    for package in packages:
        ckan.get_action("package_delete")(dict(site_user), {"id": package["id"]})
    snapshot(lambda: NOON + 2 * day)
    assert rows(query, **asked) == [(NOON.date(), 1), ((NOON + 2 * day).date(), 0)]
    points = ckan.get_action("aivision_trend_list")({"user": ""}, {"publisher": office["title"], "country": "GB"})
    assert [point["data_sets"] for point in points["points"]] == [2, 0]
