"""Objections of the people who look after a dataset to the result of a criterion."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.evaluations import objections
from ckanext.aivision.logic.paging import page_size, whole_number, words
from ckanext.aivision.scoring.rubric import load

__all__ = ["aivision_objection_delete", "aivision_objection_list", "aivision_objection_save"]


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
    package, criterion = _dataset(data_dict), _criterion(data_dict)
    toolkit.check_access("aivision_objection_save", context, {"id": package.id})
    text = words(data_dict, "text").get("text", "").strip()
    if not text:
        raise toolkit.ValidationError({"text": [toolkit._("Say why the result is wrong")]})
    if len(text) > objections.LONGEST:
        message = toolkit._("Use at most {most} characters; these are {number}")
        raise toolkit.ValidationError({"text": [message.format(most=objections.LONGEST, number=len(text))]})
    user = model.User.get(context["user"])
    objections.save(package.id, criterion, text, user.id if user is not None else "")
    model.Session.commit()
    return _plain(objections.of_dataset(package.id)[criterion])


def aivision_objection_delete(context: Any, data_dict: dict[str, Any]) -> None:
    """Withdraw an objection to the result of a criterion for a dataset.

    Only people who can edit the dataset can do this.

    :param id: the id or name of the dataset
    :param criterion: the id of the criterion
    :raises NotFound: if there is no such dataset or no such objection
    """
    package = _dataset(data_dict)
    toolkit.check_access("aivision_objection_delete", context, {"id": package.id})
    criterion = words(data_dict, "criterion").get("criterion", "")
    if not objections.withdraw(package.id, criterion):
        raise toolkit.ObjectNotFound(toolkit._("There is no objection to this result"))
    model.Session.commit()


@toolkit.side_effect_free
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
    if data_dict.get("id"):
        package = _dataset(data_dict)
        toolkit.check_access("aivision_objection_list", context, {"id": package.id})
        found = objections.of_dataset(package.id).values()
        return [_plain(one) for one in sorted(found, key=lambda one: one.made, reverse=True)]
    toolkit.check_access("aivision_objection_list", context, {})
    size, page = page_size(data_dict, 100), whole_number(data_dict, "page", 100_000) or 1
    return [
        {**_plain(one.objection), "name": one.name, "title": one.title}
        for one in objections.newest_first(size, (page - 1) * size)
    ]


def _dataset(data_dict: dict[str, Any]) -> Any:
    name = words(data_dict, "id").get("id")
    if not name:
        raise toolkit.ValidationError({"id": [toolkit._("Give the id of a dataset")]})
    package = model.Package.get(name)
    if package is None or package.state == "deleted":
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    return package


def _criterion(data_dict: dict[str, Any]) -> str:
    wanted = words(data_dict, "criterion").get("criterion", "")
    if wanted not in {row.id for row in load().everything}:
        raise toolkit.ValidationError({"criterion": [toolkit._("There is no such criterion")]})
    return wanted


def _plain(objection: objections.Objection) -> dict[str, Any]:
    return {**objection._asdict(), "made": objection.made.strftime("%Y-%m-%dT%H:%M:%SZ")}
