"""The one way to HTTP: guarded, bounded, polite.

Proxies and .netrc of the environment are not used: behind a proxy the address that is connected to cannot be checked.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import random
import time
import zlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO, cast
from urllib.parse import urljoin, urlsplit

import msgspec
import requests
import urllib3

from ckanext.aivision import __version__
from ckanext.aivision.errors import FetchRefused, SourceError
from ckanext.aivision.harvesters.network import GuardedAdapter
from ckanext.aivision.harvesters.repair import repair_document

USER_AGENT = f"ckanext-aivision/{__version__} (harvester of public metadata; one request at a time)"
_RETRIED = (429, 500, 502, 503, 504)
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, zlib.error, EOFError)


class Limits(msgspec.Struct, frozen=True):
    """What one fetch may take: seconds and bytes. ratio: how many times its size a body may decompress to."""

    connect: float = 10
    read: float = 60
    total: float = 3600
    body: int = 4 * 2**30
    page: int = 256 * 2**20
    ratio: int = 200
    ratio_from: int = 64 * 2**20
    redirects: int = 5
    retries: int = 4
    longest_wait: float = 120


class Session:
    """An HTTP session for harvesting. Use as a context: leaving it closes its connections."""

    def __init__(self, allow_hosts: Collection[str] = (), limits: Limits | None = None) -> None:
        """allow_hosts: `host` or `host:port` on private networks that may be fetched all the same."""
        self._limits = limits or Limits()
        self._requests = requests.Session()
        self._requests.trust_env = False
        self._requests.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._requests.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"})
        adapter = GuardedAdapter(allow_hosts)
        self._requests.mount("http://", adapter)
        self._requests.mount("https://", adapter)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._requests.close()

    @contextlib.contextmanager
    def stream(self, url: str) -> Iterator[BinaryIO]:
        """A body as a binary file, decompressed, within the limits.

        Raises SourceError where it cannot be had; reading raises SourceError where it breaks off.
        """
        response = self._open(url, None, None)
        try:
            yield cast(BinaryIO, Body(response, self._limits, self._limits.body))
        finally:
            response.close()

    def json(
        self, url: str, params: Mapping[str, str | int] | None = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """The JSON of a page. A body that breaks off or is no JSON counts as a passing fault and is tried again.

        Raises SourceError when that goes on, or the answer is an error.
        """
        problem: Exception | None = None
        for attempt in range(self._limits.retries + 1):
            if attempt:
                time.sleep(_pause(attempt))
            response = self._open(url, params, headers)
            try:
                body = Body(response, self._limits, self._limits.page).read()
                return json.loads(repair_document(body))
            except FetchRefused:
                raise
            except (SourceError, ValueError, RecursionError) as error:
                problem = error
            finally:
                response.close()
        reason = problem if isinstance(problem, SourceError) else "the answer is not JSON"
        raise SourceError(f"{_shown(url)}: {reason}; tried {self._limits.retries + 1} times")

    def _open(
        self, url: str, params: Mapping[str, str | int] | None, headers: Mapping[str, str] | None
    ) -> requests.Response:
        """The answer to a GET, with status 200, after redirects and retries."""
        attempt = 0
        while True:
            try:
                response = self._follow(url, params, headers)
            except _FAILURES as error:
                wait, reason = _pause(attempt + 1), _reason(error)
            else:
                if response.status_code == 200:
                    return response
                wait, reason = self._wait_for(response, attempt + 1), f"the server answered {response.status_code}"
                response.close()
                if response.status_code not in _RETRIED:
                    raise SourceError(f"{_shown(url)}: {reason}; check the address")
            if attempt == self._limits.retries:
                raise SourceError(f"{_shown(url)}: {reason}; tried {attempt + 1} times, try again later")
            attempt += 1
            time.sleep(wait)

    def _follow(
        self, url: str, params: Mapping[str, str | int] | None, headers: Mapping[str, str] | None
    ) -> requests.Response:
        given = headers
        for _ in range(self._limits.redirects + 1):
            if urlsplit(url).scheme not in ("http", "https"):
                raise FetchRefused(f"{_shown(url)}: only http and https are fetched")
            response = self._requests.get(
                url,
                params=dict(params) if params else None,
                headers=dict(given) if given else None,
                stream=True,
                allow_redirects=False,
                timeout=(self._limits.connect, self._limits.read),
            )
            if not response.is_redirect:
                return response
            target = urljoin(response.url, response.headers["location"])
            response.close()
            if urlsplit(target).netloc != urlsplit(response.url).netloc:
                # A key is for the host it was given for.
                given = None
            url, params = target, None
        raise SourceError(f"{_shown(url)}: more than {self._limits.redirects} redirects")

    def _wait_for(self, response: requests.Response, attempt: int) -> float:
        """What Retry-After asks for in seconds, within bounds, else a growing pause."""
        asked = response.headers.get("Retry-After", "")
        return min(float(asked), self._limits.longest_wait) if asked.isdigit() else _pause(attempt)


class Body:
    """A response's body as a readable file: decompressed, counted, bounded in size and time."""

    def __init__(self, response: requests.Response, limits: Limits, most: int) -> None:
        self._url = _shown(response.url)
        self._limits, self._most = limits, most
        self._deadline = time.monotonic() + limits.total
        self._raw = _Counted(response.raw)
        packed = response.headers.get("Content-Encoding", "").lower() in ("gzip", "x-gzip")
        self._file: Any = gzip.GzipFile(fileobj=cast(BinaryIO, self._raw)) if packed else self._raw
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, or all. Raises SourceError where the body breaks off, FetchRefused over a limit."""
        if size < 0:
            return b"".join(iter(lambda: self.read(2**20), b""))
        try:
            chunk: bytes = self._file.read(size)
        except _FAILURES as error:
            raise SourceError(f"{self._url}: broke off after {self._read:,} bytes ({_reason(error)})") from error
        self._read += len(chunk)
        if self._read > self._most:
            raise FetchRefused(f"{self._url}: is larger than {self._most:,} bytes; nothing more is read")
        if self._read > self._limits.ratio_from and self._read > self._limits.ratio * max(1, self._raw.count):
            raise FetchRefused(f"{self._url}: decompresses to more than {self._limits.ratio} times its size; refused")
        if time.monotonic() > self._deadline:
            raise FetchRefused(f"{self._url}: took longer than {self._limits.total:.0f} s; nothing more is read")
        return chunk


class _Counted:
    """The raw body, with the bytes that came over the wire counted."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        chunk: bytes = self._raw.read(None if size < 0 else size, decode_content=False)
        self.count += len(chunk)
        return chunk


def _pause(attempt: int) -> float:
    return min(0.25 * 2**attempt, 8) * random.uniform(0.5, 1)  # noqa: S311 - spreads retries, hides nothing


def _shown(url: str) -> str:
    """An address for a message: without credentials and query, which may hold a key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _reason(error: Exception) -> str:
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)):
        return "the server is too slow"
    if "does not resolve" in str(error):
        return "its host name does not resolve"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate cannot be verified"
    return "the connection failed"
