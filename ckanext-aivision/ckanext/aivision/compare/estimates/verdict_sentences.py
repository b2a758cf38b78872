"""Which country is ahead, in words: one sentence and one short form, both from the figures of the comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ckanext.aivision.compare.estimates.figures import Comparison, Difference, Measure

LEVEL = "cannot be told apart"
NOT_COMPARED = "not compared"


def short_verdict(comparison: Comparison, labels: Sequence[str]) -> str:
    """`US ahead`, `UK ahead`, `cannot be told apart` or `not compared`; labels: of the two countries."""
    if comparison.distinguishable is None:
        return NOT_COMPARED
    if not comparison.distinguishable:
        return LEVEL
    return f"{labels[0] if _is_first_ahead(comparison) else labels[1]} ahead"


def overall_verdict(comparison: Comparison, labels: Sequence[str], start: str = "Overall") -> str:
    """Who is ahead, with the difference and its interval, each agency counted once; or why there is none.

    start: how it begins, such as `Overall` or `Through MQA`.
    """
    if comparison.distinguishable is None:
        return f"{start} the two cannot be compared: {comparison.note or 'too little is known'}."
    gap = f"{_points(comparison.by_agency)}, 95 % interval {_interval(comparison.by_agency)}"
    who = f"two {LEVEL}"
    if comparison.distinguishable:
        who = f"{labels[0] if _is_first_ahead(comparison) else labels[1]} is ahead"
    return f"{start} the {who} ({labels[0]} minus {labels[1]} {gap})."


def criteria_verdict(criteria: Sequence[Measure], labels: Sequence[str]) -> str:
    """In how many criteria each country is ahead, how many cannot be told apart, how many cannot be compared."""
    numbers = Counter(short_verdict(row.comparison, labels) for row in criteria)
    first, second = (numbers[f"{label} ahead"] for label in labels)
    if numbers[NOT_COMPARED] == len(criteria):
        return f"None of the {len(criteria)} criteria can be compared."
    noun = "criterion" if first == 1 else "criteria"
    return (
        f"The {labels[0]} is ahead in {first} {noun}, the {labels[1]} in {second}, "
        f"{numbers[LEVEL]} {LEVEL}, {numbers[NOT_COMPARED]} cannot be compared."
    )


def format_difference(value: float | None) -> str:
    """A difference in points with its sign and one decimal; two where one would show a difference as none."""
    if value is None:
        return "–"
    if not value:
        return "0.0"
    text = f"{value:+.1f}"
    return f"{value:+.2f}" if float(text) == 0 else text


def _is_first_ahead(comparison: Comparison) -> bool:
    return (comparison.by_agency.value or 0) > 0


def _points(difference: Difference) -> str:
    return f"{format_difference(difference.value)} points"


def _interval(difference: Difference) -> str:
    if difference.interval is None:
        return "no interval"
    return f"{format_difference(difference.interval.low)} to {format_difference(difference.interval.high)}"
