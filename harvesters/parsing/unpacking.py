"""Open documents: unpack gzip, peek at the first bytes, and report errors as errors of the source."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO, cast

from ckanext.aivision.errors import SourceError, UsageError
from ckanext.aivision.harvesters.parsing.decoding import Opened, Readable

_GZIP = b"\x1f\x8b"
_HEAD = 256 * 1024  # bytes that show what a document is


class OpenFile(io.BufferedReader):
    """A file on this machine: where it ends is no sign that it is whole."""

    is_delimited = False


def open_file(path: str) -> OpenFile:
    """A file, open for reading. Raises UsageError if it cannot be opened."""
    try:
        return OpenFile(io.FileIO(path))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error


class Unpacked:
    """A readable file whose content is decompressed where it is gzipped, and whose faults are the source's.

    Wraps a body from the net as well: some portals serve data.json.gz as a file.

    is_delimited: whether the file, or the answer that it came in, shows where it ends. A cut one is then an error.
    """

    def __init__(self, file: Opened, name: str) -> None:
        self._name = name
        head = self._filled(file)
        self._file: Readable = _Rejoined(head, file)
        # The trailer of gzip (RFC 1952, 2.3.1) shows where it ends.
        self.is_delimited = head.startswith(_GZIP) or file.is_delimited
        if head.startswith(_GZIP):
            self._file = gzip.GzipFile(fileobj=cast(BinaryIO, self._file))

    def read(self, size: int = -1) -> bytes:
        try:
            content: bytes = self._file.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(f"{self._name}: the file is truncated or damaged ({error}); download it again") from error
        return content

    @staticmethod
    def _filled(file: Readable) -> bytes:
        head = b""
        while len(head) < len(_GZIP) and (chunk := file.read(len(_GZIP) - len(head))):
            head += chunk
        return head


class _Rejoined:
    """A file together with the bytes that were already taken from its beginning."""

    def __init__(self, head: bytes, file: Readable) -> None:
        self._head, self._file = head, file

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._file.read(size)
        head, self._head = self._head, b""
        if 0 <= size < len(head):
            head, self._head = head[:size], head[size:]
        return head


def read_head(file: Readable) -> tuple[bytes, Readable]:
    """The first bytes of a file, and the whole of it."""
    head = b""
    while len(head) < _HEAD and (chunk := file.read(_HEAD - len(head))):
        head += chunk
    return head, _Rejoined(head, file)
