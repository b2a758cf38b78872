"""Judge what could be shown: what is refused, and what comes first."""

from __future__ import annotations

import re

from ckanext.aivision.exemplars.excerpts import Excerpt
from ckanext.aivision.exemplars.rules import Rule
from ckanext.aivision.scoring.facts.text.plain_language import obstacles
from ckanext.aivision.scoring.facts.text.specifics import find_specifics

SHORTEST, LONGEST = 45, 520
# The range in which words are read at a glance and still say something.
_GOOD_LENGTH = (80, 400)
_ENOUGH_SPECIFICS = 12
_MAIL = re.compile(r"[\w.+-]@[\w-]+\.\w")
_PHONE = re.compile(r"(?<![\w./-])(?:\+?\d{1,2}[ .-])?(?:\(\d{3,5}\)|\d{3,5})[ .-]\d{3}[ .-]?\d{3,4}(?![\w./-])")
_PERSON = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Miss)\b\.? [A-Z][a-z]|^[A-Z][a-z]+ [A-Z][a-z]+ from the\b")
# Characters that a broken export leaves, Markdown, code and tables.
_BROKEN = re.compile(
    r"\ufffd|rnrn|\brn[A-Z]|[a-z.]rn[A-Z]|[a-z]{3}[.!?][A-Z][a-z]|\\[a-z]|&\w{2,8};|[{}|<>^]|={2,}|\*{2,}|_{3,}|\.{4,}|â€|Ã[\x80-\xbf]|\?\?"
)
# Nobody is shown a dataset that its publisher has given up, where there is another.
_GIVEN_UP = re.compile(
    r"\b(?:archived?|superseded|discontinued|retired|withdrawn|deprecated|obsolete)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_PROMPTS = re.compile(
    r"^(?:click|download|visit|for more information|see |contact|please contact|\d+ - |[A-Z][a-z]+ \d+,? ?\d{4}:)",
    re.IGNORECASE,
)
# How a sentence begins that cannot stand by itself.
_REFERS_BACK = re.compile(
    r"^(?:it|they|this|these|those|he|she|but|and|or|also|however|therefore|thus|such|additionally|furthermore|moreover|"
    r"for example|in addition|prior|as well|some of|note|if|of these|other)\b",
    re.IGNORECASE,
)


def is_personal(evidence: str, rule: Rule) -> bool:
    """Whether the evidence of a result may name a person or an address for mail, as that of a contact does."""
    return rule.field == "contact_point" or any(find.search(evidence) for find in (_MAIL, _PHONE, _PERSON))


def is_refused(excerpt: Excerpt, rule: Rule) -> bool:
    """Whether it is not to be shown: personal, broken, cut, too short or too long, or of another matter."""
    text = excerpt.text
    if _MAIL.search(text) or _PERSON.search(text) or not text.isprintable():
        return True
    if rule.is_ruled_out(text) or (rule.plainly and not excerpt.named):
        return True
    if not _is_words(excerpt, rule):
        return False
    words = _ADDRESS.sub("", text)
    if not SHORTEST <= len(text) <= LONGEST or _PHONE.search(text) or _BROKEN.search(words) or _PROMPTS.match(text):
        return True
    letters = sum(map(str.isalpha, words))
    return not excerpt.whole or text.endswith("…") or letters < 0.65 * len(words) or words.upper() == words


def quality_of(excerpt: Excerpt, rule: Rule, title: str, score: float | None) -> float:
    """How good it is to show; the higher, the better.

    title: the dataset's. score: its own, 0 to 100 points; None if it has none.
    """
    text, quality = excerpt.text, (score or 0) / 50
    if _GIVEN_UP.search(title):
        quality -= 2
    if excerpt.named:
        quality += 2
    if excerpt.told:
        quality += 1
    if _is_words(excerpt, rule):
        if _GOOD_LENGTH[0] <= len(text) <= _GOOD_LENGTH[1]:
            quality += 1
        if not obstacles(title, text, ()):
            quality += 1
        if not _REFERS_BACK.match(text):
            quality += 0.5
        if not _ADDRESS.search(text):
            quality += 1
    else:
        quality += _of_values(excerpt)
    found = find_specifics(text)
    return quality + min(len(found.names) + len(found.words), _ENOUGH_SPECIFICS) / _ENOUGH_SPECIFICS


def _of_values(excerpt: Excerpt) -> float:
    """Short values come first, and files that are named as people name them."""
    found = -min(len(excerpt.text), 1000) / 1000
    titles = [item.title for item in excerpt.part.distribution if item.title]
    return found + sum(0.5 for title in titles if " " in title and "_" not in title and not title.isupper())


def _is_words(excerpt: Excerpt, rule: Rule) -> bool:
    """Whether sentences are shown, and not values."""
    if rule.shape == "values":
        return False
    return excerpt.part.distribution == [] and not excerpt.part.page and " " in excerpt.text
