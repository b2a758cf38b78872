"""Bytes of a metadata file to text: byte order marks, charsets other than UTF-8, bytes that belong to none.

JSON is UTF-8 (RFC 8259, section 8.1). What agencies serve is not always: files saved by Windows programs carry a byte
order mark, are UTF-16, or hold single bytes of Windows-1252 in otherwise clean UTF-8. All of it is read; every guessed
character is marked, so that the record that holds it can be told (`repair.repaired`).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

# A noncharacter (Unicode 23.7), never part of interchanged text: it precedes a character that was guessed.
GUESSED = "\ufdd0"

CHUNK = 256 * 1024  # bytes

_ERRORS = "aivision-guess"

# The longest first: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# JSON begins with two ASCII characters, so that the zero bytes among its first four tell the charset (RFC 4627, 3).
_ZEROS: dict[tuple[bool, ...], str] = {
    (True, True, True, False): "utf-32-be",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (False, True, False, True): "utf-16-le",
}


def _guess(error: UnicodeError) -> tuple[str, int]:
    """Stands in for bytes that are not of the charset: Windows-1252 where it has them, else U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    seen = error.object[error.start : error.end]
    if not error.encoding.lower().replace("_", "-").startswith("utf-8"):
        return GUESSED + "\ufffd", error.end
    return "".join(GUESSED + bytes((byte,)).decode("cp1252", "replace") for byte in seen), error.end


codecs.register_error(_ERRORS, _guess)


def text_of(body: bytes) -> str:
    """A whole body as text; see `text_chunks`."""
    charset, mark = _charset(body[:4])
    return body[mark:].decode(charset, _ERRORS)


def text_chunks(file: BinaryIO) -> Iterator[str]:
    """The text of a file, in pieces of about CHUNK characters, whatever its charset.

    file: is read from where it stands; what its `read` raises passes through.
    """
    head = b""
    while len(head) < 4 and (chunk := file.read(CHUNK)):
        head += chunk
    charset, mark = _charset(head[:4])
    decoder = codecs.getincrementaldecoder(charset)(_ERRORS)
    yield decoder.decode(head[mark:])
    while chunk := file.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _charset(head: bytes) -> tuple[str, int]:
    """The charset that the first four bytes tell, and the length of the byte order mark."""
    for mark, charset in _MARKS:
        if head.startswith(mark):
            return charset, len(mark)
    zeros = tuple(byte == 0 for byte in head)
    return _ZEROS.get(zeros, "utf-8"), 0
