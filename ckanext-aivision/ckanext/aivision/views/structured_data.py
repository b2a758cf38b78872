"""`/dataset/NAME/croissant.jsonld` and `/dataset/NAME/schema-org.jsonld`: a dataset in JSON-LD."""

from __future__ import annotations

from typing import Any

import ckan.plugins as plugins
from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.tables.dataset_types import is_dataset
from ckanext.aivision.serialise.web.croissant import CROISSANT_VERSION
from ckanext.aivision.serialise.web.script import to_script
from ckanext.aivision.views.access import action

structured_data = Blueprint("aivision_structured_data", __name__)

_JSON_LD = "application/ld+json"
_INDENT = 2  # people look at these too


@structured_data.route("/dataset/<id>/croissant.jsonld")
def croissant(id: str) -> Response:
    """The dataset in Croissant, with the media type of Croissant 1.1 (Namespaces)."""
    package = _package(id)
    if is_dataset(package["type"]):
        text = to_script(action("aivision_croissant_show", id=package["id"]), _INDENT)
    elif plugins.plugin_loaded("croissant"):
        text = toolkit.h.croissant(package)
    else:
        return toolkit.abort(404, toolkit._("There is no such dataset"))
    return _answer(text, f'{_JSON_LD}; profile="{CROISSANT_VERSION}"')


@structured_data.route("/dataset/<id>/schema-org.jsonld")
def schema_org(id: str) -> Response:
    """The dataset in schema.org."""
    package = _package(id)
    if not is_dataset(package["type"]):
        return toolkit.abort(404, toolkit._("There is no such dataset"))
    text = to_script(action("aivision_schema_org_show", id=package["id"]), _INDENT)
    return _answer(text, _JSON_LD)


def _package(id: str) -> dict[str, Any]:
    """The package for whoever asks. Programs get 404, not the log-in page, for what they may not see."""
    if "\0" in id:
        return toolkit.abort(404, toolkit._("There is no such dataset"))
    try:
        package: dict[str, Any] = action("package_show", id=id)
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, toolkit._("There is no such dataset"))
    return package


def _answer(text: str, media_type: str) -> Response:
    return Response(text, content_type=media_type, headers={"X-Content-Type-Options": "nosniff"})
