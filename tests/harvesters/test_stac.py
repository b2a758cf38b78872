"""STAC collections: a list in pages, a static catalogue of catalogues, and what leads nowhere."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.harvesters.listed_portals import send

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]
ONCE = Limits(retries=0)


def collection(number: int, **members: Any) -> dict[str, Any]:
    base = {"type": "Collection", "stac_version": "1.0.0", "id": f"c-{number}", "title": f"Scenes {number}"}
    return {**base, "links": [], **members}


def link(relation: str, href: str) -> dict[str, str]:
    return {"rel": relation, "href": href}


@pytest.fixture
def tree(serve: Serve) -> Callable[[dict[str, Any]], str]:
    """Serves documents by their paths."""

    def start(documents: dict[str, Any]) -> str:
        def answer(request: BaseHTTPRequestHandler) -> None:
            found = documents.get(request.path)
            send(request, "{}" if found is None else found, 404 if found is None else 200)

        return serve(answer)

    return start


PAGES: dict[str, Any] = {
    "/collections": {"collections": [collection(1), collection(2)], "links": [link("next", "/collections?page=2")]},
    "/collections?page=2": {"collections": [collection(3)], "links": [link("self", "/collections?page=2")]},
}
CATALOGUES: dict[str, Any] = {
    "/catalog.json": {
        "type": "Catalog",
        "stac_version": "1.0.0",
        "id": "root",
        "links": [link("root", "catalog.json"), link("child", "a/catalog.json"), link("child", "b/collection.json")],
    },
    "/a/catalog.json": {
        "type": "Catalog",
        "stac_version": "1.0.0",
        "id": "a",
        "links": [link("parent", "../catalog.json"), link("child", "../b/collection.json"), link("child", "c.json")],
    },
    "/a/c.json": collection(2, links=[link("item", "scene.json")]),
    "/b/collection.json": collection(1, assets={"all": {"href": "all.zip", "roles": ["data"]}}),
}


@pytest.mark.parametrize(
    ("documents", "path", "expected"),
    [(PAGES, "/collections", ["c-1", "c-2", "c-3"]), (CATALOGUES, "/catalog.json", ["c-1", "c-2"])],
)
def test_links_to_more_collections_are_followed(
    tree: Callable[..., str], harvest: Start, documents: dict[str, Any], path: str, expected: list[str]
) -> None:
    reading = harvest(f"{tree(documents)}{path}")
    assert sorted(str(record.identifier) for record in reading) == expected
    assert (reading.complete, reading.several, reading.source.kind) == (True, True, "stac")


def test_addresses_are_relative_to_their_document(tree: Callable[..., str], harvest: Start) -> None:
    base = tree(CATALOGUES)
    [record] = harvest(f"{base}/b/collection.json")
    assert record.dataset is not None
    assert record.dataset.distribution[0].access_url == f"{base}/b/all.zip"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"/collections?page=2": None}, "404"),
        ({"/collections?page=2": "<html>"}, "web page"),
        ({"/collections?page=2": '{"collections": [{"stac_version": "1.0.0", "id": "c-3"'}, "ends in the middle"),
        ({"/collections?page=2": {**PAGES["/collections"]}}, "leads back"),
        ({"/collections": {**PAGES["/collections"], "numberMatched": 9}}, "says it has 9 collections but returned 3"),
        ({"/collections": {"collections": [collection(1)], "links": [link("next", "http://10.0.0.1/")]}}, "other host"),
    ],
)
def test_a_page_that_is_wrong_is_an_error_and_nothing_is_gone(
    tree: Callable[..., str], harvest: Start, changed: dict[str, Any], says: str
) -> None:
    reading = harvest(f"{tree({**PAGES, **changed})}/collections", limits=ONCE)
    with pytest.raises(SourceError, match=says.replace("other host", "another host")):
        list(reading)
    assert not reading.complete


def test_collections_of_another_standard_are_refused(tree: Callable[..., str], harvest: Start) -> None:
    features = {"/collections": {"collections": [{"id": "roads", "itemType": "feature"}], "links": []}}
    [record] = harvest(f"{tree(features)}/collections", kind="stac")
    assert record.problems[0].code == "not-stac"
