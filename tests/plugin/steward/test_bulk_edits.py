"""One fix for many datasets: looked at first, applied by CKAN's own rules, undone where nothing was changed since."""

from __future__ import annotations

from typing import Any

import pytest

OGL = {"license_id": "OGL-UK-3.0"}
GAPS = {"limitations": "Readings before 1990 are missing at the seven stations north of the weir."}


def states(found: dict[str, Any]) -> dict[str, str]:
    return {row["id"]: row["state"] for row in found["datasets"]}


def scores(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["id"], row["score_before"], row["score_after"], row["grade_before"], row["grade_after"]


def test_a_preview_changes_nothing_and_tells_the_score_that_an_edit_then_gives(
    ckan: Any, act: Any, levels: Any, prepared: Any, shown: Any, editor: str
) -> None:
    package, licensed = levels(), levels(license_id="OGL-UK-3.0")
    id = prepared("licence", OGL, [package["id"], licensed["name"]])
    found = act(editor, "bulk_edit_show", id=id)
    assert (found["state"], found["counts"]) == ("checked", {"ready": 1, "unchanged": 1})
    row = next(row for row in found["datasets"] if row["id"] == package["id"])
    assert (row["before"], row["after"]) == ({"license_id": "none"}, OGL)
    assert shown(package["id"])["license_id"] == "none"
    ckan.get_action("package_patch")({"user": editor}, {"id": package["id"], **OGL})
    score = act(editor, "score_show", id=package["id"])
    assert (row["score_after"], row["grade_after"]) == (score["score"], score["grade"])
    assert row["score_after"] > row["score_before"]


def test_a_preview_tells_values_in_words(levels: Any, prepared: Any, reader: Any, editor: str) -> None:
    package = levels()
    office = package["organization"]["name"]
    monthly = "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
    shown = {"licence": (OGL, "No licence"), "rhythm": ({"frequency": monthly}, "Monthly")}
    for fix, (values, words) in shown.items():
        text = reader(editor).text(f"/organization/{office}/improve/edit/{prepared(fix, values, [package['id']])}")
        assert words in text
        assert not any(value in text for value in values.values())


def test_a_fix_is_applied_as_a_patch_of_each_dataset_would_be(
    ckan: Any, act: Any, levels: Any, applied: Any, shown: Any, editor: str
) -> None:
    fields = {"notes": "Levels.", "contact": [{"name": "Desk", "email": "desk@rivers.example.gov"}], "version": "2"}
    by_fix, by_patch, draft = levels(**fields), levels(**fields), levels(state="draft")
    id = applied("licence", OGL, [by_fix["id"], draft["id"]])
    ckan.get_action("package_patch")({"user": editor}, {"id": by_patch["id"], **OGL})
    assert states(act(editor, "bulk_edit_show", id=id)) == {by_fix["id"]: "applied", draft["id"]: "applied"}
    assert shown(draft["id"])["state"] == "draft"
    own = ("id", "name", "metadata_created", "metadata_modified", "resources")
    one, other = (
        {key: value for key, value in shown(package["id"]).items() if key not in own} for package in (by_fix, by_patch)
    )
    assert one == other
    one, other = (act(editor, "score_show", id=package["id"]) for package in (by_fix, by_patch))
    assert (one["score"], one["grade"], one["dimensions"]) == (other["score"], other["grade"], other["dimensions"])


def test_the_search_index_is_as_after_patches(ckan: Any, levels: Any, applied: Any, editor: str, stack: Any) -> None:
    from tests.catalogue.services import documents

    tags = [{"name": "rivers"}, {"name": "levels"}]
    by_fix, by_patch = levels(tags=tags), levels(tags=tags)
    applied("licence", OGL, [by_fix["id"]])
    ckan.get_action("package_patch")({"user": editor}, {"id": by_patch["id"], **OGL})
    found = {document["id"]: document for document in documents(stack, "*")}
    differing = {"id", "index_id", "name", "metadata_created", "metadata_modified", "data_dict", "validated_data_dict"}
    differing |= {"_version_", "indexed_ts", "res_extras_metadata_modified", "text", "name_ngram"}
    one, other = (
        {key: value for key, value in found[package["id"]].items() if key not in differing}
        for package in (by_fix, by_patch)
    )
    assert one == other


@pytest.mark.parametrize(
    "case",
    [
        ("keywords", {"tag_string": "floods, Rivers"}, {"tags": [{"name": "rivers"}]}, "tags", ["floods", "rivers"]),
        ("theme", {"theme": ["ENVI"]}, {"theme": ["TRAN"]}, "theme", ["TRAN", "ENVI"]),
        ("language", {"language": "cy"}, {"language": ["en"]}, "language", ["cy"]),
        (
            "contact",
            {"contact": [{"name": "Desk", "email": "desk@rivers.example.gov", "url": ""}]},
            {"contact": [{"name": "Ann"}, {"name": "Bob"}]},
            "contact",
            [{"name": "Desk", "email": "desk@rivers.example.gov"}],
        ),
        (
            "period",
            {"temporal_coverage": [{"start": "2001-01-01", "end": "2004-12-31"}]},
            {},
            "temporal_coverage",
            [{"start": "2001-01-01", "end": "2004-12-31"}],
        ),
        ("access", {"rights": "Open to all."}, {"rights": "Old"}, "rights", "Open to all."),
    ],
    ids=lambda case: case[0],
)
def test_each_kind_of_field_is_filled_and_put_back(
    act: Any, worker: Any, levels: Any, applied: Any, shown: Any, editor: str, case: Any
) -> None:
    fix, values, before, field, after = case
    package = levels(**before)
    former = _value(shown(package["id"]), field)
    id = applied(fix, values, [package["id"]])
    assert _value(shown(package["id"]), field) == after
    act(editor, "bulk_edit_undo", id=id)
    worker("undo", id, editor)
    assert _value(shown(package["id"]), field) == former


def _value(package: dict[str, Any], field: str) -> Any:
    value = package.get(field)
    return sorted(tag["name"] for tag in value) if field == "tags" else value


def test_undo_leaves_datasets_that_were_changed_since_and_says_so(
    ckan: Any, act: Any, worker: Any, levels: Any, applied: Any, shown: Any, editor: str
) -> None:
    untouched, edited = levels(), levels()
    id = applied("licence", OGL, [untouched["id"], edited["id"]])
    ckan.get_action("package_patch")({"user": editor}, {"id": edited["id"], "notes": "Levels in metres."})
    act(editor, "bulk_edit_undo", id=id)
    worker("undo", id, editor)
    found = act(editor, "bulk_edit_show", id=id)
    assert states(found) == {untouched["id"]: "undone", edited["id"]: "kept"}
    assert "changed since" in next(row["message"] for row in found["datasets"] if row["id"] == edited["id"])
    assert shown(untouched["id"])["license_id"] == "none"
    assert shown(edited["id"])["license_id"] == "OGL-UK-3.0"


def test_two_fixes_are_undone_in_turn(
    act: Any, worker: Any, levels: Any, applied: Any, shown: Any, editor: str
) -> None:
    package = levels()
    ids = [applied("licence", OGL, [package["id"]]), applied("language", {"language": "en"}, [package["id"]])]
    for id in reversed(ids):
        act(editor, "bulk_edit_undo", id=id)
        worker("undo", id, editor)
        assert act(editor, "bulk_edit_show", id=id)["counts"] == {"undone": 1}
    assert shown(package["id"])["license_id"] == "none"
    assert "language" not in shown(package["id"])


def test_what_ckans_validators_refuse_is_told_for_each_dataset(
    act: Any, levels: Any, prepared: Any, editor: str
) -> None:
    package = levels()
    id = prepared("next-update", {"next_update": "next spring"}, [package["id"]])
    found = act(editor, "bulk_edit_show", id=id)
    assert states(found) == {package["id"]: "refused"}
    assert "Next update" in found["datasets"][0]["message"]


def test_a_fix_that_would_lower_a_score_is_left_out_and_says_so(
    act: Any, levels: Any, prepared: Any, editor: str
) -> None:
    rhythm = "http://publications.europa.eu/resource/authority/frequency/"
    old = levels(frequency=rhythm + "IRREG", modified="2020-01-01")
    id = prepared("rhythm", {"frequency": rhythm + "DAILY"}, [old["id"], levels()["id"]])
    found = act(editor, "bulk_edit_show", id=id)
    assert found["counts"] == {"refused": 1, "ready": 1}
    (row,) = (row for row in found["datasets"] if row["state"] == "refused")
    assert row["id"] == old["id"]
    assert row["score_after"] < row["score_before"]
    assert "would fall" in row["message"]


def test_what_is_filled_in_already_can_be_left(act: Any, levels: Any, applied: Any, shown: Any, editor: str) -> None:
    empty, filled = levels(), levels(citation="Ours.")
    applied("citation", {"citation": "Agency (2026)"}, [empty["id"], filled["id"]], only_empty=True)
    assert shown(empty["id"])["citation"] == "Agency (2026)"
    assert shown(filled["id"])["citation"] == "Ours."


def test_it_is_one_entry_of_the_activity_stream_that_names_no_dataset(
    ckan: Any, act: Any, worker: Any, levels: Any, applied: Any, site_user: Any, editor: str, reader: Any
) -> None:
    packages = [levels(private=number == 2, title=f"Secret {number}") for number in range(3)]
    id = applied("licence", OGL, [package["id"] for package in packages])
    act(editor, "bulk_edit_undo", id=id)
    worker("undo", id, editor)
    listed = ckan.get_action("organization_activity_list")(dict(site_user), {"id": packages[0]["owner_org"]})
    kinds = [entry["activity_type"] for entry in listed]
    assert [kind for kind in kinds if "dataset" in kind] == ["restored datasets", "changed datasets"]
    assert "changed package" not in kinds
    assert "Secret" not in str([entry for entry in listed if entry["activity_type"] in ("changed datasets",)])
    page = reader(editor).text(f"/organization/activity/{packages[0]['organization']['name']}")
    assert "changed 3 datasets of" in page
    assert "undid a change to 3 datasets of" in page
    assert id in page
    assert id not in reader("").text(f"/organization/activity/{packages[0]['organization']['name']}")


def test_every_dataset_of_a_list_can_be_meant(act: Any, levels: Any, organization: str, editor: str) -> None:
    for private in (False, False, True):
        levels(private=private)
    given = {"organization": organization, "fix": "licence", "values": OGL, "every": True}
    assert act(editor, "bulk_edit_create", **given, state="public")["rows"] == 2
    assert act(editor, "bulk_edit_create", **given)["rows"] == 3


def test_a_dataset_that_left_the_organization_is_not_touched(
    ckan: Any, act: Any, worker: Any, levels: Any, prepared: Any, shown: Any, editor: str, site_user: Any
) -> None:
    package = levels()
    id = prepared("licence", OGL, [package["id"]])
    other = ckan.get_action("organization_create")(dict(site_user), {"name": f"other-{package['name']}"})
    ckan.get_action("package_owner_org_update")(dict(site_user), {"id": package["id"], "organization_id": other["id"]})
    act(editor, "bulk_edit_apply", id=id)
    worker("apply", id, editor)
    assert states(act(editor, "bulk_edit_show", id=id)) == {package["id"]: "refused"}
    assert shown(package["id"])["license_id"] == "none"


def test_a_job_that_broke_off_goes_on_where_it_stopped(
    act: Any, worker: Any, levels: Any, prepared: Any, editor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.improvement.dataset_writer import DatasetWriter

    packages = [levels() for _ in range(3)]
    id = prepared("licence", OGL, [package["id"] for package in packages])
    act(editor, "bulk_edit_apply", id=id)
    update, calls = DatasetWriter.update, iter(range(9))

    def broken(*arguments: Any) -> Any:
        if next(calls) == 1:
            raise OSError("the disk is full")
        return update(*arguments)

    monkeypatch.setattr(DatasetWriter, "update", broken)
    with pytest.raises(OSError, match="full"):
        worker("apply", id, editor)
    found = act(editor, "bulk_edit_show", id=id)
    assert (found["state"], found["counts"]) == ("failed", {"applied": 1, "ready": 2})
    act(editor, "bulk_edit_apply", id=id)
    worker("apply", id, editor)
    assert act(editor, "bulk_edit_show", id=id)["counts"] == {"applied": 3}


def test_a_fix_of_harvested_datasets_is_a_correction_that_the_next_harvest_keeps(
    ckan: Any, act: Any, worker: Any, harvested: Any, person: Any, site_user: dict[str, Any]
) -> None:
    from tests.records import record

    office = {"publisher": {"name": "Office of three rivers"}}
    records = [record(number, license=None, **office) for number in range(3)]
    harvested("three-rivers", records)
    sysadmin, name = person("sysadmin"), "office-of-three-rivers-us"
    id = act(sysadmin, "bulk_edit_create", organization=name, fix="licence", values=OGL, every=True)["id"]
    worker("check", id, sysadmin)
    preview = act(sysadmin, "bulk_edit_show", id=id)
    act(sysadmin, "bulk_edit_apply", id=id)
    worker("apply", id, sysadmin)
    done = act(sysadmin, "bulk_edit_show", id=id)
    assert done["mean_after"] == preview["mean_after"] > done["mean_before"]
    assert [scores(row) for row in done["datasets"]] == [scores(row) for row in preview["datasets"]]
    assert all(row["harvested"] for row in done["datasets"])
    assert act(sysadmin, "fix_show", organization=name, fix="licence")["count"] == 0
    harvested("three-rivers", [{**one, "title": f"{one['title']}, again"} for one in records])
    found = ckan.get_action("package_search")(dict(site_user), {"fq": f"organization:{name}"})["results"]
    assert {package["license_id"] for package in found} == {"OGL-UK-3.0"}
    assert {package["title"][-7:] for package in found} == {", again"}


def test_the_next_fix_of_harvested_datasets_begins_at_their_score_with_corrections(
    act: Any, worker: Any, harvested: Any, person: Any
) -> None:
    from tests.records import record

    harvested("twice", [record(1, license=None, publisher={"name": "Office of two fixes"})])
    sysadmin, name = person("sysadmin"), "office-of-two-fixes-us"
    found = []
    for fix, values in (("licence", OGL), ("limitations", GAPS)):
        id = act(sysadmin, "bulk_edit_create", organization=name, fix=fix, values=values, every=True)["id"]
        worker("check", id, sysadmin)
        act(sysadmin, "bulk_edit_apply", id=id)
        worker("apply", id, sysadmin)
        found.append(act(sysadmin, "bulk_edit_show", id=id)["datasets"][0])
    assert found[1]["score_before"] == found[0]["score_after"]


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_five_hundred_licences_are_mended_with_one_fix_and_put_back(
    ckan: Any, act: Any, worker: Any, harvested: Any, person: Any
) -> None:
    from tests.records import record

    office = {"publisher": {"name": "Office of five hundred"}}
    harvested("five-hundred", [record(number, license=None, **office) for number in range(500)])
    sysadmin, name = person("sysadmin"), "office-of-five-hundred-us"
    given = {"organization": name, "fix": "licence", "values": OGL, "every": True}
    id = act(sysadmin, "bulk_edit_create", **given)["id"]
    worker("check", id, sysadmin)
    for step, state in (("apply", "applied"), ("undo", "undone")):
        act(sysadmin, f"bulk_edit_{step}", id=id)
        worker(step, id, sysadmin)
        assert act(sysadmin, "bulk_edit_show", id=id)["counts"] == {state: 500}
    assert act(sysadmin, "fix_show", organization=name, fix="licence")["count"] == 500
