"""JSON-LD as text that can stand in a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckanext.aivision.normalise.text import repaired

# Neither the end of the script, a comment, an entity nor a line end of JavaScript can be read into the text.
_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def to_script(document: Mapping[str, Any], indent: int | None = None) -> str:
    """A document for `<script type="application/ld+json">`; also a document of its own.

    Source: JSON-LD 1.1, 7.2, restrictions for contents of JSON-LD script elements.
    """
    return repaired(json.dumps(document, ensure_ascii=False, indent=indent)).translate(_ESCAPES)
