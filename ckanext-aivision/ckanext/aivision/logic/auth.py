"""Who can do what: evaluations are as public as their datasets; sources are for sysadmins.

A sysadmin can give the daily work on a source to the admins of an organization, its `owner_org`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources import runs
from ckanext.aivision.catalogue.sources.listing import administered_by, is_administered_by

AuthResult = dict[str, Any]


def _refused() -> AuthResult:
    """Refuses the user. CKAN allows sysadmins everything before it calls an auth function."""
    message = toolkit._(
        "Only sysadmins, or for some actions admins of the organization that owns the source, can do this"
    )
    return {"success": False, "msg": message}


def _for_admins_of(source: Any, context: Mapping[str, Any]) -> AuthResult:
    if isinstance(source, str) and is_administered_by(context["user"], source):
        return {"success": True}
    return _refused()


def _for_admins_of_run(run_id: Any, context: Mapping[str, Any]) -> AuthResult:
    row = runs.find(run_id) if isinstance(run_id, str) else None
    # Do not reveal whether there is such a run.
    return _for_admins_of(row.source, context) if row is not None else _refused()


def aivision_harvest(context: Any, data_dict: Any) -> AuthResult:
    return _for_admins_of(data_dict.get("source"), context)


def aivision_source_list(context: Any, data_dict: Any) -> AuthResult:
    return {"success": True} if administered_by(context["user"]) else _refused()


def aivision_source_show(context: Any, data_dict: Any) -> AuthResult:
    return _for_admins_of(data_dict.get("name"), context)


def aivision_source_preview(context: Any, data_dict: Any) -> AuthResult:
    return _for_admins_of(data_dict.get("name"), context)


def aivision_preview_show(context: Any, data_dict: Any) -> AuthResult:
    return _for_admins_of(data_dict.get("name"), context)


def aivision_preview_cancel(context: Any, data_dict: Any) -> AuthResult:
    return _for_admins_of(data_dict.get("name"), context)


def aivision_source_create(context: Any, data_dict: Any) -> AuthResult:
    return _refused()


def aivision_source_update(context: Any, data_dict: Any) -> AuthResult:
    return _refused()


def aivision_source_delete(context: Any, data_dict: Any) -> AuthResult:
    return _refused()


def aivision_record_list(context: Any, data_dict: Any) -> AuthResult:
    return _for_admins_of(data_dict.get("source"), context)


def aivision_run_list(context: Any, data_dict: Any) -> AuthResult:
    if data_dict.get("source"):
        return _for_admins_of(data_dict["source"], context)
    return aivision_source_list(context, data_dict)


def aivision_run_show(context: Any, data_dict: Any) -> AuthResult:
    return _for_admins_of_run(data_dict.get("id"), context)


def aivision_run_cancel(context: Any, data_dict: Any) -> AuthResult:
    return _for_admins_of_run(data_dict.get("id"), context)


def aivision_run_confirm(context: Any, data_dict: Any) -> AuthResult:
    return _refused()


def aivision_problem_list(context: Any, data_dict: Any) -> AuthResult:
    return _for_admins_of_run(data_dict.get("run"), context)


@toolkit.auth_allow_anonymous_access
def aivision_score_show(context: Any, data_dict: Any) -> AuthResult:
    toolkit.check_access("package_show", context, data_dict)
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def aivision_score_history(context: Any, data_dict: Any) -> AuthResult:
    toolkit.check_access("package_show", context, data_dict)
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def aivision_trend_list(context: Any, data_dict: Any) -> AuthResult:
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def aivision_link_list(context: Any, data_dict: Any) -> AuthResult:
    toolkit.check_access("package_show", context, data_dict)
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def aivision_file_profile_list(context: Any, data_dict: Any) -> AuthResult:
    toolkit.check_access("package_show", context, data_dict)
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def aivision_compare(context: Any, data_dict: Any) -> AuthResult:
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def aivision_lens_list(context: Any, data_dict: Any) -> AuthResult:
    return {"success": True}
