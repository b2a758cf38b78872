"""RDF at ckanext-dcat's addresses: what was harvested comes out as the source said it, to whoever may read it."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.compare import isomorphic
from tests.serialise.conftest import Package
from tests.serialise.round_trip import comparable

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset

HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
SYNTAXES = ("ttl", "xml", "jsonld", "nt")


class Reader:
    """Asks for pages as anybody does, or with a token."""

    def __init__(self, application: Any) -> None:
        self._client = application.test_client()

    def get(self, path: str, **headers: str) -> Any:
        # In a thread of its own, as a server would: within the test's request everybody would be the same user.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self._client.get, path, headers=headers, buffered=True).result(120)


@pytest.fixture
def client(ckan_application: Any) -> Reader:
    return Reader(ckan_application)


def records_in(text: str, syntax: str, folder: Path) -> list[Dataset]:
    path = folder / f"{uuid.uuid4().hex}.{syntax}"
    path.write_text(text, encoding="utf-8")
    with Session() as session:
        found = [item.dataset for item in open_source(resolve(str(path), "dcat-rdf"), session)]
    return [record for record in found if record is not None]


@pytest.mark.parametrize("country", ["US", "GB"])
def test_a_harvested_record_is_given_out_as_it_was_read(
    country: str, corpus_records: list[Dataset], harvested: Any, client: Reader, tmp_path: Path
) -> None:
    records = [record for record in corpus_records if record.country == country]
    chosen = {record.identifier: record for record in records[:: max(1, len(records) // 8)]}
    for package in harvested(list(chosen.values())):
        there = comparable(chosen[package["identifier"]])
        for syntax in SYNTAXES:
            answer = client.get(f"/dataset/{package['name']}.{syntax}")
            assert answer.status_code == 200
            (back,) = records_in(answer.get_data(as_text=True), syntax, tmp_path)
            assert comparable(back) == there, (package["name"], syntax)


def test_the_profile_for_ckanext_dcat_says_the_same_as_the_page(
    created: Any, client: Reader, ckan_application: Any
) -> None:
    from ckanext.dcat.processors import RDFSerializer

    package = created(license_id="OGL-UK-3.0", issued="2004", resources=[{"url": "https://rivers.gov.uk/a.csv"}])
    page = client.get(f"/dataset/{package['name']}.ttl?profiles=aivision_dcat_us_3").get_data(as_text=True)
    with ckan_application.test_request_context():
        by_profile = RDFSerializer(profiles=["aivision_dcat_us_3"]).serialize_dataset(package, "ttl")
    assert isomorphic(rdflib.Graph().parse(data=page), rdflib.Graph().parse(data=by_profile))


def test_a_dataset_is_given_out_to_whoever_may_read_it(created: Any, client: Reader, steward: dict[str, str]) -> None:
    package: Package = created(private=True)
    for syntax in SYNTAXES:
        path = f"/dataset/{package['name']}.{syntax}"
        assert client.get(path).status_code in (302, 403, 404)
        assert package["name"] not in client.get(f"/catalog.{syntax}").get_data(as_text=True)
        assert client.get(path, Authorization=steward["token"]).status_code == 200
        assert client.get(f"/dataset/no-{package['name']}.{syntax}").status_code == 404


def test_pages_of_a_catalogue_lead_to_each_other(created: Any, client: Reader, ckan_config_of_two: None) -> None:
    name = f"page-{uuid.uuid4().hex[:8]}"
    for number in range(3):
        created(name=f"{name}-{number}", title=f"River levels {name}")
    address = f"/catalog.ttl?q=title:({name} AND levels)"
    graph = rdflib.Graph().parse(data=client.get(address).get_data(as_text=True))
    (following,) = graph.objects(None, HYDRA.next)
    assert isinstance(following, rdflib.URIRef)
    path = "/" + str(following).partition("//")[2].partition("/")[2]
    other = rdflib.Graph().parse(data=client.get(path).get_data(as_text=True))
    datasets = rdflib.URIRef("http://www.w3.org/ns/dcat#dataset")
    assert len({*graph.objects(None, datasets), *other.objects(None, datasets)}) == 3
    assert [int(str(count)) for count in graph.objects(None, HYDRA.totalItems)] == [3]


@pytest.fixture
def ckan_config_of_two(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckan.plugins import toolkit

    monkeypatch.setitem(toolkit.config, "ckanext.dcat.datasets_per_page", 2)


@pytest.mark.parametrize("question", ["page=0", "page=x", "modified_since=yesterday", "q=bad:((((", "profiles=nobodys"])
def test_a_question_that_cannot_be_read_is_refused(question: str, client: Reader) -> None:
    for syntax in SYNTAXES:
        assert 400 <= client.get(f"/catalog.{syntax}?{question}").status_code < 500


def test_a_catalogue_is_read_again_as_one(created: Any, client: Reader, tmp_path: Path) -> None:
    name = f"whole-{uuid.uuid4().hex[:8]}"
    made = [created(name=f"{name}-{code.lower()}", country=code) for code in ("US", "GB")]
    answer = client.get(f"/catalog.xml?fq=name:{name}*").get_data(as_text=True)
    back = records_in(answer, "xml", tmp_path)
    assert {(record.profile, record.country) for record in back} == {("aivision", "US"), ("aivision", "GB")}
    assert {record.identifier for record in back} == {package["id"] for package in made}
