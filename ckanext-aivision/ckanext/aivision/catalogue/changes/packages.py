"""The packages of a page of changes, as `package_show` gives them to anybody, and never from its cache."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib.plugins import DefaultPermissionLabels, get_permission_labels
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.index.package_show import Shown
from ckanext.aivision.catalogue.index.stored_packages import StoredPackages
from ckanext.aivision.catalogue.tables.public_contacts import public_package


def visible(ids: Sequence[str]) -> set[str]:
    """Those of some public datasets that anonymous visitors can read; a plugin may hide others (IPermissionLabels)."""
    labels = get_permission_labels()
    if type(labels) is DefaultPermissionLabels:
        return set(ids)
    of_anybody = set(labels.get_user_dataset_labels(None))
    found = model.Session.query(model.Package).filter(model.Package.id.in_(ids))
    return {package.id for package in found if of_anybody & set(labels.get_dataset_labels(package))}


def read_packages(connection: sa.Connection, ids: Sequence[str]) -> dict[str, Shown]:
    """The packages by id. connection: that has read the changes.

    Left out are those that are not public any more by now; a change after the page says so.
    The index may have an older version of a package, with which `package_show` would answer otherwise.
    """
    forms = StoredPackages(HookCalls()).forms(connection, ids)
    found = {id: form.custom for id, form in forms.items()}
    for id in ids:
        if id not in found and (package := _shown_singly(id)) is not None:
            found[id] = package
    return {id: public_package(package) for id, package in found.items()}


def _shown_singly(id: str) -> Shown | None:
    context: Any = {"user": "", "auth_user_obj": None, "use_cache": False}
    try:
        package: Shown = toolkit.get_action("package_show")(context, {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None
    return package
