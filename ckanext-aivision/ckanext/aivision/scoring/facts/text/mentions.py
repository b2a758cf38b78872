"""Find where a text mentions a subject, by the rules of `config/vocabularies/mentions.yaml`.

A sentence that would fit every dataset mentions nothing (`specifics`), except on the subjects that the file names.
Some seventy patterns over every description would cost more than all else together. So a text is split into words
once, and a pattern is tried only around the words that each of its hits must hold.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.facts.text.mention_rows import load_rows, load_table
from ckanext.aivision.scoring.facts.text.specifics import Specifics, find_specifics

# A rule is looked for so many characters after one of its phrases, and as many before it as it says itself. It bounds
# the time of every pattern.
_AFTER = 90
# What must not stand near a hit is looked for so far before and after it.
_UNLESS_BEFORE, _UNLESS_AFTER = 80, 40
# A text that says a phrase more often than this without meaning the subject will not mean it later.
_MOST_PLACES = 6
# Characters of evidence around a hit.
_SHOWN = 60
# So far around a hit its sentence is looked for, and so many sentences of a subject are tried.
_SENTENCE_BEFORE, _SENTENCE_AFTER = 300, 300
_MOST_SENTENCES = 5
# A stop after a word in small letters or a number, not after an initial; and what begins the next item of a list.
_SENTENCE_END = re.compile(r"[.!?•*†§](?:(?<=[a-z0-9)\]\"”%]{2}[.!?])[\"”)]?|(?<= [•*†§]))(?= )")

# Letters to lower case, digits as they are, all else to spaces: the words of a text by two calls that run in C.
_WORD_CHARACTERS = bytes(
    ord(chr(byte).lower()) if byte < 128 and chr(byte).isalnum() else ord(" ") for byte in range(256)
)


# What goes on with the name that a hit ends in: `…gasworks of Fife`.
_REST_OF_NAME = re.compile(r"[\w’'-]*(?: (?:(?:of|and|for|the|&) )?[A-Z][\w’'&-]{0,40}){0,6}")
_LONGER_WORD = re.compile(r"[A-Za-z]{3,}")
# Small words that names have as well.
_WITHIN_NAMES = frozenset(("for", "and", "the", "from", "with"))
# A sentence, unlike a title in capitals, has words of so many small letters.
_SMALL_WORD = re.compile(r"\b[a-z]{4,}")


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    before: int


class _Cue(NamedTuple):
    """The phrases of one rule that a word belongs to. rank: the rule's place among those of its subject."""

    rank: int
    phrases: tuple[str, ...]
    rule: _Rule


class _Rules(NamedTuple):
    """any_sentence: subjects that need no specifics. named, no_names and ruled_out: as the file says. cues: the
    longest, and so the rarest, word of a phrase -> what it may tell of, with the subject."""

    subjects: frozenset[str]
    any_sentence: frozenset[str]
    named: frozenset[str]
    no_names: frozenset[str]
    ruled_out: dict[str, re.Pattern[str]]
    words: frozenset[bytes]
    cues: dict[bytes, tuple[tuple[str, _Cue], ...]]


class _Sentence(NamedTuple):
    """A sentence that speaks of a subject. evidence: the words that do, with some around them. names: those that tell
    enough though the title has them."""

    evidence: str
    specifics: Specifics | None
    names: frozenset[str] = frozenset()

    def says_something(self, known: frozenset[str] = frozenset()) -> bool:
        return self.specifics is None or self.specifics.says_something(known - self.names)


class Prose(NamedTuple):
    """A text to look through. lower: as long as text. cues: what its words may tell of, by subject. found: the first
    sentence on each subject that was looked for already, None where there is none."""

    text: str
    lower: str
    cues: dict[str, list[_Cue]]
    found: dict[str, _Sentence | None]


def read(text: str) -> Prose:
    """A text made ready to be looked through for any subject."""
    lower = text.lower()
    if len(lower) != len(text):
        # A few capitals (İ) have no lower case of their own length; then the lower case is shown as well.
        text = lower
    rules = load_rules()
    found: dict[str, list[_Cue]] = {}
    for word in rules.words.intersection(text.encode("ascii", "replace").translate(_WORD_CHARACTERS).split()):
        for subject, cue in rules.cues[word]:
            if (cues := found.get(subject)) is None:
                found[subject] = [cue]
            else:
                cues.append(cue)
    return Prose(text, lower, found, {})


def find(prose: Prose, subject: str, known: frozenset[str] = frozenset()) -> str | None:
    """The words that speak of a subject, with some around them, or None. Raises KeyError for an unknown subject.

    known: words of the dataset's title. A sentence that has little else of its own says nothing.
    """
    cues = prose.cues.get(subject)
    if cues is None:
        if subject not in load_rules().subjects:
            raise KeyError(subject)
        return None
    if subject not in prose.found:
        prose.found[subject] = next(_sentences(prose, cues, subject), None)
    first = prose.found[subject]
    if first is None or first.says_something(known):
        return first.evidence if first is not None else None
    # A title that has the same words takes the first sentence from few texts, so that the others are not kept.
    return next((found.evidence for found in _sentences(prose, cues, subject) if found.says_something(known)), None)


def _sentences(prose: Prose, cues: list[_Cue], subject: str) -> Iterator[_Sentence]:
    """Those among the first few on a subject that say something whatever the title is."""
    rules = load_rules()
    for hit in itertools.islice(_hits(prose.lower, cues, rules.ruled_out.get(subject)), _MOST_SENTENCES):
        around = "" if subject in rules.any_sentence else _sentence(prose.text, hit)
        if subject in rules.no_names and _is_name(prose.text, around, hit):
            continue
        evidence = f"“…{prose.text[max(0, hit.start() - _SHOWN) : hit.end() + _SHOWN].strip()}…”"
        names = _names(prose.text, hit) if subject in rules.named else frozenset()
        sentence = _Sentence(evidence, find_specifics(around) if around else None, names)
        if sentence.says_something():
            yield sentence


def _names(text: str, hit: re.Match[str]) -> frozenset[str]:
    """The names after `by` or `from` in the words of a hit, with what goes on with the last of them."""
    if (start := max(text.rfind(word, max(0, hit.start() - 1), hit.end()) for word in (" by ", " from "))) == -1:
        return frozenset()
    rest = _REST_OF_NAME.match(text, hit.end())
    return find_specifics(text[start : rest.end() if rest else hit.end()]).names


def _is_name(text: str, sentence: str, hit: re.Match[str]) -> bool:
    """Whether the words of a hit are part of a name within a sentence, and so say nothing."""
    words = [word for word in _LONGER_WORD.findall(text[hit.start() : hit.end()]) if word not in _WITHIN_NAMES]
    # Nearly all sentences end here: one of their words is in small letters.
    if not words or any(map(str.islower, words)):
        return False
    return len(_SMALL_WORD.findall(sentence)) > 1 and text[hit.end() :].lstrip()[:1].isupper()


def _sentence(text: str, hit: re.Match[str]) -> str:
    """The sentence around a hit, at most 300 characters before and after."""
    begin, end = max(0, hit.start() - _SENTENCE_BEFORE), hit.end() + _SENTENCE_AFTER
    for stop in _SENTENCE_END.finditer(text, begin, hit.start()):
        begin = stop.end()
    last = _SENTENCE_END.search(text, hit.end() - 1, end)
    return text[begin : last.start() if last else end].strip()


def _hits(lower: str, cues: list[_Cue], ruled_out: re.Pattern[str] | None) -> Iterator[re.Match[str]]:
    """The hits of the rules, in their order, around the places where their phrases stand. ruled_out: what must not
    stand near any of them."""
    for rule, phrases in _by_rule(cues):
        places: list[int] = []
        for phrase in phrases:
            if (place := lower.find(phrase)) != -1:
                _add_places(places, lower, phrase, place)
        if not places:
            continue
        for start, end in _windows(places, rule.before):
            for hit in rule.pattern.finditer(lower, start, end):
                if rule.unless is not None and _ruled_out(rule.unless, lower, hit):
                    continue
                if ruled_out is None or not _ruled_out(ruled_out, lower, hit):
                    yield hit


def _by_rule(cues: list[_Cue]) -> list[tuple[_Rule, tuple[str, ...]]]:
    """Each rule once, in their order, with its phrases that may stand in a text."""
    if len(cues) == 1:
        return [(cues[0].rule, cues[0].phrases)]
    found: dict[int, tuple[_Rule, tuple[str, ...]]] = {}
    for rank, phrases, rule in cues:
        found[rank] = (rule, phrases) if (other := found.get(rank)) is None else (rule, other[1] + phrases)
    return [found[rank] for rank in sorted(found)]


def _add_places(places: list[int], lower: str, phrase: str, place: int) -> None:
    """Adds the first few places where a phrase stands, of which `place` is the first."""
    most = len(places) + _MOST_PLACES
    while place != -1 and len(places) < most:
        places.append(place)
        place = lower.find(phrase, place + len(phrase))


def _windows(places: list[int], before: int) -> list[tuple[int, int]]:
    """Where to look: around each place where a phrase stands; what overlaps is one."""
    places.sort()
    found = []
    start, end = max(0, places[0] - before), places[0] + _AFTER
    for place in places:
        if place - before > end:
            found.append((start, end))
            start = max(0, place - before)
        end = place + _AFTER
    found.append((start, end))
    return found


def _ruled_out(unless: re.Pattern[str], lower: str, hit: re.Match[str]) -> bool:
    return unless.search(lower, max(0, hit.start() - _UNLESS_BEFORE), hit.end() + _UNLESS_AFTER) is not None


@functools.cache
def load_rules() -> _Rules:
    """The rules made ready for `read`, from those of `load_rows`. Raises UsageError as it does."""
    cues: dict[bytes, list[tuple[str, _Cue]]] = {}
    table = load_table()
    rows = load_rows()
    for subject, listed in rows.items():
        for rank, row in enumerate(listed):
            unless = _compiled(row.unless, subject) if row.unless else None
            rule = _Rule(_compiled(row.pattern, subject), unless, row.before)
            phrases: dict[str, list[str]] = {}
            for phrase in row.near:
                phrases.setdefault(max(re.findall("[a-z0-9]+", phrase), key=len), []).append(phrase)
            for word, of_word in phrases.items():
                cues.setdefault(word.encode("ascii"), []).append((subject, _Cue(rank, tuple(of_word), rule)))
    return _Rules(
        frozenset(rows),
        frozenset(table.any_sentence),
        frozenset(table.named),
        frozenset(table.no_names),
        {subject: _compiled(pattern, subject) for subject, pattern in table.ruled_out.items()},
        frozenset(cues),
        {word: tuple(listed) for word, listed in cues.items()},
    )


def _compiled(pattern: str, subject: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise UsageError(f"config/vocabularies/mentions.yaml, {subject}: {error} in {pattern}") from error
