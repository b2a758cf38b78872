"""What a standard cannot hold of a dataset, asked of the catalogue: by the action and at an address."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ckan.plugins import toolkit

Package = dict[str, Any]
PLAN = "Kept up until 2035."


@pytest.fixture
def dataset(created: Callable[..., Package]) -> Package:
    return created(maintenance_plan=PLAN, language=["en"])


def ask(application: Any, path: str) -> tuple[int, Any]:
    answer = application.test_client().get(path)
    return answer.status_code, json.loads(answer.get_data(as_text=True))


def test_anybody_learns_which_values_are_not_given_out(ckan_application: Any, dataset: Package) -> None:
    status, found = ask(ckan_application, f"/dataset/{dataset['name']}/losses?profile=uk-metadata-exchange")
    assert (status, found["profile"]) == (200, "uk-metadata-exchange")
    lost = {loss["field"]: loss for loss in found["losses"]}
    assert {"maintenance_plan", "language"} <= set(lost)
    assert lost["maintenance_plan"]["value"] == PLAN
    assert lost["maintenance_plan"]["form_fields"] == ["maintenance_plan"]
    assert lost["maintenance_plan"]["reason"]


@pytest.mark.parametrize(
    "profile", ["dcat-ap-3", "dcat-us-3-rdf", "dcat-us-1.1", "dcat-us-3", "schema-org", "croissant"]
)
def test_other_standards_have_everything(ckan_application: Any, dataset: Package, profile: str) -> None:
    assert ask(ckan_application, f"/dataset/{dataset['name']}/losses?profile={profile}") == (
        200,
        {"profile": profile, "losses": []},
    )


@pytest.mark.parametrize(
    "query", ["", "?profile=", "?profile=nope", "?profile=dcat-ap-3&limit=1", "?profile=dcat-ap-3&profile=croissant"]
)
def test_a_question_that_means_nothing_is_refused(ckan_application: Any, dataset: Package, query: str) -> None:
    status, problem = ask(ckan_application, f"/dataset/{dataset['name']}/losses{query}")
    assert status == 400
    assert problem["detail"]


@pytest.mark.parametrize("name", ["nothing-of-this-name", "%00", "a" * 300])
def test_there_is_nothing_of_what_does_not_exist(ckan_application: Any, name: str) -> None:
    assert ask(ckan_application, f"/dataset/{name}/losses?profile=dcat-ap-3")[0] == 404


def test_a_private_dataset_is_as_one_that_does_not_exist(
    ckan_application: Any, ckan: Any, created: Callable[..., Package]
) -> None:
    hidden = created(maintenance_plan=PLAN, private=True)
    assert ask(ckan_application, f"/dataset/{hidden['name']}/losses?profile=dcat-ap-3")[0] == 404
    with pytest.raises(toolkit.NotAuthorized):
        ckan.get_action("aivision_loss_list")({"user": ""}, {"id": hidden["id"], "profile": "dcat-ap-3"})


def test_the_terms_of_our_own_are_at_their_namespace(ckan_application: Any, dataset: Package) -> None:
    status, document = ask(ckan_application, f"/dataset/{dataset['name']}/dcat-us-3.json")
    assert status == 200
    namespace = document["@context"]["aivision"]
    status, found = ask(ckan_application, "/" + namespace.rstrip("#").partition("://")[2].partition("/")[2])
    assert status == 200
    assert found["@context"]["aivision"] == namespace
    assert "aivision:country" in {term["@id"] for term in found["@graph"]}


@pytest.mark.parametrize("ending", ["json", "yaml", "ttl", "xml", "jsonld", "nt"])
def test_the_uk_model_is_given_out_in_every_syntax(ckan_application: Any, dataset: Package, ending: str) -> None:
    for path in (f"/dataset/{dataset['name']}/uk-metadata-exchange.{ending}", f"/uk-metadata-exchange.{ending}"):
        answer = ckan_application.test_client().get(path)
        assert answer.status_code == 200
        assert "River levels" in answer.get_data(as_text=True)
