"""`/dataset/NAME/corrections/withdraw`: give a field of a harvested dataset the source's value again."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.views.access import action, guarded

corrections = Blueprint("aivision_corrections", __name__)


@corrections.post("/dataset/<name>/corrections/withdraw")
@guarded
def withdraw(name: str) -> Any:
    """Withdraws one correction, or takes one that a harvest dropped from the list."""
    key = {part: toolkit.request.form.get(part, "") for part in ("resource", "field")}
    action("aivision_correction_delete", id=name, **key)
    toolkit.h.flash_success(toolkit._("The correction is withdrawn"))
    return toolkit.redirect_to("dataset.read", id=name, _anchor="corrections")
