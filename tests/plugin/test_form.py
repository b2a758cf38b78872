"""The form without JavaScript: what is typed, changed, emptied and removed on its pages is stored so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugin.forms import Steward, read_form

DESK = {"name": "Data desk", "email": "desk@rivers.example.gov"}
OFFICE = {"name": "Office", "url": "https://rivers.example.gov/contact"}
LAB = {"name": "Laboratory"}


def test_an_entry_is_added_to_those_that_there_are(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK])
    steward.send(path, **{"contact-1-name": "Laboratory"})
    assert steward.stored(name)["contact"] == [DESK, LAB]


def test_the_first_entry_is_added_to_a_dataset_without_any(steward: Steward, page: Any) -> None:
    name, path = page(1)
    steward.send(path, **{"contact-0-name": "Laboratory"})
    assert steward.stored(name)["contact"] == [LAB]


def test_an_entry_is_changed_and_an_emptied_value_is_gone(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK, OFFICE])
    steward.send(path, **{"contact-0-email": "", "contact-1-name": "New office"})
    assert steward.stored(name)["contact"] == [{"name": "Data desk"}, {**OFFICE, "name": "New office"}]


def test_an_entry_whose_values_are_all_emptied_is_gone(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK, OFFICE, LAB])
    steward.send(path, **{"contact-1-name": "", "contact-1-url": ""})
    assert steward.stored(name)["contact"] == [DESK, LAB]


def test_an_entry_removed_from_the_middle_is_gone(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK, OFFICE, LAB])
    steward.send(path, without="contact-1-")
    assert steward.stored(name)["contact"] == [DESK, LAB]


def test_all_entries_can_be_removed_and_other_pages_keep_theirs(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK, OFFICE], creator=[LAB], spatial_coverage=[{"text": "Leeds"}])
    steward.send(path, without="contact-")
    stored = steward.stored(name)
    assert "contact" not in stored
    assert (stored["creator"], stored["spatial_coverage"]) == ([LAB], [{"text": "Leeds"}])


def test_periods_and_places_are_edited_as_contacts_are(steward: Steward, page: Any) -> None:
    name, path = page(2, temporal_coverage=[{"start": "2001-01-01"}], spatial_coverage=[{"text": "Leeds"}])
    typed = {"temporal_coverage-0-end": "2004-12-31", "spatial_coverage-1-text": "York"}
    steward.send(path, **typed)
    stored = steward.stored(name)
    assert stored["temporal_coverage"] == [{"start": "2001-01-01", "end": "2004-12-31"}]
    assert stored["spatial_coverage"] == [{"text": "Leeds"}, {"text": "York"}]


def test_a_year_alone_is_kept_by_a_form_that_is_saved_as_it_stands(steward: Steward, page: Any) -> None:
    name, path = page(2, temporal_coverage=[{"start": "2015", "end": "2019-06"}])
    steward.send(path)
    assert steward.stored(name)["temporal_coverage"] == [{"start": "2015", "end": "2019-06"}]


def test_more_than_ten_entries_keep_their_order(steward: Steward, page: Any) -> None:
    contacts = [{"name": f"Desk {number}"} for number in range(13)]
    name, path = page(1, contact=contacts)
    steward.send(path, **{"contact-13-name": "Desk 13"})
    assert [entry["name"] for entry in steward.stored(name)["contact"]] == [f"Desk {number}" for number in range(14)]


def test_a_new_dataset_keeps_the_order_of_more_than_ten_entries(
    ckan: Any, site_user: dict[str, Any], steward: Steward, dataset: Callable[..., str]
) -> None:
    name = dataset(**{f"contact-{number}-name": f"Desk {number}" for number in range(12)})
    assert [entry["name"] for entry in steward.stored(name)["contact"]] == [f"Desk {number}" for number in range(12)]


def test_what_was_typed_into_an_entry_is_kept_where_another_field_is_refused(steward: Steward, page: Any) -> None:
    name, path = page(2, temporal_coverage=[{"start": "2001-01-01"}], spatial_coverage=[{"text": "Leeds"}])
    typed = {"temporal_coverage-0-start": "some day", "spatial_coverage-0-text": "York"}
    _, fields = read_form(steward.send(path, 200, **typed), path)
    assert {key: fields[key] for key in typed} == typed
    assert steward.stored(name)["spatial_coverage"] == [{"text": "Leeds"}]


def test_a_draft_page_that_was_refused_is_mended_and_leads_on(
    steward: Steward, dataset: Callable[..., str], ckan: Any
) -> None:
    file = {"url": "https://rivers.example.gov/levels.csv", "name": "Levels"}
    name = dataset(state="draft", notes="Levels of rivers.", limitations="Floods are missing.", resources=[file])
    path = f"/dataset/new/{name}/2"
    address, fields = read_form(steward.send(path, 200, **{"temporal_coverage-0-start": "some day"}), path)
    answer = steward.reader.post(address, **{**fields, "temporal_coverage-0-start": "2001-01-01", "save": ""})
    assert urlsplit(answer.headers["Location"]).path == f"/dataset/new/{name}/3"
    stored = steward.stored(name)
    assert stored["temporal_coverage"] == [{"start": "2001-01-01"}]
    assert (stored["notes"], stored["limitations"]) == ("Levels of rivers.", "Floods are missing.")
    assert [resource["name"] for resource in stored["resources"]] == ["Levels"]


def test_a_draft_opened_for_editing_keeps_the_other_pages_and_its_files(
    steward: Steward, dataset: Callable[..., str]
) -> None:
    file = {"url": "https://rivers.example.gov/levels.csv", "name": "Levels"}
    name = dataset(state="draft", limitations="Floods are missing.", contact=[DESK], resources=[file])
    steward.send(f"/dataset/edit/{name}/1", title="Weekly river levels")
    stored = steward.stored(name)
    assert (stored["title"], stored["limitations"], stored["contact"]) == (
        "Weekly river levels",
        "Floods are missing.",
        [DESK],
    )
    assert [resource["name"] for resource in stored["resources"]] == ["Levels"]


def test_a_patch_over_the_api_leaves_alone_what_it_does_not_name(
    ckan: Any, site_user: dict[str, Any], steward: Steward, dataset: Callable[..., str]
) -> None:
    name = dataset(contact=[DESK], temporal_coverage=[{"start": "2001-01-01"}])
    ckan.get_action("package_patch")(dict(site_user), {"id": name, "notes": "Levels of rivers."})
    assert steward.stored(name)["contact"] == [DESK]
    ckan.get_action("package_patch")(dict(site_user), {"id": name, "contact": [OFFICE, LAB]})
    assert steward.stored(name)["contact"] == [OFFICE, LAB]
    ckan.get_action("package_patch")(dict(site_user), {"id": name, "contact": []})
    assert "contact" not in steward.stored(name)
    assert steward.stored(name)["temporal_coverage"] == [{"start": "2001-01-01"}]


def test_the_publisher_is_entered_changed_and_taken_away(steward: Steward, page: Any) -> None:
    name, path = page(3)
    steward.send(path, **{"publisher-0-name": "Rivers Trust", "publisher-0-url": "https://rivers.example.gov"})
    assert steward.stored(name)["publisher"] == [{"name": "Rivers Trust", "url": "https://rivers.example.gov"}]
    steward.send(path, **{"publisher-0-name": "Rivers Agency"})
    assert steward.stored(name)["publisher"] == [{"name": "Rivers Agency", "url": "https://rivers.example.gov"}]
    assert "publisher-1-name" not in steward.form(path)[1]
    steward.send(path, **{"publisher-0-name": "", "publisher-0-url": ""})
    assert "publisher" not in steward.stored(name)


@given(st.dictionaries(st.integers(0, 10**30), st.text(min_size=1), max_size=15), st.lists(st.text()))
def test_entries_come_in_the_order_of_their_numbers_and_nothing_else_is_touched(
    entries: dict[int, str], others: list[str]
) -> None:
    from ckanext.aivision.catalogue.posted_form import collapse_entries

    rest = {key: "other" for key in others if not key.startswith("contact-")}
    inputs = {f"contact-{index}-name": name for index, name in entries.items()}
    data: dict[str, Any] = {**rest, **inputs, "contact-REPEATING-INDEX0-name": ""}
    collapse_entries(data, {"contact"})
    expected = [{"name": entries[index]} for index in sorted(entries)]
    assert data.pop("contact", []) == expected
    assert data == {key: value for key, value in rest.items() if key != "contact"}


def test_inputs_of_resources_become_entries_too(monkeypatch: pytest.MonkeyPatch, ckan: Any) -> None:
    from ckanext.aivision.catalogue.posted_form import read_dataset

    field = {"field_name": "station", "repeating_subfields": [{"field_name": "id"}]}
    schema = ckan.h.scheming_get_dataset_schema("dataset")
    monkeypatch.setitem(schema, "resource_fields", [*schema["resource_fields"], field])
    typed = {f"station-{number}-id": str(number) for number in (11, 2, 0)}
    data: dict[str, Any] = {"resources": [{"name": "Levels", "station": [{"id": "old"}], **typed}, {"name": "Map"}]}
    read_dataset(data, "dataset")
    entries = [{"id": "0"}, {"id": "2"}, {"id": "11"}]
    assert data == {"resources": [{"name": "Levels", "station": entries}, {"name": "Map"}]}


def test_a_published_dataset_is_unpublished_by_the_button_of_that_name(
    steward: Steward, dataset: Callable[..., str]
) -> None:
    name = dataset(contact=[DESK])
    steward.send(f"/dataset/edit/{name}/1", save="go-metadata-unpublish")
    assert (steward.stored(name)["state"], steward.stored(name)["contact"]) == ("draft", [DESK])
