"""What programs on the Web find: links in headers, validators, access from other sites, a sitemap, robots.txt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

Publish = Callable[..., dict[str, Any]]
DOCUMENTS = ("dcat-us.json", "uk-metadata-exchange.json", "croissant.jsonld", "schema-org.jsonld")


@pytest.fixture
def anonymous(reader: Callable[[str], Any]) -> Any:
    return reader("")


def links(answer: Any) -> dict[str, list[str]]:
    """The targets of a Link header, by relation."""
    found: dict[str, list[str]] = {}
    for target, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["Link"]):
        found.setdefault(relation, []).append(target)
    return found


def locations(answer: Any) -> list[str]:
    return [one.text or "" for one in etree.fromstring(answer.get_data()).iter("{*}loc")]


def test_the_page_of_a_dataset_leads_programs_to_its_documents(published: Publish, anonymous: Any) -> None:
    package = published()
    answer = anonymous.get(f"/dataset/{package['name']}")
    found = links(answer)
    (page,) = found["cite-as"]
    assert page.endswith(f"/dataset/{package['name']}")
    assert found["license"] == ["https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"]
    assert found["item"] == ["https://rivers.example.gov/levels.csv"]
    assert f"{page}.ttl" in found["describedby"]
    for address in found["describedby"]:
        anonymous.get("/dataset/" + address.partition("/dataset/")[2])


@pytest.mark.parametrize(
    "address",
    ['https://a.gov/<x>", <https://evil.example/>; rel="license', "https://a.gov/ü€.csv", "https://a.gov/a b"],
)
def test_no_address_of_a_stranger_adds_a_link(published: Publish, anonymous: Any, address: str) -> None:
    package = published(resources=[{"url": address, "format": "CSV"}])
    answer = anonymous.get(f"/dataset/{package['name']}")
    assert "evil.example" not in str(links(answer).get("license"))
    assert all(target.isascii() and " " not in target for some in links(answer).values() for target in some)


def test_a_private_dataset_has_no_links(published: Publish, sysadmin: Any) -> None:
    package = published(private=True)
    assert "Link" not in sysadmin.get(f"/dataset/{package['name']}").headers


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_that_has_not_changed_is_not_sent_again(
    published: Publish, anonymous: Any, ckan: Any, site_user: dict[str, Any], document: str
) -> None:
    package = published()
    path = f"/dataset/{package['name']}/{document}"
    first = anonymous.get(path)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = anonymous.get(path, 304, **{"If-None-Match": first.headers["ETag"]})
    assert again.get_data() == b""
    ckan.get_action("package_patch")(dict(site_user), {"id": package["id"], "title": "Levels of rivers"})
    changed = anonymous.get(path, **{"If-None-Match": first.headers["ETag"]})
    assert b"Levels of rivers" in changed.get_data()


def test_the_sitemap_leads_to_every_public_dataset_and_to_no_other(published: Publish, anonymous: Any) -> None:
    public, private, draft = published(), published(private=True), published(state="draft")
    found = {path.partition("//")[2].partition("/")[2] for path in locations(anonymous.get("/sitemap.xml"))}
    assert found == {"sitemap-pages.xml", "sitemap-datasets.xml"}
    datasets = anonymous.get("/sitemap-datasets.xml").get_data(as_text=True)
    assert f"/dataset/{public['name']}</loc><lastmod>{public['metadata_modified'][:10]}</lastmod>" in datasets
    assert private["name"] not in datasets
    assert draft["name"] not in datasets
    for address in locations(anonymous.get("/sitemap-pages.xml")):
        anonymous.get("/" + address.partition("//")[2].partition("/")[2])


def test_the_parts_of_a_large_sitemap_are_the_whole(published: Publish, anonymous: Any) -> None:
    published()
    whole = set(locations(anonymous.get("/sitemap-datasets.xml")))
    parts = [set(locations(anonymous.get(f"/sitemap-datasets-{part:x}.xml"))) for part in range(16)]
    assert set().union(*parts) == whole
    assert sum(len(part) for part in parts) == len(whole)
    anonymous.get("/sitemap-datasets-xyz.xml", 404)


def test_robots_are_invited_to_data_and_told_of_the_sitemap(anonymous: Any) -> None:
    text = anonymous.get("/robots.txt").get_data(as_text=True)
    assert "Allow: /dataset/" in text
    assert re.search(r"^Sitemap: http://\S+/sitemap\.xml$", text, re.MULTILINE)


@pytest.mark.parametrize("ending", ["ttl", "xml", "jsonld", "nt"])
def test_a_client_that_asks_for_rdf_is_led_to_it(published: Publish, anonymous: Any, ending: str) -> None:
    package = published()
    media_types = {"ttl": "text/turtle", "xml": "application/rdf+xml", "jsonld": "application/ld+json"}
    media_type = media_types.get(ending, "application/n-triples")
    for name in (package["name"], package["id"]):
        answer = anonymous.get(f"/dataset/{name}", 303, Accept=media_type)
        assert answer.headers["Location"].endswith(f"/dataset/{name}.{ending}")
        assert "Accept" in answer.headers["Vary"]
    document = anonymous.get(f"/dataset/{package['name']}.{ending}")
    assert document.mimetype == media_type
    assert "levels.csv" in document.get_data(as_text=True)


def test_browsers_get_the_page(published: Publish, anonymous: Any) -> None:
    accepted = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for more in ({"Accept": accepted}, {"Accept": "*/*"}, {}):
        assert anonymous.get(f"/dataset/{published()['name']}", **more).mimetype == "text/html"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dataset/nothing-of-this-name.ttl", 404),
        ("/dataset/nothing-of-this-name.nt", 404),
        ("/dataset/nothing-of-this-name/croissant.jsonld", 404),
        ("/dataset/{name}.foo", 404),
        ("/dataset/{name}.ttl?profiles=nonsense", 400),
        ("/catalog.ttl?page=abc", 400),
        ("/catalog.ttl?page=99999999999", 400),
        ("/catalog.nt?page=abc", 400),
        ("/dataset/a%00b.ttl", 404),
        ("/dataset/a%00b", 404),
        ("/dataset/?q=%00", 400),
        ("/changes?since=%00", 400),
        ("/api/3/action/package_show?id=a%00b", 400),
    ],
)
def test_what_cannot_be_given_out_is_said_in_a_problem_document(
    published: Publish, anonymous: Any, path: str, status: int
) -> None:
    answer = anonymous.get(path.format(name=published()["name"]), status)
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["status"] == status
