"""The answer of a comparison in at most a hundred words, made from its figures: pages, reports and JSON all show it."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.compare.estimates.figures import Country, LensComparison, Measure, Overview
from ckanext.aivision.compare.estimates.verdict_sentences import (
    LEVEL,
    NOT_COMPARED,
    criteria_verdict,
    overall_verdict,
    short_verdict,
)

MOST_WORDS = 100


def answer(found: Overview) -> str:
    """Who is ahead overall and how sure that is, where each country leads, what it rests on and how much is known.

    Of the lens of the comparison if it has one. Differences are the first country minus the second, in points, with
    the ends of their 95 per cent interval.
    """
    labels = [row.label for row in found.countries]
    if empty := [row.label for row in found.countries if not row.data_sets]:
        return f"There are no datasets of the {' or the '.join(empty)}, so nothing can be compared."
    if found.lens is not None:
        return lens_answer(found.lens, found.countries)
    return _shortened(
        [overall_verdict(found.overall.comparison, labels), criteria_verdict(found.criteria, labels)],
        "By dimension",
        found.dimensions,
        labels,
        _basis(found.countries, found.overall),
    )


def lens_answer(lens: LensComparison, countries: Sequence[Country]) -> str:
    """The same through a lens: its groups are in the place of dimensions. countries: of the overview, in its order."""
    if lens.lacking:
        return f"Not compared: {lens.lacking}."
    labels = [row.label for row in countries]
    groups = [row for row in lens.groups if not row.dimension and row.comparison.of_criteria]
    return _shortened(
        [overall_verdict(lens.overall.comparison, labels, f"Through {lens.label}")],
        "By its groups",
        groups,
        labels,
        _basis(countries, lens.overall),
    )


def frameworks_answer(found: Overview, lenses: Sequence[LensComparison], own: str) -> str:
    """Under which frameworks each country is ahead overall. lenses: of the same datasets. own: the name of our view."""
    labels = [row.label for row in found.countries]
    wholes = {own: found.overall.comparison}
    wholes |= {lens.label: lens.overall.comparison for lens in lenses if not lens.lacking}
    under: dict[str, list[str]] = {}
    for title, comparison in wholes.items():
        under.setdefault(short_verdict(comparison, labels), []).append(title)
    parts = [
        f"the {label} is ahead under {join_titles(titles)}"
        for label in labels
        if (titles := under.get(f"{label} ahead"))
    ]
    for verdict, words in ((LEVEL, LEVEL), (NOT_COMPARED, "cannot be compared")):
        if verdict in under:
            number = len(under[verdict])
            parts.append(f"under {'all' if number == len(wholes) else number} of {len(wholes)} the two {words}")
    text = "; ".join(parts).replace("under all of", "under all")
    return f"{text[0].upper()}{text[1:]}."


def _shortened(first: list[str], start: str, measures: Sequence[Measure], labels: Sequence[str], basis: str) -> str:
    """With the names of what each leads in, or with their numbers where that would take too many words."""
    named = " ".join([*first, _leads(start, measures, labels, by_name=True), basis])
    if len(named.split()) <= MOST_WORDS:
        return named
    return " ".join([*first, _leads(start, measures, labels, by_name=False), basis])


def _leads(start: str, measures: Sequence[Measure], labels: Sequence[str], by_name: bool) -> str:
    """`By dimension the US is ahead in Timely, the UK in Licensed; 2 cannot be told apart, 1 cannot be compared.`"""
    by_verdict: dict[str, list[str]] = {}
    for row in measures:
        by_verdict.setdefault(short_verdict(row.comparison, labels), []).append(row.title)
    ahead = {label: by_verdict.get(f"{label} ahead", []) for label in labels}
    others = [
        f"{len(by_verdict[verdict])} {words}"
        for verdict, words in ((LEVEL, LEVEL), (NOT_COMPARED, "cannot be compared"))
        if verdict in by_verdict
    ]
    leads = [
        f"the {label}{' is ahead' if not place else ''} in {join_titles(titles) if by_name else len(titles)}"
        for place, (label, titles) in enumerate((label, titles) for label, titles in ahead.items() if titles)
    ]
    if not leads:
        return f"{start} neither is ahead: {', '.join(others)}." if others else ""
    return f"{start} {', '.join(leads)}{'; ' if others else ''}{', '.join(others)}."


def _basis(countries: Sequence[Country], whole: Measure) -> str:
    """The sizes of the samples, and how many of the questions have an answer."""
    samples = " and ".join(
        f"{row.data_sets:,} {row.label} {'dataset' if row.data_sets == 1 else 'datasets'} "
        f"({counted:,} {'agency' if counted == 1 else 'agencies'} counted)"
        for row in countries
        for counted in [row.agencies - row.agencies_left_out]
    )
    known = " and ".join(f"{whole.countries[row.code].known:.0f}" for row in countries)
    return f"This rests on {samples}; {known} per cent of the questions have an answer."


def join_titles(titles: Sequence[str]) -> str:
    """`Timely, Licensed and “Data and metadata quality”`."""
    *first, last = [f"“{title}”" if " " in title else title for title in titles]
    return f"{', '.join(first)} and {last}" if first else last
