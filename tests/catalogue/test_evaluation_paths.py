"""The same record with the same observations has the same evaluation, whichever way it came into the catalogue."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.save_paths import (
    PAGE,
    PATHS,
    Package,
    delete_resource,
    evaluated_again,
    evaluation,
    looked_at,
    results,
    uploaded,
    use_as_dictionary,
)
from tests.serialise.conftest import EVERYTHING, Form
from tests.serialise.conftest import corpus_records as corpus_records
from tests.serialise.conftest import form as form
from tests.serialise.conftest import steward as steward

from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import to_package

FILE = {"url": "https://rivers.example.gov/levels.csv", "format": "CSV", "name": "Levels"}

ESSENTIALS = {"title": "River levels", "country": "GB", "license_id": "OGL-UK-3.0"}


# What varies between paths: dates, publishers, and addresses of files, which CKAN shows otherwise than it takes them.
RECORDS: dict[str, Package] = {
    "a title and nothing else": {"resources": []},
    "a file elsewhere": {"resources": [FILE]},
    "a file whose address has no scheme": {"resources": [{**FILE, "url": "rivers.example.gov/levels.csv"}]},
    "a file and a page": {"resources": [FILE, PAGE], "modified": "2026-10-01"},
    "an uploaded file": {"resources": [], "upload": True},
    "an uploaded file beside another": {"resources": [FILE], "upload": True, "issued": "2004"},
    "a publisher of its own": {"resources": [FILE], "publisher": [{"name": "River board"}]},
    "every field": to_package(EVERYTHING),
}


MOST = "an uploaded file beside another"


@pytest.fixture
def act(ckan: Any, steward: dict[str, str]) -> Callable[..., Any]:
    """Calls an action as the steward."""

    def call(action: str, **data: Any) -> Any:
        return ckan.get_action(action)({"user": steward["name"]}, data)

    return call


@pytest.fixture
def stored(act: Any, steward: dict[str, str]) -> Callable[..., Package]:
    """Creates a dataset, and looks at its links and files where there are any."""

    def make(upload: bool = False, **fields: Any) -> Package:
        own = {"name": f"paths-{uuid.uuid4().hex[:8]}", "owner_org": steward["organization"]}
        package = act("package_create", **{**ESSENTIALS, **fields, **own})
        if upload:
            act("resource_create", package_id=package["id"], **uploaded())
        return looked_at(act("package_show", id=package["id"]))

    return make


def combinations() -> list[Any]:
    """Each way with the record that has most to lose and with one of the others, which take turns; the rest nightly."""
    return [
        pytest.param(
            name,
            path,
            id=f"{name}-{path.__name__}",
            marks=() if name == MOST or number == place % len(RECORDS) else pytest.mark.nightly,
        )
        for place, path in enumerate(PATHS)
        for number, name in enumerate(RECORDS)
    ]


@pytest.mark.parametrize(("name", "path"), combinations())
def test_a_save_evaluates_as_evaluating_again_does_and_forgets_nothing_that_was_seen(
    name: str, path: Any, stored: Any, act: Any, form: Form
) -> None:
    package = stored(**RECORDS[name])
    before = evaluation(package)
    path(act, package, form)
    saved = evaluation(package)
    if path is not delete_resource:
        assert results(saved).keys() == results(before).keys()
    again = evaluated_again(package)
    assert results(saved) == results(again)
    assert saved == again


def test_our_own_dates_are_dates_of_the_data_by_no_path(stored: Any, act: Any) -> None:
    package = stored(resources=[FILE])
    for look in (evaluation, evaluated_again):
        found = results(look(package))
        assert [found[name][:2] for name in ("issued-stated", "modified-stated")] == [("fail", 0.0), ("fail", 0.0)]


def test_the_recommended_data_dictionary_never_lowers_a_score(stored: Any, act: Any, form: Form) -> None:
    package = stored(upload=True, resources=[])
    before = evaluation(package)
    use_as_dictionary(act, package, form)
    after = evaluation(package)
    assert "content" in after.beyond
    assert after.score > before.score


def test_a_file_that_was_replaced_loses_the_profile_of_the_former_one(stored: Any, act: Any) -> None:
    package = stored(upload=True, resources=[FILE])
    elsewhere, here = package["resources"]
    act("resource_patch", id=here["id"], **uploaded(b"name\nA1\n"))
    assert [row["resource_id"] for row in act("aivision_file_profile_list", id=package["id"])] == [elsewhere["id"]]
    assert evaluation(package) == evaluated_again(package)
    act("resource_patch", id=elsewhere["id"], url="https://rivers.example.gov/other.csv")
    assert act("aivision_file_profile_list", id=package["id"]) == []
    assert "content" not in evaluation(package).beyond
    assert evaluation(package) == evaluated_again(package)


@pytest.mark.parametrize(
    ("last_modified", "kept"),
    [("2020-01-01T00:00:00", True), ("2999-01-01T00:00:00", True), ("", True), ("now", False)],
)
def test_a_profile_ends_when_the_file_is_said_to_have_changed_since(
    last_modified: str, kept: bool, stored: Any, act: Any
) -> None:
    package = stored(resources=[{**FILE, "url": f"https://rivers.example.gov/{uuid.uuid4().hex}.csv"}])
    moment = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None).isoformat()
    (resource,) = package["resources"]
    act("resource_patch", id=resource["id"], last_modified=moment if last_modified == "now" else last_modified)
    assert ("content" in evaluation(package).beyond) is kept
    assert evaluation(package) == evaluated_again(package)


@pytest.mark.parametrize("replaced", [{"url": "https://rivers.example.gov/other.csv"}, None], ids=["address", "upload"])
def test_a_harvested_download_address_does_not_outlive_its_file(
    replaced: dict[str, Any] | None, stored: Any, act: Any
) -> None:
    package = stored(resources=[{**FILE, "download_url": FILE["url"], "access_url": PAGE["url"]}])
    (resource,) = package["resources"]
    act("resource_patch", id=resource["id"], description="One row a station.")
    assert act("resource_show", id=resource["id"])["download_url"] == FILE["url"]
    assert "content" in evaluation(package).beyond
    act("resource_patch", id=resource["id"], **(replaced or uploaded()))
    assert "download_url" not in act("resource_show", id=resource["id"])
    assert "content" not in evaluation(package).beyond


def test_the_language_of_whoever_saves_is_no_part_of_a_files_address(
    ckan_application: Any, stored: Any, steward: dict[str, str]
) -> None:
    from ckan.plugins import toolkit

    package = stored(upload=True, resources=[])
    before = results(evaluation(package))
    spoken = {"CKAN_LANG": "cy", "CKAN_LANG_IS_DEFAULT": False}
    with ckan_application.test_request_context(environ_overrides=spoken):
        context = {"user": steward["name"]}
        toolkit.get_action("package_patch")(context, {"id": package["id"], "notes": "Levels in metres."})
        listed = toolkit.get_action("aivision_file_profile_list")({"user": steward["name"]}, {"id": package["id"]})
    assert len(listed) == 1
    assert results(evaluation(package)).keys() == before.keys()


def test_another_dataset_with_the_same_file_counts_what_is_seen_of_it(act: Any) -> None:
    from ckanext.aivision.catalogue.jobs.profile_files import profile_files

    url = f"https://rivers.example.gov/{uuid.uuid4().hex}.csv"
    one = act("package_create", **essentials(act, resources=[{**FILE, "url": url}]))
    other = act("package_create", **essentials(act, resources=[{**FILE, "url": url}]))
    # Nothing answers there, which is an observation as any other.
    profile_files([one["id"]], None, datetime.timedelta(days=30), lambda *seen: None)
    for package in (one, other):
        found = evaluation(package)
        assert "content" in found.beyond
        assert found == evaluated_again(package)


def run_jobs() -> None:
    """Does the short jobs that wait, as a worker does."""
    from ckan.lib.jobs import get_queue

    from ckanext.aivision.queues import SHORT

    queue = get_queue(SHORT)
    for job in queue.jobs:
        queue.remove(job)
        job.perform()


def test_a_renamed_organization_is_the_publisher_of_its_datasets(ckan: Any, stored: Any) -> None:
    site = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    office = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "Office of one river"}
    made = ckan.get_action("organization_create")({"user": site}, office)["id"]
    package, other = stored(resources=[FILE]), stored(resources=[FILE], publisher=[{"name": "River board"}])
    for each in (package, other):
        ckan.get_action("package_patch")({"user": site, "ignore_auth": True}, {"id": each["id"], "owner_org": made})
    renamed = {"id": made, "title": "Office of all rivers", "name": f"office-{uuid.uuid4().hex[:8]}"}
    ckan.get_action("organization_patch")({"user": site}, renamed)
    run_jobs()
    assert evaluation(package).publisher == "Office of all rivers"
    assert evaluation(other).publisher == "River board"
    for each in (package, other):
        assert evaluation(each) == evaluated_again(each)


def test_a_dataset_that_moves_to_another_organization_has_it_as_its_publisher(ckan: Any, stored: Any) -> None:
    package = stored(resources=[FILE])
    site = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    office = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "Office of lakes"}
    made = ckan.get_action("organization_create")({"user": site}, office)
    moved = {"id": package["id"], "organization_id": made["id"]}
    ckan.get_action("package_owner_org_update")({"user": site, "ignore_auth": True}, moved)
    assert evaluation(package).publisher == "Office of lakes"
    assert evaluation(package) == evaluated_again(package)


def test_another_dataset_with_the_same_file_no_longer_counts_what_was_seen_of_a_former_one(
    stored: Any, act: Any
) -> None:
    url = f"https://rivers.example.gov/{uuid.uuid4().hex}.csv"
    one = stored(resources=[{**FILE, "url": url}])
    other = act("package_create", **essentials(act, resources=[{**FILE, "url": url}]))
    assert "content" in evaluation(other).beyond
    act("resource_delete", id=one["resources"][0]["id"])
    assert evaluation(other) == evaluated_again(other)


def test_a_finished_check_of_links_leaves_the_evaluation_of_each_dataset_as_it_follows_from_the_results(
    stored: Any, act: Any, serve: Any
) -> None:
    from ckanext.aivision.catalogue.jobs.check_links import check_links

    def answer(request: Any) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/csv")
        request.send_header("Content-Length", "0")
        request.end_headers()

    address = serve(answer)
    resource = {**FILE, "url": f"{address}/levels.csv"}
    packages = [act("package_create", **essentials(act, resources=[resource])) for _ in range(2)]
    check_links(allow_hosts=[address.removeprefix("http://")])
    for package in packages:
        assert "links" in evaluation(package).beyond
        assert evaluation(package) == evaluated_again(package)


def test_the_api_gives_the_evaluation_that_is_stored(stored: Any, act: Any) -> None:
    import msgspec

    package = stored(resources=[FILE])
    given = act("aivision_score_show", id=package["id"])
    # Beside it stands what would raise the grade, and of a gate what it is called and how to lift it.
    assert given.pop("next_grade")
    assert given.pop("corrected") is None
    for hit in given.get("gates", []):
        for name in hit.keys() - {"gate", "limit", "evidence"}:
            del hit[name]
    assert given == msgspec.to_builtins(evaluation(package))


@pytest.mark.parametrize("name", RECORDS)
def test_the_command_line_scores_a_package_as_the_catalogue_does(
    name: str, stored: Any, act: Any, tmp_path: Path
) -> None:
    from tests.cli.conftest import call

    # Of what is seen of links and files the command line knows nothing.
    package = act("package_show", id=stored(**RECORDS[name])["id"])
    path = tmp_path / "package.json"
    path.write_text(json.dumps(package))
    (scored,) = json.loads(call("score", path, "--format", "json").out)["results"]
    told = {row["criterion"]: (row["result"], row["value"], row["evidence"]) for row in scored["results"]}
    found = results(evaluation(package))
    assert told == {criterion: found[criterion] for criterion in told}


def essentials(act: Any, **fields: Any) -> Package:
    organization = act("organization_list_for_user")[0]["id"]
    name = f"paths-{uuid.uuid4().hex[:8]}"
    return {**ESSENTIALS, "name": name, "owner_org": organization, **fields}


def test_records_of_the_corpus_have_one_evaluation_by_every_action(
    corpus_records: list[Dataset], act: Any, steward: dict[str, str]
) -> None:
    for dataset in corpus_records[::25]:
        own = {"name": f"paths-{uuid.uuid4().hex[:8]}", "owner_org": steward["organization"]}
        package = act("package_create", **{**to_package(dataset), **own})
        assert evaluation(package) == evaluated_again(package), dataset.identifier
        act("package_patch", id=package["id"], version="7")
        assert evaluation(package) == evaluated_again(package), dataset.identifier


@pytest.fixture
def harvest(ckan: Any, tmp_path: Path) -> Callable[..., Package]:
    """Harvests a portal's package from a file and gives the dataset that it becomes."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.catalogue.tables.rows import package_id
    from ckanext.aivision.harvesters.sources.source import Source

    path, name = tmp_path / "one.ckan.ndjson", f"portal-{uuid.uuid4().hex[:8]}"

    def run(**members: Any) -> Package:
        package = {
            "id": name,
            "name": name,
            "title": "River levels",
            "notes": "Levels in metres.",
            "metadata_created": "2019-05-01T10:00:00",
            "metadata_modified": "2024-03-02T11:00:00",
            "organization": {"name": "river-office", "title": "River office"},
            "resources": [{"id": f"{name}-file", "url": f"https://rivers.example.gov/{name}.csv", "format": "CSV"}],
            **members,
        }
        path.write_text(json.dumps(package) + "\n")
        source = Source(name=name, url=str(path), kind="ckan", profile="ckan", country="GB")
        # A file of JSON lines does not show that it is whole, so a record with less than before needs confirmation.
        counts = harvest_into_ckan(source, confirm_removal=True).counts
        assert counts.new + counts.changed == 1
        shown: Package = ckan.get_action("package_show")({"ignore_auth": True}, {"id": package_id(name, name)})
        return shown

    return run


@pytest.mark.parametrize("grouped", [False, True], ids=["in bulk", "one by one"])
def test_a_harvest_evaluates_as_evaluating_again_does(grouped: bool, ckan: Any, harvest: Any) -> None:
    package = looked_at(harvest())
    if grouped:
        site = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        group = ckan.get_action("group_create")({"user": site}, {"name": f"group-{uuid.uuid4().hex[:8]}"})
        member = {"id": group["id"], "object": package["id"], "object_type": "package", "capacity": "public"}
        ckan.get_action("member_create")({"user": site}, member)
    harvest(title="Weekly river levels")
    found = evaluation(package)
    assert found.title == "Weekly river levels"
    assert set(found.beyond) == {"links", "content"}
    assert found == evaluated_again(package)
    # The portal dates its own record, for which a package has no place: to CKAN nothing has changed.
    harvest(title="Weekly river levels", resources=[])
    harvest(title="Weekly river levels", resources=[], metadata_modified="2025-01-01T00:00:00")
    found = evaluation(package)
    assert "2025-01-01" in results(found)["modified-stated"][2]
    assert found == evaluated_again(package)


def test_an_edit_here_keeps_what_the_portal_said_of_its_own_record(ckan: Any, harvest: Any, act: Any) -> None:
    package = looked_at(harvest())
    before = results(evaluation(package))
    site = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    edit = {"id": package["id"], "limitations": "Floods between two readings do not show."}
    ckan.get_action("package_patch")({"user": site, "ignore_auth": True}, edit)
    found = results(evaluation(package))
    for name in ("issued-stated", "modified-stated"):
        assert found[name] == before[name]
        assert found[name][:2] == ("partial", 0.25)
    assert evaluation(package) == evaluated_again(package)


def test_a_run_of_rescore_changes_no_evaluation(stored: Any) -> None:
    from ckanext.aivision.catalogue.evaluations.evaluation_store import today
    from ckanext.aivision.catalogue.rescore.batch import rescored

    packages = [stored(**fields) for fields in RECORDS.values()]
    before = [evaluation(package) for package in packages]
    counts = rescored([package["id"] for package in packages], today(), left=lambda row: False)
    assert (counts.evaluated, counts.rewritten) == (len(packages), 0)
    assert [evaluation(package) for package in packages] == before
