"""Headers of public datasets: links for programs, validators, and access for pages of other sites.

Links are those of signposting (https://signposting.org/FAIR/), with the relations of RFC 8288 and RFC 8574.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ckan.plugins import plugin_loaded, toolkit
from flask import Blueprint, Response

from ckanext.aivision.normalise import licences
from ckanext.aivision.serialise.ckan_values import web_address

headers = Blueprint("aivision_headers", __name__)

# Documents about one dataset or about all: what their text says is what tells two versions apart.
_DOCUMENTS = (
    "dcat.read_dataset",
    "dcat.read_catalog",
    "croissant.read_dataset",
    "aivision_rdf.dataset",
    "aivision_rdf.catalogue",
    "aivision_json_standards.dataset",
    "aivision_structured_data.croissant",
    "aivision_structured_data.schema_org",
)
_PAGE = "dataset.read"
_RDF = {
    "ttl": "text/turtle",
    "xml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
_JSON = {
    "dcat-us.json": "application/json",
    "dcat-us-3.json": "application/json",
    "uk-metadata-exchange.json": "application/json",
    "croissant.jsonld": 'application/ld+json; profile="http://mlcommons.org/croissant/1.1"',
    "schema-org.jsonld": "application/ld+json",
}
_MOST_ITEMS = 10
_LONGEST_LINK = 1000
# What a URI may hold as it is (RFC 3986, 2.2 and 2.3), and the escapes in it.
_SAFE = ";/?:@&=+$,!~*'()#[]%-._"


@headers.after_app_request
def add(response: Response) -> Response:
    """Adds to answers about public datasets what programs look for."""
    request = toolkit.request
    if response.status_code != 200 or request.method not in ("GET", "HEAD"):
        return response
    if request.endpoint in _DOCUMENTS and not response.is_streamed:
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
        if "ETag" not in response.headers:
            response.add_etag(weak=True)
        response.make_conditional(request)
    if request.endpoint == _PAGE:
        response.vary.add("Accept")
        package = getattr(toolkit.g, "pkg_dict", None)
        if isinstance(package, dict) and package.get("type") == "dataset" and not package.get("private"):
            response.headers["Link"] = ", ".join(_links(package))
    return response


def _links(package: Mapping[str, Any]) -> Iterator[str]:
    page = toolkit.url_for(_PAGE, id=package["name"], qualified=True, locale="default")
    yield _link(page, "cite-as")
    yield _link("https://schema.org/Dataset", "type")
    for ending, media_type in _RDF.items() if plugin_loaded("dcat") else ():
        yield f'{_link(f"{page}.{ending}", "describedby")}; type="{media_type}"'
    for name, media_type in _JSON.items():
        kind = media_type.partition(";")[0]
        profile = media_type.partition('profile="')[2].rstrip('"')
        yield f'{_link(f"{page}/{name}", "describedby")}; type="{kind}"' + (f'; profile="{profile}"' if profile else "")
    known = licences.info(str(package.get("license_id") or ""))
    address = (known.uri if known else None) or web_address(str(package.get("license_url") or ""))
    if address:
        yield _link(address, "license")
    for resource in list(package.get("resources") or [])[:_MOST_ITEMS]:
        url = web_address(str(resource.get("url") or ""))
        if url and len(url) <= _LONGEST_LINK:
            yield _link(url, "item")


def _link(address: str, relation: str) -> str:
    """One link. What an address of a stranger may not hold in a header is escaped."""
    return f'<{quote(address, safe=_SAFE)}>; rel="{relation}"'
