"""Made-up samples beside real records: they are marked, and counted by themselves."""

from __future__ import annotations

import datetime
import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from tests.catalogue.conftest import record

from ckanext.aivision import model as model_of_migrations
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.scoring.rubric import load

INVENTED = "Rail Sample Regulator"
DAYS = [datetime.date(2026, 1, day) for day in (5, 6)]


@pytest.fixture
def both(ckan: Any, harvested: Any, source: Any) -> dict[str, Any]:
    """The samples of both countries and some real records of the US; one record of each."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import load_sources

    for name in ("sample-us", "sample-uk"):
        assert harvest_into_ckan(load_sources()[name]).state == "finished"
    name = source()
    assert harvested(name, [record(number, identifier=f"{name}-{number}") for number in range(3)]).state == "finished"
    found = {}
    for key, of in (("sample", "sample-uk"), ("real", name)):
        records = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": of})
        found[key] = records[0]
    return found


@pytest.fixture
def page(ckan_application: Any) -> Any:
    def get(path: str) -> str:
        answer = ckan_application.test_client().get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        text: str = answer.get_data(as_text=True)
        return text

    return get


def test_samples_have_tallies_of_their_own(ckan: Any, both: Any) -> None:
    from ckanext.aivision.catalogue.comparison.tallies import tallies

    found = tallies()
    assert {tally.sample for tally in found if tally.publisher == INVENTED} == {True}
    assert {tally.sample for tally in found if tally.publisher == "River Sample Office"} >= {False}
    assert sum(tally.data_sets for tally in found if tally.sample) == 70


def test_no_invented_publisher_stands_among_real_ones(both: Any, page: Any) -> None:
    figures = json.loads(page("/best-practice.json"))
    assert INVENTED not in {row["name"] for row in figures["publishers"]}
    assert (figures["samples"], figures["banner"]) == (False, "")
    assert "70 sample datasets are made up and not counted here, as there are real ones." in figures["notes"]
    assert INVENTED not in page("/best-practice")


def test_samples_alone_are_compared_with_a_banner(ckan: Any, both: Any) -> None:
    from ckanext.aivision.catalogue.comparison.tallies import tallies

    alone = overview([tally for tally in tallies() if tally.sample], load().criteria)
    assert alone.banner
    assert [row.data_sets for row in alone.countries] == [35, 35]


def test_a_sample_says_on_its_page_that_it_is_one(both: Any, page: Any) -> None:
    assert "This is a sample: the record and its publisher are made up." in page(f"/dataset/{both['sample']['name']}")
    assert "This is a sample" not in page(f"/dataset/{both['real']['name']}")


def test_a_sample_stays_one_when_its_source_is_taken_off_the_list(ckan: Any, both: Any) -> None:
    from ckanext.aivision.catalogue.sources import source_store as sources
    from ckanext.aivision.catalogue.sources.ledger import origin

    sources.forget("sample-uk")
    assert origin(both["sample"]["package_id"])["sample"]


def test_the_front_page_counts_real_data_sets_alone(ckan: Any, both: Any, ckan_application: Any) -> None:
    from ckanext.aivision.catalogue.comparison import renewal
    from ckanext.aivision.catalogue.comparison.tallies import tallies
    from ckanext.aivision.helpers import aivision_figures

    renewal.renew()
    with ckan_application.test_request_context("/"):
        figures = aivision_figures()
    assert figures is not None
    counted = {code: count for code, count, _ in figures["countries"]}
    real = [tally for tally in tallies() if not tally.sample and tally.country == "US"]
    assert counted["US"] == sum(tally.data_sets for tally in real)


def test_samples_are_no_part_of_a_countrys_trend(ckan: Any, both: Any) -> None:
    from ckanext.aivision.catalogue.comparison.tallies import tallies

    found = tallies()
    asked = {"country": "US"}
    points = ckan.get_action("aivision_trend_list")({"ignore_auth": True}, asked)["points"]
    assert {point["sample"] for point in points} == {False}
    real = sum(tally.data_sets for tally in found if tally.country == "US" and not tally.sample)
    assert points[-1]["data_sets"] == real
    invented = ckan.get_action("aivision_trend_list")({"ignore_auth": True}, {"publisher": INVENTED})["points"]
    assert invented == []


def _tally(publisher: str, day: datetime.date, data_sets: int) -> str:
    return json.dumps(
        {
            "country": "GB",
            "publisher": publisher,
            "rubric_version": "0.0",
            "first_date": str(day),
            "last_date": str(day),
            "data_sets": data_sets,
            "scored": data_sets,
            "grades": {"B": data_sets},
            "dimensions": {"findable": {"known": data_sets, "tenths": 500 * data_sets}},
        }
    )


def test_the_migration_marks_samples_and_divides_the_past(ckan: Any, both: Any) -> None:
    import ckan.model as model

    model.Session.rollback()
    path = Path(model_of_migrations.__file__).parents[1] / "migration/aivision/versions/0009_samples.py"
    migration = runpy.run_path(str(path))
    rows = [
        {"level": level, "publisher": publisher, "day": day, "publishers": 1, "tally": _tally(publisher, day, number)}
        for day in DAYS
        for level, publisher, number in (("publisher", INVENTED, 4), ("publisher", "Council", 3), ("country", "", 7))
    ]
    insert = sa.text(
        "INSERT INTO aivision_trend (rubric_version, country, level, publisher, day, publishers, lacking, recomputed,"
        "tally) VALUES ('0.0', 'GB', :level, :publisher, :day, :publishers, 0, FALSE, :tally)"
    )
    with model.meta.engine.connect() as connection:
        connection.execute(sa.text("SET lock_timeout = '20s'"))
        with Operations.context(MigrationContext.configure(connection)):
            migration["downgrade"]()
            connection.execute(insert, rows)
            migration["upgrade"]()
        flagged = connection.execute(
            sa.text("SELECT name FROM aivision_source WHERE source ->> 'sample' = 'true' AND name LIKE 'sample-%'")
        ).scalars()
        assert "sample-us" in set(flagged)
        kept = connection.execute(
            sa.text("SELECT level, day, publishers, tally FROM aivision_trend WHERE rubric_version = '0.0'")
        ).all()
        counted_from = connection.execute(
            sa.text("SELECT fingerprint FROM aivision_tally WHERE publisher = :name"), {"name": INVENTED}
        ).scalars()
        assert set(counted_from) == {None}, "the tallies are counted again"
        connection.rollback()
    numbers = {(row.level, row.day): json.loads(row.tally)["data_sets"] for row in kept}
    for day in DAYS:
        assert numbers["sample publisher", day] == numbers["sample country", day] == 4
        assert numbers["publisher", day] == numbers["country", day] == 3
    assert {json.loads(row.tally)["grades"]["B"] for row in kept if row.level == "country"} == {3}
