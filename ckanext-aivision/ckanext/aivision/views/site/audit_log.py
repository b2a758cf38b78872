"""`/ckan-admin/audit-log`: what administrators and stewards did, for sysadmins."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.views.access import action, guarded, page_of, query_parameters

audit_log = Blueprint("aivision_audit", __name__)
_PAGE = 50
_FILTERS = ("who", "action", "kind", "thing", "since", "until")


@audit_log.route("/ckan-admin/audit-log")
@guarded
def index() -> Any:
    """The entries, the newest first; the address has the filters."""
    asked = query_parameters(*_FILTERS)
    found = action("aivision_audit_list", limit=_PAGE + 1, **asked, **query_parameters("before"))
    rows, last = page_of(found, _PAGE, "id")
    return toolkit.render("aivision/site/audit_log.html", {"rows": rows, "last": last, "asked": asked})
