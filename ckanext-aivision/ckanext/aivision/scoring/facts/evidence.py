"""What criteria share: the prose of a record, and the rule for facts that a field or a sentence may state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.distributions import restriction, wrong_addresses
from ckanext.aivision.scoring.facts.text import mentions
from ckanext.aivision.scoring.facts.text.specifics import find_specifics
from ckanext.aivision.scoring.registry import Context
from ckanext.aivision.scoring.remember_last import once_each
from ckanext.aivision.scoring.results import Finding, not_applicable, passed, valued

# A mention further into a description than this is not looked for: real ones end before it, and a hostile one may not.
LONGEST_PROSE = 20_000
# A title is read so far.
_LONGEST_TITLE = 500
_TITLE_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*")
# A statement shorter than this says nothing that a reader could use.
SHORTEST_STATEMENT = 10
# What a longer statement says of its own stands in its beginning as well.
LONGEST_STATEMENT = 600

# `Limitations: none known at this time.`: words that fill the field and tell nothing.
_EMPTY_STATEMENT = re.compile(
    r"(?:[a-z ]{1,30}: ?)?(?:there (?:are|is|were) |we (?:know of|have|are aware of) |(?:it|this data ?set) has )?"
    r"(?:currently |at present )?(?:no|none|nil|not any|nothing|not? known|we are (?:not aware|unaware) of any)"
    r"(?: (?:known|significant|specific|major|particular|obvious|other|further|special|data|quality|identified|"
    r"reported))*"
    r"(?: (?:limitations?|bias(?:es)?|issues?|errors?|problems?|caveats?|gaps?|uncertaint(?:y|ies)|concerns?|statement|"
    r"information|comments?))?(?: or (?:issues?|errors?|bias(?:es)?|limitations?))?"
    r"(?: (?:known|identified|reported|noted|recorded|documented|stated|apply|exist|have|been|are|to|report|so|far|"
    r"with|this|the|these|data|data ?set|at|present|time|available))*[.!]?"
)
_LONGEST_EMPTY_STATEMENT = 120


@once_each
def prose_by_field(dataset: Dataset) -> dict[str, mentions.Prose]:
    """Title, description and rights as plain text, at most 20,000 characters each, made ready for `mention`.

    Each stands for itself, so that what one of them says cannot hide what another tells.
    """
    rights = ". ".join(text for written in dataset.rights if (text := plain(written)))
    parts = {"title": plain(dataset.title), "description": plain(dataset.description), "rights": rights}
    return {field: _read(text[:LONGEST_PROSE]) for field, text in parts.items() if text}


@once_each
def prose(dataset: Dataset) -> list[mentions.Prose]:
    """The texts of `prose_by_field`."""
    return list(prose_by_field(dataset).values())


# Statements of rights stand word for word in thousands of records, and so do the descriptions of a series.
_read = cached(1024)(mentions.read)


@once_each
def _by_subject(dataset: Dataset) -> dict[str, list[tuple[str, mentions.Prose]]]:
    """The fields and texts that have words of a subject; of most subjects there are none."""
    found: dict[str, list[tuple[str, mentions.Prose]]] = {}
    for field, part in prose_by_field(dataset).items():
        for subject in part.cues:
            if (texts := found.get(subject)) is None:
                found[subject] = [(field, part)]
            else:
                texts.append((field, part))
    return found


class Mention(NamedTuple):
    """Words of a record's prose that mention a subject. field: where they stand."""

    field: str
    evidence: str


def find_mention(dataset: Dataset, subject: str) -> Mention | None:
    """Where title, description or rights mention a subject of `mentions.yaml` and say something of this dataset."""
    for field, part in _by_subject(dataset).get(subject, ()):
        # A title may hold nothing but its own words.
        known = frozenset() if field == "title" else title_words(dataset)
        if (found := mentions.find(part, subject, known)) is not None:
            return Mention(field, found)
    return None


def mention(dataset: Dataset, subject: str) -> str | None:
    """The evidence of `find_mention`."""
    found = find_mention(dataset, subject)
    return found.evidence if found is not None else None


@once_each
def title_words(dataset: Dataset) -> frozenset[str]:
    """The words of a title, by which a sentence says nothing new."""
    return frozenset(_TITLE_WORD.findall(dataset.title[:_LONGEST_TITLE].lower()))


def statement(value: str | None) -> str | None:
    """A field's text that says something, as plain words; None for placeholders, `none known` and the like."""
    if not value:
        return None
    text = plain(value)
    if len(text) < SHORTEST_STATEMENT or is_placeholder(text):
        return None
    if len(text) <= _LONGEST_EMPTY_STATEMENT and _EMPTY_STATEMENT.fullmatch(text.lower()):
        return None
    return text


def own_statement(value: str | None) -> str | None:
    """A `statement` that says something of this dataset: `There may be limitations` would fit every one."""
    text = statement(value)
    # A single word (`Transportation`) names a subject, and says nothing of it.
    if text is None or " " not in text or not find_specifics(text[:LONGEST_STATEMENT]).says_something():
        return None
    return text


def find_fact(
    dataset: Dataset,
    context: Context,
    field: str,
    value: str | None,
    subject: str,
    looked_for: str,
    *also: str,
) -> Finding:
    """A fact that a field may hold, or a sentence of the title, the description or the rights tell.

    Both pass, in every format: which of them a publisher can use is decided by the format. The finding names where it
    stands. A text that would fit every dataset is worth as much as none, and the evidence says so. also: other fields
    that may hold it, which the caller has looked at.
    """
    if (text := own_statement(value)) is not None:
        return passed(field, text)
    if (found := find_mention(dataset, subject)) is not None:
        return passed(found.field, found.evidence)
    if (written := statement(value)) is not None:
        return context.failure(field, f"would fit every dataset: {written}")
    return context.absent(field, looked_for, dataset, *also)


def without_distributions(dataset: Dataset, context: Context, field: str) -> Finding:
    """What a criterion about distributions says where there are none: as bad as the worst that there could be."""
    if (reason := restriction(dataset)) is not None:
        return not_applicable(field, reason)
    return no_address(dataset, context, "distributions")


def no_address(dataset: Dataset, context: Context, looked_for: str) -> Finding:
    """Nothing has an address: none is given, or what is given is none."""
    if wrong := wrong_addresses(dataset):
        return context.failure("distribution", f"{looked_for}: {listed(wrong, 2)}")
    return context.absent("distribution", looked_for, dataset)


def share(
    dataset: Dataset, context: Context, field: str, having: Sequence[bool], looked_for: str, wrong: Sequence[str] = ()
) -> Finding:
    """The share of distributions that have something, of the field `distribution.FIELD`.

    wrong: what stands in the field and does not count, for evidence.
    """
    false = f"; not {listed(wrong)}" if wrong else ""
    place, count = f"distribution[].{field}", sum(having)
    # Restricted data need no distribution at all, so those that lack something may count no less than none.
    restricted = restriction(dataset) is not None
    if count:
        value = 1.0 if restricted else count / len(having)
        return valued(value, place, f"{looked_for}: on {count} of {len(having)} distributions{false}")
    if context.carries(f"distribution.{field}") and (restricted or not having):
        return without_distributions(dataset, context, place)
    if wrong:
        return context.failure(f"distribution.{field}", f"{looked_for}: on none of {len(having)} distributions{false}")
    return context.absent(f"distribution.{field}", f"{looked_for} of the {len(having)} distributions", dataset)


def listed(values: Sequence[str], most: int = 5) -> str:
    """A list for evidence: the first few, and how many more."""
    head = ", ".join(values[:most])
    return f"{head} and {len(values) - most} more" if len(values) > most else head
