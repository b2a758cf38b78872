"""What criteria share: the prose of a record, and the rule for facts that a field or a sentence may state."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from importlib import resources

import msgspec

from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.distributions import restriction
from ckanext.aivision.scoring.registry import Context
from ckanext.aivision.scoring.results import Finding, not_applicable, passed, valued

# A mention further into a description than this is not looked for.
LONGEST_PROSE = 20_000
# A statement shorter than this says nothing that a reader could use.
SHORTEST_STATEMENT = 10

_SNIPPET = 60
_EMPTY_STATEMENT = re.compile(
    r"(?:there (?:are|is) )?(?:no|none|nil|not?ne known)(?: known)?(?: limitations?| bias(?:es)?| issues?| errors?)?\.?",
    re.IGNORECASE,
)


@functools.cache
def mentions(subject: str) -> re.Pattern[str]:
    """The pattern of a subject of config/vocabularies/mentions.yaml."""
    path = resources.files("ckanext.aivision.config") / "vocabularies" / "mentions.yaml"
    patterns = msgspec.yaml.decode(path.read_bytes(), type=dict[str, list[str]])
    return re.compile("|".join(patterns[subject]), re.IGNORECASE)


def prose(dataset: Dataset) -> str:
    """Title, description and rights as plain text, at most 20,000 characters."""
    return _prose(dataset.title, dataset.description, tuple(dataset.rights))


@functools.lru_cache(maxsize=16)
def _prose(title: str, description: str | None, rights: tuple[str, ...]) -> str:
    return ". ".join((title, plain(description), *(plain(text) for text in rights)))[:LONGEST_PROSE]


def mention(dataset: Dataset, subject: str) -> str | None:
    """The words that mention a subject, with some around them, or None."""
    text = prose(dataset)
    hit = mentions(subject).search(text)
    if hit is None:
        return None
    return f"“…{text[max(0, hit.start() - _SNIPPET) : hit.end() + _SNIPPET].strip()}…”"


def statement(value: str | None) -> str | None:
    """A field's text that says something, as plain words; None for placeholders, `none known` and the like."""
    text = plain(value)
    if len(text) < SHORTEST_STATEMENT or is_placeholder(text) or _EMPTY_STATEMENT.fullmatch(text):
        return None
    return text


def stated(dataset: Dataset, context: Context, field: str, value: str | None, subject: str, looked_for: str) -> Finding:
    """A fact that a field may hold, or a sentence of the description tell.

    The field passes. A sentence is worth 0.5 where the profile has a place for the fact, since no program finds it
    there, and passes where it has none. Neither is a fail or unknown, as `Context.absent` says.
    """
    if (text := statement(value)) is not None:
        return passed(field, text)
    found = mention(dataset, subject)
    if found is None:
        return context.absent(field, looked_for)
    return valued(0.5 if context.carries(field) else 1.0, "description", found)


def without_distributions(dataset: Dataset, context: Context, field: str) -> Finding:
    """What a criterion about distributions says where there are none: as bad as the worst that there could be."""
    if (reason := restriction(dataset)) is not None:
        return not_applicable(field, reason)
    return context.absent("distribution", "distributions")


def share(dataset: Dataset, context: Context, field: str, having: Sequence[bool], looked_for: str) -> Finding:
    """The share of distributions that have something, of the field `distribution.FIELD`."""
    place = f"distribution[].{field}"
    if not having and context.carries(f"distribution.{field}"):
        return without_distributions(dataset, context, place)
    count = sum(having)
    if not count:
        return context.absent(f"distribution.{field}", f"{looked_for} of the {len(having)} distributions")
    return valued(count / len(having), place, f"{looked_for}: on {count} of {len(having)} distributions")


def listed(values: Sequence[str], most: int = 5) -> str:
    """A list for evidence: the first few, and how many more."""
    head = ", ".join(values[:most])
    return f"{head} and {len(values) - most} more" if len(values) > most else head
