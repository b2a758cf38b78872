"""Template helpers: the rows that the charts of `macros/charts.html` draw."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ckan.plugins import toolkit

from ckanext.aivision.compare.charts.agency_marks import agency_rows as aivision_agency_rows
from ckanext.aivision.compare.charts.marks import Row, measure_rows
from ckanext.aivision.compare.charts.marks import data_set_rows as aivision_data_set_rows
from ckanext.aivision.compare.charts.marks import grade_rows as aivision_grade_rows
from ckanext.aivision.compare.charts.marks import grade_rows_by_data_set as aivision_grade_rows_by_data_set
from ckanext.aivision.compare.charts.marks import signed as aivision_signed
from ckanext.aivision.compare.charts.marks import strips as aivision_strips
from ckanext.aivision.compare.estimates.figures import Country, Measure

__all__ = [
    "aivision_agency_rows",
    "aivision_data_set_rows",
    "aivision_grade_rows",
    "aivision_grade_rows_by_data_set",
    "aivision_measure_rows",
    "aivision_signed",
    "aivision_strips",
]


def aivision_measure_rows(measures: Sequence[Measure], countries: Sequence[Country]) -> list[Row]:
    """Measures with each agency counted once, with their names and questions in the reader's language."""
    return [
        dataclasses.replace(row, title=toolkit._(row.title), question=row.question and toolkit._(row.question))
        for row in measure_rows(measures, countries)
    ]
