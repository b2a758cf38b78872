"""Made-up samples beside real records: they are marked, and counted by themselves."""

from __future__ import annotations

import datetime
import json
import runpy
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from tests.records import record

from ckanext.aivision import model as model_of_migrations
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.scoring.rubric import load

# No other test has records of these publishers.
INVENTED, REAL = "Invented Rail Regulator", "Office beside samples"
NUMBER = 4
DAYS = [datetime.date(2026, 1, day) for day in (5, 6)]


@pytest.fixture
def both(ckan: Any, harvested: Any, source: Any, tmp_path: Path) -> dict[str, Any]:
    """A source of samples, as an older installation stored ours, and a real one; one record of each."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import resolve

    path = tmp_path / "config/samples/us.data.json"
    path.parent.mkdir(parents=True)
    invented = [
        record(number, identifier=f"invented-{number}", publisher={"name": INVENTED}) for number in range(NUMBER)
    ]
    path.write_text(json.dumps({"dataset": invented}))
    samples = msgspec.structs.replace(resolve(str(path), "dcat-us", None, "US"), name="invented-samples")
    assert samples.sample
    assert harvest_into_ckan(samples).state == "finished"
    name = source()
    real = [record(number, identifier=f"{name}-{number}", publisher={"name": REAL}) for number in range(3)]
    assert harvested(name, real).state == "finished"
    found = {}
    for key, of in (("sample", samples.name), ("real", name)):
        found[key] = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": of})[0]
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
    from ckanext.aivision.catalogue.evaluations.tallies import tallies

    found = tallies() or []
    assert {tally.sample for tally in found if tally.publisher == INVENTED} == {True}
    assert {tally.sample for tally in found if tally.publisher == REAL} == {False}
    assert sum(tally.data_sets for tally in found if tally.publisher == INVENTED) == NUMBER


def test_no_invented_publisher_stands_among_real_ones(both: Any, page: Any, snapshot: Any) -> None:
    from ckanext.aivision.catalogue.evaluations.tallies import tallies

    snapshot()
    samples = sum(tally.data_sets for tally in tallies() or () if tally.sample)
    figures = json.loads(page("/best-practice.json"))
    assert INVENTED not in {row["name"] for row in figures["publishers"]}
    assert (figures["samples"], figures["banner"]) == (False, "")
    note = f"{samples} sample datasets are made up and not counted here, because there are real datasets."
    assert note in figures["notes"]
    assert INVENTED not in page("/best-practice")


def test_samples_alone_are_compared_with_a_banner(ckan: Any, both: Any) -> None:
    from ckanext.aivision.catalogue.evaluations.tallies import tallies

    alone = overview([tally for tally in tallies() or () if tally.publisher == INVENTED], load().criteria)
    assert alone.banner
    assert [row.data_sets for row in alone.countries] == [NUMBER, 0]


def test_a_sample_says_on_its_page_that_it_is_one(both: Any, page: Any) -> None:
    assert "This is a sample: the record and its publisher are made up." in page(f"/dataset/{both['sample']['name']}")
    assert "This is a sample" not in page(f"/dataset/{both['real']['name']}")


def test_a_sample_of_ours_stays_one_when_its_source_is_taken_off_the_list(ckan: Any) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.catalogue.sources import source_store as sources
    from ckanext.aivision.catalogue.sources.ledger import origin
    from ckanext.aivision.harvesters.sources.source import load_sources

    assert harvest_into_ckan(load_sources()["sample-uk"]).state == "finished"
    found = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": "sample-uk"})[0]
    sources.forget("sample-uk")
    assert origin(found["package_id"])["sample"]


def test_the_front_page_counts_real_data_sets_alone(ckan: Any, both: Any, ckan_application: Any, snapshot: Any) -> None:
    from ckanext.aivision.catalogue.evaluations.tallies import tallies
    from ckanext.aivision.helpers.home_and_about import aivision_finding

    snapshot()
    with ckan_application.test_request_context("/"):
        finding = aivision_finding()
    assert finding.overview is not None
    counted = {country.code: country.data_sets for country in finding.overview.countries}
    assert not any(count.source.startswith("sample-") for count in finding.sources)
    real = [tally for tally in tallies() or () if not tally.sample and tally.country == "US"]
    assert counted["US"] == sum(tally.data_sets for tally in real)


def test_samples_are_no_part_of_a_countrys_trend(ckan: Any, both: Any, snapshot: Any) -> None:
    from ckanext.aivision.catalogue.evaluations.tallies import tallies

    snapshot()
    found = tallies() or []
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
            "country": "US",
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
    versions = Path(model_of_migrations.__file__).parents[1] / "migration/aivision/versions"
    migration, later = (runpy.run_path(str(versions / name)) for name in ("0009_samples.py", "0011_snapshot.py"))
    rows = [
        {"level": level, "publisher": publisher, "day": day, "publishers": 1, "tally": _tally(publisher, day, number)}
        for day in DAYS
        for level, publisher, number in (("publisher", INVENTED, 4), ("publisher", "Council", 3), ("country", "", 7))
    ]
    insert = sa.text(
        "INSERT INTO aivision_trend (rubric_version, country, level, publisher, day, publishers, lacking, recomputed,"
        "tally) VALUES ('0.0', 'US', :level, :publisher, :day, :publishers, 0, FALSE, :tally)"
    )
    with model.meta.engine.connect() as connection:
        connection.execute(sa.text("SET lock_timeout = '20s'"))
        with Operations.context(MigrationContext.configure(connection)):
            later["downgrade"]()
            migration["downgrade"]()
            connection.execute(insert, rows)
            migration["upgrade"]()
        flagged = connection.execute(
            sa.text("SELECT name FROM aivision_source WHERE source ->> 'sample' = 'true'")
        ).scalars()
        assert "invented-samples" in set(flagged)
        kept = connection.execute(
            sa.text("SELECT level, day, publishers, tally FROM aivision_trend WHERE rubric_version = '0.0'")
        ).all()
        connection.rollback()
    numbers = {(row.level, row.day): json.loads(row.tally)["data_sets"] for row in kept}
    for day in DAYS:
        assert numbers["sample publisher", day] == numbers["sample country", day] == 4
        assert numbers["publisher", day] == numbers["country", day] == 3
    assert {json.loads(row.tally)["grades"]["B"] for row in kept if row.level == "country"} == {3}
