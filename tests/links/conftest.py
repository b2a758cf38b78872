"""A server on the loopback network that gives each fault, and one check of an address."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest

from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.links.answer import Answer, Target
from ckanext.aivision.links.check import Checker, Manners

Answering = Callable[[BaseHTTPRequestHandler], None]
Serve = Callable[[Answering], str]

CSV = b"station,level\nR17,1.25\n"
PAGE = b"\n<!DOCTYPE html><html><title>Levels</title>"
QUICK = Manners(threads=4, pause=0, seconds=30, limits=Limits(connect=1, read=1, total=2, retries=0))


def reply(request: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Answers as a file server does; `Content_Length` and the like override what is so."""
    request.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)


def without_robots(answer: Answering) -> Answering:
    """The same server, with no robots.txt."""

    def answering(request: BaseHTTPRequestHandler) -> None:
        if request.path == "/robots.txt":
            reply(request, b"", 404)
        else:
            answer(request)

    return answering


@pytest.fixture
def server(serve: Serve) -> Serve:
    """Starts a server that answers HEAD and GET with what a function does; gives its address."""
    return serve


def checked(*targets: Target, manners: Manners = QUICK, allow: tuple[str, ...] = ("127.0.0.1",)) -> dict[str, Answer]:
    with Checker(manners, allow) as checker:
        return {target.url: answer for target, answer in checker.check(targets)}


def answer_of(url: str, gives_data: bool = True, manners: Manners = QUICK) -> Answer:
    """What one check of an address is told."""
    return checked(Target(url, gives_data), manners=manners)[url]
