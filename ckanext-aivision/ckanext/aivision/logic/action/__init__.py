"""The actions of the API, one module per topic. CKAN registers every public function that this package lists."""

from ckanext.aivision.logic.action.evaluate import aivision_compare, aivision_lens_list, aivision_score_show
from ckanext.aivision.logic.action.files import aivision_file_profile_list
from ckanext.aivision.logic.action.form import package_create, package_patch, package_update
from ckanext.aivision.logic.action.harvest import aivision_harvest
from ckanext.aivision.logic.action.history import aivision_score_history, aivision_trend_list
from ckanext.aivision.logic.action.links import aivision_link_list
from ckanext.aivision.logic.action.previews import (
    aivision_preview_cancel,
    aivision_preview_show,
    aivision_source_preview,
)
from ckanext.aivision.logic.action.records import aivision_record_list
from ckanext.aivision.logic.action.runs import (
    aivision_problem_list,
    aivision_run_cancel,
    aivision_run_confirm,
    aivision_run_list,
    aivision_run_show,
)
from ckanext.aivision.logic.action.sources import (
    aivision_source_create,
    aivision_source_delete,
    aivision_source_list,
    aivision_source_show,
    aivision_source_update,
)

__all__ = [
    "aivision_compare",
    "aivision_file_profile_list",
    "aivision_harvest",
    "aivision_lens_list",
    "aivision_link_list",
    "aivision_preview_cancel",
    "aivision_preview_show",
    "aivision_problem_list",
    "aivision_record_list",
    "aivision_run_cancel",
    "aivision_run_confirm",
    "aivision_run_list",
    "aivision_run_show",
    "aivision_score_history",
    "aivision_score_show",
    "aivision_source_create",
    "aivision_source_delete",
    "aivision_source_list",
    "aivision_source_preview",
    "aivision_source_show",
    "aivision_source_update",
    "aivision_trend_list",
    "package_create",
    "package_patch",
    "package_update",
]
