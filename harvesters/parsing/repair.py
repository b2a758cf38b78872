"""Makes one record's JSON fit to be kept: text that has a UTF-8 form, no zero characters, brackets of a sane depth."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.parsing.decoding import GUESSED
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.normalise.web.credentials import mask

# Deeper than any real record (a GeoJSON multipolygon has 8 levels), shallower than any program's own limit.
MAX_DEPTH = 64

# Repairs that the readers of JSON (`JsonText.mended`) and YAML make, and what to tell about them.
_READING = {
    "nan": ("number-not-json", "NaN or Infinity is not valid JSON and was read as null: leave the member out"),
    "number": ("number-too-large", "a number too large for 64 bits was kept as text: write it as text"),
    "repeated": ("member-repeated", "a member appears twice and its first filled value was kept: write it once"),
    "control": ("control-character", "a text contains an unescaped control character, such as a line feed: escape it"),
}
_REPLACED = "bytes or escapes that are not valid characters were replaced: save the file as UTF-8"

_GUESSED = GUESSED.encode()
_odd_character = re.compile(f"[\0\ud800-\udfff{GUESSED}]")
_odd_escape = re.compile(r"\\u(?:0000|d[89a-f]|fdd0)", re.IGNORECASE)
_surrogate = re.compile("[\ud800-\udfff]")


def is_sound(text: JsonText) -> bool:
    """Whether the value that was read last can be kept as it is, as far as its text shows; where not, `repaired` tells.

    Looking into the text costs a tenth of looking into the value. It has at least as many brackets as the value levels.
    """
    if text.mended:
        return False
    written = text.last_text()
    if written.count("[") + written.count("{") > MAX_DEPTH or ("\\u" in written and _odd_escape.search(written)):
        return False
    return written.isascii() or _odd_character.search(written) is None


def repaired(value: Any, mended: Collection[str], where: str) -> tuple[Any, list[Problem]]:
    """A record as it can be kept, and what was mended in it.

    value: JSON types. mended: what the JSON reader mended in it. where: the record's place, a JSON path.
    A record that cannot be kept comes back as None with a Problem of severity `error`.
    """
    problems = [_mend(item, where) for item in sorted(mended)]
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:
        deep, unclean = _depth(value) > MAX_DEPTH, True
    except RecursionError:
        deep, unclean = True, False
    else:
        # Counting brackets is cheap and never too low; only records with many are walked.
        deep = encoded.count(b"[") + encoded.count(b"{") > MAX_DEPTH and _depth(value) > MAX_DEPTH
        unclean = _GUESSED in encoded or b"\\u0000" in encoded
    if deep:
        message = f"more than {MAX_DEPTH} levels of nesting: use plain members"
        return None, [*problems, Problem("nested-too-deeply", where, message, "error")]
    if unclean:
        value = _clean(value, where, problems)
    return value, problems


def _mend(item: str, where: str) -> Problem:
    """What a reader has mended. item: of `JsonText.mended`."""
    name, _, seen = item.partition(":")
    code, message = _READING[name]
    # The value stands for nothing that can be kept as it is; a text of it can.
    return Problem(
        code, where, message, seen=mask(_surrogate.sub("\ufffd", seen.replace("\0", "").replace(GUESSED, "")))
    )


def _depth(value: Any) -> int:
    """Levels of brackets, counted level by level so that no depth can exhaust the stack."""
    level, depth = [value], 0
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return depth


def _clean(value: Any, where: str, problems: list[Problem]) -> Any:
    """The value with every text clean; a Problem for each text that had to be mended."""
    if isinstance(value, str):
        return _clean_text(value, where, problems)
    if isinstance(value, list):
        return [_clean(item, f"{where}[{index}]", problems) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {
            (name := _clean_text(key, where, problems)): _clean(item, f"{where}.{name}", problems)
            for key, item in value.items()
        }
    return value


def _clean_text(text: str, where: str, problems: list[Problem]) -> str:
    if text.isascii() and "\0" not in text:
        return text
    clean = _surrogate.sub("\ufffd", text.replace("\0", "").replace(GUESSED, ""))
    if clean != text:
        problems.append(Problem("character-repaired", where, _REPLACED, seen=clean[:200]))
    return clean
