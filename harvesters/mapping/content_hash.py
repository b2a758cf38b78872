"""A hash that shows whether a record has changed since it was last read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec


def content_hash(raw: Any, beside: Sequence[str] = ()) -> str:
    """SHA-256 of a record's JSON with sorted keys, so that the order of its fields does not count.

    beside: what the source says of it elsewhere. The dates of its catalogue record are among it, for they are shown and
    scored; CKAN's metadata_modified and a DCAT-AP catalogue record are in the record itself and count just so.
    A lone surrogate has no UTF-8 form; its escape is hashed in its place.
    """
    whole = [raw, *beside] if beside else raw
    try:
        encoded = msgspec.json.encode(whole, order="sorted")
    except UnicodeEncodeError:
        encoded = repr(whole).encode("utf-8", "backslashreplace")
    return hashlib.sha256(encoded).hexdigest()
