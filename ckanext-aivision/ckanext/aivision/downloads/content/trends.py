"""The scores of countries, or of an agency, over time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.charts.picture import figure
from ckanext.aivision.compare.charts.trend_marks import TrendLine, TrendSeam
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.series.seams import Seam
from ckanext.aivision.downloads.content import columns as common
from ckanext.aivision.downloads.table import Asked, Cell, Column, Content, Marks
from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.snapshot.trend import trends
from ckanext.aivision.snapshot.trend.trends import TrendAnswer, TrendQuestion

NAMES = trends.NAMES
_COLUMNS = (
    Column("series", "Series", "", "The country or the agency"),
    Column("country", "Country"),
    Column("agency", "Agency", "", "Its id; empty for a country as a whole"),
    Column("measure", "Measure", "", "Overall, or the id of a dimension or criterion"),
    Column("day", "Day", "", "The figures are of its end (UTC), and hold until the next one"),
    Column("mean", "Mean score", common.SCORE, "Of a country: of its agencies’ means; empty if unknown", "number"),
    Column("mean_low", "Mean score, low", common.SCORE, "Of the 95 per cent interval; agencies have none", "number"),
    Column("mean_high", "Mean score, high", common.SCORE, "Of the 95 per cent interval; agencies have none", "number"),
    Column("note", "Note", "", "Why there is no mean; empty if there is one"),
    Column("judged", "Datasets judged", "", "Those for which something is known", "integer"),
    Column("datasets", "Datasets", "", "All there were", "integer"),
    Column("agencies", "Agencies counted", "", "Those with datasets enough to be counted", "integer"),
    Column("rubric_version", "Rubric", "", "Points under different versions are not on one scale"),
    Column("changed_since", "Changed since", "", "The day of the point before, if the rubric or the sample changed"),
    Column("rubric_before", "Rubric before", "", "If it changed"),
    Column("new_sources", "New sources", "", "Since the point before"),
    Column("sources_gone", "Sources that left", "", "Since the point before"),
    Column("datasets_before", "Datasets before", "", "If their number changed by more than 10 per cent", "integer"),
)
_OF_COUNTRIES = (
    "The agencies’ mean score on everything known about their datasets, with 95 per cent confidence intervals. The "
    "difference between the two lines is no verdict."
)
_OF_AGENCY = "The mean score of the agency’s own datasets on everything known about them."
_LINES = (
    "A line keeps its level until the next point. Dashed upright lines are changes of the rubric or the sample. "
    "Hollow marks are of a former version of the rubric."
)
# Of changes, in words beside the picture; the files have all.
_MOST_NAMED = 8
_EACH = {
    "week": "the last point of each week",
    "month": "the last point of each month",
    "year": "the last point of each year",
}


def series(asked: Asked) -> Content:
    """Every point that the page shows under the same choices, the oldest first, with what changed before it.

    Raises UsageError for a choice that means nothing, and for a past day: `last` asks for that.
    """
    if asked.question.as_of is not None:
        raise UsageError("as_of: these figures are of a time, which first and last choose")
    found = trends.answer_from(asked.snapshot, asked.question.choices)
    cells: list[list[Cell]] = []
    for one in found.series:
        seams = {seam.day: seam for seam in one.seams}
        for point in one.points:
            cells.append(
                [
                    *(one.label, COUNTRIES[point.country], point.agency, point.measure, point.day.isoformat()),
                    *(point.value, point.low, point.high, point.too_little),
                    *(point.judged, point.data_sets, point.agencies, point.rubric_version),
                    *_changed(seams.get(point.day)),
                ]
            )
    shown = [one for one in found.series if one.points]
    sizes = [f"{one.label}: {len(one.points)} point{'' if len(one.points) == 1 else 's'}" for one in shown]
    sample = "; ".join([*sizes, *([_EACH[found.each]] if found.each else [])]) or "There are no points of this time"
    return Content(_COLUMNS, cells, sample, _subject(found.question), _chart(found))


def _chart(found: TrendAnswer) -> Marks | None:
    if found.chart is None:
        return None
    # Each with its newest figure, as a picture has no tooltips.
    labels = [f"{line.label}: {_newest(line)}" for line in found.chart.lines]
    changes = [f"{one.number}: {_change(one)}" for one in found.chart.seams[:_MOST_NAMED]]
    if len(found.chart.seams) > _MOST_NAMED:
        changes.append(f"and {len(found.chart.seams) - _MOST_NAMED} more")
    listed = f" Changes of the rubric or the sample: {'; '.join(changes)}." if changes else ""
    note = _OF_AGENCY if found.question.agency else _OF_COUNTRIES
    return Marks([], labels, "Mean score, 0 to 100", f"{note} {_LINES}{listed}", trend=found.chart)


def _newest(line: TrendLine) -> str:
    last = line.dots[-1]
    datasets = f"{last.data_sets:,} dataset{'' if last.data_sets == 1 else 's'}"
    return f"{figure(last.mark)} on {_in_words(last.day)}, {datasets}"


def _change(seams: TrendSeam) -> str:
    return (
        f"{_in_words(seams.day)}, {', '.join(dict.fromkeys(f'{label} {_kind(seam)}' for label, seam in seams.seams))}"
    )


def _kind(seam: Seam) -> str:
    kinds = ["rubric"] if seam.rubric else []
    return " and ".join([*kinds, "sample"] if seam.of_sample else kinds)


def _in_words(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _subject(question: TrendQuestion) -> str:
    """Of what and of whom, in words: `Overall, US and UK`."""
    if question.agency:
        whose = load_register().agencies[question.agency].title
    else:
        whose = COUNTRIES[question.country] if question.country else " and ".join(COUNTRIES.values())
    return f"{in_words(question.measure)}, {whose}"


def _changed(seam: Seam | None) -> Sequence[Cell]:
    if seam is None:
        return ["", "", "", "", None]
    before = seam.data_sets[0] if seam.data_sets else None
    rubric = seam.rubric[0] if seam.rubric else ""
    return [seam.before.isoformat(), rubric, "; ".join(seam.new), "; ".join(seam.gone), before]
