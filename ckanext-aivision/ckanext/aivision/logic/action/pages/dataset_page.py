"""CKAN's actions for the page of a dataset, which it calls about what the page has read already: with fewer statements.

What they return is the same, for the page and for whoever else calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from flask import g, has_request_context

__all__ = ["am_following_dataset", "dataset_follower_count", "resource_view_list"]

Action = Callable[[Any, dict[str, Any]], Any]
# The resources of the page's dataset, in its context.
_RESOURCES = "aivision_resources"
# As of CKAN's model.
_FOLLOWERS = sa.text(
    """
    SELECT count(*) FROM user_following_dataset f
    JOIN "user" u ON u.id = f.follower_id AND u.state <> 'deleted'
    JOIN package p ON p.id = f.object_id AND p.state <> 'deleted'
    WHERE f.object_id = :id
    """
)


class _Resources(NamedTuple):
    """Of one dataset, by their ids, and the ids of those that have views."""

    package_id: str
    by_id: Mapping[str, model.Resource]
    with_views: Set[str]


@toolkit.chained_action
@toolkit.side_effect_free
def resource_view_list(following: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """The views of a resource; see CKAN. A page asks for each of its resources, most of which have none."""
    package = context.get("package") if context.get("for_view") else None
    if package is None:
        return following(context, data_dict)
    known: _Resources | None = context.get(_RESOURCES)
    if known is None or known.package_id != package.id:
        known = context[_RESOURCES] = _find_resources(package.id)
    resource = known.by_id.get(data_dict.get("id", ""))
    if resource is None or resource.id in known.with_views:
        return following(context, data_dict)
    context["resource"] = resource
    toolkit.check_access("resource_view_list", context, data_dict)
    return []


@toolkit.chained_action
@toolkit.side_effect_free
def am_following_dataset(following: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """Whether somebody follows a dataset; see CKAN. Who is not logged in does not."""
    if not context.get("user", True) and data_dict.get("id") in _dataset_of_page():
        toolkit.check_access("am_following_dataset", context, data_dict)
        raise toolkit.NotAuthorized
    return following(context, data_dict)


@toolkit.chained_action
@toolkit.side_effect_free
def dataset_follower_count(following: Action, context: Any, data_dict: dict[str, Any]) -> Any:
    """How many follow a dataset; see CKAN. That of the page need not be looked for first."""
    shown = _dataset_of_page()
    if shown and data_dict.get("id") == shown[0]:
        toolkit.check_access("dataset_follower_count", context, data_dict)
        return model.Session.execute(_FOLLOWERS, {"id": shown[0]}).scalar_one()
    return following(context, data_dict)


def _find_resources(package_id: str) -> _Resources:
    resources = model.Session.query(model.Resource).filter_by(package_id=package_id).all()
    views = model.ResourceView.__table__.c.resource_id
    query = sa.select(views.distinct()).where(views.in_([one.id for one in resources]))
    return _Resources(package_id, {one.id: one for one in resources}, set(model.Session.execute(query).scalars()))


def _dataset_of_page() -> tuple[str, ...]:
    """The id and the name of the dataset whose page is made; empty where none is."""
    package = getattr(g, "pkg_dict", None) if has_request_context() else None
    return (package["id"], package["name"]) if package else ()
