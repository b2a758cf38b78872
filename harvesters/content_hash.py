"""What tells whether a source's record is still the one that was read before."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec


def content_hash(raw: Any) -> str:
    """SHA-256 of a record's JSON with sorted keys, so that the order of its fields does not count.

    A lone surrogate has no UTF-8 form; its escape is hashed in its place.
    """
    try:
        encoded = msgspec.json.encode(raw, order="sorted")
    except UnicodeEncodeError:
        encoded = repr(raw).encode("utf-8", "backslashreplace")
    return hashlib.sha256(encoded).hexdigest()
