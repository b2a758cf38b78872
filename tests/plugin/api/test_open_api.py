"""The OpenAPI document, and the page to try the API: both say what the actions declare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema_rs
import lxml.html
import pytest
import requests

ADDRESS = "/api/aivision/openapi.json"
READ_ONLY = {"aivision_score_show", "aivision_compare", "aivision_evaluation_list", "aivision_lens_list"}


@pytest.fixture
def document(reader: Callable[[str], Any]) -> dict[str, Any]:
    found: dict[str, Any] = reader("").get(ADDRESS).get_json()
    return found


@pytest.fixture
def page(reader: Callable[[str], Any]) -> Any:
    return lxml.html.fromstring(reader("").get("/api/aivision").get_data(as_text=True))


def ours(ckan: Any) -> dict[str, Any]:
    from ckanext.aivision.plugins import AivisionPlugin

    return {name: ckan.get_action(name) for name in AivisionPlugin().get_actions() if name.startswith("aivision_")}


def test_every_action_of_ours_is_in_the_document(document: dict[str, Any], ckan: Any) -> None:
    assert document["openapi"] == "3.1.0"
    assert {path.strip("/") for path in document["paths"]} == set(ours(ckan))
    public = {path.strip("/") for path, item in document["paths"].items() if item["post"]["tags"] == ["public"]}
    assert public >= READ_ONLY


def test_every_parameter_that_a_docstring_describes_is_declared_and_no_other(ckan: Any) -> None:
    from ckanext.aivision.logic.accept import parameters_of
    from ckanext.aivision.logic.docstring import describe

    of_run = set(parameters_of(ckan.get_action("aivision_problem_list"))) - {"run"}
    # "Whose other parameters can be used here too", say their docstrings.
    elsewhere = {
        "aivision_run_show": of_run,
        "aivision_source_update": set(parameters_of(ckan.get_action("aivision_source_create"))) - {"name"},
    }
    for name, action in ours(ckan).items():
        assert set(describe(action).parameters) | elsewhere.get(name, set()) == set(parameters_of(action)), name


def test_a_get_has_its_parameters_in_the_address_and_a_post_in_its_body(document: dict[str, Any]) -> None:
    item = document["paths"]["/aivision_evaluation_list"]
    by_name = {row["name"]: row for row in item["get"]["parameters"]}
    assert by_name["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    assert (by_name["theme"]["schema"]["type"], by_name["theme"]["explode"]) == ("array", True)
    body = item["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) == set(by_name)
    assert body["additionalProperties"] is False
    assert "get" not in document["paths"]["/aivision_harvest"]
    assert document["paths"]["/aivision_harvest"]["post"]["security"] == [{"token": []}]


def test_every_schema_in_the_document_is_one(document: dict[str, Any]) -> None:
    for item in document["paths"].values():
        jsonschema_rs.validator_for(item["post"]["requestBody"]["content"]["application/json"]["schema"])


def test_an_answer_has_the_form_that_the_document_gives(document: dict[str, Any], reader: Any) -> None:
    schemas = document["components"]["schemas"]
    good = reader("").get("/api/3/action/aivision_lens_list").get_json()
    assert jsonschema_rs.is_valid(schemas["Answer"], good)
    bad = reader("").get("/api/3/action/aivision_lens_list?nope=1", 409).get_json()
    assert jsonschema_rs.is_valid(schemas["Refusal"], bad)
    assert not jsonschema_rs.is_valid(schemas["Answer"], bad)


@pytest.mark.parametrize("action", ["aivision_score_show", "aivision_lens_list", "aivision_trend_list"])
def test_a_parameter_that_an_action_does_not_have_is_refused_by_name(action: str, reader: Any) -> None:
    error = reader("").get(f"/api/3/action/{action}?id=x&dimension_=nope", 409).get_json()["error"]
    assert "There is no such parameter" in error["dimension_"][0]


def test_the_page_has_a_form_for_every_public_action_that_reads(page: Any, document: dict[str, Any]) -> None:
    forms = {form.get("action").rpartition("/")[2]: form for form in page.forms if "/api/3/" in form.get("action")}
    assert set(forms) == {
        path.strip("/")
        for path, item in document["paths"].items()
        if "get" in item and item["get"]["tags"] == ["public"]
    }
    for name, form in forms.items():
        listed = {row["name"] for row in document["paths"][f"/{name}"]["get"]["parameters"]}
        assert set(form.inputs.keys()) == listed
        assert not form.xpath(".//input[not(@id)] | .//select[not(@id)]")


def test_a_form_that_is_sent_with_empty_fields_is_answered(page: Any, reader: Any) -> None:
    (form,) = (form for form in page.forms if form.get("action").endswith("aivision_criterion_list"))
    form.inputs["dimension"].value = "licensed"
    query = "&".join(f"{name}={value or ''}" for name, value in form.form_values())
    rows = reader("").get(f"{form.get('action')}?{query}").get_json()["result"]["criteria"]
    assert {row["dimension"] for row in rows} == {"licensed"}


def test_the_page_loads_nothing_from_elsewhere_and_needs_no_script(page: Any) -> None:
    assert [one for one in page.xpath("//@src | //link/@href") if "://" in one and "127.0.0.1" not in one] == []
    assert page.xpath("//main//script | //*[@class='primary']//script") == []


def test_the_page_can_be_reached_from_every_page(reader: Any) -> None:
    html = reader("").get("/about").get_data(as_text=True)
    assert 'href="/api/aivision"' in html


def test_the_lines_of_curl_lead_to_the_site(page: Any, live_site: str) -> None:
    lines = [line.text_content() for line in page.xpath("//pre")]
    (line,) = (line for line in lines if line.endswith("aivision_lens_list"))
    assert requests.get(line.removeprefix("curl "), timeout=60).json()["success"] is True
    assert line.startswith(f"curl {live_site}/")
    assert any("--header 'Authorization: TOKEN'" in line for line in lines)
