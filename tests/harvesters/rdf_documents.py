"""Documents in RDF for tests, and a server's reply with one."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from ckanext.aivision.harvesters.open_source import Harvest

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


Start = Callable[..., Harvest]


TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://a.uk/1> a dcat:Dataset ; dct:title "River levels" ; dct:identifier "river-1" .
"""


def send(request: BaseHTTPRequestHandler, body: bytes, media_type: str = "text/turtle", status: int = 200) -> None:
    request.send_response(status)
    request.send_header("Content-Type", media_type)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
