"""The actions of the API, one module a topic. CKAN registers every public function that this package lists."""

from ckanext.aivision.logic.action.evaluate import aivision_compare, aivision_score_show
from ckanext.aivision.logic.action.harvest import (
    aivision_harvest,
    aivision_run_cancel,
    aivision_run_confirm,
    aivision_run_list,
    aivision_run_show,
)

__all__ = [
    "aivision_compare",
    "aivision_harvest",
    "aivision_run_cancel",
    "aivision_run_confirm",
    "aivision_run_list",
    "aivision_run_show",
    "aivision_score_show",
]
