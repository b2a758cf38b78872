"""Who can do what: evaluations are as public as their datasets; sources are for sysadmins.

A sysadmin can give the daily work on a source to the admins of an organization, its `owner_org`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
from ckan import authz
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.improvement import edits
from ckanext.aivision.catalogue.sources import runs
from ckanext.aivision.catalogue.sources.listing import administered_by, is_administered_by

AuthResult = dict[str, Any]
Rule = Callable[[Mapping[str, Any], dict[str, Any]], AuthResult]


def _admins_of(source: Any, context: Mapping[str, Any]) -> AuthResult:
    if isinstance(source, str) and is_administered_by(context["user"], source):
        return {"success": True}
    return _sysadmins(context, {})


def _sysadmins(context: Mapping[str, Any], data_dict: dict[str, Any]) -> AuthResult:
    """Refuses the user. CKAN allows sysadmins everything before it calls an auth function."""
    message = toolkit._(
        "Only sysadmins, or for some actions admins of the organization that owns the source, can do this"
    )
    return {"success": False, "msg": message}


def _admins_of_source(field: str) -> Rule:
    """Admins of the source that a field names."""
    return lambda context, data_dict: _admins_of(data_dict.get(field), context)


def _admins_of_run(field: str) -> Rule:
    """Admins of the source of the run that a field names. Nobody else learns whether the run exists."""

    def check(context: Mapping[str, Any], data_dict: dict[str, Any]) -> AuthResult:
        id = data_dict.get(field)
        row = runs.find(id) if isinstance(id, str) else None
        return _admins_of(row.source, context) if row is not None else _sysadmins(context, data_dict)

    return check


def _admins_of_any_source(context: Mapping[str, Any], data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True} if administered_by(context["user"]) else _sysadmins(context, data_dict)


def _admins_of_source_or_any(context: Mapping[str, Any], data_dict: dict[str, Any]) -> AuthResult:
    if data_dict.get("source"):
        return _admins_of(data_dict["source"], context)
    return _admins_of_any_source(context, data_dict)


def _readers_of_dataset(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    toolkit.check_access("package_show", context, data_dict)
    return {"success": True}


def _editors(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Who can edit a dataset, or create datasets in an organization."""
    if data_dict.get("id"):
        toolkit.check_access("package_update", context, {"id": data_dict["id"]})
    elif data_dict.get("organization"):
        toolkit.check_access("package_create", context, {"owner_org": data_dict["organization"]})
    else:
        return {"success": False, "msg": toolkit._("Only people who can edit a dataset can see this")}
    return {"success": True}


def _editors_or_people_with_a_draft(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Who can edit the dataset, if one is named; CKAN lets in only people who have logged in."""
    return _editors_of_dataset(context, data_dict) if data_dict.get("id") else {"success": True}


def _editors_of_dataset(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    toolkit.check_access("package_update", context, {"id": data_dict["id"]})
    return {"success": True}


def _editors_of_resource(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Who can edit the dataset of a resource. Nobody else learns whether it exists."""
    id = data_dict.get("id")
    resource = model.Resource.get(id) if isinstance(id, str) else None
    try:
        toolkit.check_access("package_update", context, {"id": resource.package_id if resource is not None else ""})
    except (toolkit.NotAuthorized, toolkit.ObjectNotFound, toolkit.ValidationError):
        return {"success": False, "msg": toolkit._("Only people who can edit the dataset can do this")}
    return {"success": True}


def _editors_of_organization(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Who can edit all datasets of an organization, its drafts too."""
    if authz.has_user_permission_for_group_or_org(data_dict.get("organization"), context["user"], "update_dataset"):
        return {"success": True}
    return {"success": False, "msg": toolkit._("Only editors and admins of the organization can do this")}


def _editors_of_bulk_edit(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """The same for a change to many datasets. Nobody else learns whether it exists."""
    id = data_dict.get("id")
    row = edits.find(id) if isinstance(id, str) else None
    return _editors_of_organization(context, {"organization": row.organization if row is not None else ""})


def _readers_of_dataset_or_editors_of_organization(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    if data_dict.get("id"):
        return _readers_of_dataset(context, data_dict)
    return _editors(context, data_dict)


def _readers_of_dataset_or_sysadmins(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    if data_dict.get("id"):
        return _readers_of_dataset(context, data_dict)
    return {"success": False, "msg": toolkit._("Only sysadmins can see the objections to all datasets")}


def _readers_of_site(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Who can search for datasets: some sites let in nobody who has not logged in."""
    toolkit.check_access("package_search", context, data_dict)
    return {"success": True}


def _everybody(context: Mapping[str, Any], data_dict: dict[str, Any]) -> AuthResult:
    return {"success": True}


_RULES: dict[str, Rule] = {
    "aivision_announcement_show": _editors,
    "aivision_audit_list": _sysadmins,
    "aivision_bulk_edit_add": _editors_of_organization,
    "aivision_bulk_edit_import": _editors_of_organization,
    "aivision_bulk_edit_apply": _editors_of_bulk_edit,
    "aivision_bulk_edit_create": _editors_of_organization,
    "aivision_bulk_edit_discard": _editors_of_bulk_edit,
    "aivision_bulk_edit_list": _editors_of_organization,
    "aivision_bulk_edit_show": _editors_of_bulk_edit,
    "aivision_bulk_edit_undo": _editors_of_bulk_edit,
    "aivision_fix_list": _editors_of_organization,
    "aivision_fix_show": _editors_of_organization,
    "aivision_profile_check": _editors_or_people_with_a_draft,
    "aivision_score_draft": _editors_or_people_with_a_draft,
    "aivision_correction_delete": _editors_of_dataset,
    "aivision_dataset_restore": _editors_of_dataset,
    # CKAN lets in only people who have logged in.
    "aivision_digest_set": _everybody,
    "aivision_notice_list": _everybody,
    "aivision_deleted_list": _editors,
    "aivision_file_inspect": _editors_of_resource,
    "aivision_file_inspection_apply": _editors_of_resource,
    "aivision_file_inspection_show": _editors_of_resource,
    "aivision_objection_save": _editors_of_dataset,
    "aivision_objection_delete": _editors_of_dataset,
    "aivision_harvest": _admins_of_source("source"),
    "aivision_source_list": _admins_of_any_source,
    "aivision_source_show": _admins_of_source("name"),
    "aivision_source_preview": _admins_of_source("name"),
    "aivision_source_create": _sysadmins,
    "aivision_source_update": _sysadmins,
    "aivision_source_delete": _sysadmins,
    "aivision_preview_show": _admins_of_source("name"),
    "aivision_preview_cancel": _admins_of_source("name"),
    "aivision_record_list": _admins_of_source("source"),
    "aivision_run_list": _admins_of_source_or_any,
    "aivision_run_show": _admins_of_run("id"),
    "aivision_run_cancel": _admins_of_run("id"),
    "aivision_run_confirm": _sysadmins,
    "aivision_problem_list": _admins_of_run("run"),
}
# Also for those who are not logged in.
_PUBLIC_RULES: dict[str, Rule] = {
    "aivision_score_show": _readers_of_dataset,
    "aivision_score_history": _readers_of_dataset,
    "aivision_link_list": _readers_of_dataset,
    "aivision_file_profile_list": _readers_of_dataset,
    "aivision_croissant_show": _readers_of_dataset,
    "aivision_loss_list": _readers_of_dataset,
    "aivision_schema_org_show": _readers_of_dataset,
    "aivision_correction_list": _readers_of_dataset_or_editors_of_organization,
    "aivision_objection_list": _readers_of_dataset_or_sysadmins,
    "aivision_change_list": _readers_of_site,
    "aivision_dump_list": _readers_of_site,
    "aivision_trend_list": _everybody,
    "aivision_compare": _everybody,
    "aivision_lens_list": _everybody,
    "aivision_api_show": _everybody,
    "aivision_agency_list": _everybody,
    "aivision_agency_show": _everybody,
    "aivision_criterion_list": _everybody,
    "aivision_criterion_show": _everybody,
    "aivision_evaluation_list": _everybody,
    "aivision_figure_list": _everybody,
    "aivision_figure_show": _everybody,
}


def _function(name: str, rule: Rule, is_public: bool) -> Any:
    """CKAN marks the functions that it registers, so that each action has one of its own."""

    def check(context: Any, data_dict: dict[str, Any] | None = None) -> AuthResult:
        return rule(context, data_dict or {})

    check.__name__ = name
    return toolkit.auth_allow_anonymous_access(check) if is_public else check


# By the names of their actions.
FUNCTIONS: dict[str, Any] = {
    **{name: _function(name, rule, False) for name, rule in _RULES.items()},
    **{name: _function(name, rule, True) for name, rule in _PUBLIC_RULES.items()},
}


def is_public(action: str) -> bool:
    """Whether an action can be called without a log-in, at least for what is public."""
    return action in _PUBLIC_RULES
