"""`/dashboard/notices`: what is new for the people who look after datasets, and their weekly e-mail."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.views.access import action, guarded

notices = Blueprint("aivision_notices", __name__)


@notices.route("/dashboard/notices")
@guarded
def show() -> Any:
    """What is new in the last seven days."""
    found = action("aivision_notice_list")
    user = action("user_show", id=model.User.get(toolkit.current_user.name).id)
    return toolkit.render("aivision/notices.html", {"notices": found, "user_dict": user})


@notices.post("/dashboard/notices")
@guarded
def subscribe() -> Any:
    """Asks for the weekly e-mail, or stops it."""
    wanted = toolkit.request.form.get("subscribed") == "true"
    action("aivision_digest_set", subscribed=wanted)
    toolkit.h.flash_success(
        toolkit._("You will get an e-mail once a week, if something is new")
        if wanted
        else toolkit._("You will get no more e-mails about your datasets")
    )
    return toolkit.redirect_to("aivision_notices.show")
