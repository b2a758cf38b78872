"""The finding of a comparison in one sentence, for readers who see nothing else of it."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.compare.answer import join_titles
from ckanext.aivision.compare.charts.marks import signed
from ckanext.aivision.compare.estimates.figures import Comparison, Measure, Overview
from ckanext.aivision.compare.estimates.verdict_sentences import LEVEL, NOT_COMPARED, short_verdict


def headline(found: Overview) -> str:
    """Who is ahead overall, how sure that is, and in which dimensions each country is ahead.

    The figures are those that the verdict rests on: each agency counted once, points of 100, with the 95 per cent
    interval. Where nothing can be compared it is the reason; empty where neither country has datasets.
    """
    empty = [country.label for country in found.countries if not country.data_sets]
    if len(empty) == len(found.countries):
        return ""
    if empty:
        return f"There are no datasets of the {empty[0]} yet, so nothing can be compared."
    labels = [country.label for country in found.countries]
    leads = _leads(found.dimensions, labels)
    return f"{_overall(found.overall.comparison, labels)}{': ' if leads else ''}{leads}."


def _overall(comparison: Comparison, labels: Sequence[str]) -> str:
    verdict = short_verdict(comparison, labels)
    if verdict == NOT_COMPARED:
        reason = f" ({comparison.note})" if comparison.note else ""
        return f"Overall the {labels[0]} and the {labels[1]} cannot be compared{reason}"
    found = comparison.by_agency
    difference = f"{labels[0]} minus {labels[1]} {signed(found.value)} points of 100"
    if found.interval is not None:
        difference += f", 95\u00a0% interval {signed(found.interval.low)} to {signed(found.interval.high)}"
    if verdict == LEVEL:
        return f"Overall the {labels[0]} and the {labels[1]} {LEVEL} ({difference})"
    ahead = labels[0] if (found.value or 0) > 0 else labels[1]
    return f"Overall the {ahead} is ahead ({difference})"


def _leads(dimensions: Sequence[Measure], labels: Sequence[str]) -> str:
    """`the US is ahead in being timely, and the UK in being accessible`; empty if neither is ahead in any."""
    parts: list[str] = []
    for label in labels:
        titles = [row.title.lower() for row in dimensions if short_verdict(row.comparison, labels) == f"{label} ahead"]
        if titles:
            parts.append(f"the {label} {'' if parts else 'is ahead '}in being {join_titles(titles)}")
    return ", and ".join(parts)
