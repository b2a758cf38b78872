"""`/changes`: the changes of public datasets, for programs that keep a copy of the catalogue.

NDJSON (a line for each change, and `next` in the last one), or JSON-LD as a Linked Data Event Stream
(https://w3id.org/ldes/specification). Errors are problem details (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from ckan.plugins import toolkit
from flask import Blueprint, Response
from werkzeug.datastructures import MIMEAccept

from ckanext.aivision.views import limits
from ckanext.aivision.views.access import action
from ckanext.aivision.views.problem_details import problem

changes = Blueprint("aivision_changes", __name__)

_NDJSON, _JSON_LD = "application/x-ndjson", "application/ld+json"
# By the names that programs use for them, the usual one of each first.
_OFFERED = {_NDJSON: _NDJSON, "application/ndjson": _NDJSON, _JSON_LD: _JSON_LD}
_CONTEXT = {
    "ldes": "https://w3id.org/ldes#",
    "tree": "https://w3id.org/tree#",
    "as": "https://www.w3.org/ns/activitystreams#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "as:published": {"@type": "xsd:dateTime"},
}
_TYPES = {"created": "as:Create", "updated": "as:Update", "deleted": "as:Delete"}


@changes.route("/changes")
def show() -> Response:
    """One page of changes: `since`, `limit` and `include` are those of `aivision_change_list`."""
    arguments = toolkit.request.args
    wanted = _negotiate(toolkit.request.accept_mimetypes)
    if wanted is None:
        return problem(406, f"Accept: {_NDJSON}, {_JSON_LD}", Vary="Accept")
    given = {name: texts if len(texts) > 1 else texts[0] for name, texts in arguments.lists()}
    if "include" in given and wanted == _JSON_LD:
        return problem(400, toolkit._("include: packages are given out as NDJSON only"), Vary="Accept")
    try:
        if "include" in given:
            # Packages that were edited are put together one by one.
            limits.count("files")
        page = action("aivision_change_list", **given)
    except toolkit.ValidationError as error:
        return _refusal(error)
    except toolkit.NotAuthorized as error:
        return problem(403, str(error), Vary="Accept")
    except limits.TooMany as error:
        return problem(429, str(error), Vary="Accept", Retry_After=str(error.seconds))
    following = _address({**arguments.to_dict(), "since": page["next"]})
    body = _event_stream(page, following) if wanted == _JSON_LD else b"".join(_lines(page, following))
    headers = {"Link": f'<{following}>; rel="next"', "Vary": "Accept"}
    return Response(body, headers={**headers, "X-Content-Type-Options": "nosniff"}, mimetype=wanted)


def _negotiate(accepted: MIMEAccept) -> str | None:
    """The format of an answer (RFC 9110, 12.5.1); None if the client takes neither."""
    if not accepted:
        return _NDJSON
    best = accepted.best_match(list(_OFFERED))
    return _OFFERED[best] if best is not None else None


def _lines(page: Mapping[str, Any], following: str) -> Iterable[bytes]:
    for change in page["changes"]:
        yield msgspec.json.encode(change) + b"\n"
    yield msgspec.json.encode({"next": page["next"], "url": following, "complete": page["complete"]}) + b"\n"


def _event_stream(page: Mapping[str, Any], following: str) -> bytes:
    stream = _address({})
    members = [
        {
            "@id": f"{stream}#{change['position']}-{change['change']}",
            "@type": _TYPES[change["change"]],
            "as:object": {"@id": toolkit.url_for("dataset.read", id=change["id"], qualified=True, locale="default")},
            "as:published": change["changed"],
        }
        for change in page["changes"]
    ]
    document = {
        "@context": _CONTEXT,
        "@id": stream,
        "@type": "ldes:EventStream",
        "ldes:versionOfPath": {"@id": "as:object"},
        "ldes:versionDeletePath": {"@id": "rdf:type"},
        "ldes:versionDeleteObject": {"@id": "as:Delete"},
        "tree:view": {
            "@id": _address(toolkit.request.args.to_dict()),
            "@type": "tree:Node",
            # A change says what a dataset is like now: of each, the last one is enough.
            "ldes:retentionPolicy": {"@type": "ldes:LatestVersionSubset", "ldes:amount": 1},
            "tree:relation": [{"@type": "tree:Relation", "tree:node": {"@id": following}}],
        },
        "tree:member": members,
    }
    return msgspec.json.encode(document)


def _address(parameters: Mapping[str, str]) -> str:
    address: str = toolkit.url_for("aivision_changes.show", qualified=True, locale="default")
    return f"{address}?{urlencode(parameters)}" if parameters else address


def _refusal(error: Any) -> Response:
    if "__gone" in error.error_dict:
        return problem(410, error.error_dict["since"][0], Vary="Accept")
    sentences = "; ".join(f"{field}: {', '.join(map(str, texts))}" for field, texts in error.error_dict.items())
    return problem(400, sentences, Vary="Accept")
