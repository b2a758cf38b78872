"""`/organization/NAME/deleted`: what was deleted; `/dataset/NAME/restore`: bring it back. For editors and admins."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.views.access import action, guarded

deleted_datasets = Blueprint("aivision_deleted", __name__)
_PAGE = 50


@deleted_datasets.route("/organization/<name>/deleted")
@guarded
def index(name: str) -> Any:
    """The deleted datasets of an organization, page by page."""
    asked = toolkit.request.args.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 and int(asked) else 1
    rows = action("aivision_deleted_list", organization=name, limit=_PAGE, page=page)
    has_more = len(rows) == _PAGE and bool(
        action("aivision_deleted_list", organization=name, limit=_PAGE, page=page + 1)
    )
    group = action("organization_show", id=name)
    values = {"group_dict": group, "rows": rows, "page": page, "has_more": has_more}
    return toolkit.render("aivision/deleted.html", values)


@deleted_datasets.post("/dataset/<name>/restore")
@guarded
def restore(name: str) -> Any:
    """Restores a dataset, and shows it."""
    package = action("aivision_dataset_restore", id=name)
    toolkit.h.flash_success(toolkit._("The dataset is restored"))
    return toolkit.redirect_to(f"{package['type']}.read", id=package["name"])
