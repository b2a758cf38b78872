"""A harvest into CKAN: every record once, in the database and in the index, and a second run changes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.records import record

from ckanext.aivision.errors import AivisionError

SourceFile = Callable[[list[Any]], Path]


def test_each_record_is_in_ckan_once_with_its_publisher_country_and_grade(
    into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, name = publisher
    run = into_ckan(source_file([record(number, **office) for number in range(60)]))
    packages = found(name)
    assert (run.counts.fetched, run.counts.new) == (60, 60)
    assert sorted(package["identifier"] for package in packages) == sorted(f"river-{number}" for number in range(60))
    assert {package["country"] for package in packages} == {"US"}


def test_a_second_run_changes_nothing(
    ckan: Any, into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, name = publisher
    source = source_file([record(number, **office) for number in range(3)])
    into_ckan(source)
    before = {package["id"]: package["metadata_modified"] for package in found(name)}
    run = into_ckan(source)
    assert (run.counts.unchanged, run.counts.new, run.counts.changed) == (3, 0, 0)
    assert {package["id"]: package["metadata_modified"] for package in found(name)} == before


def test_a_changed_record_keeps_its_package_and_address(
    into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, name = publisher
    into_ckan(source_file([record(1, **office)]))
    (before,) = found(name)
    run = into_ckan(source_file([record(1, title="Daily river levels at station 1", **office)]))
    (after,) = found(name)
    assert run.counts.changed == 1
    assert (after["id"], after["name"]) == (before["id"], before["name"])
    assert after["title"] == "Daily river levels at station 1"


def test_a_record_that_the_database_does_not_take_is_refused_and_the_rest_goes_on(
    ckan: Any, into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.serialise.package import to_package

    office, name = publisher

    def with_a_null(dataset: Any) -> dict[str, Any]:
        package = to_package(dataset)
        return {**package, "notes": "PostgreSQL has no \0"} if dataset.identifier == "river-2" else package

    monkeypatch.setattr("ckanext.aivision.catalogue.writer.prepare.to_package", with_a_null)
    run = into_ckan(source_file([record(number, **office) for number in range(4)]))
    assert (run.counts.new, run.counts.refused) == (3, 1)
    assert "river-2" not in {package["identifier"] for package in found(name)}
    latest = ckan.get_action("aivision_run_list")({"ignore_auth": True}, {"source": run.source})[0]
    (problem,) = ckan.get_action("aivision_run_show")({"ignore_auth": True}, {"id": latest["id"]})["problems"]
    assert problem["identifier"] == "river-2"
    assert "rejects this record: unsupported Unicode escape sequence" in problem["message"]
    assert '"river-2"' in problem["raw"]


def test_what_a_crash_left_unindexed_is_indexed_by_the_next_run(
    ckan: Any, into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.index.solr import Indexing

    office, name = publisher
    source = source_file([record(1, **office), record(2, **office)])
    with monkeypatch.context() as patched:
        # The crash: the batch is committed, and the process is gone before Solr hears of it.
        patched.setattr(Indexing, "add", lambda self, documents: None)
        into_ckan(source)
    assert found(name) == []
    assert into_ckan(source).counts.unchanged == 2
    assert len(found(name)) == 2


def test_a_data_set_that_somebody_purged_comes_back_under_its_name(
    ckan: Any, into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, name = publisher
    source = source_file([record(1, **office), record(2, **office)])
    into_ckan(source)
    before = {package["identifier"]: (package["id"], package["name"]) for package in found(name)}
    ckan.get_action("dataset_purge")({"ignore_auth": True}, {"id": before["river-1"][0]})
    run = into_ckan(source)
    assert (run.counts.new, run.counts.unchanged) == (1, 1)
    assert {package["identifier"]: (package["id"], package["name"]) for package in found(name)} == before


def test_a_source_that_breaks_off_is_incomplete_and_removes_nothing(
    into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, name = publisher
    source = source_file([record(number, **office) for number in range(4)])
    into_ckan(source)
    source.write_text(source.read_text()[:-700])
    run = into_ckan(source)
    assert run.state == "incomplete"
    assert len(found(name)) == 4


def test_a_source_that_cannot_be_read_at_all_ends_as_a_run_with_the_reason(
    ckan: Any, into_ckan: Any, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    path.write_text("<html>Scheduled maintenance</html>")
    run = into_ckan(path)
    assert run.state == "incomplete"
    assert run.message
    latest = ckan.get_action("aivision_run_list")({"ignore_auth": True}, {"source": run.source})[0]
    assert latest["state"] == "incomplete"


def test_rescoring_evaluates_every_data_set_again_with_the_same_result(
    ckan: Any, into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    office, name = publisher
    into_ckan(source_file([record(1, **office)]))
    (package,) = found(name)
    before = evaluations.find(package["id"])
    rescore()
    assert evaluations.find(package["id"]) == before
    assert before is not None
    assert before.reference_date == datetime.datetime.now(datetime.timezone.utc).date()


def test_real_catalogues_of_both_countries_come_in_whole(ckan: Any, real_portal: Any, found: Any) -> None:
    """GSA's 339 and Glasgow's 138 datasets over HTTP: none lost, none twice, and a second harvest changes nothing."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import resolve

    with real_portal() as address:
        host = address.removeprefix("http://")
        sources = (
            (resolve(f"{address}/us/gsa/data.json", "dcat-us", None, "US"), 339),
            (resolve(f"{address}/uk/glasgow", "ckan", "ckan-flat", "GB"), 138),
        )
        for source, number in sources:
            first = harvest_into_ckan(source, allow_hosts=[host])
            assert (first.state, first.counts.new, first.counts.refused) == ("finished", number, 0)
            second = harvest_into_ckan(source, allow_hosts=[host])
            assert (second.counts.unchanged, second.counts.new, second.counts.changed) == (number, 0, 0)
    asked = {"source": sources[1][0].name, "limit": 1000}
    stored = {row["package_id"] for row in ckan.get_action("aivision_record_list")({"ignore_auth": True}, asked)}
    assert len(stored) == 138
    # Other tests may have harvested the same catalogue under another name.
    assert stored <= {package["id"] for package in found("glasgow-city-council-gb")}


def test_an_unknown_source_is_refused_in_one_line() -> None:
    from ckanext.aivision.harvesters.sources.source import resolve

    with pytest.raises(AivisionError, match="not the name of a source"):
        resolve("no-such-source")
