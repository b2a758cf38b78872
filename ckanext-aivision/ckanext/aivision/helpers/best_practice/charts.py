"""Template helpers: the rows that the charts of `macros/charts.html` draw."""

from ckanext.aivision.compare.charts.agency_marks import agency_rows as aivision_agency_rows
from ckanext.aivision.compare.charts.marks import data_set_rows as aivision_data_set_rows
from ckanext.aivision.compare.charts.marks import grade_rows as aivision_grade_rows
from ckanext.aivision.compare.charts.marks import grade_rows_by_data_set as aivision_grade_rows_by_data_set
from ckanext.aivision.compare.charts.marks import measure_rows as aivision_measure_rows
from ckanext.aivision.compare.charts.marks import signed as aivision_signed
from ckanext.aivision.compare.charts.marks import strips as aivision_strips

__all__ = [
    "aivision_agency_rows",
    "aivision_data_set_rows",
    "aivision_grade_rows",
    "aivision_grade_rows_by_data_set",
    "aivision_measure_rows",
    "aivision_signed",
    "aivision_strips",
]
