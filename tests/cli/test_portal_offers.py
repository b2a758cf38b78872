"""`aivision sources check` with the address of a site: what it offers, which of it tells the most, and politely."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.cli.conftest import call
from tests.harvesters.listed_portals import PORTALS, send

from ckanext.aivision.harvesters import offers
from ckanext.aivision.harvesters.discovery import comparable_address
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import load_sources

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
RECORD = {"identifier": "r-1", "title": "River levels", "modified": "2026-01-01", "accessLevel": "public"}
PACKAGE = {
    "id": "p-1",
    "title": "River levels",
    "notes": "Levels of the river at ten gauges.",
    "license_id": "cc-by",
    "organization": {"title": "Lakes"},
    "tags": [{"name": "rivers"}],
    "resources": [{"url": "https://lakes.example.gov/levels.csv", "format": "CSV", "name": "Levels"}],
}
DKAN = [{**RECORD, "%modified": "2026-01-02T00:00:00+00:00", "description": "Levels of the river.", "keyword": ["a"]}]


class Site:
    """A site with a front page, and what else it gives out by path. robots: its robots.txt."""

    def __init__(self, documents: dict[str, Any]) -> None:
        self.documents, self.robots = documents, ""
        self.asked: list[str] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        path = urllib.parse.urlsplit(request.path).path
        self.asked.append(path)
        if path == "/robots.txt":
            send(request, self.robots or "", 200 if self.robots else 404)
        elif path in self.documents:
            found = self.documents[path]
            found(request) if callable(found) else send(request, found)
        elif path == "/":
            send(request, "<!DOCTYPE html><title>Open data</title>")
        else:
            send(request, "<h1>Not found</h1>", 404)


def checked(url: str, *words: str) -> dict[str, Any]:
    done = call("sources", "check", url, "--format", "json", "--allow-host", "127.0.0.1", *words)
    assert done.status in (0, 1), done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


def offered(report: dict[str, Any]) -> list[str]:
    return [f"{offer['kind']} {urllib.parse.urlsplit(offer['address']).path}" for offer in report["offers"]]


CKAN = {"success": True, "result": {"count": 1, "results": [PACKAGE]}}
BOTH = {"/data.json": {"dataset": [RECORD]}, "/api/3/action/package_search": CKAN}


def test_what_tells_the_most_is_recommended_and_checked(serve: Serve) -> None:
    url = serve(Site(BOTH))
    report = checked(url)
    assert offered(report) == ["ckan ", "dcat-us /data.json"]
    assert (report["kind"], report["datasets"]) == ("ckan", 1)
    assert report["command"] == f"aivision harvest {url} --kind ckan --into DIRECTORY"
    fields = [offer["fields"] for offer in report["offers"]]
    assert fields == sorted(fields, reverse=True)


def test_a_part_of_the_catalogue_is_not_recommended_however_much_it_tells(serve: Serve) -> None:
    poor = [{"identifier": f"r-{number}", "title": "River levels"} for number in range(9)]
    report = checked(serve(Site({**BOTH, "/data.json": {"dataset": poor}})))
    assert offered(report)[0] == "dcat-us /data.json"


@pytest.mark.long
@pytest.mark.parametrize("kind", PORTALS)
def test_the_apis_of_products_are_found(kind: str, serve: Serve) -> None:
    portal = PORTALS[kind](3)
    place = {"ogc-records": "/collections/main/items"}.get(kind, portal.path)
    documents: dict[str, Any] = {place: portal}
    if kind == "ogc-records":
        documents["/collections"] = {"collections": [{"id": "main", "itemType": "record"}]}
    report = checked(serve(Site(documents)))
    assert [(offer["kind"], offer["datasets"]) for offer in report["offers"]] == [(kind, 3)]


@pytest.mark.parametrize(
    ("path", "document", "kind"),
    [
        ("/api/1/metastore/schemas/dataset/items", DKAN, "dkan"),
        ("/collections", {"collections": [{"stac_version": "1.0.0", "id": "a", "title": "A"}]}, "stac"),
        ("/api/feed/dcat-us/1.1.json", {"dataset": [RECORD]}, "dcat-us"),
    ],
)
def test_the_documents_of_products_are_found(path: str, document: Any, kind: str, serve: Serve) -> None:
    assert offered(checked(serve(Site({path: document})))) == [f"{kind} {path}"]


def test_a_sitemap_whose_pages_describe_datasets_is_found(serve: Serve) -> None:
    node = {"@context": "https://schema.org", "@type": "Dataset", "name": "A"}
    page = f'<script type="application/ld+json">{json.dumps(node)}</script>'

    def sitemap(request: BaseHTTPRequestHandler) -> None:
        send(request, f"<urlset><url><loc>http://{request.headers['Host']}/a</loc></url></urlset>")

    assert offered(checked(serve(Site({"/sitemap.xml": sitemap, "/a": page})))) == ["schema-org /sitemap.xml"]


@pytest.mark.parametrize("kind", ["socrata", "opendatasoft", "arcgis-hub"])
def test_whoever_pulls_takes_the_first_place_that_answers_as_it_should(kind: str, serve: Serve) -> None:
    site = Site({"/": "<h1>Data</h1>", "/sitemap.xml": "<urlset></urlset>"})
    portal = PORTALS[kind](3)

    def listed(request: BaseHTTPRequestHandler) -> None:
        # As it is asked without parameters.
        request.path += "?limit=10&offset=0&order_by=dataset_id&scroll_id="
        portal(request)

    site.documents[portal.path] = listed
    with Session(allow_hosts=["127.0.0.1"]) as session:
        assert offers.find_offer(serve(site), session).kind == kind


def test_a_site_is_asked_politely(serve: Serve) -> None:
    site = Site(BOTH)
    checked(serve(site))
    assert site.asked.count("/robots.txt") == 1
    # Each place once or twice, and the source that is checked once more.
    assert len(site.asked) <= 2 * len(list(offers.candidates("https://a.example.gov"))) + 3


def test_what_robots_txt_forbids_is_not_asked_for(serve: Serve) -> None:
    site = Site(BOTH)
    site.robots = "User-agent: *\nDisallow: /data.json\n"
    assert offered(checked(serve(site))) == ["ckan "]
    assert "/data.json" not in site.asked


def test_an_address_that_is_a_catalogue_itself_is_the_only_one_that_is_asked_for(serve: Serve) -> None:
    site = Site({"/feed": {"dataset": [RECORD]}})
    report = checked(f"{serve(site)}/feed")
    assert offered(report) == ["dcat-us /feed"]
    assert set(site.asked) == {"/feed", "/robots.txt"}


def test_a_site_that_offers_nothing_is_said_to_be_none(serve: Serve) -> None:
    done = call("sources", "check", serve(Site({})), "--allow-host", "127.0.0.1")
    assert done.status == 2
    assert "no catalogue can be read there" in done.err
    assert "sources check" not in done.err


def test_a_person_sees_the_offers_and_the_command(serve: Serve) -> None:
    done = call("sources", "check", serve(Site(BOTH)), "--allow-host", "127.0.0.1")
    assert done.status == 0
    assert "recommended, because it tells the most: aivision harvest http://127.0.0.1" in done.out


def test_each_place_is_asked_for_once_and_is_of_a_kind_that_there_is() -> None:
    found = list(offers.candidates("https://data.example.gov"))
    assert len({(source.url, source.kind) for source in found}) == len(found)
    assert {source.kind for source in found} - {""} <= set(KINDS)
    assert len(found) <= 20


def test_no_source_is_listed_twice() -> None:
    addresses: dict[str, list[str]] = {}
    for name, source in load_sources().items():
        addresses.setdefault(comparable_address(source.url), []).append(name)
    assert {address: names for address, names in addresses.items() if len(names) > 1 and address} == {}


def test_no_portal_is_listed_twice_by_two_of_its_addresses() -> None:
    paths = sorted({urllib.parse.urlsplit(one.url).path for one in offers.candidates("https://a.example.gov")}, key=len)
    places: dict[str, list[str]] = {}
    for name, source in load_sources().items():
        address = comparable_address(source.url)
        shortened = [address.removesuffix(path) for path in paths if path and address.endswith(path)]
        places.setdefault(min([address, *shortened], key=len), []).append(name)
    assert {place: names for place, names in places.items() if len(names) > 1 and place} == {}


def test_no_title_is_given_to_two_sources() -> None:
    titles = [source.title for source in load_sources().values()]
    assert sorted({title for title in titles if titles.count(title) > 1}) == []
