"""What went wrong, told apart: from the exceptions of a connection and from the status of an answer."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3

from ckanext.aivision.errors import FetchRefused, SourceError
from ckanext.aivision.scoring.observations.observations import Fault

FAILURES = (SourceError, requests.RequestException, urllib3.exceptions.HTTPError, OSError)
# Status -> fault, where the hundred (RFC 9110, 15) does not tell enough.
_STATUSES: dict[int, Fault] = {
    401: "forbidden",
    402: "forbidden",
    403: "forbidden",
    404: "not-found",
    407: "forbidden",
    410: "not-found",
    429: "too-many-requests",
    451: "forbidden",
}
SERVED = (200, 203, 206)


class Disallowed(FetchRefused):
    """An address that the robots.txt of its host keeps programs from."""


# What is raised on purpose, and what is raised below; the first that fits counts.
_REFUSALS: tuple[tuple[type[Exception], Fault], ...] = (
    (Disallowed, "disallowed-by-robots"),
    (FetchRefused, "not-allowed"),
    (SourceError, "redirects"),
)
_ERRORS: tuple[tuple[tuple[type[Exception], ...], Fault, str], ...] = (
    ((socket.gaierror,), "name-not-found", "the host name does not resolve"),
    ((ssl.SSLError, urllib3.exceptions.SSLError), "tls", "its certificate or encryption cannot be verified"),
    ((ConnectionRefusedError,), "refused", "the host refuses the connection"),
    ((requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError), "timeout", "the server is too slow"),
)


def of_status(status: int) -> Fault:
    """The fault that a status stands for; empty for one that brings the content."""
    if status in SERVED:
        return ""
    if status in (204, 205):
        return "empty"
    return _STATUSES.get(status, "server-error" if status >= 500 else "http-error")


def of_error(error: Exception) -> tuple[Fault, str]:
    """The fault that an exception stands for, and its sentence."""
    for refusal, fault in _REFUSALS:
        if isinstance(error, refusal):
            return fault, str(error)
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN for cause in causes):
        # The resolver itself does not answer: the name may well be there.
        return "lookup-failed", "the name could not be looked up"
    for kinds, fault, detail in _ERRORS:
        if any(isinstance(cause, kinds) for cause in causes):
            return fault, detail
    return "connection", "the connection failed or was interrupted"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception with everything that led to it: requests and urllib3 wrap one in another."""
    left, seen = [error], set()
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        left += [cause for cause in inner if isinstance(cause, BaseException)]
