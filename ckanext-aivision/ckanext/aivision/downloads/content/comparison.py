"""The figures of `/best-practice` and of the list of criteria."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ckanext.aivision.compare.charts import marks
from ckanext.aivision.compare.charts.marks import Row
from ckanext.aivision.compare.estimates.figures import Country, Difference, Measure, Overview
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.downloads.content import columns as common
from ckanext.aivision.downloads.table import Asked, Cell, Column, Content, Marks
from ckanext.aivision.errors import UsageError

MEAN_SCORE = "Mean score, 0 to 100"
_BY_AGENCY = (
    "Each agency counts once. Lines and brackets are 95 per cent confidence intervals. Differences are the US minus "
    "the UK. Hollow marks are not compared."
)
_BY_DATA_SET = (
    "Each dataset counts once. Lines and brackets are 95 per cent confidence intervals. Differences are the US minus "
    "the UK."
)
_GRADES = "The mean over agencies of their own shares. Lines and brackets are 95 per cent confidence intervals."
_OF_ALL = "The mean over all datasets, each counted once"
_VERDICT = (
    Column("verdict", "Verdict", "", "Which country is ahead, by the interval corrected for the number of comparisons"),
    Column("reason", "Reason", "", "Why the countries are not compared; empty if they are"),
)
_ABOUT_CRITERION = (
    Column("dimension", "Dimension"),
    Column("question", "Question", "", "What is asked of each dataset"),
    Column("weight", "Weight", "", "In the score of a dataset", "number"),
)


def dimensions(asked: Asked) -> Content:
    """The overall score and the dimensions, each agency counted once."""
    found = asked.figures
    return measure_table(found, [found.overall, *found.dimensions])


def dimensions_by_data_set(asked: Asked) -> Content:
    """The overall score and the dimensions, each dataset counted once: without a verdict."""
    found = asked.figures
    measures, countries = [found.overall, *found.dimensions], found.countries
    rows = marks.data_set_rows(measures, countries)
    head = [common.ID, common.TITLE, *_by_country(countries, lambda country: common.mean(country, _OF_ALL))]
    cells = [
        [row.id, row.title, *_marks(row, countries), *_difference(measure.comparison.by_data_set)]
        for row, measure in zip(rows, measures, strict=True)
    ]
    drawn = Marks([("", rows)], common.labels(found), MEAN_SCORE, _BY_DATA_SET)
    return Content([*head, *common.difference(countries)], cells, common.describe_sample(found), marks=drawn)


def criteria(asked: Asked) -> Content:
    """Every criterion, below its dimension."""
    found = asked.figures
    return measure_table(found, found.criteria, _ABOUT_CRITERION)


def criteria_of_dimension(asked: Asked) -> Content:
    """The criteria of one dimension."""
    found = asked.figures
    own = [row for row in found.criteria if row.dimension == asked.subject]
    return measure_table(found, own, _ABOUT_CRITERION)._replace(subject=in_words(asked.subject))


def lens(asked: Asked) -> Content:
    """The groups of a published framework. Raises UsageError where none is chosen."""
    found = asked.figures
    if found.lens is None:
        raise UsageError("lens: choose a lens of another framework, such as lens=us-commerce")
    groups = [group for group in found.lens.groups if group.comparison.of_criteria]
    return measure_table(found, [found.lens.overall, *groups])._replace(subject=found.lens.label)


def grades(asked: Asked) -> Content:
    """The share of each grade, by agency and by dataset."""
    found = asked.figures
    countries = found.countries
    by_agency, by_data_set = marks.grade_rows(countries), marks.grade_rows_by_data_set(countries)
    head = [
        Column("grade", "Grade"),
        *_by_country(
            countries,
            lambda country: [
                *common.measured(country, "share", "share by agency", common.PER_CENT, "The mean of agencies’ shares"),
                *common.measured(country, "of_all", "share of all datasets", common.PER_CENT, "Of all datasets"),
            ],
        ),
    ]
    cells: list[list[Cell]] = []
    for one, other in zip(by_agency, by_data_set, strict=True):
        ends = [common.in_cells(common.mark_of(row, place)) for place in range(len(countries)) for row in (one, other)]
        cells.append([one.id, *(cell for end in ends for cell in end)])
    rows = [Row(id=row.id, title=f"Grade {row.title}", marks=row.marks) for row in by_agency]
    drawn = Marks([("", rows)], common.labels(found), "Share of datasets, per cent", _GRADES, unit=" %", bars=True)
    return Content(head, cells, common.describe_sample(found), marks=drawn)


def measure_table(found: Overview, measures: Sequence[Measure], about: Sequence[Column] = ()) -> Content:
    """Measures as they are drawn on the page. about: the columns of criteria, where they are some."""
    countries, rows = found.countries, marks.measure_rows(measures, found.countries)
    head = [
        common.ID,
        common.TITLE,
        *about,
        *_by_country(countries, lambda country: [*common.mean(country), *_passed(country, about)]),
        *_by_country(countries, common.sample),
        *common.difference(countries),
        *_VERDICT,
    ]
    cells: list[list[Cell]] = []
    for row, measure in zip(rows, measures, strict=True):
        own: list[Cell] = [in_words(measure.dimension), measure.question, measure.weight] if about else []
        cells.append(
            [
                *(row.id, row.title, *own, *_marks(row, countries, measure if about else None)),
                *_samples(measure, countries),
                *_difference(measure.comparison.by_agency if row.compared else None),
                *(measure.comparison.verdict, row.reason),
            ]
        )
    drawn = Marks(_groups(rows, measures, bool(about)), common.labels(found), MEAN_SCORE, _BY_AGENCY, verdicts=True)
    return Content(head, cells, common.describe_sample(found), marks=drawn)


def _groups(rows: Sequence[Row], measures: Sequence[Measure], by_dimension: bool) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for row, measure in zip(rows, measures, strict=True):
        groups.setdefault(in_words(measure.dimension) if by_dimension else "", []).append(row)
    return list(groups.items())


def _passed(country: Country, about: Sequence[Column]) -> list[Column]:
    if not about:
        return []
    words = "Of the datasets that could be judged; empty where there is no mean"
    return common.measured(country, "passed", "pass in full", common.PER_CENT, words)


def _marks(row: Row, countries: Sequence[Country], criterion: Measure | None = None) -> list[Cell]:
    """The marks of both countries, and of a criterion the shares that pass."""
    cells: list[Cell] = []
    for place in range(len(countries)):
        mark = common.mark_of(row, place)
        cells += common.in_cells(mark)
        if criterion is not None:
            share = mark.passed if mark is not None else None
            ends = share.interval if share is not None else None
            cells += [share.value if share else None, ends.low if ends else None, ends.high if ends else None]
    return cells


def _samples(measure: Measure, countries: Sequence[Country]) -> list[Cell]:
    cells: list[Cell] = []
    for country in countries:
        found = measure.countries[country.code]
        cells += [found.data_sets, found.agencies, found.known, found.too_little]
    return cells


def _difference(found: Difference | None) -> list[Cell]:
    if found is None or found.value is None:
        return [None, None, None]
    ends = found.interval
    return [found.value, ends.low if ends else None, ends.high if ends else None]


def _by_country(countries: Sequence[Country], columns: Callable[[Country], list[Column]]) -> list[Column]:
    return [column for country in countries for column in columns(country)]
