"""Descriptions of datasets in the JSON-LD of a web page, and in a file of it, however it is laid out."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.harvesters.listed_portals import send

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.open_source import Harvest

Open = Callable[..., Harvest]
TREES: dict[str, Any] = {"@context": "https://schema.org", "@type": "Dataset", "@id": "https://a.uk/1", "name": "Trees"}


def page(*texts: str, end: str = "</body></html>") -> str:
    scripts = "".join(f'<SCRIPT TYPE="application/ld+json; charset=utf-8">{text}</script>' for text in texts)
    return f'<!DOCTYPE html><html><script>var a = {{"@type": "Dataset"}};</script>{scripts}<body>{end}'


def titles(reading: Harvest) -> list[str]:
    return [record.dataset.title for record in reading if record.dataset is not None]


def test_each_text_of_a_page_is_read_and_one_that_is_no_json_is_told(opened: Open) -> None:
    other = {**TREES, "@id": "https://a.uk/2", "name": "Parks"}
    reading = opened(page(json.dumps(TREES), '{"@type": "Dataset", "name": "cut', json.dumps(other)), "page.html")
    records = list(reading)
    assert [record.where for record in records] == ["JSON-LD 1: $", "JSON-LD 2", "JSON-LD 3: $"]
    assert [problem.code for problem in records[1].problems] == ["record-not-json"]
    assert (reading.complete, reading.source.kind) == (True, "schema-org")


def test_a_page_without_its_end_may_lack_datasets(opened: Open) -> None:
    whole, cut = opened(page(json.dumps(TREES)), "page.html"), opened(page(json.dumps(TREES), end=""), "cut.html")
    assert titles(whole) == titles(cut) == ["Trees"]
    assert (whole.is_open_ended, cut.is_open_ended) == (False, True)


@pytest.mark.parametrize(
    "document",
    [
        TREES,
        [TREES],
        {"@context": "http://schema.org/", "@graph": [{"@type": "WebPage"}, TREES]},
        {"@context": "https://schema.org", "@type": "DataCatalog", "dataset": [TREES]},
        {"@context": "https://schema.org", "@type": "WebPage", "mainEntity": TREES},
        {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": [{"item": TREES}]},
        {"@context": {"schema": "http://schema.org/", "@vocab": "http://schema.org/"}, "@type": "schema:Dataset"}
        | {"@id": "https://a.uk/1", "schema:name": [{"@value": "Trees"}]},
    ],
)
def test_a_dataset_is_found_wherever_it_is(document: Any, opened: Open) -> None:
    assert titles(opened(document, "trees.jsonld")) == ["Trees"]


def test_a_reference_to_a_node_of_the_graph_is_followed_and_one_in_a_circle_ends(opened: Open) -> None:
    town = {"@id": "#town", "@type": "Organization", "name": "Town", "parentOrganization": {"@id": "#town"}}
    graph = [{**TREES, "publisher": {"@id": "#town"}, "isPartOf": {"@id": "https://a.uk/1"}}, town]
    [record] = opened({"@context": "https://schema.org", "@graph": graph}, "trees.jsonld")
    assert record.dataset is not None
    assert record.dataset.publisher is not None
    assert record.dataset.publisher.name == "Town"


def test_a_front_page_that_describes_its_catalogue_leads_to_the_api_behind_it(
    serve: Callable[[Callable[[BaseHTTPRequestHandler], None]], str], harvest: Open
) -> None:
    front = page(json.dumps({"@context": "https://schema.org", "@type": "DataCatalog", "dataset": [TREES]}))
    packages = [{"id": "p-1", "title": "Trees", "resources": []}]

    def answer(request: BaseHTTPRequestHandler) -> None:
        is_api = request.path.startswith("/api/3/action/package_search")
        send(request, {"success": True, "result": {"count": 1, "results": packages}} if is_api else front)

    reading = harvest(f"{serve(answer)}/")
    assert [record.identifier for record in reading] == ["p-1"]
    assert reading.source.kind == "ckan"


@pytest.mark.parametrize("text", [page('{"@type": "Organization", "name": "Dataset"}'), "<html><h1>Data</h1></html>"])
def test_a_page_without_a_dataset_is_refused(text: str, opened: Open) -> None:
    with pytest.raises(SourceError, match="describes no dataset"):
        list(opened(text, "page.html", kind="schema-org"))
