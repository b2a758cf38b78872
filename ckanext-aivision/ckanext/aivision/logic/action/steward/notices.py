"""What is new for the people who look after datasets, and their weekly e-mail."""

from __future__ import annotations

import datetime
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.digests import subscriptions
from ckanext.aivision.catalogue.digests.notices import find_notices, find_organizations
from ckanext.aivision.catalogue.tables.moments import iso, now
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Flag, Whole

__all__ = ["aivision_digest_set", "aivision_notice_list"]


@toolkit.side_effect_free
@accepts(days=Whole(most=90, usual=7))
def aivision_notice_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What is new in the organizations of which you are an editor or an admin.

    Only people who have logged in can do this, each for their own organizations.

    :param days: of so many days, 1 to 90 (default: 7)
    :returns: since (UTC), subscribed (whether you get the weekly e-mail), worse and better ([{name, title, before,
        now}], datasets whose grade is lower or higher), dead_links, overdue and dropped ([{name, title, number}]:
        broken links, updates that are overdue, corrections that a harvest dropped), failed and problems ([{source,
        title, id, message, number}]: harvests that failed, and those that met faulty records)
    """
    toolkit.check_access("aivision_notice_list", context, {})
    user = _user(context)
    since = now() - datetime.timedelta(days=data_dict.get("days", 7))
    found = find_notices(find_organizations(user.id), since)._asdict()
    plain = {name: [item._asdict() for item in items] for name, items in found.items()}
    return {"since": iso(since), "subscribed": subscriptions.is_subscribed(user.id), **plain}


@accepts(subscribed=Flag())
def aivision_digest_set(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask for the weekly e-mail with what is new in your organizations, or stop it.

    Only people who have logged in can do this, each for themselves. An e-mail is sent only if something is new.

    :param subscribed: true to get it, false to stop it
    :returns: subscribed
    :raises ValidationError: if `subscribed` is missing
    """
    toolkit.check_access("aivision_digest_set", context, {})
    user = _user(context)
    if "subscribed" not in data_dict:
        raise toolkit.ValidationError({"subscribed": [toolkit._("Missing value")]})
    if data_dict["subscribed"]:
        subscriptions.subscribe(user.id)
    else:
        subscriptions.unsubscribe(user.id)
    model.Session.commit()
    return {"subscribed": subscriptions.is_subscribed(user.id)}


def _user(context: Any) -> Any:
    user = model.User.get(context.get("user") or "")
    if user is None:
        raise toolkit.NotAuthorized(toolkit._("Log in to see what is new"))
    return user
