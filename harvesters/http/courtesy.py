"""A server's robots.txt, and whether it supports conditional requests."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit, urlunsplit

import msgspec

from ckanext.aivision.harvesters.http.robots import robots_file
from ckanext.aivision.harvesters.http.session import Session


class Robots(msgspec.Struct, frozen=True):
    """What robots.txt says of an address.

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
    file = robots_file(session, urlunsplit((parts.scheme, parts.netloc, "", "", "")))
    if file.rules is None:
        return Robots("none" if file.is_missing else "unreadable")
    return Robots("disallowed" if file.refusal(url) else "allowed", file.delay or None)


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
