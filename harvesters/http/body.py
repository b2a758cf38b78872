"""The body of an HTTP answer as a file: decompressed, limited in size and time, and resumed after an interruption."""

from __future__ import annotations

import email.message
import hashlib
import time
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import requests
import urllib3

from ckanext.aivision.errors import FetchRefused, SourceError
from ckanext.aivision.harvesters.http.limits import Limits

NOT_MODIFIED = 304
_GZIP_ONLY, _GZIP_MARK = 31, b"\x1f\x8b"
_PIECE = 64 * 1024  # bytes
_LONGEST_VALIDATOR = 1000  # characters
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError, zlib.error, EOFError)


class Validators(NamedTuple):
    """What tells one version of a document from another (RFC 9110, 8.8), as the server wrote it; empty if unsaid."""

    etag: str = ""
    last_modified: str = ""

    def conditions(self) -> dict[str, str]:
        """The headers that ask for the document only if it is another by now (RFC 9110, 13.1)."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


class Broken(SourceError):
    """A body that breaks off, or is not what it says: it may be whole the next time."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}; try again later")
        self.reason = reason


class Body:
    """A body as a readable file.

    unchanged: the server has said that the document is still the one that was asked about (304); the body is empty.
    validators: of the document, to ask about it the next time.
    """

    def __init__(
        self,
        opened: Callable[[], requests.Response],
        name: str,
        limits: Limits,
        most: int,
        deadline: float,
        resume: bool = True,
    ) -> None:
        """opened: gives the answer, and gives it again after a break. most: bytes that the body may decompress to.

        deadline: of time.monotonic(). resume: whether to ask again after a break; otherwise Broken is raised.
        """
        self._opened, self._name, self._limits, self._most = opened, name, limits, most
        self._deadline = deadline
        self._breaks_left = limits.retries if resume else 0
        self._read = 0
        self._digest = hashlib.blake2b()
        self._begin()

    @property
    def url(self) -> str:
        """Where the body came from, after redirects."""
        return self._response.url

    @property
    def is_delimited(self) -> bool:
        """Whether the answer itself shows where it ends: a length, chunks (RFC 9112, 6.3) or compression."""
        headers = self._response.headers
        return "Content-Length" in headers or "Transfer-Encoding" in headers or self._inflate is not None

    @property
    def content_type(self) -> str:
        return self._response.headers.get("Content-Type", "")

    def close(self) -> None:
        self._response.close()

    @property
    def charset(self) -> str:
        """The charset that the server declares (`Content-Type: application/json; charset=...`); empty for none."""
        declared = email.message.Message()
        declared["Content-Type"] = self._response.headers.get("Content-Type", "")
        return declared.get_content_charset("")

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, or all. Raises SourceError if the body breaks off, FetchRefused over a limit."""
        if self.unchanged:
            return b""
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        while True:
            try:
                chunk = self._piece(size)
            except _FAILURES as error:
                self._again(error)
            else:
                self._digest.update(chunk)
                self._read += len(chunk)
                self._check_limits()
                return chunk

    def _begin(self) -> None:
        self._response = self._opened()
        self.unchanged = self._response.status_code == NOT_MODIFIED
        self.validators = Validators(
            *(_clean_validator(self._response.headers.get(name)) for name in ("ETag", "Last-Modified"))
        )
        packed = self._response.headers.get("Content-Encoding", "").strip().lower()
        # A gzip wrapper round the deflated bytes; 47: gzip or zlib, whichever it is.
        windows = {"gzip": _GZIP_ONLY, "x-gzip": _GZIP_ONLY, "deflate": 47}
        self._inflate: Any = zlib.decompressobj(windows[packed]) if packed in windows else None
        self._windows = windows.get(packed, 0)
        self._wire = 0
        self._begun = b""

    def _piece(self, size: int) -> bytes:
        """The next bytes, at most `size`; empty at the end. What is decompressed is never more than was asked for."""
        if self._wire == 0 and self._windows == _GZIP_ONLY:
            begun = self._raw(_PIECE)
            while len(begun) == 1 and (more := self._raw(_PIECE)):
                begun += more
            self._begun = begun
            if begun and not begun.startswith(_GZIP_MARK):
                # Some servers announce compression for a body that they send as it is.
                self._inflate = None
        if self._inflate is None:
            return self._raw(size)
        while True:
            if self._inflate.eof:
                # A gzip file may have several members, one after the other.
                rest = self._inflate.unused_data or self._raw(_PIECE)
                if not rest:
                    return b""
                self._inflate = zlib.decompressobj(self._windows)
            else:
                rest = self._inflate.unconsumed_tail or self._raw(_PIECE)
                if not rest:
                    raise EOFError("the compressed response is truncated")
            if chunk := self._inflate.decompress(rest, size):
                return bytes(chunk)

    def _raw(self, size: int) -> bytes:
        if self._begun:
            begun, self._begun = self._begun[:size], self._begun[size:]
            return begun
        # read1 gives what is there; read would wait until all of `size` has dripped in.
        chunk: bytes = self._response.raw.read1(size, decode_content=False)
        self._wire += len(chunk)
        if time.monotonic() > self._deadline:
            raise FetchRefused(f"{self._name}: took longer than {self._limits.total:,.0f} s; reading was stopped")
        return chunk

    def _check_limits(self) -> None:
        if self._read > self._most:
            raise FetchRefused(f"{self._name}: is larger than {self._most:,} bytes; reading was stopped")
        if self._read > self._limits.ratio_from and self._read > self._limits.ratio * max(1, self._wire):
            raise FetchRefused(f"{self._name}: decompresses to more than {self._limits.ratio} times its size; refused")

    def _again(self, error: Exception) -> None:
        """After a break: opens the body again and passes over what was read, if it is the same. Else raises Broken."""
        self._response.close()
        if self._breaks_left == 0:
            raise Broken(self._name, f"stopped after {self._read:,} bytes") from error
        self._breaks_left -= 1
        self._begin()
        digest, left = hashlib.blake2b(), self._read
        while left:
            try:
                chunk = self._piece(min(left, _PIECE))
            except _FAILURES:
                return self._again(error)
            if not chunk:
                break
            digest.update(chunk)
            left -= len(chunk)
        if left or digest.digest() != self._digest.digest():
            raise Broken(self._name, f"stopped after {self._read:,} bytes and has changed since")


def _clean_validator(validator: str | None) -> str:
    """A validator that can be kept and sent back; anything longer or stranger is as good as none."""
    text = (validator or "").strip()
    return text if len(text) <= _LONGEST_VALIDATOR and text.isascii() and text.isprintable() else ""
