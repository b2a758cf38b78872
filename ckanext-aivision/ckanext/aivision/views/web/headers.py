"""Headers of public datasets: links for programs, negotiation, validators, and access for pages of other sites.

Links are those of signposting (https://signposting.org/FAIR/), with the relations of RFC 8288 and RFC 8574.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ckan.plugins import plugin_loaded, toolkit
from flask import Blueprint, Response, current_app
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from ckanext.aivision.catalogue.tables.dataset_types import is_dataset
from ckanext.aivision.catalogue.tables.revisions import was_public
from ckanext.aivision.normalise import licences
from ckanext.aivision.serialise.ckan_values import web_address
from ckanext.aivision.views.documents.parameters import is_name
from ckanext.aivision.views.problem_details import problem

headers = Blueprint("aivision_headers", __name__)

# Documents about one dataset.
_OF_DATASET = (
    "dcat.read_dataset",
    "dcat.read_dataset_series",
    "croissant.read_dataset",
    "aivision_rdf.dataset",
    "aivision_json_standards.dataset",
    "aivision_evaluations.evaluation_document",
    "aivision_evaluations.rubric_document",
    "aivision_structured_data.croissant",
    "aivision_structured_data.schema_org",
)
# With those about all: what their text says is what tells two versions apart.
_DOCUMENTS = (*_OF_DATASET, "dcat.read_catalog", "aivision_rdf.catalogue")
# With other answers for programs: pages of other sites may read them too.
_OPEN = (
    *_DOCUMENTS,
    "aivision_changes.show",
    "aivision_api.openapi",
    "aivision_data_json.catalogue",
    "aivision_data_json.of_organization",
    "aivision_json_standards.uk_metadata_exchange",
)
_METHODS = "GET, HEAD, OPTIONS"
# What other sites may do without asking each time (https://fetch.spec.whatwg.org/#http-cors-protocol).
_PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "Accept, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_EXPOSED = "ETag, Last-Modified, Link, Retry-After"
# What a body can have in it that makes it worth looking at every value.
_SUSPECT = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]")
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_PAGE = "dataset.read"
_PAGES = ("text/html", "application/xhtml+xml")
_RDF = {
    "ttl": "text/turtle",
    "xml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
_ENDINGS = (*_RDF, "rdf", "n3")
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


@headers.before_app_request
def refuse_unstorable() -> Response | None:
    """PostgreSQL takes no NUL and no half of a surrogate pair, which JSON can have: what is CKAN's own would end in a
    server error. Ours refuses them by itself."""
    request = toolkit.request
    action = str((request.view_args or {}).get("logic_function", ""))
    if action.startswith("aivision_"):
        return None
    if request.method in ("POST", "PUT", "PATCH") and _sends_unstorable():
        return problem(
            400, toolkit._("A value has a NUL character, or is not text in UTF-8; leave such characters out")
        )
    if str(request.blueprint or "").startswith("aivision_"):
        return None
    if "\0" in request.path:
        return problem(404, toolkit._("There is nothing of this name"))
    if "%00" in request.query_string.decode("latin-1"):
        return problem(400, toolkit._("A value has a NUL character; leave it out"))
    return None


def _sends_unstorable() -> bool:
    """Whether a value that the request sends has a character that the database does not take."""
    request = toolkit.request
    if request.endpoint != "api.action" or request.mimetype in _FORMS:
        if any("\0" in text for pair in request.form.items(multi=True) for text in pair):
            return True
        # Old clients of CKAN's API send JSON as the only name in a form.
        body = next(iter(request.form), "").encode("utf-8", "replace") if request.endpoint == "api.action" else b""
    else:
        body = request.get_data(cache=True)
    if not _SUSPECT.search(body):
        return False
    try:
        waiting = [json.loads(body)]
    except (ValueError, RecursionError):
        # CKAN says what is wrong with it.
        return False
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and _UNSTORABLE.search(value):
            return True
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
    return False


@headers.before_app_request
def negotiate() -> Response | None:
    """Leads clients that ask for RDF from the page of a dataset to a document about it (RFC 9110, 12.1 and 15.4.4)."""
    request = toolkit.request
    name, ending = (request.view_args or {}).get("id", ""), (request.view_args or {}).get("_format")
    if str(request.endpoint).startswith("dcat.read_") and ending and ending not in _ENDINGS:
        return problem(404, toolkit._("There is no such format; there are {known}").format(known=", ".join(_ENDINGS)))
    if request.endpoint != _PAGE or not plugin_loaded("dcat") or request.method not in ("GET", "HEAD"):
        return None
    wanted = {media_type: ending for ending, media_type in _RDF.items()}
    accepted = request.accept_mimetypes
    best = accepted.best_match([*_PAGES, *wanted]) if accepted else _PAGES[0]
    if best is None:
        return problem(406, f"Accept: {', '.join([*_PAGES, *wanted])}", Vary="Accept")
    if best not in wanted:
        return None
    # To the address of CKAN's id or name that was asked for: whoever may not see the dataset is told so there.
    address = toolkit.url_for(_PAGE, id=name, locale="default")
    return Response(status=303, headers={"Location": f"{address}.{wanted[best]}", "Vary": "Accept"})


@headers.after_app_request
def add(response: Response) -> Response:
    """Adds to answers about public datasets what programs look for."""
    request = toolkit.request
    if response.status_code >= 400:
        return _refusal(response)
    if request.endpoint in _OPEN and request.method == "OPTIONS":
        response.headers.update(_PREFLIGHT)
    if request.endpoint in _OPEN and response.status_code in (200, 304):
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
        response.headers.setdefault("Access-Control-Expose-Headers", _EXPOSED)
    if response.status_code != 200 or request.method not in ("GET", "HEAD"):
        return response
    if request.endpoint in _DOCUMENTS and not response.is_streamed:
        if "ETag" not in response.headers:
            response.add_etag(weak=True)
        response.make_conditional(request)
    if request.endpoint == _PAGE:
        response.vary.add("Accept")
        package = getattr(toolkit.g, "pkg_dict", None)
        if isinstance(package, dict) and is_dataset(package.get("type")) and not package.get("private"):
            response.headers["Link"] = ", ".join(_links(package))
    return response


def _refusal(response: Response) -> Response:
    """What an answer refuses, for whoever asked."""
    request = toolkit.request
    if isinstance(request.routing_exception, MethodNotAllowed):
        return _with_methods(response, request.routing_exception)
    if request.endpoint in _OF_DATASET and response.status_code in (401, 403, 404) and _was_public():
        return problem(410, toolkit._("This dataset was deleted"))
    # Without `aivision_dcat` the documents of ckanext-dcat are its own, and so is what it refuses.
    is_ours = str(request.blueprint or "").startswith("aivision_") or "aivision_rdf" in current_app.blueprints
    if is_ours and request.endpoint in _DOCUMENTS and response.mimetype == "text/html":
        return _for_programs(response.status_code)
    return response


def _with_methods(response: Response, error: MethodNotAllowed) -> Response:
    """An answer to a method that an address does not have, with those that it has (RFC 9110, 15.5.6)."""
    allowed = ", ".join(sorted({*(error.valid_methods or ()), "OPTIONS"}))
    adapter = current_app.create_url_adapter(toolkit.request)
    try:
        endpoint, _ = adapter.match(method="GET") if adapter is not None else ("", {})
    except HTTPException:
        endpoint = ""
    if endpoint in _OPEN:
        return problem(
            405, toolkit._("This address can only be read: use {methods}").format(methods=_METHODS), Allow=allowed
        )
    response.headers["Allow"] = allowed
    return response


def _was_public() -> bool:
    """Whether the dataset of the address was deleted, and everybody could read it before."""
    arguments = toolkit.request.view_args or {}
    name = next((arguments[key] for key in ("id", "_id", "name") if key in arguments), "")
    return is_name(name) and was_public(name)


def _for_programs(status: int) -> Response:
    """What CKAN says on a page, for programs that expect a document. CKAN's 409 is about a parameter."""
    if status in (400, 409):
        return problem(400, toolkit._("A parameter is not known here, or has a value that means nothing"))
    if status in (401, 403, 404):
        return problem(404, toolkit._("There is no public dataset with this name"))
    return problem(status, toolkit._("This cannot be given out at the moment; try again later"))


def _links(package: Mapping[str, Any]) -> Iterator[str]:
    page = toolkit.url_for(_PAGE, id=package["name"], qualified=True, locale="default")
    yield _link(page, "cite-as")
    yield _link("https://schema.org/Dataset", "type")
    for ending, media_type in _RDF.items() if plugin_loaded("dcat") else ():
        yield f'{_link(f"{page}.{ending}", "describedby")}; type="{media_type}"'
    for ending, media_type in _RDF.items():
        yield f'{_link(f"{page}/evaluation.{ending}", "describedby")}; type="{media_type}"'
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
