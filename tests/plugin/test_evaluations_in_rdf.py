"""Evaluations in RDF at addresses: of one dataset, in its own RDF and not in the catalogue's, and the rubric."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import rdflib
from rdflib import DCTERMS
from tests.plugin.conftest import execute

Publish = Callable[..., dict[str, Any]]
DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")
SYNTAXES = {
    "ttl": ("text/turtle", "turtle"),
    "xml": ("application/rdf+xml", "xml"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt"),
}


@pytest.fixture
def anonymous(reader: Callable[[str], Any]) -> Any:
    return reader("")


def graph(answer: Any, ending: str = "ttl") -> rdflib.Graph:
    return rdflib.Graph().parse(data=answer.get_data(), format=SYNTAXES[ending][1])


def measured(shown: rdflib.Graph, metric: str) -> Any:
    """The value of a metric, by the fragment of its IRI; None if nothing is measured by it."""
    for measurement, name in shown.subject_objects(DQV.isMeasurementOf):
        if str(name).endswith(f"/best-practice/rubric#{metric}"):
            return shown.value(measurement, DQV.value).toPython()
    return None


@pytest.mark.parametrize("ending", SYNTAXES)
def test_an_evaluation_is_that_of_the_api_in_each_syntax(
    published: Publish, ckan: Any, anonymous: Any, ending: str
) -> None:
    package = published()
    stated = ckan.get_action("aivision_score_show")({"user": ""}, {"id": package["id"], "lens": "fair"})
    for name in (package["name"], package["id"]):
        answer = anonymous.get(f"/dataset/{name}/evaluation.{ending}")
        assert answer.mimetype == SYNTAXES[ending][0]
        shown = graph(answer, ending)
        assert float(measured(shown, "score")) == stated["score"]
        assert measured(shown, "grade") == stated["grade"]
        assert float(measured(shown, "lens-fair")) == stated["lens"]["score"]
        for result in stated["results"]:
            assert measured(shown, result["criterion"]) == result["result"]


def test_it_is_in_the_rdf_of_the_dataset_and_not_in_that_of_the_catalogue(published: Publish, anonymous: Any) -> None:
    package = published()
    own = graph(anonymous.get(f"/dataset/{package['name']}.ttl"))
    (dataset,) = own.subjects(rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/dcat#Dataset"))
    evaluation = own.value(dataset, DQV.hasQualityMetadata)
    assert str(evaluation).endswith(f"/dataset/{package['id']}/evaluation")
    assert measured(own, "licence-open") == "pass"
    everything = graph(anonymous.get(f"/catalog.ttl?fq=id:{package['id']}"))
    assert everything.value(dataset, DCTERMS.title) is not None
    # It changes at other times than the datasets, and the catalogue is kept until they change.
    assert everything.value(dataset, DQV.hasQualityMetadata) is None


def test_an_evaluation_that_changes_is_in_the_next_answer(
    published: Publish, ckan: Any, site_user: dict[str, Any], anonymous: Any
) -> None:
    package = published()
    for licence, result in (("CC-BY-NC-4.0", "partial"), ("OGL-UK-3.0", "pass")):
        path = f"/dataset/{package['name']}.ttl"
        anonymous.get(path)
        tag = anonymous.get(path).headers["ETag"]
        execute(
            "UPDATE aivision_evaluation SET reference_date = reference_date WHERE package_id = :id", id=package["id"]
        )
        assert anonymous.get(path).headers["ETag"] != tag
        ckan.get_action("package_patch")(dict(site_user), {"id": package["id"], "license_id": licence})
        assert measured(graph(anonymous.get(path)), "licence-open") == result


def test_its_address_leads_programs_to_rdf_and_people_to_the_page(published: Publish, anonymous: Any) -> None:
    package = published()
    path = f"/dataset/{package['name']}/evaluation"
    for ending, (media_type, _) in SYNTAXES.items():
        answer = anonymous.get(path, 303, Accept=media_type)
        assert answer.headers["Location"].endswith(f"{path}.{ending}")
        assert "Accept" in answer.headers["Vary"]
    assert anonymous.get(path, 303, Accept="text/html").headers["Location"].endswith(f"/dataset/{package['name']}")


def test_the_page_of_a_dataset_leads_to_it_and_it_is_sent_once(published: Publish, anonymous: Any) -> None:
    package = published()
    link = anonymous.get(f"/dataset/{package['name']}").headers["Link"]
    path = f"/dataset/{package['name']}/evaluation.ttl"
    assert f'{path}>; rel="describedby"; type="text/turtle"' in link
    answer = anonymous.get(path)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert anonymous.get(path, 304, **{"If-None-Match": answer.headers["ETag"]}).get_data() == b""


def test_it_is_given_to_whoever_may_read_the_dataset(published: Publish, anonymous: Any, sysadmin: Any) -> None:
    package = published(private=True)
    path = f"/dataset/{package['name']}/evaluation.ttl"
    assert anonymous.get(path, 404).mimetype == "application/problem+json"
    assert measured(graph(sysadmin.get(path)), "grade")


@pytest.mark.parametrize("name", ["no-such-dataset", "%00", "x" * 3000, "..%2f"])
def test_what_is_no_dataset_has_none(anonymous: Any, name: str) -> None:
    anonymous.get(f"/dataset/{name}/evaluation.ttl", 404)


@pytest.mark.parametrize("ending", SYNTAXES)
def test_the_rubric_describes_every_metric(published: Publish, anonymous: Any, ending: str) -> None:
    package = published()
    rubric = graph(anonymous.get(f"/best-practice/rubric.{ending}"), ending)
    shown = graph(anonymous.get(f"/dataset/{package['name']}/evaluation.ttl"))
    metrics = set(shown.objects(None, DQV.isMeasurementOf))
    assert metrics
    assert metrics <= set(rubric.subjects(rdflib.RDF.type, DQV.Metric))
    answer = anonymous.get("/best-practice/rubric", 303, Accept=SYNTAXES[ending][0])
    assert answer.headers["Location"].endswith(f"/best-practice/rubric.{ending}")
