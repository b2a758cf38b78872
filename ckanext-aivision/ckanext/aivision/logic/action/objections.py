"""Objections of the people who look after a dataset to the result of a criterion."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.evaluations import objections
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Choice, Text, Whole
from ckanext.aivision.logic.shared_parameters import NAME, REQUIRED_NAME, limit
from ckanext.aivision.scoring.rubric import load

__all__ = ["aivision_objection_delete", "aivision_objection_list", "aivision_objection_save"]
_TEXT = Text(longest=objections.LONGEST, required=True, empty_counts=True)
_CRITERION = Choice(known=lambda: [row.id for row in load().everything], required=True)


@accepts(id=REQUIRED_NAME, criterion=_CRITERION, text=_TEXT)
def aivision_objection_save(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Keep what you say against the result of a criterion for a dataset. It changes no score.

    It is shown beside the result to everybody who can read the dataset, and listed for the operators. An earlier
    objection to the same result is replaced. Only people who can edit the dataset can do this.

    :param id: the id or name of the dataset
    :param criterion: the id of the criterion
    :param text: why the result is wrong, at most 1,000 characters of plain text
    :returns: the objection, as `aivision_objection_list` gives it
    :raises NotFound: if there is no such dataset
    :raises ValidationError: if there is no such criterion, or the text is missing or too long
    """
    package, criterion = _dataset(data_dict), data_dict["criterion"]
    toolkit.check_access("aivision_objection_save", context, {"id": package.id})
    text = data_dict["text"].strip()
    if not text:
        raise toolkit.ValidationError({"text": [toolkit._("Say why the result is wrong")]})
    user = model.User.get(context["user"])
    objections.save(package.id, criterion, text, user.id if user is not None else "")
    model.Session.commit()
    return _plain(objections.of_dataset(package.id)[criterion])


@accepts(id=REQUIRED_NAME, criterion=REQUIRED_NAME)
def aivision_objection_delete(context: Any, data_dict: dict[str, Any]) -> None:
    """Withdraw an objection to the result of a criterion for a dataset.

    Only people who can edit the dataset can do this.

    :param id: the id or name of the dataset
    :param criterion: the id of the criterion
    :raises NotFound: if there is no such dataset or no such objection
    """
    package = _dataset(data_dict)
    toolkit.check_access("aivision_objection_delete", context, {"id": package.id})
    if not objections.withdraw(package.id, data_dict["criterion"]):
        raise toolkit.ObjectNotFound(toolkit._("There is no objection to this result"))
    model.Session.commit()


@toolkit.side_effect_free
@accepts(id=NAME, limit=limit(100), page=Whole(most=100_000, usual=1))
def aivision_objection_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The objections to the results of a dataset, or to those of all datasets.

    Those of a dataset are for everybody who can read it; the list of all is for sysadmins.

    :param id: the id or name of a dataset; all datasets without it
    :param limit: at most so many, 1 to 1000 (default: 100); only without `id`
    :param page: the page of the list, from 1 (default: 1); only without `id`
    :returns: package_id, criterion, text, author (the name of a user, or empty) and made (UTC) of each, the newest
        first; without `id` also the name and title of the dataset
    :raises NotFound: if there is no such dataset
    """
    if "id" in data_dict:
        package = _dataset(data_dict)
        toolkit.check_access("aivision_objection_list", context, {"id": package.id})
        found = objections.of_dataset(package.id).values()
        return [_plain(one) for one in sorted(found, key=lambda one: one.made, reverse=True)]
    toolkit.check_access("aivision_objection_list", context, {})
    size, page = data_dict.get("limit", 100), data_dict.get("page", 1)
    return [
        {**_plain(one.objection), "name": one.name, "title": one.title}
        for one in objections.newest_first(size, (page - 1) * size)
    ]


def _dataset(data_dict: dict[str, Any]) -> Any:
    package = model.Package.get(data_dict["id"])
    if package is None or package.state == "deleted":
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    return package


def _plain(objection: objections.Objection) -> dict[str, Any]:
    return {**objection._asdict(), "made": objection.made.strftime("%Y-%m-%dT%H:%M:%SZ")}
