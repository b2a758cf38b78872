"""Text of records: plain words out of HTML, scalars out of untrusted JSON, placeholders told from content."""

from __future__ import annotations

import functools
import html
import math
import re
from collections.abc import Iterator

import nh3

from ckanext.aivision.normalise.cache import cached

# Beyond this length a description is no longer read: the longest real one is under 60,000 characters.
LONGEST_TEXT = 100_000
_LONGEST_TREE = 10_000
# Numbers beyond 4,300 digits cannot be written as text at all (sys.set_int_max_str_digits).
_LARGEST_NUMBER_BITS = 4096
_LONGEST_PLACEHOLDER = 100

# Where a block begins as well: `<b>Usage</b><p>Data` are two words.
_BLOCK_EDGE = re.compile(
    r"</?(?:br|p|div|li|[uod]l|d[td]|h[1-6]|t[rdh]|table|section|article|blockquote|pre|hr)\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z][^<>]{0,2000}>", re.IGNORECASE)
# What `str.split` takes for white space in ASCII, the space apart.
_ASCII_SPACES = "\n\t\r\x0b\x0c\x1c\x1d\x1e\x1f"
# Line breaks that were escaped once too often, and the tabs beside them: two sentences become one by them.
_ESCAPED_BREAKS = re.compile(r"(?:\\r\\n|\\t)+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PLACEHOLDER = re.compile(
    r"(?:n/?a|n\.a\.?|#n/a|nan|null|nil|none(?: (?:given|provided|stated))?|"
    r"undefined|unspecified|unnamed|tbd|tbc|tba|todo|unknown|test|empty|"
    r"not (?:applicable|available|provided|specified|stated|supplied|known)|"
    r"to (?:follow|be (?:determined|confirmed|added|completed|supplied|advised))|coming soon|"
    r"(?:no (?:description|abstract|summary|title)|description)(?: (?:is|was|has been))?(?: (?:not )?(?:yet )?"
    r"(?:available|provided|given|supplied|entered|added))?|"
    r"(?:insert|enter|add)(?: (?:a|the|your))? (?:description|text|title)(?: here)?|placeholder(?: text)?|"
    r"\{\{.{0,90}\}\}|\[object object\]|\[.{0,3}\]|[-.?_x\s]*|title|trial the data: null)[.!]?",
    re.IGNORECASE | re.DOTALL,
)
_DUMMY_TEXT = re.compile(r"lorem ipsum\b", re.IGNORECASE)
# The ASCII characters that either can begin with; most texts begin with another.
_BEGINNINGS = frozenset("".join(map(chr, range(33))) + ".!#-?[_{" + "acdeilnputx" + "ACDEILNPUTX")


@cached(4096)
def _plain(markup: str) -> str:
    text = repaired(markup[:LONGEST_TEXT])
    if "<" in text:
        text = _stripped(text)
    if "&" in text:
        # Some portals escape twice, and some escape their HTML.
        text = html.unescape(html.unescape(text))
        if _TAG.search(text):
            text = html.unescape(_stripped(text))
    if "\\r\\n" in text:
        text = _ESCAPED_BREAKS.sub(" ", text)
    return folded_space(text)


def folded_space(text: str) -> str:
    """The text with all white space as single spaces, and none around it. Most texts are so already, and are kept."""
    if text.isascii() and "  " not in text and not any(space in text for space in _ASCII_SPACES):
        return text.strip(" ")
    return " ".join(text.split())


def _stripped(text: str) -> str:
    """Escaped text without tags."""
    spaced = _BLOCK_EDGE.sub(" ", text)
    return "".join(nh3.clean(piece, tags=set()) for piece in _pieces(spaced))


def _pieces(text: str) -> Iterator[str]:
    """A text cut where tags begin: the time for a tree grows with the square of its depth, which may be hostile."""
    start = 0
    while len(text) - start > _LONGEST_TREE:
        cut = text.find("<", start + _LONGEST_TREE)
        if cut == -1:
            break
        yield text[start:cut]
        start = cut
    yield text[start:]


def plain(markup: str | None) -> str:
    """Plain text: tags and entities out, edges of blocks as spaces, white space folded, at most 100,000 characters."""
    return _plain(markup) if markup else ""


def is_placeholder(text: str) -> bool:
    """Whether a text stands where nothing was said: `N/A`, `TBD`, `{{description}}`, `null` ..."""
    if text and (first := text[0]) not in _BEGINNINGS and first.isascii():
        return False
    short = text[: _LONGEST_PLACEHOLDER + 1].strip()
    if len(short) > _LONGEST_PLACEHOLDER or (len(text) > len(short) and text[_LONGEST_PLACEHOLDER + 1 :].strip()):
        return _DUMMY_TEXT.match(short) is not None
    return _says_nothing(short)


@functools.lru_cache(8192)
def _says_nothing(short: str) -> bool:
    return _PLACEHOLDER.fullmatch(short) is not None or _DUMMY_TEXT.match(short) is not None


def repaired(text: str) -> str:
    """The text with lone surrogates, which no encoding can carry, as U+FFFD."""
    return text if text.isascii() else _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def one(value: object) -> str | None:
    """A scalar of untrusted JSON as stripped text; None for an empty one, for lists and objects, and for no number."""
    if type(value) is str:
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() <= _LARGEST_NUMBER_BITS else None
    if isinstance(value, float):
        return str(value) if math.isfinite(value) else None
    return None


def many(value: object) -> list[str]:
    """A list, or a single scalar, as distinct stripped texts in their order."""
    found: dict[str, None] = {}
    for item in value if isinstance(value, list) else [value]:
        text = item.strip() if type(item) is str else one(item)
        if text:
            found[text] = None
    return list(found)
