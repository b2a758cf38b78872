"""Text of records: plain words out of HTML, scalars out of untrusted JSON, placeholders told from content."""

from __future__ import annotations

import functools
import html
import re

import nh3

# Beyond this length a description is no longer read: the longest real one is under 60,000 characters.
LONGEST_TEXT = 100_000

_BLOCK_END = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^<>]{0,200}>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PLACEHOLDER = re.compile(
    r"(?:n/?a|n\.a\.?|null|nil|none|not applicable|not available|not provided|not specified|tbd|tbc|tba|unknown|test|"
    r"todo|to be (?:determined|confirmed|added|completed)|no description(?: (?:available|provided|given))?\.?|"
    r"\{\{.{0,100}\}\}|\[.{0,3}\]|[-.?_x\s]*|lorem ipsum.{0,2000}|description|title|trial the data: null)\.?",
    re.IGNORECASE | re.DOTALL,
)


@functools.lru_cache(maxsize=4096)
def plain(markup: str | None) -> str:
    """Plain text: tags and entities out, ends of blocks as spaces, white space folded, at most 100,000 characters."""
    if not markup:
        return ""
    text = markup[:LONGEST_TEXT]
    if "<" in text:
        text = nh3.clean(_BLOCK_END.sub(" ", repaired(text)), tags=set())
    if "&" in text:
        # Some portals escape twice.
        text = html.unescape(html.unescape(text))
    return _SPACE.sub(" ", text).strip()


def is_placeholder(text: str) -> bool:
    """Whether a text stands where nothing was said: `N/A`, `TBD`, `{{description}}`, `null` ..."""
    return _PLACEHOLDER.fullmatch(text[:2200].strip()) is not None


def repaired(text: str) -> str:
    """The text with lone surrogates, which no encoding can carry, as U+FFFD."""
    return _LONE_SURROGATE.sub("�", text)


def one(value: object) -> str | None:
    """A scalar of untrusted JSON as stripped text; None for an empty one and for lists and objects."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return None


def many(value: object) -> list[str]:
    """A list, or a single scalar, as distinct stripped texts in their order."""
    values = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(text for item in values if (text := one(item)) is not None))
