"""Keywords as CKAN tags (ckan.logic.validators: 2 to 100 letters, digits, spaces and `-_.`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NOT_ALLOWED = re.compile(r"[^\w \-.]+")
_SPACE = re.compile(r"\s+")
SHORTEST, LONGEST = 2, 100


def to_tags(keywords: Sequence[str]) -> list[dict[str, str]]:
    """Tags that CKAN takes, each once, in order. What has too little left for a tag is left out."""
    names = (_SPACE.sub(" ", _NOT_ALLOWED.sub(" ", keyword)).strip()[:LONGEST].strip() for keyword in keywords)
    return [{"name": name} for name in dict.fromkeys(names) if len(name) >= SHORTEST]
