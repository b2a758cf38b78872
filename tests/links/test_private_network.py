"""Whoever asks for an address, nothing on a private network is asked: harvests, link checks and profiles.

A server on the loopback network stands for a service of the machine. A second one, which may be fetched, leads to it.
Previews read a source as harvests do (tests/plugin/http/test_no_oracle.py).
"""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from tests.links.conftest import QUICK, Serve, reply

from ckanext.aivision.content.files import Files
from ckanext.aivision.errors import AivisionError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.links.answer import Target
from ckanext.aivision.links.check import Checker

# How the loopback network can be written (RFC 3986, 7.4; RFC 4291, 2.5.5; RFC 6052; RFC 3056), and a name of ours.
HOSTS = (
    *("127.0.0.1", "localhost", "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "127.1", "0.0.0.0"),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]"),
    *("rivers.example.org", "127.0.0.1.", "%31%32%37.0.0.1"),
)
ONCE = Limits(connect=1, read=1, total=2, retries=0)


def _harvest(url: str, allowed: str) -> str:
    source = Source(name="rivers", url=url, kind="dcat-us", profile="dcat-us-1.1", country="US")
    with pytest.raises(AivisionError) as refused:
        list(open_source(source, Session((allowed,), ONCE)))
    return str(refused.value)


def _check(url: str, allowed: str) -> str:
    with Checker(QUICK, (allowed,)) as checker:
        ((_, answer),) = checker.check([Target(url)])
    assert answer.fault
    return answer.detail or answer.fault


def _profile(url: str, allowed: str) -> str:
    return Files(Session((allowed,), ONCE)).profile(url).reason


ENTRANCES = {"harvest": _harvest, "link check": _check, "profile": _profile}


@pytest.fixture
def asked(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[str]]:
    """The port of the service, and the paths that it was asked for. A name of ours resolves to it."""
    paths: list[str] = []

    def answer(request: Any) -> None:
        paths.append(request.path)
        reply(request, b"station,level\nR17,1.25\n")

    resolve = socket.getaddrinfo

    def resolving(host: Any, *more: Any, **options: Any) -> Any:
        return resolve("127.0.0.1" if host == "rivers.example.org" else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolving)
    return str(urlsplit(serve(answer)).port), paths


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("entrance", ENTRANCES)
def test_an_address_on_a_private_network_is_not_asked(entrance: str, host: str, asked: tuple[str, list[str]]) -> None:
    port, paths = asked
    said = ENTRANCES[entrance](f"http://{host}:{port}/levels.csv", "data.example.gov")
    assert "is not on the public Internet" in said
    assert paths == []


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("entrance", ENTRANCES)
def test_a_redirect_to_a_private_network_is_not_followed(
    entrance: str, host: str, asked: tuple[str, list[str]], serve: Serve
) -> None:
    port, paths = asked

    def lead_on(request: Any) -> None:
        if request.path == "/robots.txt":
            reply(request, b"", 404)
        else:
            reply(request, b"", 302, Location=f"http://{quote(host, safe='[]:.%')}:{port}/levels.csv")

    door = serve(lead_on)
    said = ENTRANCES[entrance](f"{door}/levels.csv", urlsplit(door).netloc)
    assert "is not on the public Internet" in said
    assert paths == []
