"""The OpenAPI document, and the page to try the API: both say what the actions declare."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

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


def shown(reader: Any, path: str, status: int = 200) -> Any:
    """A page of the site."""
    return lxml.html.fromstring(reader("").get(path, status).get_data(as_text=True))


def form_of(page: Any) -> Any:
    return next((form for form in page.forms if "/api/aivision/" in (form.get("action") or "")), None)


def answer_on(page: Any) -> Any:
    (answer,) = page.xpath("//section[@aria-labelledby='answer']//pre")
    return json.loads(answer.text_content())


def test_every_action_has_a_page_with_a_form_if_everybody_can_read_it(
    page: Any, document: dict[str, Any], reader: Any
) -> None:
    linked = {link.rpartition("/")[2] for link in page.xpath("//dl[contains(@class, 'aivision-api')]//a/@href")}
    assert linked == {path.strip("/") for path in document["paths"]}
    for path, item in document["paths"].items():
        name = path.strip("/")
        form = form_of(shown(reader, f"/api/aivision/{name}"))
        if "get" not in item or item["get"]["tags"] != ["public"]:
            assert form is None, name
            continue
        assert set(form.inputs.keys()) == {row["name"] for row in item["get"]["parameters"]}, name
        assert not form.xpath(".//input[not(@id)] | .//select[not(@id)]")


def test_a_form_that_is_sent_shows_the_answer_of_the_api_and_keeps_its_values(reader: Any) -> None:
    form = form_of(shown(reader, "/api/aivision/aivision_criterion_list"))
    form.inputs["dimension"].value = "licensed"
    query = urlencode([*form.form_values(), ("try", "1")])
    found = shown(reader, f"/api/aivision/aivision_criterion_list?{query}")
    answer = reader("").get("/api/3/action/aivision_criterion_list?dimension=licensed").get_json()
    assert answer_on(found) == {name: answer[name] for name in ("success", "result")}
    assert {row["dimension"] for row in answer["result"]["criteria"]} == {"licensed"}
    assert form_of(found).inputs["dimension"].value == "licensed"
    (line,) = (line.text_content() for line in found.xpath("//pre") if line.text_content().startswith("curl"))
    assert "--data-urlencode dimension=licensed" in line
    (link,) = found.xpath("//section[@aria-labelledby='answer']//a/@href")
    assert reader("").get(link).get_json() == answer


REFUSED = {
    "aivision_score_show?id=no-such": (404, "Not Found Error"),
    "aivision_score_show?id=%00": (409, "Validation Error"),
    "aivision_score_show?try=1": (409, "Validation Error"),
    "aivision_compare?theme=nope": (409, "Validation Error"),
    "aivision_compare?nope=1": (409, "Validation Error"),
}


@pytest.mark.parametrize("query", REFUSED)
def test_what_the_api_refuses_is_shown_as_it_answers(query: str, reader: Any) -> None:
    status, kind = REFUSED[query]
    page = shown(reader, f"/api/aivision/{query}&try=1")
    assert answer_on(page)["error"]["__type"] == kind
    assert f"Status {status}." in page.xpath("string(//section[@aria-labelledby='answer'])")
    answer = reader("").get(f"/api/3/action/{query.replace('try=1', '')}", status).get_json()
    assert answer_on(page)["error"] == answer["error"]


def test_what_is_given_to_a_form_cannot_become_part_of_the_page(reader: Any) -> None:
    hostile = "'\"><script>alert(1)</script>$(id)"
    query = urlencode({"id": hostile, hostile: hostile, "try": "1"})
    page = shown(reader, f"/api/aivision/aivision_score_show?{query}")
    assert page.xpath("//script[contains(text(), 'alert(1)')]") == []
    assert form_of(page).inputs["id"].value == hostile
    (line,) = (line.text_content() for line in page.xpath("//pre") if line.text_content().startswith("curl"))
    assert hostile in "".join(shlex.split(line))


@pytest.mark.parametrize("name", ["nope", "package_search", "%00", "a" * 3000, "..%2f.."])
def test_an_action_that_is_not_ours_has_no_page(name: str, reader: Any) -> None:
    assert reader("").get(f"/api/aivision/{name}", 404)


def test_a_long_answer_is_shown_in_part(reader: Any) -> None:
    page = shown(reader, "/api/aivision/aivision_api_show?try=1")
    assert len(page.xpath("string(//section[@aria-labelledby='answer']//pre)")) == 30_000
    assert "Only the beginning is shown." in page.xpath("string(//section[@aria-labelledby='answer'])")


def test_the_pages_load_nothing_from_elsewhere_and_need_no_script(page: Any, reader: Any) -> None:
    for one in (page, shown(reader, "/api/aivision/aivision_compare?try=1")):
        assert [url for url in one.xpath("//@src | //link/@href") if "://" in url and "127.0.0.1" not in url] == []
        assert one.xpath("//main//script | //*[@class='primary']//script") == []


def test_the_page_can_be_reached_from_every_page(reader: Any) -> None:
    html = reader("").get("/about").get_data(as_text=True)
    assert 'href="/api/aivision"' in html


def test_the_lines_of_curl_lead_to_the_site(reader: Any, live_site: str) -> None:
    (line,) = shown(reader, "/api/aivision/aivision_lens_list").xpath("//pre")
    address = line.text_content().removeprefix("curl ")
    assert address.startswith(f"{live_site}/")
    assert requests.get(address, timeout=60).json()["success"] is True
    (line,) = shown(reader, "/api/aivision/aivision_harvest").xpath("//pre")
    assert "--header 'Authorization: TOKEN'" in line.text_content()
