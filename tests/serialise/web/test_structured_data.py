"""Descriptions in a real CKAN: in pages, at addresses and as actions, for whoever may see the dataset."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import lxml.html
import mlcroissant
import msgspec
import pytest
from tests.serialise.conftest import EVERYTHING

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, FileProfile
from ckanext.aivision.serialise.package import to_package

Package = dict[str, Any]
URL = "https://rivers.example.gov/levels.csv"
ADDRESSES = {"croissant": "/dataset/{}/croissant.jsonld", "schema_org": "/dataset/{}/schema-org.jsonld"}
BREAKING_OUT = "</script><script>alert(1)</script><!-- \u2028"


@pytest.fixture
def save(ckan: Any, steward: dict[str, str]) -> Callable[..., Package]:
    def make(**fields: Any) -> Package:
        name = f"levels-{uuid.uuid4().hex[:8]}"
        package = {"name": name, "title": "River levels", "country": "GB", "license_id": "OGL-UK-3.0"}
        made: Package = ckan.get_action("package_create")(
            {"user": steward["name"]}, package | {"owner_org": steward["organization"]} | fields
        )
        return made

    return make


@pytest.fixture
def ask(ckan_application: Any) -> Callable[..., Any]:
    """The answer to whoever has a token, or to an anonymous reader; in a thread of its own, as a server would."""

    def get(path: str, token: str = "") -> Any:
        client, headers = ckan_application.test_client(), {"Authorization": token} if token else {}
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(client.get, path, headers=headers, buffered=True).result(60)

    return get


def scripts(page: str) -> list[dict[str, Any]]:
    """The descriptions in a page, as a browser finds them."""
    return [json.loads(item.text) for item in lxml.html.fromstring(page).xpath("//script[@type='application/ld+json']")]


def test_a_page_has_both_descriptions_which_are_also_at_addresses(save: Any, ask: Callable[..., Any]) -> None:
    package = save(**to_package(EVERYTHING))
    answer = ask(f"/dataset/{package['name']}")
    assert answer.status_code == 200
    found = {description["@type"]: description for description in scripts(answer.get_data(as_text=True))}
    schema_org, croissant = found["Dataset"], found["sc:Dataset"]
    answers = {standard: ask(path.format(package["name"])) for standard, path in ADDRESSES.items()}
    assert json.loads(answers["schema_org"].data) == schema_org
    assert json.loads(answers["croissant"].data) == croissant
    # One dataset for whoever reads both.
    assert schema_org["@id"] == croissant["@id"]
    assert schema_org["url"] == croissant["url"]
    assert croissant["url"].endswith(f"/dataset/{package['name']}")
    assert mlcroissant.Dataset(jsonld=croissant).metadata.name == EVERYTHING.title
    assert answers["schema_org"].content_type == "application/ld+json"
    assert answers["croissant"].content_type == 'application/ld+json; profile="http://mlcommons.org/croissant/1.1"'


def test_the_actions_give_the_same(save: Any, ask: Callable[..., Any], ckan: Any) -> None:
    name = save()["name"]
    for standard, path in ADDRESSES.items():
        shown = ckan.get_action(f"aivision_{standard}_show")({"user": ""}, {"id": name})
        assert json.loads(ask(path.format(name)).data) == shown


def test_every_field_of_the_form_is_in_both(save: Any, ckan: Any, schema: dict[str, Any]) -> None:
    """Each field is filled with words of its own; what has choices gets a choice."""
    package, resource = to_package(EVERYTHING), {}
    package |= {"collection_type": "sensor", "ai_use": "allowed"}
    words = [field["field_name"] for field in schema["dataset_fields"] if field.get("form_snippet") == "textarea.html"]
    package |= {name: f"Words of {name}." for name in words if name not in ("license_text", "access_rights_text")}
    resource = package["resources"][0] | {"role": "documentation", "columns": "level | number | Metres above zero"}
    name = save(**package | {"resources": [resource]})["name"]
    for standard in ADDRESSES:
        text = json.dumps(ckan.get_action(f"aivision_{standard}_show")({"user": ""}, {"id": name}))
        missing = [field for field in words if field in package and f"Words of {field}." not in text]
        assert [field for field in missing if field not in ("license_text", "access_rights_text")] == []
        for said in ("sensor", "tdm:mine", "documentation", "Metres above zero", "aggregated", "RESTRICTED"):
            assert said in text, said


def test_no_text_of_a_dataset_breaks_out_of_its_page(save: Any, ask: Callable[..., Any]) -> None:
    fields = {"title": BREAKING_OUT, "notes": BREAKING_OUT, "url": "javascript:alert(1)", "citation": BREAKING_OUT}
    package = save(**fields, resources=[{"url": URL, "name": BREAKING_OUT, "columns": BREAKING_OUT}])
    page = ask(f"/dataset/{package['name']}").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    for description in scripts(page):
        assert description["name"] == BREAKING_OUT.strip()
        assert "javascript:" not in json.dumps(description)


def test_columns_of_a_profiled_file_are_a_record_set(save: Any, ckan: Any) -> None:
    import ckan.model as model

    from ckanext.aivision.catalogue.observations import file_profiles

    weekly = "http://publications.europa.eu/resource/authority/frequency/WEEKLY"
    package = save(frequency=weekly, resources=[{"url": URL, "format": "CSV"}])
    columns = [ColumnProfile(name="level", type="number"), ColumnProfile(name="who", type="text", personal=["name"])]
    now = datetime.datetime.now(datetime.timezone.utc)
    profile = FileProfile(url=URL, format="CSV", delimiter=",", columns=columns, profiled_at=now)
    file_profiles.keep(package["id"], package["resources"][0]["id"], profile)
    model.Session.commit()
    found = ckan.get_action("aivision_croissant_show")({"user": ""}, {"id": package["id"]})
    (rows,) = found["recordSet"]
    assert [(field["name"], field["dataType"]) for field in rows["field"]] == [
        ("level", "sc:Float"),
        ("who", "sc:Text"),
    ]
    assert "personal" not in json.dumps(found)
    mlcroissant.Dataset(jsonld=json.loads(json.dumps(found)))


def test_a_private_dataset_is_for_its_organization_alone(
    save: Any, ask: Callable[..., Any], ckan: Any, steward: dict[str, str]
) -> None:
    name = save(private=True)["name"]
    for standard, path in ADDRESSES.items():
        assert ask(path.format(name)).status_code == 404
        assert ask(path.format(name), steward["token"]).status_code == 200
        with pytest.raises(ckan.NotAuthorized):
            ckan.get_action(f"aivision_{standard}_show")({"user": ""}, {"id": name})


@pytest.mark.parametrize("id", ["no-such-dataset", "%00", "..", "a" * 3000, "%ff", "<b>"])
def test_an_address_of_no_dataset_is_not_found(id: str, ask: Callable[..., Any]) -> None:
    for path in ADDRESSES.values():
        assert ask(path.format(id)).status_code in (404, 414), id


@pytest.mark.parametrize("id", ["\0", ["a"], {"a": 1}, 7, True])
def test_an_id_that_is_none_is_refused(id: object, ckan: Any) -> None:
    for standard in ADDRESSES:
        with pytest.raises(ckan.ValidationError):
            ckan.get_action(f"aivision_{standard}_show")({"user": ""}, {"id": id})


def test_the_organizations_name_in_addresses_does_not_identify_the_publisher(save: Any, ckan: Any) -> None:
    found = ckan.get_action("aivision_schema_org_show")({"user": ""}, {"id": save()["id"]})
    assert found["publisher"] == {"@type": "Organization", "name": "River office"}


def test_packages_of_other_types_are_left_to_ckanext_dcat(ckan: Any) -> None:
    """Another extension's type is in the helper's hands that was there before."""
    package = {"type": "showcase", "id": "7", "name": "levels", "title": "Levels", "resources": [], "tags": []}
    assert "http://mlcommons.org/croissant/1.0" in ckan.h.croissant(package)


def test_descriptions_of_records_of_the_corpus_load(
    save: Any, ask: Callable[..., Any], corpus_records: list[Dataset]
) -> None:
    for dataset in corpus_records[:: max(1, len(corpus_records) // 12)]:
        package = save(**{key: value for key, value in to_package(dataset).items() if key != "country"})
        found = json.loads(ask(ADDRESSES["croissant"].format(package["name"])).data)
        assert mlcroissant.Dataset(jsonld=found).metadata.name == msgspec.structs.asdict(dataset)["title"].strip()
