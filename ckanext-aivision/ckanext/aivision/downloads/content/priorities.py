"""What to work on: the three lists of `/best-practice/priorities` as one table."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.compare.estimates.figures import Country
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.compare.priorities import WEAK, Side, priorities
from ckanext.aivision.downloads.content import columns as common
from ckanext.aivision.downloads.table import Asked, Cell, Column, Content
from ckanext.aivision.scoring.rubric import Criterion, load

_LEARN, _TOGETHER, _UNKNOWN = "learn from the other", "weak in both", "not known with today’s formats"
_ABOUT = (
    Column("list", "List", "", f"{_LEARN}; {_TOGETHER} (both intervals below {WEAK}); or {_UNKNOWN}"),
    Column("place", "Place in the list", "", "The most rewarding first", "integer"),
    common.ID,
    common.TITLE,
    Column("dimension", "Dimension"),
    Column("question", "Question", "", "What is asked of each dataset"),
    Column("ahead", "Ahead", "", f"Which country, in the list “{_LEARN}”"),
    Column("gap", "Gap", common.POINTS, "The country ahead minus the other", "number"),
    Column("gap_low", "Gap, low", common.POINTS, "The lower end of the 95 per cent confidence interval", "number"),
    Column("gap_high", "Gap, high", common.POINTS, "The upper end of the 95 per cent confidence interval", "number"),
)
_FIELDS = (
    Column("standards", "Standards with a field", "", f"In the list “{_UNKNOWN}”: they have a field for the answer"),
    Column("weight", "Share of all weight", common.PER_CENT, f"In the list “{_UNKNOWN}”", "number"),
    Column("reason", "Reason", "", "Why the countries are not compared; empty if they are"),
)
_NO_GAP: tuple[Cell, ...] = ("", None, None, None)


def lists(asked: Asked) -> Content:
    """A row for each criterion of each list. Raises as `Asked.figures`."""
    found = asked.figures
    wanted, countries = priorities(found, load()), found.countries
    cells: list[list[Cell]] = []
    for place, gap in enumerate(wanted.gaps, start=1):
        ends = gap.interval
        sides = _in_order([gap.ahead, gap.behind], countries)
        own: list[Cell] = [gap.ahead.label, gap.gap, ends.low, ends.high]
        cells.append([_LEARN, place, *_about(gap.criterion), *own, *_sides(sides), "", None, ""])
    for place, weak in enumerate(wanted.weak, start=1):
        cells.append([_TOGETHER, place, *_about(weak.criterion), *_NO_GAP, *_sides(weak.sides), "", None, ""])
    for place, unknown in enumerate(wanted.unknown, start=1):
        own = ["; ".join(unknown.standards), unknown.weight, unknown.reason]
        cells.append([_UNKNOWN, place, *_about(unknown.criterion), *_NO_GAP, *_sides(unknown.sides), *own])
    head = [*_ABOUT, *(column for country in countries for column in _of_country(country)), *_FIELDS]
    return Content(head, cells, common.describe_sample(found))


def _about(criterion: Criterion) -> list[Cell]:
    return [criterion.id, in_words(criterion.id), in_words(criterion.dimension), criterion.question]


def _in_order(sides: Sequence[Side], countries: Sequence[Country]) -> list[Side]:
    codes = [country.code for country in countries]
    return sorted(sides, key=lambda side: codes.index(side.code))


def _of_country(country: Country) -> list[Column]:
    start, label = common.prefix(country), country.label
    return [
        *common.mean(country),
        Column(f"{start}_judged", f"{label} datasets judged", "", "", "integer"),
        Column(f"{start}_agencies", f"{label} agencies", "", "Those that could be judged", "integer"),
        Column(
            *(f"{start}_gain", f"{label} gain", common.POINTS),
            *("About how far its mean score would rise if the gap were closed or all datasets passed", "number"),
        ),
        Column(f"{start}_note", f"{label} note", "", "Why there is no mean; empty if there is one"),
    ]


def _sides(sides: Sequence[Side]) -> list[Cell]:
    cells: list[Cell] = []
    for side in sides:
        ends = side.interval
        cells += [side.mean, ends.low if ends else None, ends.high if ends else None]
        cells += [side.data_sets, side.agencies, side.gain, side.said]
    return cells
