"""`/dumps`: the whole catalogue with its evaluations as files, by day. `/dumps/latest/` is the newest.

Files have validators, parts (Range) and checksums (RFC 9110, 13 and 14; RFC 9530), and pages say to programs what
there is (https://signposting.org/FAIR/).
"""

from __future__ import annotations

import base64
from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, Response, send_file

from ckanext.aivision.normalise import licences
from ckanext.aivision.serialise.ckan_values import web_address
from ckanext.aivision.snapshot.dump.dump_files import (
    DESCRIPTIONS,
    StoredDump,
    StoredFile,
    files,
    find_file,
    kinds,
)
from ckanext.aivision.views import limits
from ckanext.aivision.views.access import action, guarded
from ckanext.aivision.views.problem_details import problem

dumps = Blueprint("aivision_dumps", __name__)

_SCHEMA_ORG = "schema-org.jsonld"
_EXPOSED = "Accept-Ranges, Content-Length, Content-Range, Digest, ETag, Link, Repr-Digest"
_ASKED = "Range, If-Range, If-None-Match, If-Modified-Since"


@dumps.route("/dumps")
@guarded
def index() -> Any:
    """All dumps, and how to use one."""
    return toolkit.render("aivision/dumps.html", {"dumps": action("aivision_dump_list"), "problem": _problem()})


@dumps.route("/dumps/<day>/")
@guarded
def show(day: str) -> Any:
    """The page of one dump; day: a day, or `latest`."""
    listed = action("aivision_dump_list")
    found = files().of_day(day)
    shown = next((one for one in listed if found is not None and one["day"] == found.dump.day), None)
    if found is None or shown is None:
        return toolkit.abort(404, toolkit._("There is no dump of this day"))
    described = find_file(found, _SCHEMA_ORG)
    text = described.path.read_text("utf-8") if described is not None else ""
    answer = Response(toolkit.render("aivision/dump.html", {"dump": shown, "described": text}), mimetype="text/html")
    answer.headers["Link"] = ", ".join(_links_of_page(found, shown))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "Link"
    return answer


@dumps.route("/dumps/<day>/<name>", methods=["OPTIONS"])
def allow(day: str, name: str) -> Response:
    """What scripts of other sites may ask for (https://fetch.spec.whatwg.org/#cors-preflight-fetch)."""
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": _ASKED,
        "Access-Control-Max-Age": "86400",
    }
    return Response(status=204, headers=headers)


@dumps.route("/dumps/<day>/<name>", methods=["GET"])
def file(day: str, name: str) -> Response:
    """A file of a dump, or a part of it."""
    try:
        toolkit.check_access("aivision_dump_list", {"user": toolkit.current_user.name}, {})
    except toolkit.NotAuthorized:
        return problem(403, toolkit._("You may not read this catalogue"))
    found = files().of_day(day)
    if found is None:
        return problem(404, toolkit._("There is no dump of this day"))
    stored = find_file(found, name)
    if stored is None:
        known = ", ".join([kind.name for kind in kinds()] + list(DESCRIPTIONS))
        return problem(404, toolkit._("There is no such file; there are {known}").format(known=known))
    if not toolkit.request.if_none_match.contains(stored.sha256):
        try:
            limits.count("files")
        except limits.TooMany as error:
            return problem(429, str(error), Retry_After=str(error.seconds))
    try:
        return _send(found, stored)
    except FileNotFoundError:
        # It was removed meanwhile; a newer one is there.
        return problem(404, toolkit._("There is no dump of this day"))


def _send(found: StoredDump, stored: StoredFile) -> Response:
    name = stored.path.name
    response = send_file(
        stored.path,
        mimetype=stored.media_type.partition(";")[0],
        download_name=name,
        as_attachment=name in {kind.name for kind in kinds()},
        conditional=True,
        etag=stored.sha256,
        last_modified=found.dump.made,
    )
    response.headers["Content-Type"] = stored.media_type
    digest = base64.b64encode(bytes.fromhex(stored.sha256)).decode()
    page = toolkit.url_for("aivision_dumps.show", day=found.dump.day, qualified=True, locale="default")
    response.headers.extend(
        {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": _EXPOSED,
            "Content-Location": f"{page}{name}",
            "Digest": f"sha-256={digest}",
            "Link": f'<{page}>; rel="collection"',
            "Repr-Digest": f"sha-256=:{digest}:",
            "X-Content-Type-Options": "nosniff",
        }
    )
    return response


def _links_of_page(found: StoredDump, shown: dict[str, Any]) -> list[str]:
    page = shown["url"]
    known = licences.info(found.dump.licence)
    licence = known.uri if known is not None and known.uri else web_address(found.dump.licence)
    return [
        f'<{page}>; rel="cite-as"',
        '<https://schema.org/Dataset>; rel="type"',
        *([f'<{licence}>; rel="license"'] if licence else []),
        *(f'<{page}{name}>; rel="describedby"; {_type(media_type)}' for name, media_type in DESCRIPTIONS.items()),
        *(f'<{one["url"]}>; rel="item"; {_type(one["media_type"])}' for one in shown["files"]),
    ]


def _type(media_type: str) -> str:
    """The attribute of a link, with the profile as one of its own, as signposting has it."""
    kind, _, profile = media_type.partition("; ")
    return f'type="{kind}"' + (f"; {profile}" if profile else "")


def _problem() -> str:
    """Why there is no newer dump, for those who can do something about it; empty if nothing is wrong."""
    state = files().state()
    return state.problem if state is not None and getattr(toolkit.current_user, "sysadmin", False) else ""
