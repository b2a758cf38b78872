"""Who may do what: evaluations are as public as their data sets; harvesting is for sysadmins."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

AuthResult = dict[str, Any]


def _sysadmin_only(context: Any, data_dict: Any) -> AuthResult:
    """CKAN lets sysadmins through before it asks; whoever else gets here is refused."""
    return {"success": False, "msg": toolkit._("Only sysadmins may run harvests and see their records")}


aivision_harvest = _sysadmin_only
aivision_run_list = _sysadmin_only
aivision_run_show = _sysadmin_only


@toolkit.auth_allow_anonymous_access
def aivision_score_show(context: Any, data_dict: Any) -> AuthResult:
    toolkit.check_access("package_show", context, data_dict)
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def aivision_compare(context: Any, data_dict: Any) -> AuthResult:
    return {"success": True}
