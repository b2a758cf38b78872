"""The result of a link check as a sentence for the reader of a page."""

from __future__ import annotations

import datetime

from ckan.plugins import toolkit

from ckanext.aivision.scoring.observations.observations import Link

_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_FAULTS = {
    "name-not-found": "its host name does not exist",
    "refused": "its host refuses the connection",
    "timeout": "its server is too slow",
    "tls": "its encryption cannot be verified",
    "connection": "the connection failed",
    "redirects": "it redirects endlessly",
    "not-found": "it is not found there",
    "http-error": "its server rejects the request",
    "server-error": "its server has an error",
    "forbidden": "its server does not allow automated requests",
    "lookup-failed": "its host could not be looked up",
    "too-many-requests": "its server was too busy",
    "disallowed-by-robots": "its host asks programs to stay away",
    "not-allowed": "it is not a public web address",
    "page-instead-of-data": "it returns a web page instead of the file",
    "login-page": "it asks users to log in",
    "empty": "the file is empty",
}


def in_words(link: Link) -> str:
    """The state of a link with its reason and its date (UTC)."""
    values = {
        "fault": toolkit._(_FAULTS[link.fault]) if link.fault else "",
        "date": _day(link.checked_at),
        "since": _day(link.failing_since),
        "status": link.status,
        "size": f", {size_in_words(link.byte_size)}" if link.byte_size is not None else "",
    }
    if link.state == "broken":
        sentence = toolkit._("Broken since {since}: {fault}. Checked {date}")
    elif link.state == "reachable" and link.fault:
        sentence = toolkit._("Answered {status}, but {fault}. Checked {date}")
    elif link.state == "reachable":
        sentence = toolkit._("Answered {status}{size}. Checked {date}")
    elif link.failures == 1 and link.failing_with == link.fault:
        sentence = toolkit._("Failed once: {fault}. Checked {date}. A second check will confirm")
    else:
        sentence = toolkit._("Not known: {fault}. Checked {date}")
    return str(sentence.format(**values))


def size_in_words(size: int) -> str:
    """A size in bytes in a readable unit: `1.2 MB`."""
    number, unit = float(size), 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.1f} {_UNITS[unit]}" if unit else f"{size} {_UNITS[0]}"


def _day(moment: datetime.datetime | None) -> str:
    return f"{moment.day} {moment:%b %Y}" if moment is not None else ""
