"""What keeps an outsider from understanding a text: long sentences, unexplained abbreviations, all capitals.

Only the opening is judged: it is what lists of search results and most readers see, and a steward who adds technical
detail further down loses nothing by it. HTML that was left in is not held against a text: many portals ask for it, and
what is shown is `normalise.text.plain`.
"""

from __future__ import annotations

import functools
import re

from ckanext.aivision.normalise.vocabulary import rows

OPENING = 600
# Both governments advise 20 to 25 words a sentence; a mean beyond this is far from it.
MOST_WORDS = 30
# One or two abbreviations a reader can look up.
MOST_ABBREVIATIONS = 2

# Where a reader may take breath. Counting is ten times as fast as splitting, and errs on the lenient side (`U.S. `).
_PAUSES = (". ", "! ", "? ", "; ", ": ", " • ", " * ", " - ", " – ")
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9]{2,7}")
_EXPLAINED = re.compile(r"\(([A-Z][A-Z0-9]{2,7})s?\)|\b([A-Z][A-Z0-9]{2,7})s? \((?=[A-Z][a-z])")
_AROUND_WORDS = "()[]{}<>\"'“”‘’.,;:!?/*_-"
_UPPER_CASE, _LOWER_CASE = bytes(range(65, 91)), bytes(range(97, 123))


def obstacles(title: str, text: str, publishers: tuple[str, ...]) -> list[str]:
    """What stands in the way of the opening of a text, in words; empty if nothing does.

    text: plain text. publishers: names of the publisher and of those above it, whose initials need no explanation.
    """
    opening = text[:OPENING]
    words = opening.split()
    if _in_capitals(opening):
        found = ["written in capitals"]
    elif jargon := _unexplained(title, opening, words, publishers):
        found = [f"without explanation: {', '.join(sorted(jargon)[:5])}"]
    else:
        found = []
    mean = len(words) / (1 + sum(map(opening.count, _PAUSES)))
    if mean > MOST_WORDS:
        found.append(f"{mean:.0f} words per sentence")
    return found


def _in_capitals(opening: str) -> bool:
    letters = opening.encode("ascii", "ignore")
    upper = len(letters) - len(letters.translate(None, _UPPER_CASE))
    return upper > len(letters) - len(letters.translate(None, _LOWER_CASE))


def _unexplained(title: str, opening: str, words: list[str], publishers: tuple[str, ...]) -> set[str]:
    """The abbreviations that nothing explains, where they are too many; else none."""
    stripped = {word.strip(_AROUND_WORDS) for word in filter(str.isupper, words)}
    found = {word for word in stripped if _ABBREVIATION.fullmatch(word)} - _known()
    if len(found) > MOST_ABBREVIATIONS:
        found.difference_update(*map(_initials, publishers))
        found -= {first or second for first, second in _EXPLAINED.findall(f"{title} {opening}")}
    return found if len(found) > MOST_ABBREVIATIONS else set()


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(row["abbreviation"] for row in rows("abbreviations"))


@functools.lru_cache(maxsize=1024)
def _initials(name: str) -> frozenset[str]:
    """The abbreviations in a name, and its initials."""
    initials = "".join(word[0] for word in name.split() if word[0].isupper())
    return frozenset((initials, *(word.strip(_AROUND_WORDS) for word in name.split() if word.isupper())))
