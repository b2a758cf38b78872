"""Corrections of harvested datasets: kept beside the source's record, applied after each harvest, dropped in time."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plugin.corrections.conftest import Office


def test_a_correction_survives_three_harvests_and_goes_when_the_source_agrees(office: Office) -> None:
    office.act("package_patch", id=office.id, notes="Levels in metres, weekly.", correction_reason="It is weekly.")
    (row,) = office.corrections()
    assert (row["field"], row["value"], row["author"]) == ("notes", "Levels in metres, weekly.", office.editor)
    assert row["reason"] == "It is weekly."
    assert row["source_value"].startswith("Levels in metres above")
    for number in range(3):
        run = office.harvest(title=f"Weekly river levels, edition {number}")
        assert run.counts.changed == 1
        shown = office.show()
        assert shown["notes"] == "Levels in metres, weekly."
        assert shown["title"] == f"Weekly river levels, edition {number}"
        assert office.corrections() == [row]
    office.harvest(description="Levels in metres, weekly.")
    assert office.show()["notes"] == "Levels in metres, weekly."
    (told,) = office.corrections()
    assert (told["field"], told["outcome"], told["ended"] is not None) == ("notes", "agreed", True)


def test_a_correction_is_dropped_when_the_source_says_something_new_in_that_field(office: Office) -> None:
    office.act("package_patch", id=office.id, notes="Corrected.", version="2")
    office.harvest(description="Levels of three stations, in metres.")
    shown = office.show()
    assert shown["notes"] == "Levels of three stations, in metres."
    assert shown["version"] == "2"
    outcomes = {row["field"]: row["outcome"] for row in office.corrections()}
    assert outcomes == {"notes": "changed", "version": ""}


def test_saving_without_a_change_corrects_nothing_and_undoing_a_change_withdraws_it(office: Office) -> None:
    before = office.show()
    office.act("package_update", **before)
    assert office.corrections() == []
    office.act("package_patch", id=office.id, title="Another title")
    assert office.fields() == ["title"]
    office.act("package_patch", id=office.id, title=before["title"])
    assert office.corrections() == []


def test_fields_of_files_and_whole_files_are_corrected_too(office: Office) -> None:
    (file,) = office.show()["resources"]
    office.act("resource_patch", id=file["id"], url="https://rivers.example.gov/levels.xlsx", format="XLSX")
    office.act("resource_create", package_id=office.id, url="https://rivers.example.gov/guide.pdf", name="Guide")
    office.harvest(title="New title")
    shown = office.show()
    assert [item["url"] for item in shown["resources"]] == [
        "https://rivers.example.gov/levels.xlsx",
        "https://rivers.example.gov/guide.pdf",
    ]
    assert shown["resources"][0]["id"] == file["id"]
    office.act("resource_delete", id=file["id"])
    office.harvest(title="Newer title")
    assert [item["name"] for item in office.show()["resources"]] == ["Guide"]
    office.harvest(distribution=[{"downloadURL": "https://rivers.example.gov/guide.pdf"}])
    assert [item["url"] for item in office.show()["resources"]] == ["https://rivers.example.gov/guide.pdf"]


def test_an_uploaded_file_of_a_harvested_dataset_survives_a_harvest(office: Office) -> None:
    from tests.catalogue.save_paths import uploaded

    office.act("resource_create", package_id=office.id, **uploaded())
    address = office.show()["resources"][1]["url"]
    office.harvest(title="New title")
    shown = office.show()
    assert shown["title"] == "New title"
    assert shown["resources"][1]["url"] == address
    assert "/download/levels.csv" in address


def test_tags_and_groups_of_subfields_are_corrected_as_a_whole(office: Office) -> None:
    office.act("package_patch", id=office.id, tags=[{"name": "water"}], contact=[{"name": "Desk", "email": "a@b.gov"}])
    assert office.fields() == ["contact", "tags"]
    office.harvest(title="New title")
    shown = office.show()
    assert [tag["name"] for tag in shown["tags"]] == ["water"]
    assert shown["contact"] == [{"name": "Desk", "email": "a@b.gov"}]


def test_the_evaluation_stays_the_source_s_own_and_the_corrected_one_stands_beside_it(office: Office) -> None:
    before = office.act("aivision_score_show", id=office.id)
    assert before["corrected"] is None
    limits = "Known limitations: the sensor freezes below minus five degrees, so hard winters have gaps of a month."
    office.act("package_patch", id=office.id, limitations=limits)
    after = office.act("aivision_score_show", id=office.id)
    assert after["score"] == before["score"]
    assert after["corrected"]["score"] > after["score"]
    office.harvest(issued="2020-01-01")
    again = office.act("aivision_score_show", id=office.id)
    assert again["corrected"]["score"] > again["score"]


def test_a_correction_can_be_withdrawn_on_its_own(office: Office) -> None:
    title = office.show()["title"]
    office.act("package_patch", id=office.id, title="Another title", notes="Other notes")
    office.act("aivision_correction_delete", id=office.id, field="title")
    assert office.show()["title"] == title
    assert office.show()["notes"] == "Other notes"
    assert office.fields() == ["notes"]


def test_a_dataset_that_was_not_harvested_has_no_corrections(ckan: Any, dataset: Any, site_user: Any) -> None:
    name = dataset()
    ckan.get_action("package_patch")(dict(site_user), {"id": name, "title": "Other"})
    assert ckan.get_action("aivision_correction_list")(dict(site_user), {"id": name}) == []


def test_the_activity_stream_says_that_a_correction_was_dropped(office: Office, reader: Any) -> None:
    office.act("package_patch", id=office.id, notes="Levels in metres, weekly.")
    office.harvest(description="Levels in metres, weekly.")
    stream = reader(office.editor).text(f"/dataset/activity/{office.show()['name']}")
    assert "A harvest dropped corrections of the dataset" in stream
    assert "Description: the source now says the same." in stream


def test_the_page_shows_what_was_corrected_and_who_did_it_only_to_people_who_can_edit(
    office: Office, reader: Any
) -> None:
    reason = "The gauge is read weekly."
    office.act("package_patch", id=office.id, notes="<b>Weekly</b> levels.", correction_reason=reason)
    address = f"/dataset/{office.show()['name']}"
    public, own = reader("").text(address), reader(office.editor).text(address)
    for page in (public, own):
        assert "Corrected here" in page
        assert "Levels in metres above the gauge's zero" in page
        assert "With what was corrected here" in page
    assert reason in own
    assert office.editor in own
    assert reason not in public
    assert office.editor not in public
    reader(office.editor).post(f"{address}/corrections/withdraw", field="notes", resource="")
    assert office.corrections() == []
    assert "Corrected here" not in reader("").text(address)


def test_the_form_says_what_will_happen_and_keeps_why(office: Office, reader: Any) -> None:
    editor, name = reader(office.editor), office.show()["name"]
    page = editor.text(f"/dataset/edit/{name}/5")
    assert "kept as a correction" in page
    assert 'name="correction_reason" form="dataset-edit"' in page
    typed = {"limitations": "Floods are missing.", "correction_reason": "From the handbook.", "save": ""}
    editor.post(f"/dataset/edit/{name}/5", 302, **typed)
    (row,) = office.corrections()
    assert (row["field"], row["reason"]) == ("limitations", "From the handbook.")
    file = office.show()["resources"][0]
    editor.post(
        f"/dataset/{name}/resource/{file['id']}/edit",
        302,
        **{"url": file["url"], "description": "One row a station.", "correction_reason": "Seen.", "save": ""},
    )
    reasons = {row["field"]: row["reason"] for row in office.corrections()}
    assert reasons["limitations"] == "From the handbook."
    assert reasons["description"] == "Seen."


def test_a_reason_that_is_too_long_is_refused_and_nothing_is_saved(office: Office, ckan: Any) -> None:
    with pytest.raises(ckan.ValidationError) as refused:
        office.act("package_patch", id=office.id, title="Other", correction_reason="x" * 1001)
    assert "correction_reason" in refused.value.error_dict
    assert office.corrections() == []
