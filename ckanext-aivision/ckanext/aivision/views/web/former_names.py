"""The old address of a renamed dataset leads to its new one, with whatever follows the name (RFC 9110, 15.4.9)."""

from __future__ import annotations

import re

from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.tables.former_names import find_current_name

former_names = Blueprint("aivision_former_names", __name__)
_PATH = re.compile(
    r"(/dataset/(?:(?:edit|resources|groups|activity|followers)/)?)([a-z0-9_-]{2,100})([./].*)?", re.ASCII
)


@former_names.after_app_request
def lead(response: Response) -> Response:
    """In place of "not found": nobody who finds the dataset pays for this.

    Whoever may not read the dataset is not told its new name.
    """
    request = toolkit.request
    if response.status_code not in (403, 404) or request.method not in ("GET", "HEAD"):
        return response
    match = _PATH.fullmatch(request.path)
    name = find_current_name(match[2]) if match is not None else None
    if match is None or name is None or not _can_read(name):
        return response
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    address = f"{request.script_root}{match[1]}{name}{match[3] or ''}{query}"
    return Response(status=308, headers={"Location": address, "Access-Control-Allow-Origin": "*"})


def _can_read(name: str) -> bool:
    try:
        toolkit.check_access("package_show", {"user": toolkit.current_user.name}, {"id": name})
    except (toolkit.NotAuthorized, toolkit.ObjectNotFound):
        return False
    return True
