"""The one way to HTTP: guarded, bounded, polite.

Proxies and .netrc of the environment are not used, on purpose: a proxy makes the connection itself, so that the address
that is connected to could be neither checked nor held fast. Where only a proxy leads out, save the file and read that.
"""

from __future__ import annotations

import contextlib
import email.utils
import os
import random
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, BinaryIO, TypeVar, cast
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from ckanext.aivision import __version__
from ckanext.aivision.errors import FetchRefused, SourceError
from ckanext.aivision.harvesters.body import Body, Broken, Limits
from ckanext.aivision.harvesters.decoding import text_of
from ckanext.aivision.harvesters.json_text import JsonText
from ckanext.aivision.harvesters.network import GuardedAdapter

__all__ = ["Limits", "Session"]

USER_AGENT = f"ckanext-aivision/{__version__} (harvester of public metadata; one request at a time)"
RETRIED = (429, 500, 502, 503, 504)
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)

Params = Mapping[str, str | int]
T = TypeVar("T")


class Session:
    """An HTTP session for harvesting. Use as a context: leaving it closes its connections."""

    def __init__(self, allow_hosts: Collection[str] = (), limits: Limits | None = None) -> None:
        """allow_hosts: `host` or `host:port` on private networks that may be fetched all the same."""
        self._limits = limits or Limits()
        self._requests = requests.Session()
        self._requests.trust_env = False
        self._requests.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._requests.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"})
        self._adapter = GuardedAdapter(allow_hosts)
        self._requests.mount("http://", self._adapter)
        self._requests.mount("https://", self._adapter)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._requests.close()

    @contextlib.contextmanager
    def stream(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[BinaryIO]:
        """A body as a binary file (a `Body`), decompressed, within the limits.

        headers: sent to the host of the address only, never on to where it redirects.

        A body that breaks off is asked for again and read on from where it broke, if it is still the same.
        Raises SourceError where it cannot be had; reading raises SourceError where it breaks off for good.
        """
        deadline = time.monotonic() + self._limits.total

        def opened() -> requests.Response:
            return self._get(url, None, headers, _itself, deadline)

        body = Body(opened, shown(url), self._limits, self._limits.body, deadline)
        try:
            yield cast(BinaryIO, body)
        finally:
            body.close()

    def json(self, url: str, params: Params | None = None, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON of a page. A body that breaks off or is no JSON counts as a passing fault and is tried again.

        headers: sent to the host of the address only, never on to where it redirects.
        Raises SourceError when that goes on, or the answer is an error.
        """
        deadline = time.monotonic() + self._limits.total

        def read(response: requests.Response) -> Any:
            with contextlib.closing(response):
                body = Body(lambda: response, shown(url), self._limits, self._limits.page, deadline, resume=False)
                text = JsonText(iter((text_of(body.read()),)), shown(url))
            try:
                return text.value()
            except SourceError as error:
                raise Broken(shown(url), "the answer is not JSON") from error

        return self._get(url, params, headers, read, deadline)

    def _get(
        self,
        url: str,
        params: Params | None,
        headers: Mapping[str, str] | None,
        use: Callable[[requests.Response], T],
        deadline: float,
    ) -> T:
        """What `use` makes of an answer with status 200, after redirects and retries."""
        reason = ""
        for attempt in range(self._limits.retries + 1):
            wait = pause(attempt + 1)
            try:
                with self._cut_at(deadline):
                    response = self._follow(url, params, headers)
                if response.status_code == 200:
                    return use(response)
                reason = f"the server answered {response.status_code}"
                wait = self._wait_for(response, attempt + 1)
                response.close()
                if response.status_code not in RETRIED:
                    raise SourceError(f"{shown(url)}: {reason}; check the address")
            except Broken as error:
                reason = error.reason
            except _FAILURES as error:
                reason = _reason(error)
            if attempt == self._limits.retries or time.monotonic() + wait > deadline:
                break
            time.sleep(wait)
        raise SourceError(f"{shown(url)}: {reason}; tried {attempt + 1} times, try again later")

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

    def _follow(self, url: str, params: Params | None, headers: Mapping[str, str] | None) -> requests.Response:
        """The answer at the end of the redirects, each of which is checked like the first address."""
        first = url
        for _ in range(self._limits.redirects + 1):
            check(url)
            try:
                response = self._requests.get(
                    url,
                    params=dict(params) if params else None,
                    headers=dict(headers) if headers else None,
                    stream=True,
                    allow_redirects=False,
                    timeout=(self._limits.connect, self._limits.read),
                )
            except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError) as error:
                raise FetchRefused(f"{shown(url)}: is no address that can be fetched; check it") from error
            if not response.is_redirect:
                return response
            target = urljoin(url, response.headers["location"])
            response.close()
            if urlsplit(target).netloc != urlsplit(url).netloc:
                # A key is for the host it was given for.
                headers = None
            url, params = target, None
        raise SourceError(f"{shown(first)}: more than {self._limits.redirects} redirects; check the address")

    def _wait_for(self, response: requests.Response, attempt: int) -> float:
        """What Retry-After asks for in seconds (a number or a date, RFC 9110 10.2.3), within bounds; else a pause."""
        asked = response.headers.get("Retry-After", "").strip()
        if asked.isdecimal():
            return min(float(asked[:9]), self._limits.longest_wait)
        moment = email.utils.parsedate_tz(asked)
        if moment is None:
            return pause(attempt)
        return min(max(0.0, email.utils.mktime_tz(moment) - time.time()), self._limits.longest_wait)


def _itself(response: requests.Response) -> requests.Response:
    return response


def check(url: str) -> None:
    """Raises FetchRefused for an address that is not one of http or https with a host."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        sound = False
    if not sound:
        raise FetchRefused(f"{shown(url)}: only http and https addresses with a host are fetched")


def pause(attempt: int) -> float:
    """Seconds to wait before trying again: longer each time, and not the same for all who wait."""
    return float(min(0.25 * 2**attempt, 8) * random.uniform(0.5, 1))  # noqa: S311 - spreads retries, hides nothing


def shown(url: str) -> str:
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
