"""Bytes that should be JSON in UTF-8 and are not quite: byte-order marks, other charsets, lone surrogates.

Half a surrogate pair becomes U+FFFD, and the number of repairs is kept: a source's mistakes are told, never hidden.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import BinaryIO

# An escape of half a surrogate pair (RFC 8259, section 8.2), where its backslash is not itself escaped.
_LONE = re.compile(
    rb"(?<!\\)((?:\\\\)*)(?:"
    rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Held back between chunks, so that no escape pair is cut in two.
_TAIL = 12


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("windows-1252", "replace"), error.end


codecs.register_error("windows-1252-instead", _windows_1252)


class RepairedStream:
    """A readable file over another one: always UTF-8 without a mark, without lone surrogates."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._tail = b""
        self._started = self._ended = False
        self._decoder: codecs.IncrementalDecoder | None = None
        self._encoding = "utf-8"
        self.repairs = 0

    def read(self, size: int = 2**16) -> bytes:
        """About `size` bytes; empty at the end only."""
        if size == 0:
            return b""
        while not self._ended:
            chunk = self._next(max(size, 2**12))
            if chunk:
                return chunk
        return b""

    def peek(self) -> bytes:
        """The first bytes of the document, white space off; they will be read all the same."""
        while len(self._tail.lstrip()) < 2**12 and not self._ended:
            chunk = self._decoded(2**16)
            if not chunk:
                break
            self._tail += chunk
        return self._tail.lstrip()[: 2**12]

    def _next(self, size: int) -> bytes:
        chunk = self._decoded(size)
        data = self._tail + chunk
        if chunk:
            cut = max(len(data) - _TAIL, 0)
            # An escape must not be cut off from the backslashes before it.
            while cut and data[cut - 1 : cut] == b"\\":
                cut -= 1
            data, self._tail = data[:cut], data[cut:]
        else:
            self._ended, self._tail = True, b""
        if b"\\ud" in data or b"\\uD" in data:
            data = _LONE.sub(self._mend, data)
        return data

    def _mend(self, match: re.Match[bytes]) -> bytes:
        if match[2] is not None:
            return match[0]
        self.repairs += 1
        return match[1] + rb"\ufffd"

    def _decoded(self, size: int) -> bytes:
        raw = self._raw.read(size)
        if not self._started:
            self._started = True
            raw = self._without_mark(raw)
        if self._decoder is None:
            return raw
        state = self._decoder.getstate()
        try:
            text = self._decoder.decode(raw, final=not raw)
        except UnicodeDecodeError:
            self.repairs += 1
            text = self._lenient(state, raw)
        return text.encode("utf-8", "replace")

    def _lenient(self, state: tuple[bytes, int], raw: bytes) -> str:
        """Bytes that are no UTF-8 are read as Windows-1252, which they nearly always are."""
        if self._decoder is None:
            raise ValueError("nothing has been read yet")
        lenient = codecs.getincrementaldecoder(self._encoding)("windows-1252-instead")
        lenient.setstate(state)
        text = lenient.decode(raw, final=not raw)
        self._decoder.setstate(lenient.getstate())
        return text

    def _without_mark(self, raw: bytes) -> bytes:
        for mark, name in _BOMS:
            if raw.startswith(mark):
                raw, self._encoding = raw[len(mark) :], name
                self.repairs += 1
                break
        self._decoder = codecs.getincrementaldecoder(self._encoding)()
        return raw


def repair_document(body: bytes) -> bytes:
    """A whole document, repaired the same way."""
    stream = RepairedStream(io.BytesIO(body))
    return b"".join(iter(lambda: stream.read(2**20), b""))
