"""One address, asked once: HEAD, then GET of its first bytes, through the guarded session.

HEAD alone would be cheaper and wrong: servers refuse it, or answer it with 404 for what GET gives (RFC 9110, 9.3.2,
wants the same answer). And only the first bytes show whether what is called a CSV file is one.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
import requests

from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.request_budget import retry_after
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.links.answer import Answer, Target
from ckanext.aivision.links.faults import FAILURES, of_error, of_status
from ckanext.aivision.links.first_bytes import LOOKED_AT, form_of, is_error_message, unpacked
from ckanext.aivision.normalise.web.credentials import mask
from ckanext.aivision.scoring.observations.observations import Fault

_SPAN = f"bytes=0-{LOOKED_AT - 1}"
_PIECE = 64 * 1024  # bytes
_LONGEST_HEADER = 1000  # characters
_RANGE_TOTAL = re.compile(r"bytes\s+(?:\d{1,18}-\d{1,18}|\*)/(\d{1,18})", re.IGNORECASE)
_NOT_SATISFIABLE = 416
_ERROR_MESSAGE = "returns an error message in JSON instead of the data"
# Where HEAD ends so, GET would not end otherwise.
_FINAL: frozenset[Fault] = frozenset(
    {
        "name-not-found",
        "lookup-failed",
        "refused",
        "timeout",
        "tls",
        "redirects",
        "not-allowed",
        "disallowed-by-robots",
        "too-many-requests",
    }
)
_TOO_SLOW = Answer(fault="timeout", detail="the server is too slow")
_LOGIN = re.compile(
    r"(?:^|[/._-])(?:log-?[io]n|sign-?in|sso|saml2?|oauth2?|openid-connect|authori[sz]e|idp|cas)(?:[/._-]|$)",
    re.IGNORECASE,
)


class Asking(NamedTuple):
    """How addresses are asked for. admit: is given every address first, of redirects too, and may raise Disallowed.

    checksum_bytes: up to this size a whole file is fetched for its SHA-256; 0 for none.
    """

    session: Session
    limits: Limits
    admit: Callable[[str], None] = lambda url: None
    checksum_bytes: int = 0


def probe(asking: Asking, target: Target) -> Answer:
    """Asks for an address. Never raises for what is answered, or for what is not."""
    head = _ask(asking, target.url, "HEAD", "")
    if head.fault in _FINAL:
        return head
    whole = asking.checksum_bytes > 0
    got = _ask(asking, target.url, "GET", "" if whole else _SPAN)
    if got.status == _NOT_SATISFIABLE and got.byte_size != 0:
        got = _ask(asking, target.url, "GET", "")
    if got.status == 206 and got.byte_size is None and not head.fault and got.location == head.location:
        # A part of a file whose size the server left out there.
        got = msgspec.structs.replace(got, byte_size=head.byte_size)
    return _judge(got, target)


def _judge(answer: Answer, target: Target) -> Answer:
    """An answer that brought something, held against what the metadata say is there."""
    if not answer.fault and answer.detail == _ERROR_MESSAGE:
        fault: Fault = "page-instead-of-data" if target.gives_data else ""
        return msgspec.structs.replace(answer, fault=fault, detail=_ERROR_MESSAGE if fault else "")
    if answer.fault or answer.form != "html":
        return answer
    if answer.location is not None and _asks_to_log_in(target.url, answer.location):
        return msgspec.structs.replace(answer, fault="login-page", detail="leads to a log-in page")
    if target.gives_data:
        return msgspec.structs.replace(
            answer, fault="page-instead-of-data", detail="returns a web page instead of the data"
        )
    return answer


def _asks_to_log_in(url: str, location: str) -> bool:
    before, now = urlsplit(url), urlsplit(location)
    place = now.path if before.netloc == now.netloc else f"{now.netloc}{now.path}"
    return bool(_LOGIN.search(place)) and not _LOGIN.search(before.path)


def _ask(asking: Asking, url: str, method: str, span: str) -> Answer:
    began, asked = time.monotonic(), 0

    def admit(address: str) -> None:
        nonlocal asked
        asking.admit(address)
        asked += 1

    try:
        with asking.session.answer(url, method, span, admit) as response:
            if time.monotonic() - began >= asking.limits.total:
                # Cut off in the middle of the headers, which looks like their end.
                return _TOO_SLOW
            return _answer_of(asking, response, method, redirected=asked > 1)
    except FAILURES as error:
        fault, detail = of_error(error)
        if fault == "connection" and time.monotonic() - began >= asking.limits.total:
            # It was we who cut it.
            return _TOO_SLOW
        return Answer(fault=fault, detail=detail[:_LONGEST_HEADER])


def _answer_of(asking: Asking, response: requests.Response, method: str, redirected: bool) -> Answer:
    status, headers = response.status_code, response.headers
    fault = of_status(status)
    encoding = headers.get("Content-Encoding", "").strip().lower()
    answer = Answer(
        fault=fault,
        detail=f"the server responded with {status}" if fault else "",
        status=status,
        location=mask(response.url) if redirected else None,
        media_type=headers.get("Content-Type", "").split(";")[0].strip().lower()[:200] or None,
        byte_size=_size(status, headers) if encoding in ("", "identity") else None,
        etag=_clean_validator(headers.get("ETag")),
        last_modified=_clean_validator(headers.get("Last-Modified")),
        retry_after=retry_after(headers, datetime.datetime.now(datetime.timezone.utc)),
    )
    if status == _NOT_SATISFIABLE and answer.byte_size == 0:
        return msgspec.structs.replace(answer, fault="empty", detail="an empty file")
    if fault or method == "HEAD":
        return answer
    return _read(asking, response, answer, encoding)


def _read(asking: Asking, response: requests.Response, answer: Answer, encoding: str) -> Answer:
    """The same answer with what its body tells: form, whether there is any, and the checksum where it is asked for."""
    plain = encoding in ("", "identity")
    whole = asking.checksum_bytes > 0 and plain and answer.status == 200
    most = asking.checksum_bytes + 1 if whole else LOOKED_AT
    first, count, digest, size = b"", 0, hashlib.sha256(), answer.byte_size
    ended = False
    try:
        while count < most and not ended:
            piece = response.raw.read1(min(_PIECE, most - count), decode_content=False)
            first += piece[: LOOKED_AT - len(first)]
            count += len(piece)
            digest.update(piece)
            ended = not piece
    except FAILURES:
        if not first:
            raise
        # It broke off: what Content-Length promised did not come.
        size = None
    if not count:
        return msgspec.structs.replace(answer, fault="empty", detail="an empty file", byte_size=0)
    checksum = None
    if ended and answer.status == 200 and plain:
        size = count if size in (None, count) else None
        checksum = digest.hexdigest() if whole and size is not None else None
    begun = unpacked(first, encoding)
    form = form_of(begun) or ("html" if _is_page(answer.media_type) else "")
    detail = _ERROR_MESSAGE if is_error_message(begun) else answer.detail
    return msgspec.structs.replace(answer, form=form, detail=detail, byte_size=size, checksum=checksum)


def _is_page(media_type: str | None) -> bool:
    return media_type in ("text/html", "application/xhtml+xml")


def _size(status: int, headers: Any) -> int | None:
    """The size of the whole file in bytes: of Content-Range where a part came, else of Content-Length."""
    if status in (206, _NOT_SATISFIABLE):
        found = _RANGE_TOTAL.fullmatch(headers.get("Content-Range", "").strip())
        return int(found[1]) if found is not None else None
    length = headers.get("Content-Length", "").strip()
    return int(length) if status == 200 and length.isascii() and length.isdecimal() and len(length) <= 18 else None


def _clean_validator(validator: str | None) -> str:
    text = (validator or "").strip()
    return text if len(text) <= _LONGEST_HEADER and text.isascii() and text.isprintable() else ""
