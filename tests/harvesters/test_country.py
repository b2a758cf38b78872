"""The country of a record is what its source, its publisher or its addresses tell; it is never guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.harvesters.rdf_documents import TURTLE

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import Harvest, open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.normalise.geography.address_countries import country_of_address

SILENT: dict[str, Any] = {"identifier": "a", "title": "Trees", "publisher": {"name": "Parks"}}


def read(path: Path, content: str, country: str | None = None) -> tuple[Harvest, list[str]]:
    path.write_text(content)
    with Session() as session:
        harvest = open_source(resolve(str(path), country=country), session)
        return harvest, [record.dataset.country for record in harvest if record.dataset is not None]


@pytest.mark.parametrize(
    ("members", "country"),
    [
        ({}, ""),
        ({"bureauCode": ["015:11"]}, "US"),
        ({"contactPoint": {"hasEmail": "mailto:data@parks.gov"}}, "US"),
        ({"contactPoint": {"hasEmail": "mailto:data@town.gov.uk"}}, "GB"),
        ({"contactPoint": {"hasEmail": "mailto:datos@parques.gob.es"}}, "ES"),
        ({"contactPoint": {"hasEmail": "mailto:data@parks.org"}, "landingPage": "https://data.town.gov.uk/a"}, "GB"),
        ({"distribution": [{"downloadURL": "https://data.parks.gov/a.csv"}]}, "US"),
        ({"distribution": [{"downloadURL": "https://parks.maps.arcgis.com/a.csv"}]}, ""),
        ({"landingPage": "https://parks.io/a"}, ""),
        ({"publisher": {"name": "Parks", "country": "United Kingdom"}}, "GB"),
        ({"contactPoint": {"fn": "Desk", "hasAddress": {"country-name": "USA"}}}, "US"),
        ({"publisher": {"name": "Parks", "address": [{"addressCountry": {"name": "Éire"}}]}}, "IE"),
        ({"publisher": {"name": "Parks", "country": "Atlantis"}}, ""),
        ({"publisher": {"name": "Leeds City Council"}}, "GB"),
        ({"publisher": {"name": "U.S. Geological Survey"}}, "US"),
        ({"publisher": {"name": "Geological Survey"}}, ""),
        ({"publisher": {"name": "Department of Education"}}, ""),
        ({"publisher": {"name": "Desk 7", "subOrganizationOf": {"name": "NASA"}}}, "US"),
        ({"publisher": {"name": "Boston"}}, ""),
        ({"spatial": "United Kingdom"}, ""),
        ({"aivision:country": "FR", "landingPage": "https://data.parks.gov/a"}, "FR"),
    ],
)
def test_what_a_record_of_dcat_us_tells(members: dict[str, Any], country: str, tmp_path: Path) -> None:
    harvest, found = read(tmp_path / "data.json", json.dumps({"dataset": [{**SILENT, **members}]}))
    assert (found, harvest.source.country) == ([country], country)
    assert [remark.code for remark in harvest.remarks] == ([] if country else ["country-unknown"])


@pytest.mark.parametrize(
    ("stated", "country"),
    [
        ({"publisher": {"name": "Parks", "country": "GB"}}, "GB"),
        ({"publisher": {"name": "Parks", "hasEmail": "mailto:data@parks.gov"}}, "US"),
        ({"spatial": "http://publications.europa.eu/resource/authority/country/FRA"}, "FR"),
        ({"spatial": [{"prefLabel": "Canada"}]}, "CA"),
        ({"spatial": "Yorkshire"}, ""),
        ({"homepage": "https://data.town.gov.uk/"}, "GB"),
        ({"@id": "https://www.parks.gov/data.json"}, "US"),
        ({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema"}, ""),
    ],
)
@pytest.mark.parametrize("is_before", [True, False])
def test_a_catalogue_of_dcat_us_may_say_its_country(
    stated: dict[str, Any], country: str, is_before: bool, tmp_path: Path
) -> None:
    datasets = {"dataset": [SILENT]}
    content = {**stated, **datasets} if is_before else {**datasets, **stated}
    assert read(tmp_path / "data.json", json.dumps(content))[1] == [country]


def test_the_setting_of_a_source_goes_before_everything(tmp_path: Path) -> None:
    content = json.dumps({"dataset": [{**SILENT, "landingPage": "https://data.town.gov.uk/a"}]})
    assert read(tmp_path / "data.json", content, "US")[1] == ["US"]


def test_packages_of_ckan_and_rdf_are_of_no_country_by_their_form(tmp_path: Path) -> None:
    package = {"id": "a", "title": "Trees", "resources": [], "organization": {"title": "Parks"}}
    assert read(tmp_path / "packages.json", json.dumps([package]))[1] == [""]
    assert read(tmp_path / "a.ttl", TURTLE.replace("a.uk", "parks.org"))[1] == [""]
    assert read(tmp_path / "b.ttl", TURTLE)[1] == ["GB"]


def test_a_catalogue_in_rdf_may_say_its_country(tmp_path: Path) -> None:
    place = "<http://publications.europa.eu/resource/authority/country/GBR>"
    catalogue = f"<https://parks.org/c> a dcat:Catalog ; dct:spatial {place} .\n"
    assert read(tmp_path / "a.ttl", TURTLE.replace("a.uk", "parks.org") + catalogue)[1] == ["GB"]


def test_a_source_with_records_of_two_countries_has_none(tmp_path: Path) -> None:
    pages = ("https://data.parks.gov/a", "https://data.town.gov.uk/a")
    records = [{**SILENT, "identifier": str(n), "landingPage": page} for n, page in enumerate(pages)]
    harvest, found = read(tmp_path / "data.json", json.dumps({"dataset": records}))
    assert (found, harvest.source.country) == (["US", "GB"], "")


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("https://data.gov", "US"),
        ("HTTPS://DATA.GOV.UK./x", "GB"),
        ("data@nhs.scot", "GB"),
        ("https://data.overheid.nl/x", "NL"),
        ("https://data.europa.eu", ""),
        ("https://data.city.co", ""),
        ("https://uk", ""),
        ("uk", ""),
        ("https://192.0.2.1/x", ""),
        ("https://[::1", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_what_an_address_tells(address: str | None, country: str) -> None:
    assert country_of_address(address) == country
