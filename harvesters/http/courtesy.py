"""A server's robots.txt, and whether it supports conditional requests."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

import msgspec

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import USER_AGENT, Session, StatusError
from ckanext.aivision.harvesters.parsing.decoding import text_of

# Crawlers need read no more of it (RFC 9309, 2.5).
_LONGEST_ROBOTS = 500 * 1024  # bytes


class Robots(msgspec.Struct, frozen=True):
    """What robots.txt (RFC 9309) says of an address.

    rule: `none` where there is no such file, `unreadable` where it cannot be had. delay: seconds between two requests.
    """

    rule: Literal["allowed", "disallowed", "none", "unreadable"]
    delay: float | None = None


class Conditional(msgspec.Struct, frozen=True):
    """Whether a document that has not changed is said to be so: its validators, and whether one request with them
    was answered 304."""

    etag: bool
    last_modified: bool
    honoured: bool


def robots_of(session: Session, url: str) -> Robots:
    """Asks the host of an address; never raises for what it answers."""
    parts = urlsplit(url)
    try:
        with session.stream(urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))) as body:
            text = text_of(body.read(_LONGEST_ROBOTS))
    except StatusError as error:
        return Robots("none" if 400 <= error.status < 500 else "unreadable")
    except SourceError:
        return Robots("unreadable")
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    agent = USER_AGENT.partition("/")[0]
    delay = parser.crawl_delay(agent)
    return Robots("allowed" if parser.can_fetch(agent, url) else "disallowed", float(delay) if delay else None)


def conditional_of(session: Session, url: str, accept: str = "") -> Conditional:
    """Asks for a document twice, the second time only if it has changed. Raises SourceError if it cannot be had.

    accept: the media types to ask for.
    """
    with session.stream(url, accept=accept) as body:
        validators = body.validators
    honoured = False
    if any(validators):
        with session.stream(url, validators, accept) as body:
            honoured = body.unchanged
    return Conditional(bool(validators.etag), bool(validators.last_modified), honoured)
