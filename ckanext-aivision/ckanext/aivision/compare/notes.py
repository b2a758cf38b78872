"""Notes that a reader needs before the figures, the most important first."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.compare.estimates.country import NO_NAME
from ckanext.aivision.compare.estimates.figures import Comparison, Country, Measure, Publisher
from ckanext.aivision.compare.estimates.verdict import criteria_verdict, overall_verdict

LARGE_SHARE = 50  # per cent of a country's datasets by one publisher: from there on it speaks for the country

SAMPLES_BANNER = (
    "These are samples: every record and every publisher here is made up. The figures show what a comparison looks "
    "like and say nothing about either country."
)


def note_on_samples(left_out: int) -> list[str]:
    """left_out: how many datasets are samples that are not compared beside real ones."""
    if not left_out:
        return []
    subject = "1 sample dataset is" if left_out == 1 else f"{left_out:,} sample datasets are"
    return [f"{subject} made up and not counted here, because there are real datasets."]


def notes(
    countries: Sequence[Country],
    overall: Measure,
    criteria: Sequence[Measure],
    publishers: Sequence[Publisher],
    other_countries: dict[str, int],
) -> list[str]:
    """The sentences for one comparison, the verdict first; each stands for itself."""
    labels = [row.label for row in countries]
    empty = [row.label for row in countries if not row.data_sets]
    if empty:
        lines = [f"There are no datasets of the {label}, so nothing can be compared." for label in empty]
    else:
        verdict = overall_verdict(overall.comparison, labels)
        lines = [f"{verdict} {criteria_verdict(criteria, labels)}"]
    if spread := _spread(countries, overall.comparison):
        lines.append(spread)
    for row in countries:
        if row.largest_share is not None and row.largest_share > LARGE_SHARE and row.publishers > 1:
            lines.append(
                f"{row.largest_publisher} publishes {row.largest_share:.0f} % of the {row.label} datasets: "
                "figures by dataset mostly describe this publisher; compare them with those by publisher."
            )
    for row in countries:
        unnamed = sum(found.data_sets for found in publishers if (found.country, found.name) == (row.code, NO_NAME))
        if unnamed:
            lines.append(f"{unnamed:,} {row.label} datasets name no publisher; together they count as one publisher.")
    if other_countries:
        others = ", ".join(f"{code or 'none given'} {number:,}" for code, number in other_countries.items())
        lines.append(f"Datasets of other countries are not compared here: {others}.")
    return lines


def _spread(countries: Sequence[Country], overall: Comparison) -> str:
    """How far publishers of one country differ among themselves, and whether that is more than the countries do."""
    widths = [(row.spread.width, row.label) for row in countries if row.spread.width is not None and row.publishers > 2]
    if not widths or not all(row.data_sets for row in countries):
        return ""
    widest_apart = " and ".join(f"{width:.1f} points in the {label}" for width, label in widths)
    sentence = f"Between the 10th and 90th percentile of publishers, the mean score differs by {widest_apart}."
    intervals = [found.interval for found in (overall.by_publisher, overall.by_data_set) if found.interval is not None]
    if len(intervals) < 2 or len(widths) < len(countries):
        return sentence
    widest = max(abs(end) for found in intervals for end in (found.low, found.high))
    if all(width > widest for width, _ in widths):
        sentence += " So publishers within one country differ more than the two countries do."
    return sentence
