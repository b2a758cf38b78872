"""What was: a dataset's points, the tallies of days gone by, and both under a rubric that has changed since."""

from __future__ import annotations

import datetime
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.history import OLD, as_of, execute, rows
from tests.records import record

from ckanext.aivision import model as model_of_migrations
from ckanext.aivision.scoring.rubric import load

SourceFile = Callable[[list[Any]], Path]
TODAY = datetime.datetime.now(datetime.timezone.utc).date()
LIMITS = "Gaps longer than a day are not filled, so that the winter of 2019 is incomplete at most stations."
WORSE: dict[str, Any] = {"keyword": [], "license": None}


def days_ago(number: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=number)


@pytest.fixture
def harvested(into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile) -> Callable[..., list[str]]:
    """Harvests records of a publisher of the test's own, and gives the ids of its datasets."""
    office, name = publisher

    def harvest(*records: dict[str, Any]) -> list[str]:
        into_ckan(source_file([record(number, **{**office, **changes}) for number, changes in enumerate(records)]))
        return sorted(package["id"] for package in found(name))

    return harvest


@pytest.fixture
def points(ckan: Any) -> Callable[..., list[dict[str, Any]]]:
    def show(id: str, user: str = "", **asked: str) -> list[dict[str, Any]]:
        context = {"user": user} if user or not asked.pop("all", "") else {"ignore_auth": True, "user": ""}
        found: list[dict[str, Any]] = ckan.get_action("aivision_score_history")(context, {"id": id, **asked})["points"]
        return found

    return show


def trend(ckan: Any, publisher: str, **asked: Any) -> list[dict[str, Any]]:
    """As it is once the day's tallies are kept, which a snapshot and a rescore see to."""
    from ckanext.aivision.catalogue.evaluations.tallies import keep_todays

    keep_todays()
    found = ckan.get_action("aivision_trend_list")({"user": ""}, {"publisher": publisher, "country": "US", **asked})
    points: list[dict[str, Any]] = found["points"]
    return points


def test_a_day_on_which_the_evaluation_changes_makes_a_point_and_others_make_none(harvested: Any, points: Any) -> None:
    (id,) = harvested({})
    as_of(days_ago(20), [id])
    harvested({"contactPoint": {**record(0)["contactPoint"], "fn": "Desk of data"}})
    assert [point["reference_date"] for point in points(id)] == [str(days_ago(20))]
    harvested(WORSE)
    before, after = points(id)
    assert (before["reference_date"], after["reference_date"]) == (str(days_ago(20)), str(TODAY))
    assert after["score"] < before["score"]
    assert after["dimensions"]["licensed"] < before["dimensions"]["licensed"]


def test_a_second_change_of_the_same_day_takes_the_place_of_the_first(harvested: Any, points: Any) -> None:
    (id,) = harvested({})
    (first,) = points(id)
    harvested(WORSE)
    (second,) = points(id)
    assert second["score"] < first["score"]


def test_points_keep_the_record_that_they_were_made_of(harvested: Any) -> None:
    from ckanext.aivision.catalogue.evaluations.history import read_record

    (id,) = harvested({"title": "Levels of the river as they were before"})
    as_of(days_ago(3), [id])
    harvested(WORSE)
    query = "SELECT r.record FROM aivision_history h JOIN aivision_past_record r ON r.digest = h.record"
    kept = [read_record(row[0]) for row in rows(f"{query} WHERE h.package_id = :id ORDER BY reference_date", id=id)]
    assert [dataset.title for dataset in kept] == ["Levels of the river as they were before", record(0)["title"]]
    assert kept[0].raw == {}


def test_what_is_deleted_is_no_longer_in_the_trend(ckan: Any, harvested: Any, publisher: Any, points: Any) -> None:
    name = publisher[0]["publisher"]["name"]
    one, other = harvested({}, WORSE)
    assert trend(ckan, name)[-1]["data_sets"] == 2
    as_of(days_ago(9), [one, other], name)
    user = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    ckan.get_action("package_delete")({"ignore_auth": True, "user": user}, {"id": one})
    assert [(row["day"], row["data_sets"]) for row in trend(ckan, name)] == [(str(days_ago(9)), 2), (str(TODAY), 1)]
    assert [point["public"] for point in points(one, all="yes")] == [True, False]


def test_the_snapshot_after_a_harvest_leaves_the_point_of_its_day_in_the_trend(
    harvested: Any, publisher: Any, snapshot: Any
) -> None:
    harvested({}, {})
    snapshot()
    query = "SELECT day, publishers, tally FROM aivision_trend WHERE level = 'publisher' AND publisher = :name"
    ((day, publishers, tally),) = rows(query, name=publisher[0]["publisher"]["name"])
    assert (day, publishers, json.loads(tally)["data_sets"]) == (TODAY, 1, 2)


def test_a_trend_tells_means_and_the_numbers_that_they_rest_on(ckan: Any, harvested: Any, publisher: Any) -> None:
    harvested({}, {}, WORSE)
    (point,) = trend(ckan, publisher[0]["publisher"]["name"], criterion="licence-open")
    assert (point["data_sets"], point["publishers"], point["scored"], point["lacking"]) == (3, 1, 3, 0)
    assert point["dimensions"]["licensed"]["data_sets"] == 3
    licence = point["criterion"]
    assert (licence["passed"], licence["failed"], licence["known"], licence["value"]) == (2, 1, 3, 66.67)
    assert point["first_date"] == point["last_date"] == str(TODAY)


def test_under_a_changed_rubric_the_past_is_made_again_and_the_old_series_can_still_be_asked_for(
    ckan: Any, harvested: Any, publisher: Any, points: Any
) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    name = publisher[0]["publisher"]["name"]
    ids = harvested({}, {})
    before = trend(ckan, name)[-1]
    as_of(days_ago(30), ids, name, OLD)
    rescore()
    version = load().version
    for id in ids:
        told = [(row["rubric_version"], row["reference_date"], row["recomputed"]) for row in points(id)]
        assert told == [
            (OLD, str(days_ago(30)), False),
            (version, str(days_ago(30)), True),
            (version, str(TODAY), False),
        ]
    (old,) = [row for row in trend(ckan, name, rubric_version=OLD) if row["day"] == str(days_ago(30))]
    again, now = trend(ckan, name)
    assert (old["recomputed"], again["recomputed"], now["recomputed"]) == (False, True, False)
    assert (again["day"], again["rubric_version"], again["first_date"]) == (old["day"], version, str(days_ago(30)))
    assert again["lacking"] == 0
    same = ("score", "coverage", "grades", "dimensions", "data_sets", "scored")
    assert [again[key] for key in same] == [before[key] for key in same] == [old[key] for key in same]


def test_a_trend_made_again_says_what_it_lacks_and_never_mixes_versions(
    ckan: Any, harvested: Any, publisher: Any, points: Any
) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    name = publisher[0]["publisher"]["name"]
    ids = harvested({}, {}, {})
    trend(ckan, name)
    as_of(days_ago(30), ids, name, OLD)
    execute("UPDATE aivision_history SET record = NULL WHERE package_id = :id", id=ids[0])
    rescore()
    again, now = trend(ckan, name)
    assert (again["data_sets"], again["lacking"]) == (2, 1)
    assert (now["data_sets"], now["lacking"]) == (3, 0)
    first = points(ids[0])[0]
    assert (first["rubric_version"], first["record_kept"]) == (OLD, False)
    assert [row["rubric_version"] for row in points(ids[0], rubric_version=OLD)] == [OLD]


def test_records_are_forgotten_as_the_setting_says_but_for_that_of_the_latest_point(
    ckan: Any, harvested: Any, points: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.evaluations import history

    (id,) = harvested({})
    as_of(days_ago(40), [id])
    harvested(WORSE)
    as_of(days_ago(20), [id], of=TODAY)
    history.prune(TODAY)
    assert [point["record_kept"] for point in points(id)] == [True, True]
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_past_records_days", 10)
    history.prune(TODAY)
    assert [point["record_kept"] for point in points(id)] == [False, True]
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_past_records_days", 0)
    harvested({})
    assert [point["record_kept"] for point in points(id)] == [False, True, False]


def test_the_migration_takes_version_and_date_out_of_what_is_stored_and_back(ckan: Any, harvested: Any) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    (id,) = harvested({"title": 'A title with ","1.0.0","2026-01-01",[]] in it'})
    path = Path(model_of_migrations.__file__).parents[1] / "migration/aivision/versions/0007_history.py"
    migration = runpy.run_path(str(path))
    query = sa.text("SELECT evaluation FROM aivision_evaluation WHERE package_id = :id")
    with model.meta.engine.connect() as connection:
        stored = connection.execute(query, {"id": id}).scalar_one()
        connection.execute(sa.text(migration["_WITH"]))
        former = connection.execute(query, {"id": id}).scalar_one()
        connection.execute(sa.text(migration["_WITHOUT"]))
        assert connection.execute(query, {"id": id}).scalar_one() == stored
        connection.rollback()
    kept = json.loads(stored)
    assert json.loads(former) == [*kept[:-1], load().version, str(TODAY), kept[-1]]
