"""Every field of the form: changed and found in `package_show`, cleared and gone, and the same after a round trip."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.corpora import records_of
from tests.plugin.forms import Steward

from ckanext.aivision.harvesters.sources.source import Source

PAGES = 5
REQUIRED = ("title", "country", "license_id")
REST = (1, 2, 3, 4, 5, 6, 8, 9)
KINDS = {
    "US": ("us", "*.data.json*", {"kind": "dcat-us", "profile": "dcat-us-1.1"}),
    "GB": ("uk", "*.ckan.ndjson*", {"kind": "ckan", "profile": "ckan-flat"}),
}
DATE, WEB = "2024-05-01", "https://rivers.example.gov/about"
# What is typed where any text would be refused.
SPECIAL = {
    "country": "US",
    "license_id": "CC0-1.0",
    "access_rights": "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
    "frequency": "http://publications.europa.eu/resource/authority/frequency/MONTHLY",
    "ai_use": "allowed",
    "collection_type": "sensor",
    "personal_data": "none",
    "role": "data",
    "private": "False",
    "tag_string": "rivers, water level",
    "bureau_code": "010:18",
    "program_code": "010:047",
    "size": "48200311",
    "mimetype": "text/csv",
    "format": "CSV",
    **dict.fromkeys(("modified", "issued", "next_update", "start", "end"), DATE),
    **dict.fromkeys(("url", "documentation", "described_by", "code_repository", "access_url"), WEB),
}
# Nothing that a steward fills in, or what another test is about.
LEFT = ("owner_org", "name")


def fields_of(ckan: Any, part: str) -> Iterator[dict[str, Any]]:
    schema = ckan.h.scheming_get_dataset_schema("dataset")
    return (field for field in schema[f"{part}_fields"] if field["field_name"] not in ("owner_org", "download_url"))


def inputs_of(field: dict[str, Any]) -> dict[str, str]:
    """What is typed into the inputs of a field."""
    name = field["field_name"]
    if "repeating_subfields" not in field:
        return {name: SPECIAL.get(name, f"Text of {name}")}
    return {
        f"{name}-0-{sub['field_name']}": "desk@rivers.example.gov"
        if sub["field_name"] == "email"
        else SPECIAL.get(sub["field_name"], f"Text of {name} {sub['field_name']}")
        for sub in field["repeating_subfields"]
    }


def value_in(stored: dict[str, Any], name: str) -> Any:
    """A stored value as a form shows it."""
    if name == "tag_string":
        return ", ".join(sorted(tag["name"] for tag in stored["tags"]))
    field, _, subfield = name.partition("-0-")
    value = stored.get(field)
    if subfield:
        return (value or [{}])[0].get(subfield)
    return value[0] if isinstance(value, list) and value else value


def each_page(ckan: Any) -> Iterator[tuple[int, dict[str, str]]]:
    for number, form_page in enumerate(ckan.h.scheming_get_dataset_form_pages("dataset"), 1):
        typed: dict[str, str] = {}
        for field in form_page["fields"]:
            if field["field_name"] not in LEFT:
                typed |= inputs_of(field)
        yield number, typed


def test_every_field_is_changed_and_then_cleared(ckan: Any, steward: Steward, page: Any) -> None:
    name, path = page(1)
    kept = set(REQUIRED)
    for number, typed in each_page(ckan):
        steward.send(f"{path[:-1]}{number}", **typed)
    stored = steward.stored(name)
    for _, typed in each_page(ckan):
        assert {field: str(value_in(stored, field)) for field in typed} == typed
    for number, typed in each_page(ckan):
        steward.send(f"{path[:-1]}{number}", **{field: "" for field in typed if field not in kept})
    stored = steward.stored(name)
    left = {field for _, typed in each_page(ckan) for field in typed if value_in(stored, field) not in (None, "", [])}
    assert left == kept


def test_every_field_of_a_file_is_changed_and_then_cleared(ckan: Any, steward: Steward, dataset: Any) -> None:
    name = dataset(resources=[{"url": "https://rivers.example.gov/levels.csv"}])
    typed = {key: value for field in fields_of(ckan, "resource") for key, value in inputs_of(field).items()}
    path = f"/dataset/{name}/resource/{steward.stored(name)['resources'][0]['id']}/edit"
    steward.send(path, **typed)
    (stored,) = steward.stored(name)["resources"]
    assert {field: str(value_in(stored, field)) for field in typed} == typed
    steward.send(path, **{field: "" for field in typed if field != "url"})
    (stored,) = steward.stored(name)["resources"]
    # CKAN makes format and media type of an address that ends in them.
    assert {field for field in typed if value_in(stored, field) not in (None, "", [])} == {"url"}


# Some records list hundreds.
MOST_FILES = 3


def as_form_shows(stored: dict[str, Any]) -> dict[str, Any]:
    """A package without what changes by itself: moments, and empty values, which are no values."""
    of_itself = ("metadata_modified", "organization", "tags", "aivision_score", "aivision_grade", "creator_user_id")
    shown = {key: value for key, value in stored.items() if key not in of_itself and value not in (None, "", [])}
    shown["tag_string"] = value_in(stored, "tag_string")
    shown["resources"] = [
        {
            key: value
            for key, value in resource.items()
            if key not in ("metadata_modified",) and value not in (None, "", [])
        }
        for resource in stored["resources"]
    ]
    return shown


@pytest.fixture
def harvested_names(ckan: Any, corpus_at_hand: Path, tmp_path: Path) -> Callable[[str, int], list[str]]:
    """Harvests records of a country's portals, as far apart in their files as can be; gives the datasets' names."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan

    def harvest(country: str, most: int) -> list[str]:
        folder, pattern, options = KINDS[country]
        records = [record for path in sorted((corpus_at_hand / folder).glob(pattern)) for record in records_of(path)]
        chosen = records[:: max(1, len(records) // most)][:most]
        path = tmp_path / ("records.json" if country == "US" else "records.ndjson")
        text = json.dumps({"dataset": chosen}) if country == "US" else "\n".join(map(json.dumps, chosen))
        path.write_text(text)
        name = f"portal-{uuid.uuid4().hex[:8]}"
        ckan.get_action("aivision_source_create")(_site(ckan), {"name": name, "url": f"https://{name}.example.gov"})
        source = Source(name=name, url=str(path), country=country, **options)
        assert harvest_into_ckan(source).state == "finished"
        rows = ckan.get_action("aivision_record_list")(_site(ckan), {"source": name})
        show = ckan.get_action("package_show")
        return [show(_site(ckan), {"id": row["package_id"]})["name"] for row in rows if row["package_id"]]

    return harvest


def _site(ckan: Any) -> dict[str, Any]:
    return {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}


@pytest.fixture
def saved_unchanged() -> Callable[[Steward, str], tuple[dict[str, Any], dict[str, Any]]]:
    """Opens and saves every page of a dataset's form, and of a file; gives what was stored before and after."""

    def save(steward: Steward, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        before = as_form_shows(steward.stored(name))
        for number in range(1, PAGES + 1):
            steward.send(f"/dataset/edit/{name}/{number}")
        for resource in before["resources"][:1]:
            steward.send(f"/dataset/{name}/resource/{resource['id']}/edit")
        return before, as_form_shows(steward.stored(name))

    return save


@pytest.mark.long
@pytest.mark.parametrize("number", [0, 7, *(pytest.param(number, marks=pytest.mark.nightly) for number in REST)])
def test_what_was_made_in_the_form_is_the_same_after_it_is_opened_and_saved(
    ckan: Any, steward: Steward, saved_unchanged: Any, number: int
) -> None:
    """Ten datasets, each with another tenth of the fields left empty."""
    name = f"levels-{uuid.uuid4().hex[:8]}"
    for page_number, typed in each_page(ckan):
        path = "/dataset/new" if page_number == 1 else f"/dataset/new/{name}/{page_number}"
        fields = [field for field in typed if field not in REQUIRED]
        left_out = dict.fromkeys(fields[number::10], "")
        steward.send(path, **(typed | left_out), **({"name": name} if page_number == 1 else {}))
    file = {"url": "https://rivers.example.gov/levels.csv", "name": "Levels", "columns": "day | date | day of reading"}
    fields_of_file = steward.form(f"/dataset/{name}/resource/new")[1]
    steward.reader.post(f"/dataset/{name}/publish", **{**fields_of_file, **file, "save": "go-metadata"})
    before, after = saved_unchanged(steward, name)
    assert before["state"] == "active"
    assert after == before


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The fields of the dataset and of its files that differ, with both values."""
    fields = [key for key in before | after if before.get(key) != after.get(key) and key != "resources"]
    found = [(key, str(before.get(key))[:200], str(after.get(key))[:200]) for key in fields]
    for one, other in zip(before.get("resources", ()), after.get("resources", ()), strict=True):
        found += changes(one, other)
    return found


def test_line_ends_stay_as_they_were_if_the_text_is_not_changed(steward: Steward, dataset: Any) -> None:
    """Some portals end lines by CR alone; browsers send CR LF."""
    written, sent = "Levels.\r \rOf rivers.\nDaily.", "Levels.\r\n \r\nOf rivers.\r\nDaily."
    file = {"url": "https://rivers.example.gov/levels.csv", "description": written, "columns": "station\nlevel"}
    name = dataset(notes=written, provenance=written, resources=[file])
    (resource,) = steward.stored(name)["resources"]
    steward.send(f"/dataset/edit/{name}/1", notes=sent)
    steward.send(f"/dataset/edit/{name}/4", provenance=sent)
    steward.send(f"/dataset/{name}/resource/{resource['id']}/edit", description=sent, columns="station\r\nlevel")
    stored = steward.stored(name)
    assert (stored["notes"], stored["provenance"]) == (written, written)
    (saved,) = stored["resources"]
    assert (saved["description"], saved["columns"]) == (written, "station\nlevel")
    steward.send(f"/dataset/edit/{name}/1", notes="Levels.\r\nOf rivers.")
    assert steward.stored(name)["notes"].splitlines() == ["Levels.", "Of rivers."]


@pytest.mark.long
@pytest.mark.parametrize("most", [2, pytest.param(15, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("country", ["US", "GB"])
def test_what_was_harvested_is_the_same_after_it_is_opened_and_saved(
    harvested_names: Any,
    ckan: Any,
    steward: Steward,
    reader: Any,
    person: Any,
    most: int,
    country: str,
) -> None:
    sysadmin = Steward(reader(person("sysadmin")), ckan, steward.organization)
    different = {}
    names = harvested_names(country, most)
    for name in names:
        before = as_form_shows(sysadmin.stored(name))
        for number in range(1, PAGES + 1):
            sysadmin.send(f"/dataset/edit/{name}/{number}")
        for resource in before["resources"][:MOST_FILES]:
            sysadmin.send(f"/dataset/{name}/resource/{resource['id']}/edit")
        if found := changes(before, as_form_shows(sysadmin.stored(name))):
            different[name] = found
    assert names
    assert different == {}
