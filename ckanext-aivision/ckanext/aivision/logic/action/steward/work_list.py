"""What the datasets of an organization need, drafts and private ones too."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.improvement import work_list
from ckanext.aivision.catalogue.improvement.fixes import Fix, load_fixes
from ckanext.aivision.catalogue.improvement.work_list import Filters, Need
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Choice, Parameter, Text, Whole
from ckanext.aivision.logic.shared_parameters import GRADED, REQUIRED_NAME, limit

__all__ = ["aivision_fix_list", "aivision_fix_show"]

FILTERS: dict[str, Parameter] = {
    "state": Choice(known=lambda: ["public", "private", "draft"]),
    "origin": Choice(known=lambda: ["harvested", "own"]),
    "grade": GRADED["grade"],
    "title": Text(longest=200),
}
FIX = Choice(known=lambda: list(load_fixes()), required=True)
LIST_SORTS, DATASET_SORTS = ("points", "datasets", "mean", "title"), ("points", "score", "title", "changed")


@toolkit.side_effect_free
@accepts({"organization": REQUIRED_NAME, "sort": Choice(known=lambda: LIST_SORTS, usual="points"), **FILTERS})
def aivision_fix_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List what an organization's datasets need, drafts and private ones included, the fix that gains most first.

    Only editors and admins of the organization and sysadmins can see this. Datasets that were not evaluated by the
    present version of the rubric are evaluated in the background, and are not counted until then.

    :param organization: its id or name
    :param sort: points (of all datasets together), datasets, mean (points for each) or title (optional)
    :param state: only datasets that are public, private or a draft (optional)
    :param origin: only those that are harvested, or the organization's own (optional)
    :param grade: only those of this grade (optional)
    :param title: only those with these words in their title (optional)
    :returns: organization (id, name, title), datasets (all of the organization), evaluated (of how many it is known
        what they need), fixes ([{id, title, note, datasets, points, mean, limited (datasets whose grade it would stop
        limiting), fields (of the form, that one value mends in many datasets; else empty)}])
    :raises NotFound: if there is no such organization
    """
    group = organization_of(context, data_dict, "aivision_fix_list")
    needs = work_list.find_needs(group.id, filters_of(data_dict))
    orders = {"datasets": lambda need: -need.datasets, "mean": lambda need: -need.mean, "title": _title}
    if (order := orders.get(data_dict.get("sort", "points"))) is not None:
        needs.sort(key=order)
    datasets, evaluated = work_list.count_datasets(group.id)
    if evaluated < datasets:
        work_list.request_evaluation(group.id)
    return {
        "organization": {"id": group.id, "name": group.name, "title": group.title or group.name},
        "datasets": datasets,
        "evaluated": evaluated,
        "fixes": [_describe_need(need) for need in needs],
    }


@toolkit.side_effect_free
@accepts(
    {
        "organization": REQUIRED_NAME,
        "fix": FIX,
        "sort": Choice(known=lambda: DATASET_SORTS, usual="points"),
        **FILTERS,
        "limit": limit(50),
        "page": Whole(most=10_000, usual=1),
    }
)
def aivision_fix_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the datasets of an organization that need a fix, drafts and private ones included.

    Only editors and admins of the organization and sysadmins can see this.

    :param organization: its id or name
    :param fix: the id of a fix, as `aivision_fix_list` gives it
    :param sort: points, score (lowest first), title or changed (latest first) (optional)
    :param state: only datasets that are public, private or a draft (optional)
    :param origin: only those that are harvested, or the organization's own (optional)
    :param grade: only those of this grade (optional)
    :param title: only those with these words in their title (optional)
    :param limit: datasets to return, 50 if not given (optional)
    :param page: the number of the page, 1 if not given (optional)
    :returns: organization, fix (id, title, note, fields), count (of all pages), datasets ([{id, name, title, state,
        harvested, score, grade, points (that the fix can add), changed}])
    :raises NotFound: if there is no such organization
    """
    group = organization_of(context, data_dict, "aivision_fix_show")
    fix, number = load_fixes()[data_dict["fix"]], data_dict.get("limit", 50)
    offset = (data_dict.get("page", 1) - 1) * number
    sort = data_dict.get("sort", "points")
    count, rows = work_list.find_datasets(group.id, fix, filters_of(data_dict), sort, number, offset)
    return {
        "organization": {"id": group.id, "name": group.name, "title": group.title or group.name},
        "fix": describe_fix(fix),
        "count": count,
        "datasets": rows,
    }


def organization_of(context: Any, data_dict: dict[str, Any], action: str) -> Any:
    """The organization of a call. Raises NotFound, and NotAuthorized for people who cannot edit its datasets."""
    group = model.Group.get(data_dict["organization"])
    if group is None or not group.is_organization or group.state != "active":
        raise toolkit.ObjectNotFound(toolkit._("There is no such organization"))
    toolkit.check_access(action, context, {"organization": group.id})
    return group


def filters_of(data_dict: dict[str, Any]) -> Filters:
    """The filters that a call gives."""
    return Filters(**{name: data_dict[name] for name in FILTERS if name in data_dict})


def describe_fix(fix: Fix) -> dict[str, Any]:
    """What to say of a fix."""
    return {"id": fix.id, "title": fix.title, "note": fix.note, "fields": list(fix.fields), "field": fix.form_field}


def _title(need: Need) -> str:
    return need.fix.title


def _describe_need(need: Need) -> dict[str, Any]:
    numbers = {"datasets": need.datasets, "points": round(need.points, 1), "mean": round(need.mean, 1)}
    return {**describe_fix(need.fix), **numbers, "limited": need.limited}
