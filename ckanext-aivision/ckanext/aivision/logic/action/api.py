"""The description of this API."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.open_api import document

__all__ = ["aivision_api_show"]


@toolkit.side_effect_free
@accepts()
def aivision_api_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The actions of this extension as an OpenAPI 3.1 document.

    It is also at `/api/aivision/openapi.json`, and as a page with forms to try the actions at `/api/aivision`.

    :returns: the document: its paths have the parameters of each action, and its tags say which need a log-in
    """
    toolkit.check_access("aivision_api_show", context, data_dict)
    root = str(toolkit.config.get("ckan.root_path") or "").replace("{{LANG}}", "").rstrip("/")
    site_url = f"{str(toolkit.config['ckan.site_url']).rstrip('/')}{root}"
    return document(site_url, str(toolkit.config.get("ckan.site_title") or "CKAN"))
