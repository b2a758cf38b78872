"""`/dataset/NAME/source-record`: the original record of a harvested dataset."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.sources import ledger
from ckanext.aivision.views.access import action, guarded

source_record = Blueprint("aivision_source_record", __name__)


@source_record.route("/dataset/<name>/source-record")
@guarded
def show(name: str) -> Response:
    """The record as JSON, for everyone who can read the dataset."""
    record = ledger.source_record(action("package_show", id=name)["id"])
    if record is None:
        raise toolkit.ObjectNotFound(toolkit._("This dataset was not harvested"))
    return Response(record, mimetype="application/json", headers={"X-Content-Type-Options": "nosniff"})
