"""What a reader must know before the figures, in sentences: the most important first."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.compare.country import NO_NAME
from ckanext.aivision.compare.figures import Comparison, Country, Publisher

LARGE_SHARE = 50  # per cent of a country's data sets by one publisher: from there on it speaks for the country


def notes(
    countries: Sequence[Country],
    overall: Comparison,
    publishers: Sequence[Publisher],
    other_countries: dict[str, int],
) -> list[str]:
    """The sentences for one comparison; each stands for itself."""
    empty = [row.label for row in countries if not row.data_sets]
    lines = [f"There are no data sets of the {label}, so nothing can be compared." for label in empty]
    if spread := _spread(countries, overall):
        lines.append(spread)
    for row in countries:
        if row.largest_share is not None and row.largest_share > LARGE_SHARE and row.publishers > 1:
            lines.append(
                f"{row.largest_publisher} publishes {row.largest_share:.0f} % of the {row.label} data sets: "
                "figures by data set tell mostly about it; read them beside those by publisher."
            )
    for row in countries:
        unnamed = sum(found.data_sets for found in publishers if (found.country, found.name) == (row.code, NO_NAME))
        if unnamed:
            lines.append(f"{unnamed:,} {row.label} data sets name no publisher; they count as one publisher together.")
    if other_countries:
        others = ", ".join(f"{code or 'none given'} {number:,}" for code, number in other_countries.items())
        lines.append(f"Data sets of other countries are not compared here: {others}.")
    return lines


def _spread(countries: Sequence[Country], overall: Comparison) -> str:
    """Whether publishers of one country differ more among themselves than the countries differ."""
    widths = [(row.spread.width, row.label) for row in countries if row.spread.width is not None and row.publishers > 2]
    gaps = [found.value for found in (overall.by_publisher, overall.by_data_set) if found.value is not None]
    if not widths or not gaps:
        return ""
    gap = max(abs(value) for value in gaps)
    told = " and ".join(f"{width:.0f} points in the {label}" for width, label in widths)
    less = "less, " if all(width > gap for width, _ in widths) else ""
    return (
        f"From the 10th to the 90th percentile of publishers the mean score differs by {told}. "
        f"The countries differ by {less}{gap:.0f} points on the criteria known for both."
    )
