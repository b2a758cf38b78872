"""The form's schema: it has a place for all that is stored, and tells a steward why each field matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.package import to_package

# CKAN's own, or shown as `tag_string`.
_CKANS_OWN = {"type", "tags", "resources"}


def named(fields: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {field["field_name"]: field for field in fields}


def fields_in_form(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for field in (*schema["dataset_fields"], *schema["resource_fields"]):
        if field.get("form_snippet", "") is not None:
            yield field


def test_every_field_says_what_it_is_and_why_it_matters(schema: dict[str, Any]) -> None:
    assert [
        field["field_name"] for field in fields_in_form(schema) if not (field.get("label") and field.get("help_text"))
    ] == []


def test_every_field_to_type_into_shows_an_example(schema: dict[str, Any]) -> None:
    chosen = ("select", "dcat_date", "dataset_organization")
    lacking = [
        field["field_name"]
        for field in fields_in_form(schema)
        if field.get("preset") not in chosen
        and "repeating_subfields" not in field
        and not field.get("form_placeholder")
    ]
    assert lacking == []


def test_only_what_every_data_set_has_is_required(schema: dict[str, Any]) -> None:
    required = [field["field_name"] for field in schema["dataset_fields"] if field.get("required")]
    assert required == ["title", "country", "license_id"]
    assert not any(field.get("required") for field in schema["resource_fields"])


def test_the_form_has_pages_and_the_required_fields_are_on_the_first(schema: dict[str, Any]) -> None:
    page, pages = 0, []
    for field in schema["dataset_fields"]:
        page += "start_form_page" in field
        if field.get("required"):
            pages.append(page)
    assert page == 5
    assert set(pages) == {1}


def test_every_criterion_is_mended_in_a_field_that_the_form_has(schema: dict[str, Any]) -> None:
    fields = {"resources", *named(schema["dataset_fields"])}
    assert [row.id for row in load().criteria if row.form_field not in fields] == []


def test_the_schema_has_a_place_for_everything_that_records_of_the_corpus_bring(
    schema: dict[str, Any], corpus_records: list[Dataset]
) -> None:
    assert without_place(schema, corpus_records) == set()


def test_the_schema_has_a_place_for_everything_that_samples_bring(
    schema: dict[str, Any], sample_records: list[Dataset]
) -> None:
    assert without_place(schema, sample_records) == set()


def without_place(schema: dict[str, Any], records: list[Dataset]) -> set[str]:
    fields, resource_fields = named(schema["dataset_fields"]), named(schema["resource_fields"])
    lacking: set[str] = set()
    for dataset in records:
        package = to_package(dataset)
        lacking |= set(package) - set(fields) - _CKANS_OWN
        for resource in package["resources"]:
            lacking |= {f"resources.{key}" for key in set(resource) - set(resource_fields)}
        for key, field in fields.items():
            if "repeating_subfields" in field:
                known = set(named(field["repeating_subfields"]))
                lacking |= {f"{key}.{name}" for item in package.get(key, ()) for name in set(item) - known}
    return lacking


@pytest.mark.parametrize("country", ["US", "GB", "FR"])
def test_the_country_that_is_stored_is_one_of_the_choices(schema: dict[str, Any], country: str) -> None:
    package = to_package(Dataset(identifier="a", title="A", profile="ckan", country=country))
    assert package["country"] in [choice["value"] for choice in named(schema["dataset_fields"])["country"]["choices"]]
