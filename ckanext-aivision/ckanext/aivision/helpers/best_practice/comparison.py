"""Template helpers of the comparison: its filters, in words and as a form."""

from __future__ import annotations

from typing import NamedTuple

from ckan.plugins import toolkit

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.table.filters import known_values
from ckanext.aivision.helpers.facet_words import Words, facet_words
from ckanext.aivision.helpers.request_cache import once_a_request
from ckanext.aivision.snapshot.answers.comparison import Question

__all__ = ["aivision_chosen_filters", "aivision_filters", "aivision_in_words", "aivision_narrowed_to"]

# The filters of the form, in its order. The others can be given in the address.
_IN_FORM = ("theme", "kind", "level", "licence", "format", "looked_at")


class Choice(NamedTuple):
    """One value of a filter, in words. chosen: whether the page is narrowed to it."""

    value: str
    label: str
    chosen: bool


class Filter(NamedTuple):
    """A filter of the form."""

    name: str
    label: str
    choices: list[Choice]


class Chosen(NamedTuple):
    """A value that the page is narrowed to. without: what the address asks for without it, as name and value."""

    label: str
    value: str
    without: list[tuple[str, str]]


def aivision_filters(question: Question) -> list[Filter]:
    """The filters that the form offers, with what is chosen."""
    known, labels, words = known_values(), _labels(), facet_words()
    return [
        Filter(
            name,
            labels[name],
            [
                Choice(value, _in_words(words, name, value), value in question.filters.chosen.get(name, ()))
                for value in known[name]
            ],
        )
        for name in _IN_FORM
    ]


def aivision_chosen_filters(question: Question) -> list[Chosen]:
    """What the page is narrowed to, each with what is left without it."""
    pairs, labels, words = question.pairs(), _labels(), facet_words()
    return [
        Chosen(labels[name], _in_words(words, name, value), [pair for pair in pairs if pair != (name, value)])
        for name, value in question.filters.pairs()
    ]


def aivision_narrowed_to(question: Question) -> str:
    """What a page is narrowed to, for its title: `Theme: Health; Kind of data: tables`; empty for all datasets."""
    labels, words = _labels(), facet_words()
    found = [f"{labels[name]}: {_in_words(words, name, value)}" for name, value in question.filters.pairs()]
    return "; ".join([*found, question.as_of.isoformat()] if question.as_of is not None else found)


def aivision_in_words(name: str, value: str) -> str:
    """A value of a filter as people say it: `national` of `level`."""
    return _in_words(facet_words(), name, value)


@once_a_request
def _labels() -> dict[str, str]:
    return {
        "country": toolkit._("Country"),
        "level": toolkit._("Level of government"),
        "agency": toolkit._("Agency"),
        "publisher": toolkit._("Publisher"),
        "source": toolkit._("Source"),
        "theme": toolkit._("Theme"),
        "kind": toolkit._("Kind of data"),
        "format": toolkit._("Format"),
        "licence": toolkit._("What the licence allows"),
        "year": toolkit._("Year of the last change"),
        "looked_at": toolkit._("What was looked at"),
    }


def _in_words(words: Words, name: str, value: str) -> str:
    """A value as people say it; those that are names stay as they are."""
    if name == "agency":
        found = load_register().agencies.get(value)
        return found.title if found is not None else value
    return words.get(name, {}).get(value, value)
