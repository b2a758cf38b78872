"""A badge: two words and a colour, as an SVG image that other sites embed (SVG 1.1)."""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST, _LONGEST_ABOUT = 60, 300
_HEIGHT, _MARGIN = 20, 7
# Of Verdana at 11 pixels: what is narrower or wider than most.
_USUAL = 7.0
_WIDTHS = {**dict.fromkeys("ijl.,:;'|!", 4.0), **dict.fromkeys(" ft()", 4.6), **dict.fromkeys("mwMW%", 10.5)}
# Those of the grades on pages: white text on each has a contrast of at least 5 to 1.
_COLOURS = {"A": "#00573f", "B": "#2b6a1f", "C": "#7a5b00", "D": "#9a4400", "E": "#9b1c1c"}
_GREY, _DARK = "#4a4a4a", "#333"


class Badge(NamedTuple):
    """label, value: its words. grade: of its colour; empty for grey. about: for people who do not see it."""

    label: str
    value: str
    grade: str
    about: str


def write_badge(badge: Badge) -> bytes:
    """The image. Whatever the words hold is text in it, and it loads nothing."""
    label, value = _printable(badge.label, _LONGEST), _printable(badge.value, _LONGEST)
    about = _printable(badge.about, _LONGEST_ABOUT)
    left, right = _width(label), _width(value)
    colour = _COLOURS.get(badge.grade, _GREY)
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" role="img" \
aria-label={quoteattr(about)}>
<title>{escape(about)}</title>
<clipPath id="r"><rect width="{left + right}" height="{_HEIGHT}" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="{left}" height="{_HEIGHT}" fill="{_DARK}"/>\
<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{colour}"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle" \
aria-hidden="true">{_text(label, left / 2, left)}{_text(value, left + right / 2, right)}</g>
</svg>
"""
    return svg.encode()


def _text(words: str, middle: float, width: int) -> str:
    # The length is set, so that it fits whatever fonts there are.
    return f'<text x="{middle:g}" y="14" textLength="{width - 2 * _MARGIN}">{escape(words)}</text>'


def _width(words: str) -> int:
    return round(sum(_WIDTHS.get(character, _USUAL) for character in words)) + 2 * _MARGIN


def _printable(words: str, longest: int) -> str:
    clean = _NOT_XML.sub("", words)
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"
