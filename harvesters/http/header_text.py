"""Headers of answers as they were meant."""

from __future__ import annotations


def header_text(header: str) -> str:
    """A header that was sent in UTF-8, which is read as ISO 8859-1 (RFC 9110, 5.5); others as they are."""
    try:
        return header.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return header
