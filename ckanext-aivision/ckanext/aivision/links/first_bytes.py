"""What a body is by its first bytes: a web page, or something else (WHATWG MIME Sniffing Standard, 7.1)."""

from __future__ import annotations

import re
import zlib
from typing import Literal

LOOKED_AT = 4096  # bytes
_TAGS = b"!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link"
_PAGE = re.compile(rb"<(?:(?:" + _TAGS + rb")[\s>/]|!--)", re.IGNORECASE)
_XHTML = re.compile(rb"<\?xml[^>]*\?>\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE | re.DOTALL)
_ERROR = re.compile(
    rb"\{\s*(?:\"(?:help|success)\"\s*:\s*(?:false|\"[^\"]*\")\s*,\s*){0,2}\"error\"\s*:\s*"
    rb"(?:\"|\{[^{}]*\"(?:code|message|__type|messageCode|details)\"\s*:)"
)
# gzip or zlib, whichever it is.
_WINDOWS = 47


def form_of(data: bytes) -> Literal["", "html", "other"]:
    """`html` or `other`; empty if there is nothing to tell it by."""
    text = data[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data[2:LOOKED_AT].replace(b"\x00", b"").lstrip()
    if not text:
        return ""
    return "html" if _PAGE.match(text) or _XHTML.match(text) else "other"


def is_error_message(data: bytes) -> bool:
    """Whether a body is an error message in JSON, as ArcGIS and CKAN give it with status 200."""
    return _ERROR.match(data[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()) is not None


def unpacked(data: bytes, encoding: str) -> bytes:
    """The first bytes of a body before its Content-Encoding; empty if that is none that we read.

    Never more than 4,096 bytes, to whatever the data decompress.
    """
    if encoding in ("", "identity"):
        return data
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return b""
    try:
        return zlib.decompressobj(_WINDOWS).decompress(data, LOOKED_AT)
    except zlib.error:
        return b""
