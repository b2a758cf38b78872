"""Deleted datasets: find and restore them."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.moments import iso
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Whole
from ckanext.aivision.logic.shared_parameters import REQUIRED_NAME, limit

__all__ = ["aivision_dataset_restore", "aivision_deleted_list"]


@toolkit.side_effect_free
@accepts(organization=REQUIRED_NAME, limit=limit(100), page=Whole(most=100_000, usual=1))
def aivision_deleted_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The deleted datasets of an organization, those deleted last first. For its editors and admins.

    :param organization: the id or name of the organization
    :param limit: at most so many, 1 to 1000 (default: 100)
    :param page: the page of the list, from 1 (default: 1)
    :returns: id, name, title and metadata_modified (UTC) of each
    :raises NotFound: if there is no such organization
    """
    group = model.Group.get(data_dict["organization"])
    if group is None or not group.is_organization or group.state != "active":
        raise toolkit.ObjectNotFound(toolkit._("There is no such organization"))
    toolkit.check_access("aivision_deleted_list", context, {"organization": group.id})
    size, page = data_dict.get("limit", 100), data_dict.get("page", 1)
    package = model.Package
    query = (
        sa.select(package.id, package.name, package.title, package.metadata_modified)
        .where(package.owner_org == group.id, package.state == "deleted")
        .order_by(package.metadata_modified.desc(), package.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    rows = model.Session.execute(query)
    return [{**row._mapping, "metadata_modified": iso(row.metadata_modified)} for row in rows]


@accepts(id=REQUIRED_NAME)
def aivision_dataset_restore(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Restore a deleted dataset as it was, under its old address. Only people who can edit it can do this.

    :param id: the id or name of the dataset
    :returns: the dataset, as `package_show` gives it
    :raises NotFound: if there is no such dataset
    :raises ValidationError: if it is not deleted
    """
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    toolkit.check_access("aivision_dataset_restore", context, {"id": package.id})
    if package.state != "deleted":
        raise toolkit.ValidationError({"id": [toolkit._("This dataset is not deleted")]})
    user: dict[str, Any] = {"user": context["user"]}
    restored: dict[str, Any] = toolkit.get_action("package_patch")(user, {"id": package.id, "state": "active"})
    return restored
