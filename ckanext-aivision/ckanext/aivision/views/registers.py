"""Where the entries of our registers are: on pages of their own, and not among those of datasets."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.catalogue.registers.types import is_register

registers = Blueprint("aivision_registers", __name__)
_OF_DATASETS = "dataset.read"


@registers.before_app_request
def lead_to_its_own_page() -> Any:
    """`/dataset/NAME` of an entry leads to `/guidance/NAME` and the like.

    Of one that the reader may not see it says nothing: CKAN answers as for what is not there.
    """
    if toolkit.request.endpoint != _OF_DATASETS:
        return None
    given = str((toolkit.request.view_args or {}).get("id", ""))
    package = model.Package
    found = model.Session.execute(
        sa.select(package.name, package.type).where(sa.or_(package.name == given, package.id == given))
    ).first()
    if found is None or not is_register(found.type):
        return None
    try:
        toolkit.check_access("package_show", {"user": toolkit.current_user.name}, {"id": found.name})
    except (toolkit.NotAuthorized, toolkit.ObjectNotFound):
        return None
    return toolkit.redirect_to(f"{found.type}.read", id=found.name)
