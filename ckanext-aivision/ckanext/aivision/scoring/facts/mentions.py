"""Find where a text mentions a subject, by the rules of `config/vocabularies/mentions.yaml`.

Some seventy patterns over every description would cost more than all else together. So a text is split into words
once, and a pattern is tried only around the words that each of its hits must hold.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

import msgspec

from ckanext.aivision.errors import UsageError

# A rule is looked for so many characters before and after one of its phrases. It bounds the time of every pattern.
_BEFORE, _AFTER = 100, 100
# What must not stand near a hit is looked for so far before and after it.
_UNLESS_BEFORE, _UNLESS_AFTER = 80, 40
# A text that says a phrase more often than this without meaning the subject will not mean it later.
_MOST_PLACES = 20
# Characters of evidence around a hit.
_SHOWN = 60

# Letters to lower case, digits as they are, all else to spaces: the words of a text by two calls that run in C.
_WORD_CHARACTERS = bytes(
    ord(chr(byte).lower()) if byte < 128 and chr(byte).isalnum() else ord(" ") for byte in range(256)
)


class RuleRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as the file has it, in lower case. near: phrases, one of which stands in every hit."""

    near: list[str]
    pattern: str
    unless: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fragments: dict[str, str]
    subjects: dict[str, list[RuleRow]]


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


class _Cue(NamedTuple):
    """The phrases of one rule that a word belongs to. rank: the rule's place among those of its subject."""

    rank: int
    phrases: tuple[str, ...]
    rule: _Rule


_RANK = operator.attrgetter("rank")


class _Rules(NamedTuple):
    """cues: the longest, and so the rarest, word of a phrase -> what it may tell of, with the subject."""

    subjects: frozenset[str]
    words: frozenset[bytes]
    cues: dict[bytes, tuple[tuple[str, _Cue], ...]]


class Prose(NamedTuple):
    """A text to look through. lower: as long as text. cues: what its words may tell of, by subject. found: what was
    looked for already, and what that gave."""

    text: str
    lower: str
    cues: dict[str, list[_Cue]]
    found: dict[str, str | None]


def read(text: str) -> Prose:
    """A text made ready to be looked through for any subject."""
    lower = text.lower()
    if len(lower) != len(text):
        # A few capitals (İ) have no lower case of their own length; then the lower case is shown as well.
        text = lower
    rules = load_rules()
    found: dict[str, list[_Cue]] = {}
    # Sorted, so that the same text gives the same evidence in every run.
    for word in sorted(rules.words.intersection(text.encode("ascii", "replace").translate(_WORD_CHARACTERS).split())):
        for subject, cue in rules.cues[word]:
            found.setdefault(subject, []).append(cue)
    return Prose(text, lower, found, {})


def find(prose: Prose, subject: str) -> str | None:
    """The words that speak of a subject, with some around them, or None. Raises KeyError for an unknown subject."""
    if subject in prose.found:
        return prose.found[subject]
    cues = prose.cues.get(subject)
    if cues is None:
        if subject not in load_rules().subjects:
            raise KeyError(subject)
        return None
    found = prose.found[subject] = _found(prose, cues)
    return found


def _found(prose: Prose, cues: list[_Cue]) -> str | None:
    if len(cues) > 1:
        cues = sorted(cues, key=_RANK)
    for _, phrases, rule in cues:
        if (hit := _hit(prose.lower, phrases, rule)) is not None:
            return f"“…{prose.text[max(0, hit.start() - _SHOWN) : hit.end() + _SHOWN].strip()}…”"
    return None


def _hit(lower: str, phrases: tuple[str, ...], rule: _Rule) -> re.Match[str] | None:
    for phrase in phrases:
        if phrase in lower:
            for start, end in _places(lower, phrase):
                if (hit := rule.pattern.search(lower, start, end)) and not _ruled_out(rule, lower, hit):
                    return hit
    return None


def _places(lower: str, phrase: str) -> Iterator[tuple[int, int]]:
    """Where to look: around each place where a phrase stands."""
    place = lower.find(phrase)
    for _ in range(_MOST_PLACES):
        if place == -1:
            return
        yield max(0, place - _BEFORE), place + _AFTER
        place = lower.find(phrase, place + len(phrase))


def _ruled_out(rule: _Rule, lower: str, hit: re.Match[str]) -> bool:
    if rule.unless is None:
        return False
    return rule.unless.search(lower, max(0, hit.start() - _UNLESS_BEFORE), hit.end() + _UNLESS_AFTER) is not None


@functools.cache
def load_rules() -> _Rules:
    """The rules made ready for `read`, from those of `load_rows`. Raises UsageError as it does."""
    cues: dict[bytes, list[tuple[str, _Cue]]] = {}
    rows = load_rows()
    for subject, listed in rows.items():
        for rank, row in enumerate(listed):
            rule = _Rule(_compiled(row.pattern, subject), _compiled(row.unless, subject) if row.unless else None)
            phrases: dict[str, list[str]] = {}
            for phrase in row.near:
                phrases.setdefault(max(re.findall("[a-z0-9]+", phrase), key=len), []).append(phrase)
            for word, of_word in phrases.items():
                cues.setdefault(word.encode("ascii"), []).append((subject, _Cue(rank, tuple(of_word), rule)))
    return _Rules(frozenset(rows), frozenset(cues), {word: tuple(listed) for word, listed in cues.items()})


@functools.cache
def load_rows() -> dict[str, list[RuleRow]]:
    """The rules by subject as the file has them, with fragments put in. Raises UsageError if the file is not so."""
    path = resources.files("ckanext.aivision.config") / "vocabularies" / "mentions.yaml"
    try:
        table = msgspec.yaml.decode(path.read_bytes(), type=_Table)
    except (OSError, msgspec.DecodeError) as error:
        # What is no YAML is told on several lines.
        raise UsageError(f"config/vocabularies/mentions.yaml: {' '.join(str(error).split())}") from error
    return {subject: [_filled(row, table.fragments) for row in listed] for subject, listed in table.subjects.items()}


def _filled(row: RuleRow, fragments: dict[str, str]) -> RuleRow:
    pattern = row.pattern
    for name, fragment in fragments.items():
        pattern = pattern.replace(f"<{name}>", fragment)
    return RuleRow(row.near, pattern, row.unless)


def _compiled(pattern: str, subject: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise UsageError(f"config/vocabularies/mentions.yaml, {subject}: {error} in {pattern}") from error
