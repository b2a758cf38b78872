"""The HTTP session for all requests: public addresses only, with limits and retries.

Proxies and .netrc of the environment are not used, on purpose: a proxy makes the connection itself, so that the address
that is connected to could be neither checked nor held fast. Where only a proxy leads out, save the file and read that.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import random
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from ckanext.aivision import __version__
from ckanext.aivision.errors import FetchRefused, SourceError
from ckanext.aivision.harvesters.http.body import NOT_MODIFIED, Body, Broken, Validators
from ckanext.aivision.harvesters.http.header_text import header_text
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.public_addresses import GuardedAdapter, allowed
from ckanext.aivision.harvesters.http.request_budget import Budget, retry_after
from ckanext.aivision.harvesters.parsing import json_items
from ckanext.aivision.harvesters.parsing.decoding import text_of
from ckanext.aivision.harvesters.parsing.json_text import JsonText

__all__ = ["Limits", "Params", "Session", "StatusError"]

# The name that robots.txt may speak to (RFC 9309, 2.2.1).
PRODUCT = "ckanext-aivision"
USER_AGENT = f"{PRODUCT}/{__version__} (harvester of public metadata; one request at a time)"
RETRIED = (429, 500, 502, 503, 504)
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)

_UNKNOWN, _XML = Validators(), {"Content-Type": "application/xml; charset=utf-8"}

Params = Mapping[str, str | int]
T = TypeVar("T")


class StatusError(SourceError):
    """The server answered, but with a status that brings no content; `status` is that of HTTP."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class _Request(NamedTuple):
    """headers: for the host of the address only. known, accept, span: for whatever host has the document.

    admit: is asked before every request, of redirects too; what it raises ends the fetch. post: XML, for POST.
    """

    url: str
    params: Params | None = None
    headers: Mapping[str, str] | None = None
    known: Validators = _UNKNOWN
    accept: str = ""
    budget: Budget | None = None
    method: str = "GET"
    span: str = ""
    admit: Callable[[str], None] = lambda url: None
    post: bytes = b""


# 203: a proxy on the way has changed something (RFC 9110, 15.3.4).
_GIVEN = (200, 203)


class Session:
    """An HTTP session for harvesting. Use as a context: leaving it closes its connections."""

    def __init__(
        self, allow_hosts: Collection[str] = (), limits: Limits | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """allow_hosts: `host` or `host:port` on private networks that may be fetched anyway. headers: sent to
        every host, before our own."""
        self._limits, self._allow_hosts = limits or Limits(), allow_hosts
        self._requests = requests.Session()
        self._requests.trust_env = False
        self._requests.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._requests.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **(headers or {})})
        self._adapter = GuardedAdapter(allow_hosts)
        self._requests.mount("http://", self._adapter)
        self._requests.mount("https://", self._adapter)

    def allows(self, url: str) -> bool:
        """Whether the host of an address was let through by name."""
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return allowed(parts.hostname or "", port, self._allow_hosts)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._requests.close()

    @contextlib.contextmanager
    def stream(
        self, url: str, known: Validators = _UNKNOWN, accept: str = "", budget: Budget | None = None, post: bytes = b""
    ) -> Iterator[Body]:
        """A body as a binary file, decompressed, within the limits.

        known: of the version that is at hand; where the server has that one still, the body is `unchanged` and empty.
        accept: the media types asked for (RFC 9110, 12.5.1); empty for any. budget: as for `json`. post: XML to send.
        A body that breaks off is asked for again and read on from where it broke, if it is still the same.
        Raises SourceError if it cannot be had; reading raises it where the body breaks off for good.
        """
        deadline = time.monotonic() + self._limits.total

        def opened() -> requests.Response:
            request = _Request(url, None, None, known, accept, budget, "POST" if post else "GET", post=post)
            return self._get(request, lambda response, _: response, deadline)

        body = Body(opened, describe_address(url), self._limits, self._limits.body, deadline)
        try:
            yield body
        finally:
            body.close()

    def json(
        self,
        url: str,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        budget: Budget | None = None,
        sized: Callable[[int], None] = lambda size: None,
        items_of: str = "",
    ) -> Any:
        """The JSON of a page. A body that breaks off or is no JSON counts as a passing fault and is tried again.

        headers: sent to the host of the address only, never on to where it redirects. budget: is asked before every
        try; the time that it makes us wait counts against no limit. sized: is told the length of a body, in bytes.
        items_of: a list of the object with this name is given as `json_items.Items` where that can be.
        Raises SourceError when that goes on, or the answer is an error.
        """
        deadline = time.monotonic() + self._limits.total

        def read(response: requests.Response, deadline: float) -> Any:
            with contextlib.closing(response):
                body = Body(
                    lambda: response, describe_address(url), self._limits, self._limits.page, deadline, resume=False
                )
                content = body.read()
                sized(len(content))
            try:
                if items_of and (found := json_items.read(content, items_of, describe_address(url))) is not None:
                    return found
                text = JsonText(iter((text_of(content),)), describe_address(url))
                del content  # the text and its values take enough
                return text.value()
            except SourceError as error:
                raise Broken(describe_address(url), "the response is not JSON") from error

        return self._get(_Request(url, params, headers, budget=budget), read, deadline)

    @contextlib.contextmanager
    def answer(
        self, url: str, method: str = "GET", span: str = "", admit: Callable[[str], None] = lambda url: None
    ) -> Iterator[requests.Response]:
        """Whatever is answered at the end of the redirects, of any status, with its body unread; asked for once.

        span: the part that is asked for (Range, RFC 9110, 14.2). admit: is given every address before it is asked,
        and may raise. After `limits.total` seconds the connection is cut, whatever is still going on.
        Raises FetchRefused if the guard does, SourceError after too many redirects, and what requests raises.
        """
        with self._cut_at(time.monotonic() + self._limits.total):
            response = self._follow(_Request(url, method=method, span=span, admit=admit))
            with contextlib.closing(response):
                yield response

    def cut(self) -> None:
        """Ends every open connection, from another thread; one that waits gets a connection error."""
        self._adapter.cut()

    def _get(self, request: _Request, use: Callable[[requests.Response, float], T], deadline: float) -> T:
        """What `use` makes of an answer with status 200 (or 304, where asked for), after redirects and retries."""
        name, reason, status = describe_address(request.url), "", None
        wanted = (*_GIVEN, NOT_MODIFIED) if any(request.known) else _GIVEN
        for attempt in range(self._limits.retries + 1):
            wait = pause(attempt + 1)
            if request.budget is not None:
                deadline += request.budget.take()
            try:
                with self._cut_at(deadline):
                    response = self._follow(request)
                status = response.status_code
                if status in wanted:
                    return use(response, deadline)
                reason = f"the server responded with {status}"
                wait = self._wait_for(response, attempt + 1, request.budget)
                response.close()
                if status not in RETRIED:
                    raise StatusError(f"{name}: {reason}; check the address", status)
            except Broken as error:
                reason, status = error.reason, None
            except _FAILURES as error:
                reason, status = _reason(error), None
            if attempt == self._limits.retries or time.monotonic() + wait > deadline:
                break
            time.sleep(wait)
        message = f"{name}: {reason}; tried {attempt + 1} times, try again later"
        raise SourceError(message) if status is None else StatusError(message, status)

    @contextlib.contextmanager
    def _cut_at(self, deadline: float) -> Iterator[None]:
        """Bounds the time to an answer's headers, which no socket's time-out does where they come drop by drop."""
        timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._adapter.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _follow(self, request: _Request) -> requests.Response:
        """The answer at the end of the redirects, each of which is checked like the first address."""
        url, params, headers, known, accept, budget = request[:6]
        anywhere = known.conditions() | ({"Accept": accept} if accept else {})
        anywhere |= ({"Range": request.span} if request.span else {}) | (_XML if request.post else {})
        for _ in range(self._limits.redirects + 1):
            check(url)
            request.admit(url)
            try:
                response = self._requests.request(
                    request.method,
                    url,
                    params=dict(params) if params else None,
                    headers={**(headers or {}), **anywhere},
                    data=request.post or None,
                    stream=True,
                    allow_redirects=False,
                    timeout=(self._limits.connect, self._limits.read),
                )
            except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError) as error:
                raise FetchRefused(f"{describe_address(url)}: this address cannot be fetched; check it") from error
            if not response.is_redirect:
                if budget is not None:
                    budget.heard(response.status_code, response.headers)
                return response
            target = urljoin(url, header_text(response.headers["location"]))
            response.close()
            if urlsplit(target).netloc != urlsplit(url).netloc:
                # A key is for the host it was given for.
                headers = None
            url, params = target, None
        raise SourceError(
            f"{describe_address(request.url)}: more than {self._limits.redirects} redirects; check the address"
        )

    def _wait_for(self, response: requests.Response, attempt: int, budget: Budget | None) -> float:
        """Seconds to the next try: what Retry-After asks for, within bounds, or a pause; none where a budget waits."""
        if budget is not None and budget.closed:
            return 0.0
        asked = retry_after(response.headers, datetime.datetime.now(datetime.timezone.utc))
        return pause(attempt) if asked is None else min(asked, self._limits.longest_wait)


def check(url: str) -> None:
    """Raises FetchRefused for an address that is not one of http or https with a host."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        sound = False
    if not sound:
        raise FetchRefused(f"{describe_address(url)}: only http and https addresses with a host are fetched")


def pause(attempt: int) -> float:
    """Seconds to wait before trying again: longer each time, and not the same for all who wait."""
    return float(min(0.25 * 2**attempt, 8) * random.uniform(0.5, 1))  # noqa: S311 - spreads retries, hides nothing


def describe_address(url: str) -> str:
    """An address for a message: without credentials and query, which may hold a key."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "(an address that cannot be read)"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:300]


def _reason(error: Exception) -> str:
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)):
        return "the server is too slow"
    if "does not resolve" in str(error):
        return "its host name does not resolve"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate cannot be verified"
    return "the connection failed"
