"""What criteria share: the prose of a record, and the rule for facts that a field or a sentence may state."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts import mentions
from ckanext.aivision.scoring.facts.distributions import restriction
from ckanext.aivision.scoring.registry import Context
from ckanext.aivision.scoring.remember_last import once_each
from ckanext.aivision.scoring.results import Finding, not_applicable, passed, valued

# A mention further into a description than this is not looked for: real ones end before it, and a hostile one may not.
LONGEST_PROSE = 20_000
# A statement shorter than this says nothing that a reader could use.
SHORTEST_STATEMENT = 10

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
def prose(dataset: Dataset) -> list[mentions.Prose]:
    """Title, description and rights as plain text, at most 20,000 characters each, made ready for `mention`.

    Each stands for itself, so that what one of them says cannot hide what another tells.
    """
    rights = ". ".join(text for written in dataset.rights if (text := plain(written)))
    parts = (plain(dataset.title), plain(dataset.description), rights)
    return [_read(part[:LONGEST_PROSE]) for part in parts if part]


# Statements of rights stand word for word in thousands of records, and so do the descriptions of a series.
_read = cached(1024)(mentions.read)


@once_each
def _subjects(dataset: Dataset) -> frozenset[str]:
    """The subjects that the prose has words of; most of them it does not mention anyway."""
    return frozenset().union(*(part.cues for part in prose(dataset)))


def mention(dataset: Dataset, subject: str) -> str | None:
    """The words of title, description or rights that mention a subject of `mentions.yaml`, with some around them."""
    if subject not in _subjects(dataset):
        return None
    return next((found for part in prose(dataset) if (found := mentions.find(part, subject)) is not None), None)


def statement(value: str | None, shortest: int = SHORTEST_STATEMENT) -> str | None:
    """A field's text that says something, as plain words; None for placeholders, `none known` and the like.

    shortest: characters from which on it can say something.
    """
    if not value:
        return None
    text = plain(value)
    if len(text) < shortest or is_placeholder(text):
        return None
    if len(text) <= _LONGEST_EMPTY_STATEMENT and _EMPTY_STATEMENT.fullmatch(text.lower()):
        return None
    return text


def stated(
    dataset: Dataset,
    context: Context,
    field: str,
    value: str | None,
    subject: str,
    looked_for: str,
    shortest: int = SHORTEST_STATEMENT,
) -> Finding:
    """A fact that a field may hold, or a sentence of the description tell.

    The field passes. A sentence is worth 0.5 where the profile has a place for the fact, since no program finds it
    there, and passes where it has none. Neither is a fail or unknown, as `Context.absent` says.
    """
    if value and (text := statement(value, shortest)) is not None:
        return passed(field, text)
    found = mention(dataset, subject)
    if found is None:
        return context.absent(field, looked_for)
    return valued(context.partly(0.5, field), "description", found)


def without_distributions(dataset: Dataset, context: Context, field: str) -> Finding:
    """What a criterion about distributions says where there are none: as bad as the worst that there could be."""
    if (reason := restriction(dataset)) is not None:
        return not_applicable(field, reason)
    return context.absent("distribution", "distributions")


def share(dataset: Dataset, context: Context, field: str, having: Sequence[bool], looked_for: str) -> Finding:
    """The share of distributions that have something, of the field `distribution.FIELD`."""
    place, count = f"distribution[].{field}", sum(having)
    # Restricted data need no distribution at all, so those that lack something may count no less than none.
    restricted = restriction(dataset) is not None
    if count:
        value = 1.0 if restricted else context.partly(count / len(having), f"distribution.{field}")
        return valued(value, place, f"{looked_for}: on {count} of {len(having)} distributions")
    if context.carries(f"distribution.{field}") and (restricted or not having):
        return without_distributions(dataset, context, place)
    return context.absent(f"distribution.{field}", f"{looked_for} of the {len(having)} distributions")


def listed(values: Sequence[str], most: int = 5) -> str:
    """A list for evidence: the first few, and how many more."""
    head = ", ".join(values[:most])
    return f"{head} and {len(values) - most} more" if len(values) > most else head
