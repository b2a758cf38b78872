"""Reading what is announced about a new version of the rubric."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.rescore import announcement
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.shared_parameters import NAME

__all__ = ["aivision_announcement_show"]


@toolkit.side_effect_free
@accepts(id=NAME, organization=NAME)
def aivision_announcement_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The change of grades that is announced to the publisher of a dataset, or to an organization.

    An operator announces it with `ckan aivision rescore --announce`. Only people who can edit the dataset, or create
    datasets in the organization, can see it.

    :param id: the id or name of a dataset
    :param organization: the id or name of an organization, instead of `id`
    :returns: rubric_version and starts_on (the day from which the new rubric is used); for a dataset also before and
        after (grades), score (under the new rubric), gate (the id of what limits the grade, or empty) and criteria (ids
        of those that move the score most); for an organization datasets, lower and higher (numbers of datasets),
        grades ([{before, after, datasets}]) and lowest (up to ten datasets whose grade gets worse, with name and title)
    :raises NotFound: if there is no such dataset or organization, or nothing is announced for it
    :raises ValidationError: if neither is given
    """
    if not data_dict.get("id") and not data_dict.get("organization"):
        raise toolkit.ValidationError({"id": [toolkit._("Give the id of a dataset, or an organization")]})
    toolkit.check_access("aivision_announcement_show", context, data_dict)
    found = _of_dataset(data_dict["id"]) if data_dict.get("id") else _of_organization(data_dict["organization"])
    if found is None:
        raise toolkit.ObjectNotFound(toolkit._("No change of the rubric is announced for this"))
    return {**found, "starts_on": found["starts_on"].isoformat()}


def _of_dataset(name_or_id: str) -> dict[str, Any] | None:
    package = model.Package.get(name_or_id)
    return announcement.find_for_dataset(package.id) if package is not None else None


def _of_organization(name_or_id: str) -> dict[str, Any] | None:
    group = model.Group.get(name_or_id)
    return announcement.find_for_organization(group.id) if group is not None else None
