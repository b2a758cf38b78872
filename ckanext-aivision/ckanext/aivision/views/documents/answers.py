"""Answers that are documents about public datasets: validators, compression, and what each reader may take.

RFC 9110, 8.8 (validators) and 13 (conditional requests).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

from ckan.plugins import toolkit
from flask import Response, request, stream_with_context
from werkzeug.http import http_date

from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.catalogue.tables.revisions import Catalogue
from ckanext.aivision.views import limits
from ckanext.aivision.views.documents.slots import AtOnce, Slot
from ckanext.aivision.views.problem_details import problem

_BUSY = 10  # seconds until one asks again
# Half of what the highest level saves more takes five times as long.
_LEVEL = 4
_GZIP = 16 + zlib.MAX_WBITS


def whole(mimetype: str, state: Catalogue | None, pieces: Callable[[], Iterator[bytes]]) -> Response:
    """A document of many datasets as a stream, compressed for whoever takes that. state: None if it has no validators.

    pieces: called only if the document is sent. Nobody is counted who has it already, or asks for the head alone.
    """
    response = Response(mimetype=mimetype, headers=_headers(state))
    response.vary.add("Accept-Encoding")
    if state is not None and is_known(state):
        return not_modified(response)
    if request.method == "HEAD":
        return response
    try:
        limits.count("catalogues")
        slot = Slot((request.remote_addr or "unknown") if toolkit.current_user.is_anonymous else "")
    except limits.TooMany as error:
        return too_many(error)
    except AtOnce as error:
        return _busy(error)
    written = slot.until_the_end(pieces())
    if request.accept_encodings.quality("gzip") > 0:
        response.headers["Content-Encoding"] = "gzip"
        written = _compressed(written)
    response.response = stream_with_context(written)
    response.call_on_close(slot.release)
    return response


def page(mimetype: str, state: Catalogue | None, pieces: Callable[[], Iterable[bytes]]) -> Response:
    """A part of such a document, as one piece."""
    response = Response(mimetype=mimetype, headers=_headers(state))
    if state is not None and is_known(state):
        return not_modified(response)
    if request.method == "HEAD":
        return response
    try:
        limits.count("pages")
    except limits.TooMany as error:
        return too_many(error)
    response.data = b"".join(pieces())
    return response


def is_known(state: Catalogue) -> bool:
    """Whether the client has the document as it is (RFC 9110, 13.2.2)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(state.revision)
    since = request.if_modified_since
    return since is not None and state.is_unchanged_since(naive(since))


def not_modified(response: Response) -> Response:
    """The answer to a client that has the document of another answer."""
    response.status_code = 304
    response.headers.pop("Content-Type", None)
    return response


def too_many(error: limits.TooMany) -> Response:
    """The answer to a visitor who has asked too often."""
    detail = toolkit._("Too many requests in a minute. Please try again in {seconds} seconds.")
    return problem(429, detail.format(seconds=error.seconds), Retry_After=str(error.seconds))


def _busy(error: AtOnce) -> Response:
    if error.own:
        detail = toolkit._("You are downloading as many catalogues as you may. Please try again in {seconds} seconds.")
        return problem(429, detail.format(seconds=_BUSY), Retry_After=str(_BUSY))
    detail = toolkit._("Too many catalogues are being downloaded. Please try again in {seconds} seconds.")
    return problem(503, detail.format(seconds=_BUSY), Retry_After=str(_BUSY))


def _headers(state: Catalogue | None) -> dict[str, str]:
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    if state is not None:
        headers["ETag"] = f'W/"{state.revision}"'
        if state.changed is not None:
            headers["Last-Modified"] = http_date(state.changed)
    return headers


def _compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces as one file of gzip (RFC 1952)."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
