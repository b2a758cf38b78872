"""Notes that a reader needs before the figures, the most important first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ckanext.aivision.compare.estimates.figures import Comparison, Country, Publisher
from ckanext.aivision.compare.estimates.method import Dropped
from ckanext.aivision.compare.estimates.sample import LEAST_OF_AGENCY, NO_NAME
from ckanext.aivision.compare.tallies.known_share import percent

LARGE_SHARE = 50  # per cent of a country's datasets by one agency: from there on it speaks for the country

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
    overall: Comparison,
    publishers: Sequence[Publisher],
    lost: Sequence[Dropped],
    other_countries: Mapping[str, int],
) -> list[str]:
    """The sentences for one comparison below its answer; each can be read by itself."""
    lines = _spread(countries, overall)
    for row in countries:
        lines += _agencies(row)
        lines += _publishers(row, publishers)
    lines += _lost(lost, {row.code: row.label for row in countries})
    if other_countries:
        others = ", ".join(f"{code or 'none given'} {number:,}" for code, number in other_countries.items())
        lines.append(f"Datasets of other countries are not compared here: {others}.")
    return lines


def _spread(countries: Sequence[Country], overall: Comparison) -> list[str]:
    """How far agencies of one country differ among themselves, and whether that is more than the countries do."""
    widths = [(row.spread.width, row.label) for row in countries if row.spread.width is not None and row.agencies > 2]
    if not widths or not all(row.data_sets for row in countries):
        return []
    apart = " and ".join(f"{width:.1f} points in the {label}" for width, label in widths)
    sentence = f"Between the 10th and 90th percentile of agencies, their own scores differ by {apart}."
    interval = overall.by_agency.interval
    if interval is not None and len(widths) == len(countries):
        widest = max(abs(interval.low), abs(interval.high))
        if all(width > widest for width, _ in widths):
            sentence += " So agencies within one country differ more than the two countries do."
    return [sentence]


def _agencies(row: Country) -> list[str]:
    lines = []
    if row.agencies_left_out:
        verb = "has" if row.agencies_left_out == 1 else "have"
        number = f"{row.agencies_left_out:,} of the {row.agencies:,} {row.label} agencies"
        are = "is" if row.agencies_left_out == 1 else "are"
        lines.append(
            f"{number} {verb} fewer than {LEAST_OF_AGENCY} datasets and {are} left out where each agency counts once."
        )
    if row.largest_share is not None and row.largest_share > LARGE_SHARE and row.agencies > 1:
        lines.append(
            f"{row.largest_agency} has {percent(row.largest_share, 100)} of the {row.label} datasets: "
            "figures by dataset mostly describe this agency; compare them with those by agency."
        )
    return lines


def _publishers(row: Country, publishers: Sequence[Publisher]) -> list[str]:
    """Publishers that are counted by themselves because they are placed with no agency."""
    alone = [found for found in publishers if found.country == row.code and not found.agency]
    unnamed = sum(found.data_sets for found in alone if found.name == NO_NAME)
    lines = []
    if len(alone) > (1 if unnamed else 0):
        number = row.unplaced - unnamed
        if number == 1:
            lines.append(f"1 {row.label} dataset is placed with no agency: its publisher counts as one.")
        else:
            lines.append(
                f"{number:,} {row.label} datasets are placed with no agency: each of their publishers counts as one."
            )
    if unnamed:
        what = "1 {} dataset has no agency and names no publisher; it counts as an agency of its own."
        if unnamed > 1:
            what = f"{unnamed:,} {{}} datasets have no agency and name no publisher; together they count as one agency."
        lines.append(what.format(row.label))
    return lines


def _lost(lost: Sequence[Dropped], labels: Mapping[str, str]) -> list[str]:
    """By source: which criteria its pipeline lost, and that their failure there is not counted."""
    by_source: dict[tuple[str, str], list[Dropped]] = {}
    for row in lost:
        by_source.setdefault((row.country, row.source), []).append(row)
    return [
        f"No {labels[country]} dataset from {source} meets {_named(rows)}, though datasets from other sources do: "
        "the source seems to lose what is asked. In the comparison this counts as unknown there and not as a failure."
        for (country, source), rows in by_source.items()
    ]


def _named(rows: Sequence[Dropped]) -> str:
    titles = [f"“{row.title}”" for row in rows]
    if len(titles) == 1:
        return f"the criterion {titles[0]}"
    return f"any of {len(titles)} criteria ({', '.join(titles)})"
