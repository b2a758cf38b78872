"""What each standard can hold: every field of the form has its place in each, or the reason why it has none."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.serialise.conftest import EVERYTHING

from ckanext.aivision.normalise import dates
from ckanext.aivision.record import Agent, Dataset, Distribution
from ckanext.aivision.serialise.package import to_package
from ckanext.aivision.serialise.standards.fields import STANDARDS, form_fields, places_of
from ckanext.aivision.serialise.standards.losses import losses
from ckanext.aivision.serialise.web.catalogued import Catalogued

HERE = Catalogued(id="https://catalogue.example.gov/dataset/7", page="https://catalogue.example.gov/dataset/levels")
UK = "uk-metadata-exchange"
# Fields in words, beside the choice or the days that a record has instead; `name` and `owner_org` are the catalogue's.
BESIDE = {"temporal_text", "license_text", "access_rights_text", "frequency_text", "name", "owner_org", "tag_string"}


def test_the_table_has_every_field_of_the_form(schema: dict[str, Any]) -> None:
    for part, fields in (("dataset", "dataset_fields"), ("distribution", "resource_fields")):
        of_form = [field["field_name"] for field in schema[fields]]
        assert [row.form_field for row in form_fields() if row.part == part] == of_form


def test_the_complete_record_fills_every_field_of_the_form() -> None:
    federal = {"bureauCode": ["010:18"], "programCode": ["010:047"]}
    package = to_package(msgspec.structs.replace(EVERYTHING, raw=federal))
    filled = {("dataset", name) for name in package} | {("distribution", name) for name in package["resources"][0]}
    named = {(row.part, row.form_field) for row in form_fields()}
    assert named - filled == {("dataset", name) for name in BESIDE}


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_field_of_a_record_has_a_place_or_a_reason(standard: str) -> None:
    for part, struct in (("dataset", Dataset), ("distribution", Distribution)):
        for field in set(struct.__struct_fields__) - {"distribution", "unread", "raw", "beside"}:
            place = places_of(standard).get((part, field))
            assert place is not None, f"{part} {field}"
            assert place.where or place.note, f"{part} {field}"


@pytest.mark.parametrize("standard", [name for name in STANDARDS if name != UK])
def test_a_standard_that_can_be_extended_has_every_value_of_a_complete_record(standard: str) -> None:
    assert losses(EVERYTHING, standard, HERE) == []


def test_the_uk_model_has_every_value_of_the_fields_that_it_has_a_place_for() -> None:
    lost = losses(EVERYTHING, UK, HERE)
    placed = {(loss.part, loss.field) for loss in lost if places_of(UK)[loss.part, loss.field].where}
    # The model has their name alone, or one that GOV.UK has.
    assert placed == {("dataset", name) for name in ("publisher", "creator", "contact_point")}
    assert all(loss.reason for loss in lost)
    (levels,) = [loss for loss in lost if loss.field == "maintenance_plan"]
    assert levels == ("dataset", None, "maintenance_plan", ["maintenance_plan"], "Kept up until 2035.", levels.reason)


def test_only_what_a_dataset_says_is_lost() -> None:
    assert losses(Dataset(identifier="levels", title="Levels", profile="ckan", country="GB"), UK, HERE) == []


def test_a_second_value_that_a_standard_has_no_place_for_is_a_loss() -> None:
    dataset = msgspec.structs.replace(
        EVERYTHING,
        contact_point=[Agent("Desk", "desk@rivers.example.gov"), Agent("Office", "office@rivers.example.gov")],
    )
    lost = [loss.value for loss in losses(dataset, UK, HERE) if loss.field == "contact_point"]
    assert lost == ["Office", "office@rivers.example.gov"]


def test_the_number_tells_which_file_a_value_is_of() -> None:
    files = [Distribution(title="a", access_url="https://rivers.example.gov/a"), EVERYTHING.distribution[0]]
    dataset = msgspec.structs.replace(EVERYTHING, distribution=files)
    assert {loss.number for loss in losses(dataset, UK, HERE) if loss.field == "checksum"} == {2}


def test_a_date_in_other_words_is_not_lost() -> None:
    dataset = msgspec.structs.replace(EVERYTHING, modified=dates.moment("24 November 2026"))
    assert [loss for name in STANDARDS for loss in losses(dataset, name, HERE) if loss.field == "modified"] == []
