"""Who may do what: evaluations are as public as their data sets; harvesting is for sysadmins."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

AuthResult = dict[str, Any]


def _sysadmins_only() -> AuthResult:
    """CKAN lets sysadmins through before it asks; whoever else gets here is refused."""
    return {"success": False, "msg": toolkit._("Only sysadmins may run harvests and see their records")}


def aivision_harvest(context: Any, data_dict: Any) -> AuthResult:
    return _sysadmins_only()


def aivision_run_list(context: Any, data_dict: Any) -> AuthResult:
    return _sysadmins_only()


def aivision_run_show(context: Any, data_dict: Any) -> AuthResult:
    return _sysadmins_only()


def aivision_run_cancel(context: Any, data_dict: Any) -> AuthResult:
    return _sysadmins_only()


def aivision_run_confirm(context: Any, data_dict: Any) -> AuthResult:
    return _sysadmins_only()


@toolkit.auth_allow_anonymous_access
def aivision_score_show(context: Any, data_dict: Any) -> AuthResult:
    toolkit.check_access("package_show", context, data_dict)
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def aivision_compare(context: Any, data_dict: Any) -> AuthResult:
    return {"success": True}
