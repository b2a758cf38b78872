"""`/dataset/NAME/publish`: the last step of the form, to make a private draft public."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from ckan.views.resource import CreateView
from flask import Blueprint

from ckanext.aivision.views.access import action, describe_error, guarded

publication = Blueprint("aivision_publication", __name__)


@publication.post("/dataset/<name>/publish")
@guarded
def publish(name: str) -> Any:
    """Saves the resource form of a draft as CKAN does, and makes the dataset public if CKAN has made it active."""
    package = action("package_show", id=name)
    toolkit.check_access("package_update", {"user": toolkit.current_user.name}, {"id": name})
    answer = CreateView().post(package["type"], name)
    if action("package_show", id=name)["state"] == "active":
        try:
            action("package_patch", id=name, private=False)
        except toolkit.ValidationError as error:
            toolkit.h.flash_error(
                toolkit._("The dataset is still private: {reason}").format(reason=describe_error(error))
            )
    return answer
