"""`aivision pull` from catalogues that do not run this extension: by what they offer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.cli.conftest import Done, account, call, refusal, stored
from tests.conftest import PortalOf
from tests.corpora import OWN, catalogues_of
from tests.portal import NOT_FOUND, Answer, as_json

US = catalogues_of(OWN, "us")["harbors"]
UK = catalogues_of(OWN, "uk")["fenwick"]


@pytest.fixture(scope="module")
def address(portal: PortalOf) -> Iterator[str]:
    with portal(page=4) as served:
        yield served


@pytest.fixture
def pull(tmp_path: Path) -> Callable[..., Done]:
    return lambda url, *words: call("pull", url, "--into", tmp_path / "copy", "--allow-host", "127.0.0.1", *words)


def identifiers(tmp_path: Path) -> set[str]:
    return {row["identifier"] for row in stored(tmp_path / "copy")}


OFFERS = {
    "the address of a CKAN portal": ("uk/fenwick", "ckan", {row["id"] for row in UK}),
    "the address of a site with a data.json": ("us/harbors", "dcat-us", {row["identifier"] for row in US}),
    "the address of a data.json": ("us/harbors/data.json", "dcat-us", {row["identifier"] for row in US}),
    "the address of DCAT in pages": ("catalog/harbors.jsonld", "dcat-rdf", {row["identifier"] for row in US}),
    "an address in CKAN's API": (
        "uk/fenwick/api/3/action/package_search?fq=state:active",
        "ckan",
        {row["id"] for row in UK},
    ),
}


@pytest.mark.parametrize(("path", "kind", "expected"), OFFERS.values(), ids=OFFERS)
def test_every_record_is_copied_once_and_the_next_pull_changes_nothing(
    path: str, kind: str, expected: set[str], address: str, pull: Callable[..., Done], tmp_path: Path
) -> None:
    done = pull(f"{address}/{path}")
    assert done.status == 0, done.err
    assert f"read as {kind} from {address}/" in done.out
    assert f"{len(expected)} fetched: {len(expected)} new" in done.out
    assert identifiers(tmp_path) == expected
    assert len(stored(tmp_path / "copy", "evaluations")) == len(expected)
    assert f"0 new, 0 changed, {len(expected)} unchanged" in pull(f"{address}/{path}").out


class Site:
    """A site whose documents a test writes, by path."""

    def __init__(self, serve: Callable[..., str]) -> None:
        self.documents: dict[str, Answer] = {}
        self.url = serve(self._answer)

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        found = self.documents.get(urlsplit(request.path).path, NOT_FOUND)
        request.send_response(found.status)
        request.send_header("Content-Type", found.content_type)
        request.send_header("Content-Length", str(len(found.body)))
        request.end_headers()
        request.wfile.write(found.body)


@pytest.fixture
def site(serve: Callable[..., str]) -> Site:
    return Site(serve)


PAGE = Answer(b"<!DOCTYPE html><html><body><h1>Open data of our city</h1></body></html>", 200, "text/html")


def catalogue(*numbers: int) -> Answer:
    return as_json({"dataset": [{**US[0], "identifier": f"gauge-{number}"} for number in numbers]})


def search(*packages: dict[str, Any]) -> Answer:
    return as_json({"success": True, "result": {"count": len(packages), "results": packages}})


def test_behind_a_front_page_the_api_comes_before_documents(
    site: Site, pull: Callable[..., Done], tmp_path: Path
) -> None:
    site.documents = {"/": PAGE, "/data.json": catalogue(1), "/api/3/action/package_search": search(*UK)}
    assert "read as ckan" in pull(site.url).out
    assert len(identifiers(tmp_path)) == len(UK)


@pytest.mark.parametrize("path", ["/catalog.ttl", "/catalog.xml", "/api/1/site/catalog.jsonld"])
def test_dcat_is_found_where_portals_have_it(path: str, site: Site, pull: Callable[..., Done], tmp_path: Path) -> None:
    import rdflib

    graph = rdflib.Graph().parse(
        data="""
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
        <https://rivers.example.gov/> a dcat:Catalog ; dcat:dataset <https://rivers.example.gov/levels> .
        <https://rivers.example.gov/levels> a dcat:Dataset ; dct:title "River levels" ; dct:identifier "levels" .
        """,
        format="turtle",
    )
    form, media_type = {
        "ttl": ("turtle", "text/turtle"),
        "xml": ("xml", "application/rdf+xml"),
        "jsonld": ("json-ld", "application/ld+json"),
    }[path.rpartition(".")[2]]
    body = graph.serialize(format=form).encode()
    site.documents = {"/": PAGE, path: Answer(body, 200, media_type)}
    done = pull(site.url)
    assert f"read as dcat-rdf from {site.url}{path}" in done.out, done.err
    assert identifiers(tmp_path) == {"levels"}


def test_a_site_that_answers_every_address_with_its_page_is_refused(serve: Any, pull: Callable[..., Done]) -> None:
    site = Site(serve)
    site.documents = dict.fromkeys(
        ["/", "/changes", "/data.json", "/catalog.ttl", "/catalog.xml", "/api/3/action/package_search"], PAGE
    )
    assert "give the address of its data.json, CKAN portal or DCAT" in refusal(pull(site.url))


def test_what_is_new_changed_and_gone_is_counted(site: Site, pull: Callable[..., Done], tmp_path: Path) -> None:
    site.documents = {"/data.json": catalogue(1, 2, 3, 4, 5, 6, 7, 8)}
    assert "8 new" in pull(site.url).out
    changed = json.loads(catalogue(2, 3, 4, 5, 6, 7, 8, 9).body)
    changed["dataset"][0]["title"] = "Gauges of the harbour"
    site.documents = {"/data.json": as_json(changed)}
    assert "1 new, 1 changed, 6 unchanged, 0 refused, 1 gone" in pull(site.url).out
    assert identifiers(tmp_path) == {f"gauge-{number}" for number in range(2, 10)}


def test_a_copy_keeps_to_the_offer_that_it_began_with(site: Site, pull: Callable[..., Done], tmp_path: Path) -> None:
    site.documents = {"/data.json": catalogue(1, 2)}
    assert pull(site.url).status == 0
    site.documents["/api/3/action/package_search"] = search(*UK)
    assert "0 new, 0 changed, 2 unchanged" in pull(site.url).out
    assert account(tmp_path / "copy")["url"] == f"{site.url}/data.json"


def test_a_catalogue_that_lost_most_of_its_records_needs_confirmation(
    site: Site, pull: Callable[..., Done], tmp_path: Path
) -> None:
    site.documents = {"/data.json": catalogue(*range(40))}
    assert pull(site.url).status == 0
    site.documents = {"/data.json": catalogue(1)}
    assert "run again with --confirm-removal" in pull(site.url).out
    assert len(identifiers(tmp_path)) == 40
    assert "39 gone" in pull(site.url, "--confirm-removal").out


def test_a_catalogue_that_breaks_off_leaves_the_copy(site: Site, pull: Callable[..., Done], tmp_path: Path) -> None:
    site.documents = {"/data.json": catalogue(1, 2)}
    assert pull(site.url).status == 0
    site.documents = {"/data.json": Answer(catalogue(1, 2).body[:-200])}
    assert "the records read so far are kept, nothing was removed" in pull(site.url).err
    assert identifiers(tmp_path) == {"gauge-1", "gauge-2"}


def test_a_directory_of_another_catalogue_is_refused(site: Site, pull: Callable[..., Done], tmp_path: Path) -> None:
    site.documents = {"/data.json": catalogue(1)}
    assert pull(site.url).status == 0
    other = call("pull", "https://data.example.gov", "--into", tmp_path / "copy")
    assert "choose another directory" in refusal(other)


def test_private_addresses_are_refused(site: Site, tmp_path: Path) -> None:
    site.documents = {"/data.json": catalogue(1)}
    assert "--allow-host" in refusal(call("pull", f"{site.url}/data.json", "--into", tmp_path / "copy"))
