"""Tell what a text says about the dataset at hand from what would fit every dataset.

`The data may contain errors` fits every dataset; `readings before 1950 are missing` does not. What counts is a number,
a name, or a word that is not among those of `config/vocabularies/common_words.csv`. No list knows all filler, so a
long sentence needs more than one such word.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.scoring.facts.text.keyword_regex import Near

# In a sentence of up to so many words one word of its own is enough; in a longer one it takes two.
_SHORT_SENTENCE = 10
# Words of its own that a longer text must have: one in so many, at least two and at most `_MOST_NEEDED`.
_WORDS_TO_ONE, _MOST_NEEDED = 12, 5
# A number or a name tells as much as two other words.
_WORTH_OF_NAME = 2

_WORD = re.compile(r"([A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’]*(?:-[A-Za-zÀ-ÿ]+)*|\d[\d.,]*)")
# Numbers that stand in anybody's template: a version, a round share, the usual levels of confidence.
_ANY_NUMBER = re.compile(
    r"\b(?:version|release|edition|revision|v|no|iso)\.? ?\d[\d.]*|"
    r"\b(?:100|9[05]|99|[1-9]?[05])(?:\.0)? ?(?:%|per ?cent\b|percentage points?)|\b24/7\b|^\d{1,2}[.)] ",
    re.IGNORECASE,
)
# Letters to lower case, digits as they are, all else (hyphens too) to spaces: words by two calls that run in C.
_TO_WORDS = bytes(ord(chr(byte).lower()) if chr(byte).isalnum() and byte < 128 else ord(" ") for byte in range(256))
# Of a long description the opening is enough: 20 words of its own stand in it, or none.
_OPENING, _LEAST_LETTERS = 700, 2
# One in so many different words of a sentence must be its own.
_LEAST_DENSITY = 6
# So many commas, with hardly more than one word between them, make a list of keywords.
_MANY_COMMAS, _WORDS_OF_ITEM = 6, 1.3
_SENTENCE_END = frozenset(".!?:;•*")
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "'s", "’s")
# Sentences about the office that publishes, and not about its data.
_ABOUT_OFFICE = Near(
    r"\b(?:mission|vision) (?:of (?:the )?(?:\w{2,20} ){1,8}?)?(?:is|are) (?:to|a|an|the)\b|"
    r"\b(?:our|its|whose|their) (?:mission|vision|mandate)\b|\b(?:we|which|that|and) help you\b|^we help\b|"
    r"\b(?:is|are) (?:responsible for|committed to|dedicated to|tasked with|charged with|the independent)\b|"
    r"\b(?:strives|seeks) to\b",
    "mission of",
    "mission is",
    "mission are",
    "vision of",
    "vision is",
    "vision are",
    *(f"{whose} {what}" for whose in ("our", "its", "whose", "their") for what in ("mission", "vision", "mandate")),
    "responsible for",
    "committed to",
    "dedicated to",
    "tasked with",
    "charged with",
    "the independent",
    "we help",
    "help you",
    "strives to",
    "seeks to",
)


class Specifics(NamedTuple):
    """What a text says of its own, in lower case. names: numbers and names. words: others. length: of all words."""

    names: frozenset[str]
    words: frozenset[str]
    length: int

    def says_something(self, known: frozenset[str] = frozenset()) -> bool:
        """Whether there is enough of it. known: words of the title, of which all together count as one."""
        needed = 1 if self.length <= _SHORT_SENTENCE else min(_MOST_NEEDED, max(2, self.length // _WORDS_TO_ONE))
        names, words = self.names - known, self.words - known
        repeated = len(self.names) + len(self.words) > len(names) + len(words)
        return _WORTH_OF_NAME * len(names) + len(words) + repeated >= needed


@cached(4096)
def find_specifics(text: str) -> Specifics:
    """The numbers, names and uncommon words of a text; addresses and numbers of templates left out."""
    text = _without_addresses(text)
    if any(map(str.isdigit, text)):
        text = _ANY_NUMBER.sub(" ", text)
    common = load_common_words()
    names: set[str] = set()
    words: set[str] = set()
    shouted = text.isupper()
    # What stands between the words, and the words, by turns.
    parts = _WORD.split(text)
    written = parts[1::2]
    own = {lower for lower in set(map(str.lower, written)) - common if len(lower) > 1}
    for place, word in enumerate(written) if own else ():
        if (lower := word.lower()) not in own:
            continue
        before = parts[2 * place]
        if word[0].isdigit():
            names.add(lower.rstrip(".,"))
        elif not _is_compound(lower, common):
            named = not shouted and word[0].isupper() and (word.isupper() or _goes_on(before))
            (names if named else words).add(lower)
    return Specifics(frozenset(names), frozenset(words - names), len(parts) // 2)


@cached(1024)
def count_specifics(text: str) -> int:
    """How many different numbers, names and uncommon words the opening of a description has on its data.

    Of an office that tells what it is for, nothing counts, and neither does an address.
    """
    if len(text) > _OPENING:
        # Half a word would be one more.
        text = text[:_OPENING].rpartition(" ")[0]
    about_office = _ABOUT_OFFICE.search(text) is not None
    found: set[bytes] = set()
    for sentence in _without_addresses(text).split(". "):
        if about_office and _ABOUT_OFFICE.search(sentence):
            continue
        if "%" in sentence or "ersion" in sentence:
            sentence = _ANY_NUMBER.sub(" ", sentence)
        if _is_list(sentence):
            continue
        words = set(sentence.encode("ascii", "replace").translate(_TO_WORDS).split())
        own = words - _common_in_ascii()
        # A word or two that our list does not know make no information of a long sentence.
        if len(own) * _LEAST_DENSITY >= len(words):
            found |= own
    return sum(map(_LEAST_LETTERS.__le__, map(len, found)))


@functools.cache
def _common_in_ascii() -> frozenset[bytes]:
    return frozenset(word.encode("ascii", "replace") for word in load_common_words())


def _is_list(sentence: str) -> bool:
    """Whether a sentence is a list of single words, as of keywords, and says nothing about them."""
    commas = sentence.count(",")
    return commas >= _MANY_COMMAS and len(sentence.split()) < _WORDS_OF_ITEM * (commas + 1)


def _without_addresses(text: str) -> str:
    if "://" in text or "@" in text or "www." in text or "10." in text:
        return " ".join(word for word in text.split() if not _is_address(word))
    return text


def _is_address(word: str) -> bool:
    """Whether a word is an address or a DOI."""
    return "://" in word or "@" in word or "www." in word or ("10." in word and "/" in word)


def _goes_on(before: str) -> bool:
    """Whether what stands before a word is within a sentence."""
    return before == " " or (before != "" and _SENTENCE_END.isdisjoint(before))


def _is_compound(word: str, common: frozenset[str]) -> bool:
    return "-" in word and all(part in common or len(part) == 1 for part in word.split("-"))


@functools.cache
def load_common_words() -> frozenset[str]:
    """The words that fit every dataset, with their endings."""
    found: set[str] = set()
    for row in rows("common_words"):
        for word in row["words"].split():
            found.add(word)
            if len(word) == 1:
                # `ies` is an abbreviation, and no form of `i`.
                continue
            found.update(word + ending for ending in _ENDINGS)
            if word.endswith("y"):
                found.update((f"{word[:-1]}ies", f"{word[:-1]}ied"))
            if word.endswith("e"):
                found.update((f"{word[:-1]}ing", f"{word[:-1]}ed"))
            elif len(word) > 2 and word[-1] not in "aeiouwxy":
                found.update((f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"))
    return frozenset(found)
