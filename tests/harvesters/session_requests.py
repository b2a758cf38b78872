"""Requests of the guarded session to a server of the test, and what that server replies."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import Session

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


QUICK = Limits(connect=2, read=2, total=20, retries=2, longest_wait=1)


def reply(request: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    request.send_response(status)
    length = headers.pop("Content_Length", str(len(body)))
    request.send_header("Content-Length", length)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def fetch(url: str, limits: Limits = QUICK, allow: tuple[str, ...] = ("127.0.0.1",)) -> bytes:
    with Session(allow_hosts=allow, limits=limits) as session, session.stream(url) as body:
        return body.read()
