"""Metadata in JSON standards, as a developer takes it from the catalogue."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.plugin.conftest import execute

SOURCE_RECORD = {
    "@type": "dcat:Dataset",
    "title": "River levels",
    "description": "Levels in metres, measured every week.",
    "keyword": ["rivers", "levels"],
    "modified": "2026-11-01",
    "publisher": {"@type": "org:Organization", "name": "River office"},
    "contactPoint": {"@type": "vcard:Contact", "fn": "Data desk", "hasEmail": "mailto:data@rivers.example.gov"},
    "accessLevel": "public",
    "bureauCode": ["999:99"],
    "programCode": ["999:999"],
    "anythingElse": {"kept": True},
    "distribution": [
        {"@type": "dcat:Distribution", "downloadURL": "https://rivers.example.gov/l.csv", "mediaType": "text/csv"}
    ],
}


@pytest.fixture(autouse=True)
def unlimited(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.limit_catalogues", 0)
    monkeypatch.setitem(ckan.config, "ckanext.aivision.limit_catalogues_of_all", 0)


@pytest.fixture
def anonymous(reader: Callable[[str], Any]) -> Any:
    return reader("")


@pytest.fixture
def harvest(harvested: Any, ckan: Any) -> Callable[..., tuple[dict[str, Any], dict[str, Any]]]:
    """Harvests one record of DCAT-US 1.1; gives it and its package."""

    def one(**fields: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        name = f"rivers-{uuid.uuid4().hex[:8]}"
        record = {**SOURCE_RECORD, "identifier": name, **fields}
        harvested(name, [record])
        (row,) = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name})
        return record, ckan.get_action("package_show")({"ignore_auth": True}, {"id": row["package_id"]})

    return one


def of(document: Any, identifier: str) -> dict[str, Any]:
    (found,) = [record for record in document["dataset"] if record["identifier"] == identifier]
    return dict(found)


def test_a_harvested_record_is_given_out_as_its_source_wrote_it(anonymous: Any, harvest: Any) -> None:
    record, package = harvest()
    document = json.loads(anonymous.get(f"/dataset/{package['name']}/dcat-us.json").get_data())
    assert document["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert document["dataset"] == [record]


def test_a_corrected_dataset_is_given_out_as_its_source_has_it_and_corrected_if_one_asks(
    anonymous: Any, harvest: Any, ckan: Any, site_user: Any
) -> None:
    record, package = harvest()
    ckan.get_action("package_patch")(dict(site_user), {"id": package["id"], "title": "Levels of rivers"})
    address = f"/dataset/{package['name']}/dcat-us.json"
    (own,) = json.loads(anonymous.get(address).get_data())["dataset"]
    (corrected,) = json.loads(anonymous.get(f"{address}?corrected=1").get_data())["dataset"]
    assert own == record
    assert corrected == {**record, "title": "Levels of rivers"}


def test_the_catalogue_has_every_public_dataset_once(anonymous: Any, harvest: Any, published: Any) -> None:
    record, _ = harvest()
    of_form = published(identifier=f"urn:{uuid.uuid4()}")
    answer = anonymous.get("/data.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    document = json.loads(answer.get_data())
    assert of(document, record["identifier"]) == record
    assert of(document, of_form["identifier"])["title"] == of_form["title"]


def test_dcat_us_3_is_the_profile_of_the_same_address(anonymous: Any, published: Any) -> None:
    package = published(identifier=f"urn:{uuid.uuid4()}", next_update="2026-12-24")
    document = json.loads(anonymous.get("/data.json?profile=dcat-us-3").get_data())
    assert document["conformsTo"]["title"] == "DCAT-US 3.0"
    assert of(document, package["identifier"])["nextUpdateDate"] == "2026-12-24"
    alone = json.loads(anonymous.get(f"/dataset/{package['name']}/dcat-us-3.json").get_data())
    assert alone["dataset"] == [of(document, package["identifier"])]


def test_the_uk_model_lists_a_dataset_and_its_distributions(anonymous: Any, published: Any) -> None:
    package = published(identifier=f"urn:{uuid.uuid4()}")
    answer = anonymous.get(f"/dataset/{package['name']}/uk-metadata-exchange.json")
    dataset, distribution = json.loads(answer.get_data())
    assert dataset["publisher"] == "cabinet-office"
    assert dataset["distribution"] == [distribution["identifier"]]
    in_yaml = anonymous.get(f"/dataset/{package['name']}/uk-metadata-exchange.yaml")
    assert yaml.safe_load(in_yaml.get_data()) == [dataset, distribution]
    assert dataset in json.loads(anonymous.get("/uk-metadata-exchange.json").get_data())
    assert dataset not in json.loads(anonymous.get("/uk-metadata-exchange.json?country=US").get_data())


def test_records_of_other_countries_come_in_the_uk_model_only_if_asked_for(anonymous: Any, harvest: Any) -> None:
    record, _ = harvest()
    assert record["identifier"] not in anonymous.get("/uk-metadata-exchange.json").get_data(as_text=True)
    assert record["identifier"] in anonymous.get("/uk-metadata-exchange.json?country=US").get_data(as_text=True)


def test_an_organization_has_its_own_data_json(anonymous: Any, harvest: Any, published: Any, ckan: Any) -> None:
    record, _ = harvest()
    package = published(identifier=f"urn:{uuid.uuid4()}")
    document = json.loads(anonymous.get(f"/organization/{package['organization']['name']}/data.json").get_data())
    identifiers = [record["identifier"] for record in document["dataset"]]
    assert package["identifier"] in identifiers
    assert record["identifier"] not in identifiers


def test_filters_narrow_the_catalogue(anonymous: Any, harvest: Any, published: Any) -> None:
    record, _ = harvest()
    package = published(identifier=f"urn:{uuid.uuid4()}")

    def identifiers(query: str) -> set[str]:
        return {row["identifier"] for row in json.loads(anonymous.get(f"/data.json?{query}").get_data())["dataset"]}

    assert record["identifier"] in identifiers("country=US")
    assert package["identifier"] not in identifiers("country=US")
    assert package["identifier"] in identifiers(f"organization={package['organization']['name']}&country=gb")
    assert package["identifier"] in identifiers("modified_since=2020-01-01")
    assert identifiers("modified_since=2999-01-01T00:00:00Z") == set()
    assert identifiers("agency=us-026") == set()


@pytest.mark.parametrize("hidden", [{"private": True}, {"state": "draft"}, {"state": "deleted"}])
def test_what_is_not_public_is_in_no_document(
    anonymous: Any, published: Any, sysadmin: Any, hidden: dict[str, Any]
) -> None:
    package = published(identifier=f"urn:{uuid.uuid4()}", **hidden)
    for path in ("/data.json", "/uk-metadata-exchange.json", "/data.json?profile=dcat-us-3"):
        assert package["identifier"] not in anonymous.get(path).get_data(as_text=True)
    for somebody in (anonymous, sysadmin):
        answer = somebody.get(f"/dataset/{package['name']}/dcat-us.json", 404)
        assert answer.mimetype == "application/problem+json"


def test_an_entry_of_a_register_is_no_dataset(anonymous: Any, ckan: Any, site_user: Any) -> None:
    types = ckan.get_action("scheming_dataset_schema_list")({"ignore_auth": True}, {})
    assert len(types) > 1
    name = f"entry-{uuid.uuid4().hex[:8]}"
    execute(
        "INSERT INTO package (id, name, type, state, private) VALUES (:id, :id, :type, 'active', false)",
        id=name,
        type=next(one for one in types if one != "dataset"),
    )
    assert name not in anonymous.get("/data.json").get_data(as_text=True)
    anonymous.get(f"/dataset/{name}/dcat-us.json", 404)
    execute("DELETE FROM package WHERE id = :id", id=name)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("theme=health", "theme"),
        ("profile=dcat-us-2", "profile"),
        ("country=England", "country"),
        ("agency=NASA%20", "agency"),
        ("modified_since=yesterday", "modified_since"),
        ("country=US&country=GB", "country"),
        ("organization=nobody", "organization"),
        ("organization=%00", "organization"),
        ("%00=1", "parameter"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(anonymous: Any, query: str, named: str) -> None:
    answer = anonymous.get(f"/data.json?{query}", 400)
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json(force=True)
    assert problem["status"] == 400
    assert named in problem["detail"]


@pytest.mark.parametrize(
    "path", ["/dataset/nobody/dcat-us.json", "/dataset/%00/dcat-us.json", "/organization/%00/data.json"]
)
def test_what_is_not_there_is_not_found(anonymous: Any, path: str) -> None:
    assert anonymous.get(path, 404).mimetype == "application/problem+json"


def test_asking_for_the_head_alone_keeps_no_catalogue_open(ckan_application: Any) -> None:
    client = ckan_application.test_client()
    assert {client.head("/data.json?country=XX", buffered=True).status_code for _ in range(4)} == {200}


def test_a_catalogue_is_harvested_back_by_ourselves(
    anonymous: Any, harvest: Any, published: Any, tmp_path: Path
) -> None:
    from ckanext.aivision.harvesters.http.session import Session
    from ckanext.aivision.harvesters.open_source import open_source
    from ckanext.aivision.harvesters.sources.source import resolve

    harvest()
    package = published(identifier=f"urn:{uuid.uuid4()}")
    path = tmp_path / "data.json"
    for profile in ("dcat-us-1.1", "dcat-us-3"):
        path.write_bytes(anonymous.get(f"/data.json?profile={profile}").get_data())
        with Session() as session:
            read = [item.dataset for item in open_source(resolve(str(path)), session) if item.dataset is not None]
        (found,) = [dataset for dataset in read if dataset.identifier == package["identifier"]]
        assert (found.country, found.license and found.license.id) == ("GB", "OGL-UK-3.0")
