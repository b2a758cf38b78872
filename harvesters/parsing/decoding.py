"""Bytes of a metadata file to text: byte order marks, charsets other than UTF-8, bytes that belong to none.

JSON is UTF-8 (RFC 8259, section 8.1). What agencies serve is not always: files saved by Windows programs carry a byte
order mark, are UTF-16, or hold single bytes of Windows-1252 in otherwise clean UTF-8. All of it is read; every guessed
character is marked, so that its record can be reported (`repair.repaired`).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Protocol

from ckanext.aivision.errors import Problem

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


class Readable(Protocol):
    """What bytes can be read from: a file, a body from the net, what either unpacks to."""

    def read(self, size: int = -1, /) -> bytes: ...


class Opened(Readable, Protocol):
    """A document that is open: a file, or a body from the net."""

    @property
    def is_delimited(self) -> bool:
        """Whether it shows where it ends, so that one that was cut is an error."""


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
    charset, mark = detect_charset(body[:4])
    return body[mark:].decode(charset, _ERRORS)


def text_chunks(file: Readable, declared: str = "", remarks: list[Problem] | None = None) -> Iterator[str]:
    """The text of a file, in pieces of about CHUNK characters, whatever its charset.

    file: is read from where it stands; what its `read` raises passes through.
    declared: the charset that the server says the file has; it counts where the bytes are not UTF-8 after all.
    remarks: is told where the file is not plain UTF-8 without a mark, as JSON must be between systems.
    """
    head = b""
    while len(head) < CHUNK and (chunk := file.read(CHUNK)):
        head += chunk
    charset, mark = detect_charset(head[:4])
    told = _Told(remarks if remarks is not None else [])
    if mark:
        told("byte-order-mark", f"the file begins with a byte order mark of {charset}")
    elif charset == "utf-8":
        charset = _choose_charset(head, _known(declared), told)
    if not charset.startswith("utf-8"):
        told("charset-not-utf-8", f"the file is in {charset}, but JSON must be UTF-8")
    decoder = codecs.getincrementaldecoder(charset)(_ERRORS)
    yield decoder.decode(head[mark:])
    while chunk := file.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


class _Told:
    """Remarks on the charset of a source, each kind once though it has many pages."""

    def __init__(self, remarks: list[Problem]) -> None:
        self._remarks = remarks

    def __call__(self, code: str, seen: str) -> None:
        if all(remark.code != code for remark in self._remarks):
            self._remarks.append(
                Problem(code, "$", f"{seen}; it was read anyway: save the file as UTF-8 without a byte order mark")
            )


def _choose_charset(head: bytes, declared: str, told: _Told) -> str:
    """UTF-8, or the declared charset where the beginning of the file is no UTF-8."""
    if not declared or declared == "utf-8":
        return "utf-8"
    try:
        # The end may be in the middle of a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return declared
    if not head.isascii():
        told("charset-misdeclared", f"the server says that the file is in {declared}, but it is in UTF-8")
    return "utf-8"


def _known(declared: str) -> str:
    """Python's name of a charset of text; empty for one it does not have. ISO 8859-1 is Windows-1252 on the web."""
    try:
        name = codecs.lookup(declared).name if declared else ""
        b"{}".decode(name or "utf-8")
    except (LookupError, ValueError):
        return ""
    return "cp1252" if name in ("iso8859-1", "ascii") else name


def detect_charset(head: bytes) -> tuple[str, int]:
    """The charset that the first four bytes tell, and the length of the byte order mark."""
    for mark, charset in _MARKS:
        if head.startswith(mark):
            return charset, len(mark)
    zeros = tuple(byte == 0 for byte in head)
    return _ZEROS.get(zeros, "utf-8"), 0
