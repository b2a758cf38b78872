"""CKAN's list of the names of datasets, without the entries of our registers, which are no datasets."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.logic.schema import default_package_list_schema
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.registers.types import left_out

__all__ = ["package_list"]


@toolkit.chained_action
@toolkit.side_effect_free
def package_list(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action, without the entries of guidance, cooperation and training: package_search finds those.

    :param limit: the maximum number of names (optional)
    :param offset: how many to pass over (optional)
    :returns: the names of the public datasets, in alphabetical order
    :raises ValidationError: if limit or offset is no natural number
    """
    types = left_out()
    if not types:
        return original_action(context, data_dict)
    # Whoever may ask for the list at all. The original cannot leave types out, and pages of it would have gaps.
    toolkit.check_access("package_list", context, data_dict)
    asked, errors = toolkit.navl_validate(data_dict, default_package_list_schema(), context)
    if errors:
        raise toolkit.ValidationError(errors)
    package = model.Package
    column = package.id if context.get("api_version", 1) == 2 else package.name
    query = sa.select(column).where(
        package.state == "active", package.private == sa.false(), package.type.notin_(types)
    )
    query = query.order_by(column).limit(asked.get("limit") or None).offset(asked.get("offset") or None)
    return list(model.Session.scalars(query))
