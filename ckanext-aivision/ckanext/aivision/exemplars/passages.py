"""Cut the sentences that speak of a matter out of a record's text, whole and without markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ckanext.aivision.exemplars.rules import Rule
from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import plain
from ckanext.aivision.scoring.facts.evidence import LONGEST_PROSE

# What is shown of a text, in characters: whole sentences, and one at least.
LONGEST, LONGEST_OPENING = 450, 500
# Where the text of a portal begins a new paragraph: HTML, empty lines, items of a list, and `\r\n` written out.
_PARAGRAPH = re.compile(
    r"</?(?:p|div|br|h[1-6]|ul|ol|li|table|t[rdh]|blockquote)\b[^<>]{0,200}>|(?:\\r)?\\n|\r?\n|(?: [•●▪] ?)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\]\"”’%][.!?])[\"”)]?\s+(?=[A-Z0-9“\"(])")
_NO_END = re.compile(r"\b(?:e\.g|i\.e|approx|vs|etc|al|no|fig|inc|ltd|dept|st|u\.s|u\.k)\.$", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\[([^\]\[]{1,300})\]\((?:[^()\s]{0,500})\)")
_MARKDOWN = re.compile(r"(?:\*\*|__|~~|`|(?<!\w)[*_](?=\w)|(?<=[\w.])[*_](?!\w)|^#{1,6} |^[-*+] )")
_QUOTED = re.compile(r"“…(.{1,400}?)…”", re.DOTALL)
# Characters of evidence around the words that told.
_AROUND = 60
_NOT_WORD = re.compile(r"[\W_]+")
_MOST_PARAGRAPHS = 400


class Passage(NamedTuple):
    """text: plain text. named: whether it names the matter. whole: whether it is whole sentences. told: whether it has
    the words by which the evaluation let the record pass."""

    text: str
    named: bool
    whole: bool
    told: bool


def opening(text: str) -> Passage | None:
    """The first sentences of a description; None if it has none."""
    for sentences in _read(text):
        if sum(map(len, sentences)) >= _AROUND:
            return Passage(_join(sentences, LONGEST_OPENING), True, _is_whole(sentences[0]), True)
    return None


def passage(text: str, evidence: str, rule: Rule) -> Passage | None:
    """The sentences of a text by which it passes, with neighbours that speak of the same.

    evidence: of the result; it quotes the words that told. None where they no longer stand in the text.
    """
    told = [words for quoted in _QUOTED.findall(evidence) if (words := _middle(quoted))]
    found: Passage | None = None
    for sentences in _read(text):
        for place, sentence in enumerate(sentences):
            named = bool(rule.names_it) and rule.is_named(sentence)
            if rule.is_ruled_out(sentence) or not (named or _overlaps(sentence, told)):
                continue
            text_shown = _join(_on(sentences, place, rule), LONGEST)
            candidate = Passage(text_shown, named, _is_whole(sentence), _overlaps(text_shown, told))
            if candidate.told and named:
                return candidate
            if found is None or (candidate.named, candidate.told) > (found.named, found.told):
                found = candidate
    return found


def without_markdown(text: str) -> str:
    """Text without Markdown."""
    without = _MARKDOWN_LINK.sub(r"\1", text)
    return " ".join(_MARKDOWN.sub("", without).split())


def shortened(text: str, longest: int = LONGEST) -> str:
    """The first whole sentences of a text without markup; one that is too long is cut at a word."""
    return _join(_sentences(without_markdown(plain(text))), longest)


def _on(sentences: Sequence[str], place: int, rule: Rule) -> list[str]:
    """A sentence with those behind it as long as they speak of the matter too."""
    found = [sentences[place]]
    for following in sentences[place + 1 :]:
        if not rule.names_it or not rule.is_named(following) or rule.is_ruled_out(following):
            break
        found.append(following)
    return found


def _join(sentences: Sequence[str], longest: int) -> str:
    text = ""
    for sentence in sentences:
        if text and len(text) + 1 + len(sentence) > longest:
            break
        text = f"{text} {sentence}".strip()
    if len(text) <= longest:
        return text
    return f"{text[:longest].rsplit(' ', 1)[0]} …"


def _is_whole(sentence: str) -> bool:
    """Whether it begins and ends as a sentence does."""
    return (sentence[0].isupper() or sentence[0].isdigit() or sentence[0] in "“\"‘'(") and sentence[-1] in '.!?)”"'


@cached(256)
def _read(text: str) -> tuple[tuple[str, ...], ...]:
    """The sentences of each paragraph of a text."""
    return tuple(tuple(_sentences(paragraph)) for paragraph in _paragraphs(text))


def _paragraphs(text: str) -> Iterator[str]:
    for part in _PARAGRAPH.split(text[:LONGEST_PROSE], _MOST_PARAGRAPHS):
        if words := without_markdown(plain(part.replace("\\u202f", " ").replace("\\r", " "))):
            yield words


def _sentences(paragraph: str) -> list[str]:
    found: list[str] = []
    for part in _SENTENCE_END.split(paragraph):
        if found and _NO_END.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def _middle(quoted: str) -> str:
    """The words that told, without those around them: letters and digits alone."""
    return _squash(quoted[_AROUND:-_AROUND] if len(quoted) > 2 * _AROUND + 10 else quoted)


def _overlaps(sentence: str, told: list[str]) -> bool:
    """Whether the words that told stand in this sentence, or the middle of them."""
    own = _squash(sentence)
    return any(words[len(words) // 3 : len(words) // 3 + 20] in own for words in told)


@cached(4096)
def _squash(text: str) -> str:
    return _NOT_WORD.sub("", text.replace("\\r\\n", "").replace("\\n", "").replace("\\u202f", "").lower())
