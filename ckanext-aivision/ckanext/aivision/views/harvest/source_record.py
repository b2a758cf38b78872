"""`/dataset/NAME/source-record`: the original record of a harvested dataset."""

from __future__ import annotations

from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.sources import ledger
from ckanext.aivision.catalogue.tables.public_contacts import public_source_record
from ckanext.aivision.views.access import action, guarded

source_record = Blueprint("aivision_source_record", __name__)


@source_record.route("/dataset/<name>/source-record")
@guarded
def show(name: str) -> Response:
    """The record as JSON, for everyone who can read the dataset."""
    package = action("package_show", id=name)
    record = ledger.source_record(package["id"])
    if record is None:
        raise toolkit.ObjectNotFound(toolkit._("This dataset was not harvested"))
    record = public_source_record(record, str(package.get("country") or ""), package["id"])
    return Response(record, mimetype="application/json", headers={"X-Content-Type-Options": "nosniff"})
