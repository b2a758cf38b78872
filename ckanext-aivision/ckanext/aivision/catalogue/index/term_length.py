"""Shorten values that are too long for Solr."""

from __future__ import annotations

from typing import Any

# Lucene refuses a single term of more than 32,766 bytes; an extra field is one term.
LONGEST_TERM_BYTES = 32_000
# These are analysed or stored whole, and may be longer.
_LONG_FIELDS = {"data_dict", "validated_data_dict", "notes", "title", "text", "res_description", "res_url"}


def shortened(document: dict[str, Any]) -> dict[str, Any]:
    """A Solr document whose single terms are short enough; a longer value is searchable by its beginning."""
    for key, value in document.items():
        if isinstance(value, str) and key not in _LONG_FIELDS and len(value) > LONGEST_TERM_BYTES // 4:
            encoded = value.encode("utf-8", "replace")
            if len(encoded) > LONGEST_TERM_BYTES:
                document[key] = encoded[:LONGEST_TERM_BYTES].decode("utf-8", "ignore")
    return document
